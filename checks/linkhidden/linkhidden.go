// Package linkhidden is the check link-hidden: links to others that visitors
// cannot see (暗链).
package linkhidden

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/hosts"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check link-hidden.
var Check = inspect.NewCheck("link-hidden", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	t, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	anchors := t.Named(atom.A)
	urls := addresses(p.Page.Links(), anchors)
	var at map[string]bool // hosts that visitors can reach by a link that is shown; few pages need to know
	shown := func(u string) bool {
		if at == nil {
			at = map[string]bool{}
			for i, e := range anchors {
				if urls[i] != "" && trick(e) == "" && !e.Unseen() {
					at[inspect.Host(urls[i])] = true
				}
			}
		}
		return at[inspect.Host(u)]
	}
	found := group{}
	last := "" // a host that is not foreign; hosts come in runs
	for i, e := range anchors {
		u := urls[i]
		if u == "" {
			continue
		}
		if host := inspect.Host(u); host == last {
			continue
		} else if !foreign(p.Site, p.Page, u) {
			last = host
			continue
		}
		how := trick(e)
		if how == "" && e.Unseen() && !shown(u) && !menu(e) {
			how = "所在区块不显示"
		}
		if how == "" {
			continue
		}
		found.add(how, linkText(e), u)
	}
	for _, u := range written(p.Page) {
		if foreign(p.Site, p.Page, u) {
			found.add("由脚本写入且不显示", "", u)
		}
	}
	for _, b := range found {
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: b.how, Template: true, Value: float64(b.n), Unit: "处",
			Message: fmt.Sprintf("疑似暗链%d处（%s），如%s", b.n, b.how, strings.Join(b.say, "、"))})
	}
	return nil
}

// addresses are where the anchors lead, "" for those that lead nowhere. Both
// stand in document order, so that they are told together in one walk.
func addresses(links []inspect.Link, anchors []*accname.Element) []string {
	out := make([]string, len(anchors))
	at := 0
	for i := range links {
		l := &links[i]
		if l.Kind != inspect.Anchor && l.Kind != inspect.Attachment || l.Node == nil || l.Node.Namespace != "" {
			continue
		}
		next := at
		for next < len(anchors) && anchors[next].Node != l.Node {
			next++
		}
		if next == len(anchors) {
			continue // its element is not in the tree
		}
		out[next], at = l.URL, next+1
	}
	return out
}

// A block is the links that are hidden in one way: they came in one go, and go
// in one.
type block struct {
	how string
	n   int
	say []string // the first of them
}

type group []*block

func (g *group) add(how, text, u string) {
	var b *block
	for _, x := range *g {
		if x.how == how {
			b = x
		}
	}
	if b == nil {
		b = &block{how: how}
		*g = append(*g, b)
	}
	b.n++
	if len(b.say) < 3 {
		if text != "" {
			text = "“" + text + "”"
		}
		b.say = append(b.say, text+inspect.Readable(u))
	}
}

// foreign reports whether an address belongs to others who are no government.
func foreign(s *inspect.Site, p *inspect.Page, u string) bool {
	return !s.InScope(u) && !hosts.Government(u) && !hosts.SameOwner(inspect.Host(u), inspect.Host(p.URL))
}

func linkText(e *accname.Element) string {
	if t := inspect.TextOf(e.Node); t != "" {
		return t
	}
	return "（无文字）"
}

// menu reports whether a block that is not shown is likely one that a visitor
// opens: a menu, a tab, a box that pops up.
func menu(e *accname.Element) bool {
	for ; e != nil; e = e.Up {
		if e.Is(atom.Noscript) {
			return true
		}
		name := strings.ToLower(e.Attr("class") + " " + e.Attr("id") + " " + e.Attr("role"))
		for _, w := range []string{"tab", "menu", "nav", "drop", "sub", "pop", "list", "link", "box", "con", "layer", "share", "more", "hide", "show", "select", "item", "dialog", "modal", "wap", "mobile", "slide", "swiper", "panel", "tip", "qr", "code"} {
			if strings.Contains(name, w) {
				return true
			}
		}
	}
	return false
}

// trick names the way by which an element, or one around it, is kept from
// being seen that no menu uses.
func trick(e *accname.Element) string {
	for up, n := e, 0; up != nil && n < 8; up, n = up.Up, n+1 {
		if up.Is(atom.Marquee) && (small(up.Attr("height")) || small(up.Attr("width"))) {
			return "滚动区域大小为零"
		}
		if style := up.Attr("style"); style != "" {
			if how := byStyle(style, n == 0); how != "" {
				return how
			}
		}
	}
	return ""
}

func small(v string) bool {
	n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(v), "px"), 64)
	return err == nil && n <= 2
}

// byStyle reads the declarations of one style attribute.
func byStyle(style string, own bool) string {
	d := map[string]string{}
	accname.Declarations(style, func(name, value string, _ bool) { d[name] = strings.ToLower(strings.TrimSpace(value)) })
	far := func(key string) bool {
		n, unit := accname.Length(d[key])
		return unit == "px" && n <= -500
	}
	zero := func(key string) bool {
		v, ok := d[key]
		if !ok {
			return false
		}
		n, unit := accname.Length(v)
		return (unit == "px" || unit == "" || unit == "pt" || unit == "em") && n >= 0 && n <= 1 && v != "auto"
	}
	placed := d["position"] == "absolute" || d["position"] == "fixed"
	switch {
	case placed && (far("left") || far("top") || far("right") || far("bottom")), far("margin-left"), far("margin-top"):
		return "移出屏幕之外"
	case far("text-indent") && own:
		return "文字移出屏幕之外"
	case zero("height") && zero("width"), (zero("height") || zero("width") || zero("max-height")) && d["overflow"] == "hidden":
		return "显示大小为零"
	case zero("font-size"):
		return "字号为零"
	case d["opacity"] == "0" && placed:
		return "完全透明"
	case d["color"] != "" && (d["color"] == d["background-color"] || d["color"] == d["background"]):
		return "文字与背景同色"
	}
	return ""
}

// written are the addresses of links that an inline script writes into a block
// which is not shown, as literal text.
func written(p *inspect.Page) (out []string) {
	base := inspect.NewBase(p.Landed())
	for _, s := range p.Elements(atom.Script) {
		if s.FirstChild == nil || !strings.Contains(s.FirstChild.Data, "write") {
			continue
		}
		code := strings.ToLower(s.FirstChild.Data)
		i := strings.Index(strings.ReplaceAll(code, " ", ""), "display:none")
		if i < 0 || !strings.Contains(code, "<a ") {
			continue
		}
		for {
			_, rest, ok := strings.Cut(code, "<a ")
			if !ok {
				break
			}
			code = rest
			_, ref, ok := strings.Cut(rest[:min(len(rest), 400)], "href=")
			if !ok {
				continue
			}
			ref = strings.TrimLeft(ref, "\\\"'")
			if j := strings.IndexAny(ref, "\\\"' >"); j > 0 {
				if u, scheme := base.Resolve(ref[:j]); scheme == inspect.HTTP {
					out = append(out, u)
				}
			}
		}
	}
	return out
}
