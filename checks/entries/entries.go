// Package entries gathers under which names a site offers what: the words of
// links, of rows of lists, of pages and of registered columns, for checks that
// ask whether something is there at all.
package entries

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/called"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// watched are the words of names that any check here asks for; what holds none
// of them is not kept.
var watched = words.Of("公开", "年报", "年度报告", "报表", "咨询", "信箱", "留言", "网上办", "办事", "服务", "征集", "调查", "地图", "导航", "互动", "投诉", "来信")

// A Page is what is kept of one page.
type Page struct {
	Names []string // of links and rows, blanks out, each once
	Plain []string // short texts that are no link, but may be one that a script makes
}

type memo struct{}

// Gather keeps the names on a page; nil if it has none that matter.
func Gather(p *inspect.Pass) any {
	g := inspect.Memo(p.Page, memo{}, func() *Page { return read(p.Page) })
	if len(g.Names)+len(g.Plain) == 0 {
		return nil
	}
	return g
}

func read(p *inspect.Page) *Page {
	g := &Page{}
	seen := map[string]bool{}
	add := func(name string) {
		if !watched.In(name) || seen[name] || len(g.Names) >= 300 {
			return
		}
		seen[name] = true
		g.Names = append(g.Names, strings.Clone(zh.Truncate(name, 60)))
	}
	if d := p.Document; d != nil { // an attachment is known by its first lines
		for _, part := range d.Parts[:min(len(d.Parts), 1)] {
			n := 0
			for line := range strings.Lines(part.Text) {
				if n++; n > 12 {
					break
				}
				add(zh.Compact(line))
			}
		}
		return g
	}
	q := p.Parts()
	add(zh.Compact(q.Heading))
	add(zh.Compact(q.Title))
	links := p.Links()
	if q.Kind.IsContent() && q.Kind != inspect.AnnualReportPage { // its head and foot stand on the lists too
		for i := range links {
			if l := &links[i]; l.Kind == inspect.Attachment {
				add(zh.Compact(l.Text()))
			}
		}
		return g
	}
	names := called.Names(p)
	for i := range links {
		// Also those that lead nowhere by themselves: a script may open them.
		if l := &links[i]; l.Kind == inspect.Anchor || l.Kind == inspect.Area || l.Kind == inspect.Attachment {
			add(names[i])
		}
	}
	for _, n := range p.Texts() {
		if s := zh.Compact(n.Data); len(s) <= maxPlain && watched.In(s) && !seen[s] && len(g.Plain) < 50 {
			seen[s] = true
			g.Plain = append(g.Plain, s)
		}
	}
	return g
}

// maxPlain is how many bytes a text has at most that may be an entry's name.
const maxPlain = 42

// A Seen is what a whole site offers.
type Seen struct {
	Pages int
	names []name
	plain []string
}

type name struct {
	text string
	page *inspect.Facts
}

// Read gathers what the check's Gather kept, and the registered columns.
func Read(p *inspect.Pass) *Seen {
	s := &Seen{}
	for g := range p.Gathered {
		if x, ok := g.Kept.(*Page); ok {
			s.Add(g.Page, x)
		}
	}
	for f := range p.Pages {
		if f.Status/100 == 2 && f.Kind != inspect.FilePage {
			s.Pages++
		}
	}
	for i := range p.Site.Columns {
		s.names = append(s.names, name{p.Site.Columns[i].Name, p.Facts(p.Site.Columns[i].URL)})
	}
	return s
}

// Add adds the names of one page.
func (s *Seen) Add(f *inspect.Facts, g *Page) {
	if g == nil {
		return
	}
	for _, n := range g.Names {
		s.names = append(s.names, name{n, f})
	}
	s.plain = append(s.plain, g.Plain...)
}

// Mentions reports whether a text that is no link holds one of the words: an
// entry that a script makes, or one that leads nowhere.
func (s *Seen) Mentions(words ...string) bool {
	for _, t := range s.plain {
		for _, w := range words {
			if strings.Contains(t, w) {
				return true
			}
		}
	}
	return false
}

// Has reports whether any name holds one of the words.
func (s *Seen) Has(words ...string) bool {
	for _, n := range s.names {
		for _, w := range words {
			if strings.Contains(n.text, w) {
				return true
			}
		}
	}
	return false
}

var yearPattern = regexp.MustCompile(`(?:19|20)\d\d`)

// Years are the years that stand in names which hold one of the words; with
// several words, 信息公开 must be met by another one too.
func (s *Seen) Years(words ...string) map[int]bool {
	out := map[int]bool{}
	for _, n := range s.names {
		if !matches(n.text, words) {
			continue
		}
		for _, y := range yearPattern.FindAllString(n.text, 4) {
			v, err := strconv.Atoi(y)
			if err == nil {
				out[v] = true
			}
		}
	}
	return out
}

// matches: the first word and one of the others, or any of them when each says
// it alone.
func matches(text string, words []string) bool {
	if words[0] == "信息公开" {
		if !strings.Contains(text, words[0]) {
			return false
		}
		words = words[1:]
	}
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Where is a page on which the last name with a year was seen, for evidence.
func (s *Seen) Where(p *inspect.Pass) (string, inspect.Evidence) {
	for _, n := range s.names {
		if n.page != nil && yearPattern.MatchString(n.text) && (strings.Contains(n.text, "年报") || strings.Contains(n.text, "年度报告") || strings.Contains(n.text, "报表")) {
			return n.page.URL, n.page.Evidence
		}
	}
	if f := p.Facts(p.Site.Home); f != nil {
		return f.URL, f.Evidence
	}
	return p.Site.Home, inspect.Evidence{}
}
