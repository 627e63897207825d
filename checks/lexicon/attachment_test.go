package lexicon_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/checks/garbledtext"
	"github.com/xunjian/xunjian/checks/illegalcontent"
	"github.com/xunjian/xunjian/checks/misstatement"
	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/checks/secrecymark"
	"github.com/xunjian/xunjian/checks/typo"
	"github.com/xunjian/xunjian/inspect"
)

// onFile runs a check over an attachment, as the loop does.
func onFile(t *testing.T, c *inspect.Check, d *inspect.Document) []string {
	t.Helper()
	if !c.Files {
		t.Fatalf("%s does not run on files", c.ID)
	}
	page, err := rulepage.Parse(c.Rule)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Bind(page.Decoder(nil))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	p := &inspect.Pass{Site: &inspect.Site{}, Now: time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone),
		Page:   &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/a.docx", Status: 200, Verdict: inspect.Fine}, Type: "application/msword", Document: d},
		Report: func(f inspect.Finding) { got = append(got, fmt.Sprintf("%s %s %s", f.Outcome, f.Locus, f.Message)) }}
	if err := run(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAttachments(t *testing.T) {
	d := &inspect.Document{Format: "xlsx", Parts: []inspect.DocumentPart{
		{Name: "第1页", Text: "机密\n关于布署工作的通知\n由县人民攻府办公室负责\n（此件不公开）"},
		{Name: "工作表“备注”", Hidden: true, Tables: [][][]string{{{"秸杆", "时时彩"}, {"百家乐", "锟斤拷"}}}},
	}}
	for _, c := range []struct {
		check *inspect.Check
		want  []string
	}{
		{typo.Check, []string{"review 布署 “布署”疑为“部署”之误：关于布署工作的通知（第1页）（词库 typo-core 1）",
			"review 秸杆 “秸杆”疑为“秸秆”之误：秸杆（工作表“备注”，隐藏）（词库 typo-core 1）"}},
		{misstatement.Check, []string{"review 人民攻府 “人民攻府”疑为表述错误，规范表述为“人民政府”：由县人民攻府办公室负责（第1页）（词库 misstatement-state 1）"}},
		{secrecymark.Check, []string{"review 机密 出现疑似密级标识“机密”，请核实是否为涉密文件（第1页）", "fail （此件不公开） 文件标注“（此件不公开）”，却已在网上公开（第1页）"}},
		{illegalcontent.Check, []string{"review gambling 出现疑似赌博类用语“时时彩”“百家乐”：时时彩（工作表“备注”，隐藏）"}},
		{garbledtext.Check, []string{"review 锟斤拷 出现乱码“锟斤拷”：锟斤拷（工作表“备注”，隐藏）（词库 garbled-core 1）"}},
	} {
		if diff := gocmp.Diff(c.want, onFile(t, c.check, d)); diff != "" {
			t.Errorf("%s: %s", c.check.ID, diff)
		}
	}
}

func TestAttachmentsReadInPart(t *testing.T) {
	d := &inspect.Document{Format: "pdf", Incomplete: "文件加密", Parts: []inspect.DocumentPart{{Text: "布署"}}}
	got := strings.Join(onFile(t, typo.Check, d), "\n")
	if !strings.HasPrefix(got, "review 布署") { // that not all was read, personal-information says
		t.Error(got)
	}
	broken := &inspect.Document{Format: "doc", Parts: []inspect.DocumentPart{{Text: "布署\uFFFD\uFFFD"}}}
	for _, c := range []*inspect.Check{typo.Check, garbledtext.Check} {
		for _, f := range onFile(t, c, broken) {
			if !strings.HasPrefix(f, "unknown ") {
				t.Errorf("%s: %s", c.ID, f)
			}
		}
	}
}
