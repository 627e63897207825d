// Package places gathers what an accessibility check found on a page. A fault
// in a part that pages share is one finding by its place in the template, with
// as many places as pages; those in the page's own text are one finding of
// that page.
package places

import (
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
)

// A Gathering is what one check finds on one page.
type Gathering struct {
	pass *inspect.Pass
	text map[inspect.Outcome]*own
}

// own is what was found in the page's own text.
type own struct {
	nodes []*html.Node
	first string
}

// On begins a gathering. End must be called when all is told.
func On(p *inspect.Pass) *Gathering { return &Gathering{pass: p} }

// Fault tells of a fault at an element.
func (g *Gathering) Fault(e *accname.Element, format string, args ...any) {
	g.tell(e.Node, inspect.Fail, fmt.Sprintf(format, args...))
}

// Doubt tells of something at an element that a person must confirm.
func (g *Gathering) Doubt(e *accname.Element, format string, args ...any) {
	g.tell(e.Node, inspect.Review, fmt.Sprintf(format, args...))
}

func (g *Gathering) tell(n *html.Node, o inspect.Outcome, message string) {
	if !locus.InBody(g.pass.Page, n) {
		g.pass.Report(inspect.Finding{Outcome: o, Locus: locus.Of(n), Template: true, Message: message, Nodes: []*html.Node{n}})
		return
	}
	if g.text == nil {
		g.text = map[inspect.Outcome]*own{}
	}
	if g.text[o] == nil {
		g.text[o] = &own{first: message}
	}
	g.text[o].nodes = append(g.text[o].nodes, n)
}

// End reports what was found in the page's own text.
func (g *Gathering) End() {
	for _, o := range []inspect.Outcome{inspect.Fail, inspect.Review} {
		x := g.text[o]
		if x == nil {
			continue
		}
		at := "text"
		if o == inspect.Review {
			at = "text (review)"
		}
		message := "正文中：" + x.first
		if n := len(x.nodes); n > 1 {
			message = fmt.Sprintf("正文中%d处，如：%s", n, x.first)
		}
		g.pass.Report(inspect.Finding{Outcome: o, Locus: at, Value: float64(len(x.nodes)), Unit: "处", Message: message, Nodes: x.nodes})
	}
}

// Shown is an element for a person: its tag with what tells it from others,
// then the text in it.
func Shown(e *accname.Element) string {
	var b strings.Builder
	b.WriteString("<" + e.Node.Data)
	for _, k := range []string{"id", "class", "type", "name", "role", "src", "href"} {
		if v := strings.TrimSpace(e.Attr(k)); v != "" && !strings.HasPrefix(v, "data:") {
			fmt.Fprintf(&b, " %s=%q", k, zh.Truncate(inspect.Readable(v), 40))
		}
		if b.Len() > 120 {
			break
		}
	}
	b.WriteByte('>')
	b.WriteString(zh.Truncate(zh.Fold(begin(e.Node, 200)), 20))
	return b.String()
}

// begin is the first text inside an element, about n bytes of it.
func begin(e *html.Node, n int) string {
	var b strings.Builder
	var visit func(*html.Node)
	visit = func(x *html.Node) {
		if x.Type == html.TextNode {
			b.WriteString(x.Data + " ")
		}
		for c := x.FirstChild; c != nil && b.Len() < n; c = c.NextSibling {
			visit(c)
		}
	}
	visit(e)
	return b.String()
}
