package alerts_test

import (
	"mime"
	"net/mail"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/alerts"
)

// Files reach a person under their Chinese names; what no server takes is not
// tried.
func TestParcel(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, true)
	c, ok := channel(t, box.options("implicit")).(alerts.Courier)
	if !ok {
		t.Fatal("e-mail carries no files")
	}
	p := &alerts.Parcel{ID: "notice-2026-10.1", Subject: "2026年10月通报（预告）", Text: "请核对。", Files: []alerts.File{{Name: "通报-2026-10.docx", Data: []byte("PK内容")}}}
	if err := c.Carry(t.Context(), p, "张三 <zhang@edu.example.gov.cn>"); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(string(box.mails[0])))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != p.Subject || m.Header.Get("Message-ID") != "<notice-2026-10.1@xj.example.gov.cn>" || box.rcpts[0] != "zhang@edu.example.gov.cn" {
		t.Errorf("%q, %v, %v", subject, m.Header, err)
	}
	_, all := parts(t, box.mails[0])
	found := false
	for _, body := range all {
		found = found || body == "PK内容"
	}
	if !found {
		t.Errorf("the attachment is not in the mail: %q", all)
	}
	p.Files[0].Data = make([]byte, 16<<20)
	if err := c.Carry(t.Context(), p, "zhang@edu.example.gov.cn"); err == nil || !strings.Contains(err.Error(), "超过 20 MB") || len(box.mails) != 1 {
		t.Errorf("%v, %d mails", err, len(box.mails))
	}
}
