package checks

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/inspect"
)

// TestAccessibilityHostile runs the accessibility checks on pages made to make
// them fall over: none may panic or take long, and one that cannot be taken
// apart is could-not-tell.
func TestAccessibilityHostile(t *testing.T) {
	r := strings.Repeat
	pages := map[string]string{
		"too deep":  r("<div>", 3000) + "<img src=a>",
		"nesting":   r("<div role=list onclick=f() lang=x><span>", 250) + r("</span></div>", 250),
		"links":     r("<a href=/>更多</a>", 100_000),
		"items":     "<ul>" + r("<li><a href=/x>更多</a>", 50_000),
		"pictures":  "<form><a href=/>" + r("<img src=yzm.png alt=验证码>", 50_000) + "</a></form>",
		"fields":    "<form>" + r("<input name=a type=radio autocomplete=x>", 50_000),
		"roles":     "<body id=b>" + r("<div role=list aria-owns=b><i role=tab></i></div>", 20_000),
		"cells":     "<table>" + r("<tr>"+r("<th rowspan=200 colspan=200 headers=x id=x>a", 20), 500),
		"ids":       r("<label for=x>a</label><p id=x>a</p><i aria-labelledby=x></i>", 20_000),
		"sheet":     "<style>" + r("a,b,c{position:absolute;left:-9999px;line-height:1!important}", 3000) + "@media (orientation:portrait){*{transform:rotate(90deg)}}</style>" + r(`<p onclick=f() style="letter-spacing:1px!important;line-height:1px!important;width:10px">甲乙丙</p>`, 3000),
		"frames":    r(`<iframe tabindex=-1 srcdoc="<a href=/>a</a>"></iframe>`, 3000),
		"nothing":   "",
		"broken":    "<a href=/>\xff\x00<img src=\xfe alt=\xff><table><th headers=\xff><style>\xff{",
		"unclosed":  r("<ul><table><select>", 100),
		"graphics":  r(`<svg role=img><a xlink:href=/></svg><math>`, 50),
		"big cells": "<table>" + r("<tr><td>甲<td>乙<td>丙", 2000),
	}
	rb := checktest.Rulebook(t, nil, accessibility()...)
	for name, body := range pages {
		t.Run(name, func(t *testing.T) {
			p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: []byte(body)}
			pass := &inspect.Pass{Site: &inspect.Site{Home: "http://www.example.gov.cn/"}, Page: p, Report: func(inspect.Finding) {}, Due: func(int) {}, Clock: func(inspect.Clock) {}}
			for _, c := range rb.Checks {
				start := time.Now()
				err := c.Run(context.Background(), pass)
				if (err != nil) != (name == "too deep") {
					t.Errorf("%s: %v", c.Check.ID, err)
				}
				if d := time.Since(start); d > 20*time.Second { // a hang, not a speed: the race detector on a busy machine is slow
					t.Errorf("%s took %s", c.Check.ID, d)
				} else if d > 300*time.Millisecond {
					t.Logf("%s took %s", c.Check.ID, d)
				}
			}
		})
	}
}
