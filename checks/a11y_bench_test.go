package checks

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
)

// accessibility are the checks of the family.
func accessibility() (out []*inspect.Check) {
	for _, c := range All {
		if strings.HasPrefix(c.ID, "a11y-") && c.Scope == inspect.PerPage {
			out = append(out, c)
		}
	}
	return out
}

// BenchmarkAccessibility parses a page and runs all accessibility checks on
// it, and says how many times as long as parsing alone that takes.
func BenchmarkAccessibility(b *testing.B) {
	b.Run("portal", func(b *testing.B) { benchAccessibility(b, portalPage()) })
	if body, err := os.ReadFile(os.Getenv("XUNJIAN_BENCH_PAGE")); err == nil {
		b.Run("page", func(b *testing.B) { benchAccessibility(b, body) })
	}
}

func benchAccessibility(b *testing.B, body []byte) {
	now := time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone)
	rb := checktest.Rulebook(b, nil, accessibility()...)
	pass := &inspect.Pass{Site: &inspect.Site{Home: "http://www.example.gov.cn/"}, Now: now,
		Report: func(inspect.Finding) {}, Due: func(int) {}, Clock: func(inspect.Clock) {}}
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	var parsing, all time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := html.Parse(bytes.NewReader(body)); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		pass.Page = &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/", Status: 200, Verdict: inspect.Fine},
			Type: "text/html", Body: body, Now: now}
		for _, c := range rb.Checks {
			if err := c.Run(b.Context(), pass); err != nil {
				b.Fatal(err)
			}
		}
		parsing += middle.Sub(start)
		all += time.Since(middle)
	}
	b.ReportMetric(float64(all)/float64(parsing), "×parse")
	b.ReportMetric(float64(all.Microseconds())/float64(b.N), "µs/page")
}

// BenchmarkEachAccessibilityCheck runs each of them on a page that is parsed
// and whose shared parts are there.
func BenchmarkEachAccessibilityCheck(b *testing.B) {
	body := portalPage()
	rb := checktest.Rulebook(b, nil, accessibility()...)
	pass := &inspect.Pass{Site: &inspect.Site{Home: "http://www.example.gov.cn/"}, Report: func(inspect.Finding) {}, Due: func(int) {}, Clock: func(inspect.Clock) {}}
	pass.Page = &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: body}
	for i := range rb.Checks {
		c := rb.Checks[i]
		b.Run(c.Check.ID, func(b *testing.B) {
			for b.Loop() {
				if err := c.Run(b.Context(), pass); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// portalPage is a home page of about 100 KB as county governments have them:
// menus, lists, tabs, forms, pictures, tables, a style element, and the usual
// faults.
func portalPage() []byte {
	var s strings.Builder
	s.WriteString(`<!DOCTYPE html><html><head><meta charset="utf-8"><title>示例县人民政府</title><meta name="viewport" content="width=device-width,user-scalable=no">
<link rel="stylesheet" href="/css/style.css"><style>.pop,.sub ul{display:none} .nav li:hover ul{display:block} a:focus{outline:none} .tabs .con{display:none} .tabs .con.on{display:block}
@media (max-width:768px){.side{display:none}}</style><script src="/js/jquery.min.js"></script></head><body><div class="header"><a href="/"><img src="/images/logo.png"></a>
<form action="/search"><input type="text" name="q" value="请输入关键字"><input type="submit" value=" "></form><a onclick="oldFixedStart()">长者版</a></div><ul class="nav">`)
	for i := range 12 {
		fmt.Fprintf(&s, `<li class="item"><a href="/column/%d/" target="_blank">政务公开</a><ul class="sub">`, i)
		for j := range 8 {
			fmt.Fprintf(&s, `<li><a href="/column/%d/%d/">法定主动公开内容</a></li>`, i, j)
		}
		s.WriteString(`</ul></li>`)
	}
	s.WriteString(`</ul>`)
	for i := range 24 {
		fmt.Fprintf(&s, `<div class="box tabs" id="box%d"><div class="title"><h3><span>通知公告</span></h3><a class="more" href="/list/%d/"><img src="/images/more.gif"></a></div><div class="con on"><ul class="list">`, i, i)
		for j := range 14 {
			fmt.Fprintf(&s, `<li><span class="date">2024-05-%02d</span><a href="/news/202405/t202405%02d_%d.html" title="关于做好全县防汛备汛工作的通知" target="_blank">关于做好全县防汛备汛工作的通知</a></li>`, j+1, j+1, i*100+j)
		}
		s.WriteString(`</ul></div><div class="con"><ul class="list"><li><a href="/x/"></a></li></ul></div></div>`)
	}
	s.WriteString(`<table width="980" border="0" cellpadding="0"><tbody>`)
	for i := range 20 {
		fmt.Fprintf(&s, `<tr style="height:30px"><td style="text-align:center"><a href="/unit/%d/"><img src="/images/unit%d.jpg" alt=""></a></td><td><a href="/unit/%d/">县发展和改革局</a></td><td>0357-0000000</td></tr>`, i, i, i)
	}
	s.WriteString(`</tbody></table><select onchange="window.open(this.value)"><option>友情链接</option>`)
	for range 40 {
		s.WriteString(`<option value="http://www.example.gov.cn/">省政府网站</option>`)
	}
	s.WriteString(`</select><iframe src="/weather.html" width="200" height="40"></iframe><div class="footer"><a href="http://bszs.conac.cn/"><img src="/i/red.png"></a>
<p>主办单位：示例县人民政府办公室　网站标识码：1410020001</p></div></body></html>`)
	return []byte(s.String())
}

// TestPortalPage holds the page against its size, and all faults that stand in
// it against what is found.
func TestPortalPage(t *testing.T) {
	body := portalPage()
	if len(body) < 80_000 || len(body) > 120_000 {
		t.Errorf("%d bytes", len(body))
	}
	found := map[string]bool{}
	for _, c := range accessibility() {
		p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: body}
		if len(onPage(t, c, p)) > 0 {
			found[c.ID] = true
		}
	}
	for _, id := range []string{"a11y-page-lang", "a11y-img-alt", "a11y-link-name", "a11y-form-label", "a11y-button-name", "a11y-click-not-keyboard",
		"a11y-viewport-zoom", "a11y-frame-title", "a11y-focus-outline"} {
		if !found[id] {
			t.Errorf("%s finds nothing", id)
		}
	}
}
