package called

import (
	"strings"
	"testing"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// TestNames: the short way gives what the long one does.
func TestNames(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	for _, s := range []string{"政务公开", "政务\u3000公开", " 县长 信箱\n", "“一网通办”", "《条例》", "ＡＢＣ", "a\u00a0b", "a\u0085b", "\u200b零宽", "", "<span>互动</span>", "信<b>箱</b>", `<img alt="图 片">`,
		"\u1680", "\u2003x", "\xff坏", "坏\xe4\xbf", strings.Repeat("很长的名字", 20), "é", "한국어", "x<!-- y -->z"} {
		body.WriteString(`<a href="/x">` + s + `</a><a href="/x.pdf" title="标 题">` + s + `</a><iframe src="/y">` + s + `</iframe><area href="/z" alt="` + s + `">`)
	}
	p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: []byte(body.String())}
	links := p.Links()
	for i, got := range Names(p) {
		if want := zh.Compact(links[i].Text()); got != want {
			t.Errorf("link %d is %q, want %q", i, got, want)
		}
	}
}

// FuzzSolid: what is solid is its own folded text.
func FuzzSolid(f *testing.F) {
	f.Add("政务公开")
	f.Add("\u3000")
	f.Fuzz(func(t *testing.T, s string) {
		if solid(s) && (zh.Compact(s) != s || strings.Join(strings.Fields(s), " ") != s) {
			t.Errorf("%q", s)
		}
	})
}
