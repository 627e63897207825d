// Package adverts knows advertisements of third parties, and floating windows
// that nobody can close, for checks that ask a page for them.
package adverts

import (
	"regexp"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Options are the options of the check advertising.
type Options struct {
	// Hosts serve advertisements; hosts below them count.
	Hosts []string `yaml:"hosts"`
}

// Default are the options of its rule page, for a rulebook without it.
func Default() Options { return Options{Hosts: slices.Clone(networks)} }

var networks = []string{
	"googlesyndication.com", "doubleclick.net", "googleadservices.com", "pos.baidu.com", "cpro.baidu.com", "cpro.baidustatic.com", "cbjs.baidu.com",
	"dup.baidustatic.com", "union.baidu.com", "tanx.com", "alimama.com", "alimama.cn", "gdt.qq.com", "e.qq.com", "lianmeng.360.cn", "mediav.com",
	"adnxs.com", "miaozhen.com", "admaster.com.cn", "propellerads.com",
}

// Networks calls tell for the first script, frame, picture or medium that
// comes from each ad network.
func (o Options) Networks(p *inspect.Page, tell func(network string, n *html.Node)) {
	seen := map[string]bool{}
	last := " " // no host
	links := p.Links()
	for i := range links {
		l := &links[i]
		switch l.Kind {
		case inspect.Script, inspect.Frame, inspect.Image, inspect.Object, inspect.Media:
		default:
			continue
		}
		h := inspect.Host(l.URL)
		if h == last {
			continue // was told, or is none: hosts come in runs
		}
		last = h
		for _, n := range o.Hosts {
			if (h == n || strings.HasSuffix(h, "."+n)) && !seen[n] {
				seen[n] = true
				tell(n, l.Node)
			}
		}
	}
}

// floats are how windows that drift over a page are named.
var floats = regexp.MustCompile(`(?i)(^|[-_ ])(float(ing)?[-_]?(ad|img|pic|win|div|layer|box|adv|window)\w*|(ad|img|pic|win|adv)[-_]?float\w*|piao(fu|chuang|dong)?\w*|fu(dong|chuang)\w*|duilian\w*|couplet\w*|codefans\w*)($|[-_ ])`)

// floated are the letters of which floats needs some. It folds case as Unicode
// does, by which s has a third form, so codefans is looked for without it.
var floated = words.Of("float", "piao", "fudong", "fuchuang", "duilian", "couplet", "codefan")

// named reports whether an element is named like a window that drifts.
func named(n *html.Node) bool {
	id, class := inspect.Attr(n, "id"), inspect.Attr(n, "class")
	if !floated.In(strings.ToLower(id)) && !floated.In(strings.ToLower(class)) {
		return false
	}
	return floats.MatchString(id + " " + class)
}

// Floating is the first window over the page that holds a linked picture and
// nothing by which a visitor could close it; nil if there is none.
func Floating(p *inspect.Page) *html.Node {
	for _, n := range p.Elements(atom.Div) {
		if !named(n) || !advertises(n) || !over(n) && !moved(p, n) || inspect.Hidden(n) || closes(n) {
			continue
		}
		return n
	}
	return nil
}

// over reports whether an element says itself that it lies over the page.
func over(n *html.Node) bool {
	s := strings.ToLower(strings.ReplaceAll(inspect.Attr(n, "style"), " ", ""))
	return strings.Contains(s, "position:absolute") || strings.Contains(s, "position:fixed")
}

// moved reports whether a script of the page names the element.
func moved(p *inspect.Page, n *html.Node) bool {
	id := inspect.Attr(n, "id")
	for _, s := range p.Elements(atom.Script) {
		if id != "" && s.FirstChild != nil && (strings.Contains(s.FirstChild.Data, "'"+id) || strings.Contains(s.FirstChild.Data, `"`+id) || strings.Contains(s.FirstChild.Data, "#"+id)) {
			return true
		}
	}
	return false
}

// advertises reports whether something in an element leads away by a picture.
func advertises(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img && inspect.Within(c, atom.A) != nil {
			return true
		}
	}
	return false
}

// closes reports whether an element holds something that may close it. Scripts
// may add one, which is why a person must look.
func closes(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			switch s := strings.TrimSpace(c.Data); {
			case strings.Contains(s, "关闭"), s == "×", s == "X", s == "x", s == "╳", s == "✕":
				return true
			}
			continue
		}
		for i := range c.Attr {
			v := strings.ToLower(c.Attr[i].Val)
			if strings.Contains(v, "close") || strings.Contains(v, "hide") || strings.Contains(v, "guanbi") || strings.Contains(v, "关闭") || strings.Contains(v, "'none'") {
				return true
			}
		}
	}
	return false
}
