// Package advertising is the check advertising: advertisements of third
// parties, and floating windows that nobody can close.
package advertising

import (
	"context"
	_ "embed"
	"regexp"
	"strings"

	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	// Hosts serve advertisements; hosts below them count.
	Hosts []string `yaml:"hosts"`
}

// Check is the check advertising.
var Check = inspect.NewCheck("advertising", rule, inspect.PerPage, options{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, o options) error {
	hosts(p, o.Hosts)
	floating(p)
	return nil
}

// hosts reports scripts, frames and pictures that come from an ad network, a
// finding a host.
func hosts(p *inspect.Pass, networks []string) {
	seen := map[string]bool{}
	links := p.Page.Links()
	for i := range links {
		l := &links[i]
		switch l.Kind {
		case inspect.Script, inspect.Frame, inspect.Image, inspect.Object, inspect.Media:
		default:
			continue
		}
		h := inspect.Host(l.URL)
		for _, n := range networks {
			if (h == n || strings.HasSuffix(h, "."+n)) && !seen[n] {
				seen[n] = true
				p.Report(inspect.Finding{Outcome: inspect.Review, Locus: n, Class: "network", Template: !locus.InBody(p.Page, l.Node),
					Message: "页面加载了广告联盟“" + n + "”的内容，政府网站不得刊登商业广告，请核实"})
			}
		}
	}
}

// floats are how windows that drift over a page are named.
var floats = regexp.MustCompile(`(?i)(^|[-_ ])(float(ing)?[-_]?(ad|img|pic|win|div|layer|box|adv|window)\w*|(ad|img|pic|win|adv)[-_]?float\w*|piao(fu|chuang|dong)?\w*|fu(dong|chuang)\w*|duilian\w*|couplet\w*|codefans\w*)($|[-_ ])`)

// floating reports windows over the page that hold a link or a picture and
// nothing by which a visitor could close them.
func floating(p *inspect.Pass) {
	for _, n := range p.Page.Elements(atom.Div) {
		name := inspect.Attr(n, "id") + " " + inspect.Attr(n, "class")
		if name == " " || !floats.MatchString(name) || !advertises(n) || !over(n) && !moved(p.Page, n) || inspect.Hidden(n) || closes(n) {
			continue
		}
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: locus.Of(n), Class: "floating", Template: true,
			Message: "页面上的浮动窗口没有找到关闭按钮，请核实能否关闭"})
		return
	}
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
