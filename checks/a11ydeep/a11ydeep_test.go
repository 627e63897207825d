package a11ydeep

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/inspect"
)

func Test(t *testing.T) { checktest.Run(t, Check) }

// shown is a page in a browser with n pictures of which axe-core accuses all,
// and one in the foot that all pages share.
func shown(url string, n int) *inspect.Rendered {
	var b strings.Builder
	v := inspect.Violation{Rule: "image-alt", Impact: "critical", Help: "图片须有替代文本", WCAG: []string{"1.1.1"}}
	for i := range n {
		fmt.Fprintf(&b, `<p><img src="%s%d.png"></p>`, url, i)
		v.Nodes = append(v.Nodes, inspect.ViolationNode{Target: fmt.Sprintf("p:nth-child(%d) > img", i+1), HTML: fmt.Sprintf(`<img src="%d.png">`, i)})
	}
	// Its shortest selector is another on each page.
	v.Nodes = append(v.Nodes, inspect.ViolationNode{Target: fmt.Sprintf("div:nth-child(%d) > img", n+1), HTML: `<img src="f.png">`})
	return &inspect.Rendered{URL: url, Engine: "axe-core 4.14.1", Violations: []inspect.Violation{v},
		HTML: "<html><head></head><body>" + b.String() + `<div id="foot"><img src="/f.png"></div></body></html>`}
}

func inspected(t *testing.T, pages ...*inspect.Rendered) map[string]inspect.Finding {
	t.Helper()
	run, err := Check.Bind(func(v any) error { v.(*options).Pages = 20; return nil })
	if err != nil {
		t.Fatal(err)
	}
	var fs []inspect.Finding
	p := &inspect.Pass{Report: func(f inspect.Finding) { fs = append(fs, f) }, Due: func(int) {},
		Pages: func(yield func(*inspect.Facts) bool) {
			for _, r := range pages {
				if !yield(&inspect.Facts{URL: r.URL, Status: 200, Verdict: inspect.Fine}) {
					return
				}
			}
		},
		Rendered: func(yield func(*inspect.Rendered) bool) {
			for _, r := range pages {
				if !yield(r) {
					return
				}
			}
		}}
	if err := run(context.Background(), p); err != nil {
		t.Fatal(err)
	}
	out := map[string]inspect.Finding{}
	for _, f := range fs {
		if f.Template {
			f.URL = ""
		}
		out[f.Locus+" "+f.URL] = f
	}
	return out
}

// Fifty pictures of a page are one fault of fifty places, the same when one of
// them is mended; what pages share is one fault wherever it stands.
func TestOneFaultARuleAndPage(t *testing.T) {
	t.Parallel()
	const a, b = "http://a.example/1", "http://a.example/2"
	before := inspected(t, shown(a, 50), shown(b, 2))
	after := inspected(t, shown(a, 49), shown(b, 2))
	for place, n := range map[string]float64{"axe-image-alt " + a: 50, "axe-image-alt " + b: 2, "axe-image-alt 多页共有 ": 1} {
		f := before[place]
		if f.Value != n || f.Unit != "处" || len(f.Browser.Elements) != min(int(n), 20) || f.Browser.Elements[0].HTML == "" {
			t.Errorf("%s: %v%s, %+v", place, f.Value, f.Unit, f.Browser)
		}
		if _, ok := after[place]; !ok {
			t.Errorf("%s: gone", place)
		}
	}
	if len(before) != 3 || len(after) != 3 || after["axe-image-alt "+a].Value != 49 {
		t.Errorf("before %v, after %v", before, after)
	}
}
