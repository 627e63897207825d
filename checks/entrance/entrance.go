// Package entrance gathers the links by which a site leads to something that
// it must offer, with where they lead, for checks that ask whether one opens.
package entrance

import (
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/called"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A Link is an entrance: what it is called and where it leads.
type Link struct {
	Name string
	URL  string // "" when only a script knows
}

// A Page is what is kept of a page.
type Page struct {
	Links []Link
	Form  bool // visitors can write here
	Self  Link // the page's own name and address, if that is one of what is sought
}

// most is how many entrances of one page are kept.
const most = 30

// Gather keeps the links that are wanted; nil if there is none. Pages deeper
// than the second level repeat what stands above them.
func Gather(p *inspect.Page, wanted func(name, url string) bool) any {
	if p.Document != nil || !p.Readable() {
		return nil
	}
	q := p.Parts()
	g := Page{Form: q.Kind == inspect.MessageForm}
	title := zh.Compact(q.Title)
	if wanted(title, p.URL) || q.Heading != "" && wanted(zh.Compact(q.Heading), p.URL) {
		g.Self = Link{zh.Truncate(strings.Clone(title), 40), p.URL}
	}
	if p.Home || p.Depth <= 2 {
		g.Links = links(p, wanted)
	}
	if len(g.Links) == 0 && !g.Form && g.Self.URL == "" {
		return nil
	}
	return g
}

// links are the links that are wanted, each name and address once.
func links(p *inspect.Page, wanted func(name, url string) bool) (out []Link) {
	all, names := p.Links(), called.Names(p)
	for i := range all {
		x := Link{names[i], all[i].URL}
		if !all[i].Follows() || x == (Link{}) || !wanted(x.Name, x.URL) || slices.Contains(out, x) {
			continue
		}
		if out = append(out, Link{strings.Clone(x.Name), strings.Clone(x.URL)}); len(out) == most {
			break
		}
	}
	return out
}

// A State is what became of the entrances of a site.
type State int

// The states, worst first.
const (
	None   State = iota // there is none
	Broken              // none of them opens
	Hidden              // only scripts know where they lead
	Open                // one opens, or nothing speaks against it
)

// Judge looks at where the entrances lead. A wall or a login is no fault: a
// visitor may well pass it. The faults are told when nothing opens.
func Judge(p *inspect.Pass, links []Link) (State, []*inspect.Linked) {
	state := None
	var faults []*inspect.Linked
	seen := map[string]bool{}
	for _, l := range links {
		if l.URL == "" {
			if state == None {
				state = Hidden
			}
			continue
		}
		if inspect.SamePage(l.URL, p.Site.Home) {
			continue // leads nowhere else
		}
		t := p.Link(l.URL)
		if t == nil || t.Verdict != inspect.Fault {
			return Open, nil
		}
		if !seen[l.URL] {
			seen[l.URL] = true
			faults = append(faults, t)
		}
	}
	if len(faults) > 0 && state == None {
		state = Broken
	}
	return state, faults
}

// Why says why nothing can be told of what the site offers; "" if the home
// page and more was read and no script loads content into it.
func Why(p *inspect.Pass) string {
	home := p.Facts(p.Site.Home)
	switch {
	case home == nil || home.Status/100 != 2 || home.Kind != inspect.HomePage:
		return "首页未能读取"
	case home.Loads != "" || home.List.Script != "":
		return "首页有脚本加载内容，入口可能由脚本生成"
	}
	n := 0
	for f := range p.Pages {
		if f.Status/100 == 2 && f.Kind != inspect.FilePage {
			n++
		}
	}
	if n < 2 {
		return "本次只读取了首页"
	}
	return ""
}
