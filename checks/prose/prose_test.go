package prose

import (
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/inspect"
)

// blocks are the blocks of a page's body, each in its marks.
func blocks(t *testing.T, body string) []string {
	t.Helper()
	b := []byte(body)
	text := Of(&inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/a.html", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Raw: b, Body: b})
	out := []string{}
	for i := range text.Blocks {
		k := &text.Blocks[i]
		s := text.In(k)
		if k.Linked {
			s = "[" + s + "]"
		}
		out = append(out, s)
		if text.Block(k.Start) != k || text.Block(k.End) != k {
			t.Errorf("%q is not found at its own place", s)
		}
	}
	return out
}

func TestBlocks(t *testing.T) {
	for body, want := range map[string][]string{
		"<title>题　目</title><p>中华<b>人民</b>共\u200b和国</p>":                        {"题 目", "中华人民共和国"},
		"<div>甲<p>乙</p>丙<br>丁</div>":                                           {"甲", "乙", "丙", "丁"},
		"<div><a>首页</a><a>要闻</a></div>":                                        {"[首页 要闻]"},
		"<p>详见<a>附件</a></p>":                                                   {"详见 附件"},
		"<table><tr><td>１２３<td>ＡＢ，Ｃ</table>":                                   {"123", "AB，C"},
		"<p>  甲\n 乙\u00a0 </p><script>丙</script><p style='display:none'>丁</p>": {"甲 乙"},
		"": {},
	} {
		if d := gocmp.Diff(want, blocks(t, body)); d != "" {
			t.Errorf("%s: %s", body, d)
		}
	}
}

func TestDocument(t *testing.T) {
	text := Of(&inspect.Page{Document: &inspect.Document{Parts: []inspect.DocumentPart{
		{Name: "一", Text: "甲\n\n乙", Tables: [][][]string{{{"丙", "丁"}, {"", "戊"}}}}, {Name: "二", Hidden: true, Text: "己"}}}})
	if text.All != "甲\n乙\n丙\n丁\n戊\n己\n" {
		t.Errorf("%q", text.All)
	}
	if b := text.Block(strings.Index(text.All, "己")); b.Part != "二" || !b.Hidden {
		t.Errorf("%+v", b)
	}
	if !text.Published.Equal(time.Time{}) {
		t.Error("an attachment has no day of its own")
	}
}

func TestBroken(t *testing.T) {
	long := strings.Repeat("正", 2000)
	if Plain(long+"\uFFFD").Broken() || !Plain(long+"\uFFFD\uFFFD\uFFFD").Broken() || Plain("").Broken() {
		t.Error("more than one letter in a thousand is broken, and no less")
	}
}

// FuzzPlain: every byte of the text came from a place of the draft.
func FuzzPlain(f *testing.F) {
	f.Add("　　甲１２\r\n\n乙\u200b丙 \n")
	f.Add("\xff甲\xe4")
	f.Fuzz(func(t *testing.T, s string) {
		text := Plain(s)
		last := 0
		for i := range len(text.All) {
			o := text.Origin(i)
			if o < last || o > len(s) {
				t.Fatalf("byte %d came from %d after %d", i, o, last)
			}
			last = o
		}
		for i := range text.Blocks {
			if b := &text.Blocks[i]; b.Start >= b.End || strings.Contains(text.In(b), "\n") {
				t.Fatalf("block %+v", *b)
			}
		}
	})
}
