package messages

import (
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
)

// configured reads letters where the register says that their parts stand.
// What it names is there or missing; what it does not name, nobody speaks of.
func configured(p *inspect.Page, sel inspect.Selectors) (out []Message) {
	base := inspect.NewBase(p.Landed())
	for _, n := range p.Query().Find(sel.Item).Nodes {
		m := Message{Labels: map[Part]bool{}, Whole: true}
		for _, x := range []struct {
			selector string
			part     Part
			set      func(string)
		}{
			{sel.Title, Title, func(s string) { m.Title = s }},
			{sel.Question, Question, func(s string) { m.Question = s }},
			{sel.Reply, Reply, func(s string) { m.Reply = s }},
			{sel.Unit, Unit, func(s string) { m.Unit = s }},
			{sel.Asked, Asked, func(s string) { m.Asked = dayOf(s) }},
			{sel.Answered, Answered, func(s string) { m.Answered = dayOf(s) }},
		} {
			if x.selector == "" {
				continue
			}
			m.Labels[x.part] = true
			if found := p.Query().FindNodes(n).Find(x.selector).Nodes; len(found) > 0 {
				x.set(zh.Fold(strings.TrimSpace(inspect.TextOf(found[0]))))
			}
		}
		m.URL = linkIn(n, base)
		if m.Title == "" && m.Question == "" {
			m.Title = zh.Truncate(zh.Fold(inspect.TextOf(n)), 60)
		}
		out = append(out, m)
	}
	return out
}

func dayOf(s string) time.Time {
	t, _, _ := zh.DateAt(s)
	return t
}

// linkIn is the first address in a row.
func linkIn(n *html.Node, base *inspect.Base) string {
	for c := range n.Descendants() {
		if href, ok := inspect.LookupAttr(c, "href"); ok {
			if u, scheme := base.Resolve(href); scheme == inspect.HTTP {
				return u
			}
		}
	}
	return ""
}
