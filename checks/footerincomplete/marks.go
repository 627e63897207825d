package footerincomplete

import (
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// addresses name items by where they lead, or where their picture or script lies.
var addresses = []struct {
	text  string
	items set
}{
	{"conac.cn", 1}, {"bszs", 1}, {"dcs.conac", 1}, {"zfwzgl", 1 << 1}, {"jiucuo", 1 << 1}, {"pucha.kaipuyun", 1 << 1}, {"zhaocuo", 1 << 1},
	{"beian.miit", 1 << 5}, {"miitbeian", 1 << 5}, {"beian.mps", 1 << 6}, {"www.beian.gov.cn", 1 << 6},
	{"sitemap", 1 << 7}, {"wzdt", 1 << 7}, {"zddt", 1 << 7}, {"/map.", 1 << 7},
}

// labels name items in what describes a picture or a link.
var labels = []struct {
	text  string
	items set
}{
	{"党政机关", 1}, {"事业单位", 1}, {"找错", 1 << 1}, {"公安", 1 << 6}, {"地图", 1 << 7},
}

// linked are all items that links and labels can show.
const linked set = 1 | 1<<1 | 1<<5 | 1<<6 | 1<<7

// inLinks looks from the last link on, for the foot has most items: what was
// seen is not sought again.
func inLinks(p *inspect.Page) (have set) {
	links := p.Links()
	for i := len(links) - 1; i >= 0 && have != linked; i-- {
		l := &links[i]
		have = inAddress(l.Raw, have)
		if l.Kind == inspect.Image || l.Kind == inspect.Anchor {
			have = inLabel(l.Node, have)
		}
	}
	for _, n := range p.Elements(atom.Script) {
		if have != linked && n.FirstChild != nil && known(n) {
			have = inAddress(n.FirstChild.Data, have)
		}
	}
	return have
}

// inAddress adds the items that an address or a script names.
func inAddress(raw string, have set) set {
	if len(raw) < 4 || raw[0] == '#' {
		return have
	}
	for i := range addresses {
		if m := &addresses[i]; have&m.items == 0 && strings.Contains(raw, m.text) {
			have |= m.items
		}
	}
	return have
}

// inLabel adds the items that describe a picture or a link.
func inLabel(n *html.Node, have set) set {
	for i := range n.Attr {
		if k := n.Attr[i].Key; k != "alt" && k != "title" {
			continue
		}
		for j := range labels {
			if m := &labels[j]; have&m.items == 0 && strings.Contains(n.Attr[i].Val, m.text) {
				have |= m.items
			}
		}
	}
	return have
}

// known reports whether a script only writes an item's picture or counts visits.
func known(n *html.Node) bool {
	s := inspect.Attr(n, "src")
	if n.FirstChild != nil {
		s += n.FirstChild.Data
	}
	for _, m := range []string{"conac", "bszs", "jiucuo", "zfwzgl", "_hmt", "hm.baidu", "cnzz", "51.la", "51yes", "gostats", "webterren"} {
		if strings.Contains(s, m) {
			return true
		}
	}
	return false
}

// writers are what a script does that writes into a page.
var writers = []string{"document.write", "innerHTML", ".load(", ".html(", ".append(", "$.ajax", "$.get(", "fetch(", "createElement", "new Vue"}

// footWords are what names a foot in code and addresses.
var footWords = []string{"foot", "bottom", "copyright", "banquan", "dibu"}

// byScript reports whether the foot could come from a script or a frame: a
// frame or script is named after it, stands in it, or nothing of a foot is
// seen on the page at all.
func byScript(p *inspect.Page, have set) bool {
	foot := p.Foot()
	if foot == nil && have&^(1<<4|1<<7) == 0 { // a telephone number or a map alone is no foot
		return true
	}
	if foot == nil && awaited(p) {
		return true
	}
	for _, n := range p.Elements(atom.Iframe) {
		if contains(inspect.Attr(n, "src"), footWords) || foot != nil && within(n, foot) {
			return true
		}
	}
	if len(p.Elements(atom.Frameset)) > 0 {
		return true
	}
	for _, n := range p.Elements(atom.Script) {
		if writesFoot(n, foot) {
			return true
		}
	}
	for _, n := range p.Texts() {
		if strings.Contains(n.Data, "{{") {
			return true
		}
	}
	return false
}

// awaited reports whether an element named after the foot stands there empty,
// and a script could fill it.
func awaited(p *inspect.Page) bool {
	if len(p.Elements(atom.Script)) == 0 {
		return false
	}
	for _, n := range p.Elements(atom.Div, atom.Section, atom.Footer) {
		name := strings.ToLower(inspect.Attr(n, "class") + " " + inspect.Attr(n, "id"))
		if contains(name, footWords) && inspect.TextOf(n) == "" && !holds(n, atom.A, atom.Img) {
			return true
		}
	}
	return false
}

// holds reports whether an element of one of the names stands below n.
func holds(n *html.Node, names ...atom.Atom) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if slices.Contains(names, c.DataAtom) || holds(c, names...) {
			return true
		}
	}
	return false
}

func writesFoot(n, foot *html.Node) bool {
	if known(n) {
		return false
	}
	src := strings.ToLower(inspect.Attr(n, "src"))
	if src != "" {
		return contains(src[strings.LastIndexByte(src, '/')+1:], footWords) || strings.Contains(src, "/foot")
	}
	if n.FirstChild == nil || !contains(n.FirstChild.Data, writers) {
		return false
	}
	return foot != nil && within(n, foot) || contains(strings.ToLower(n.FirstChild.Data), footWords)
}

func within(n, outer *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

func contains(s string, list []string) bool {
	for _, x := range list {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}
