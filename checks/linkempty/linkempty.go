// Package linkempty is the check link-empty: references that lead nowhere
// because their address was never filled in.
package linkempty

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
)

//go:embed rule.md
var rule string

// Check is the check link-empty.
var Check = inspect.NewCheck("link-empty", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	links := p.Page.Links()
	var seen map[string]int // faults in the page's own text, by place
	for i := range links {
		l := &links[i]
		if l.Kind != inspect.Anchor && l.Kind != inspect.Area && l.Kind != inspect.Attachment {
			continue
		}
		if why := fault(l); why != "" && !filledByScript(l.Node) && !concealed(l.Node) && !(l.Scheme == inspect.EmptyRef && itself(p.Page, l)) {
			f := finding(p.Page, l, why)
			if !f.Template { // each in a text takes its own repair
				if seen == nil {
					seen = map[string]int{}
				}
				if seen[f.Locus]++; seen[f.Locus] > 1 {
					f.Locus = fmt.Sprintf("%s[%d]", f.Locus, seen[f.Locus])
				}
			}
			p.Report(f)
		}
	}
	return nil
}

// markers are what templates leave behind when a value was missing. A marker
// that a script of the page would still fill is none of them.
var markers = []string{"<%", "${", "$!", "[!--", "#[", "[field:", "{dede", "{$"}

// fault says what is wrong with a reference, "" if nothing is.
func fault(l *inspect.Link) string {
	switch l.Scheme {
	case inspect.EmptyRef:
		return "链接地址为空"
	case inspect.BadURL:
		return "链接地址无法识别"
	case inspect.HTTP, inspect.OtherURL, inspect.Unfilled:
	default:
		return ""
	}
	raw := strings.TrimSpace(l.Raw)
	switch raw {
	case "undefined", "null", "http://", "https://":
		return "链接地址未填写"
	}
	if strings.ContainsAny(raw, "<$[{") {
		for _, m := range markers {
			if strings.Contains(raw, m) {
				return "链接地址是未替换的模板标记"
			}
		}
	}
	return ""
}

// itself reports whether an empty reference stands where a menu names the page
// that is open: there it may rightly lead nowhere else.
func itself(p *inspect.Page, l *inspect.Link) bool {
	class := strings.ToLower(inspect.Attr(l.Node, "class"))
	if up := l.Node.Parent; up != nil {
		class += " " + strings.ToLower(inspect.Attr(up, "class"))
	}
	for _, w := range []string{"cur", "active", "on", "selected", "here", "page", "crumb"} {
		for _, c := range strings.Fields(class) {
			if c == w || len(w) > 2 && strings.Contains(c, w) {
				return true
			}
		}
	}
	text := zh.Compact(l.Text())
	q := p.Parts()
	return text != "" && (strings.Contains(zh.Compact(q.Title), text) || strings.Contains(zh.Compact(q.Heading), text) ||
		p.Home && strings.Contains(text, "首页"))
}

// filledByScript reports whether a script may give the reference its address
// or act in its place.
func filledByScript(n *html.Node) bool {
	for i := range n.Attr {
		k := n.Attr[i].Key
		if strings.HasPrefix(k, "on") || strings.HasPrefix(k, "data-") || strings.HasPrefix(k, "v-") || strings.HasPrefix(k, ":") ||
			strings.HasPrefix(k, "@") || strings.HasPrefix(k, "ng-") || k == "id" || k == "role" {
			return true
		}
	}
	return false
}

// concealed reports whether the element or one around it hides itself.
func concealed(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && (inspect.Hidden(n) || n.Data == "template" || n.Data == "noscript") {
			return true
		}
	}
	return false
}

func finding(p *inspect.Page, l *inspect.Link, why string) inspect.Finding {
	text := l.Text()
	if text != "" {
		text = "“" + text + "”"
	}
	f := inspect.Finding{Locus: locus.Of(l.Node), Message: fmt.Sprintf("链接%s%s", text, why), Template: !locus.InBody(p, l.Node)}
	if l.Scheme == inspect.EmptyRef { // a browser opens the page itself: whether that is meant is for a person
		f.Outcome = inspect.Review
	} else {
		f.Message += "：" + zh.Truncate(strings.TrimSpace(l.Raw), 60)
	}
	return f
}
