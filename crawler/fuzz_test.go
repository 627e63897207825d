package crawler_test

import (
	"net/http"
	"testing"
	"unicode/utf8"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// FuzzDecode: whatever bytes and whatever head a server sends, the body is
// valid UTF-8 and the evidence stays as it came.
func FuzzDecode(f *testing.F) {
	for _, s := range []struct{ raw, typ, usual string }{
		{"<p>\xd6\xd0\xce\xc4", "text/html; charset=gb2312", ""},
		{"<meta charset=\"gbk\"><p>\xd6", "text/html", "utf-8"},
		{"\xff\xfe<\x00\x00\xd8", "text/html", ""},
		{"\xfe\xff\xd8\x00", "", ""},
		{"\xef\xbb\xbf\xff", "text/html;charset=\"\"", "gb18030"},
		{"\xef\xbb\xbf<p>\xe4\xb8", "text/html", ""},
		{"\x81\x30\x81", "text/html; charset=x-user-defined", "big5"},
		{"\x1b$B\x1b", "text/html; charset=iso-2022-jp", "iso-2022-jp"},
		{"charset=replacement \xff", "text/html; charset=replacement", "utf-16"},
	} {
		f.Add([]byte(s.raw), s.typ, s.usual)
	}
	f.Fuzz(func(t *testing.T, raw []byte, typ, usual string) {
		before := string(raw)
		p := &inspect.Page{Type: "text/html", Raw: raw}
		p.Header = http.Header{"Content-Type": {typ}}
		crawler.Decode(p, usual)
		if !utf8.Valid(p.Body) {
			t.Errorf("body %q by %s (%s) is no UTF-8", p.Body, p.Charset, p.CharsetFrom)
		}
		if p.Body != nil && (p.Charset == "" || p.CharsetFrom == "") {
			t.Errorf("charset %q from %q", p.Charset, p.CharsetFrom)
		}
		if string(raw) != before {
			t.Error("decoding changed the evidence")
		}
		if p.EncodeQuery != nil {
			p.EncodeQuery("q=中文 é")
		}
	})
}
