package crawler

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A Found is a column that discovery proposes, with what made it think so.
type Found struct {
	Column inspect.Column
	Reason string
}

// Discover walks a site's navigation, two links deep, and proposes the lists
// it finds as columns. It reads at most pages pages.
func Discover(ctx context.Context, o Options, s *inspect.Site, pages int, now time.Time) ([]Found, error) {
	o.MaxDepth, o.MaxPages, o.NoForeign = 2, pages, true
	o.pagesOnly = true
	if o.MaxTime == 0 || o.MaxTime > 10*time.Minute {
		o.MaxTime = 10 * time.Minute
	}
	bare := *s
	bare.Columns = nil
	d := &discovery{site: &bare, names: map[string]string{}, now: now}
	for e, err := range New(o).Events(ctx, &bare) {
		if err != nil {
			return nil, err
		}
		if e.Page != nil {
			d.page(e.Page)
		}
	}
	if !d.home {
		return nil, fmt.Errorf("home page %s could not be read: %s", s.Home, cmp.Or(d.why, "no answer"))
	}
	return d.columns(), ctx.Err()
}

type discovery struct {
	site  *inspect.Site
	now   time.Time
	home  bool
	why   string
	names map[string]string // URL -> what the navigation calls it
	lists []*list
}

type list struct {
	url, label, title string
	trail             []string // the path that the page prints, its own name last
	depth             int
	rows, dated       int
	newest            time.Time
	selectors         inspect.Selectors
	script            string
}

func (d *discovery) page(p *inspect.Page) {
	p.Now = d.now
	p.Home = inspect.SamePage(p.URL, d.site.Home)
	if p.Home {
		d.home = p.Readable()
		d.why = strings.TrimSpace(p.Cause.Chinese() + " " + p.Detail)
	}
	if !p.Readable() {
		return
	}
	if p.Depth <= 1 {
		d.name(p)
	}
	q := p.Parts()
	l := p.List(inspect.Selectors{})
	labelled := p.Labels().Get("ColumnName") != "" && p.Labels().Get("ArticleTitle") == ""
	switch q.Kind {
	case inspect.ColumnPage, inspect.MessageBoard:
	default:
		if !labelled || p.Home || q.Kind.IsContent() || notAList(q.Kind) {
			return
		}
	}
	d.lists = append(d.lists, &list{url: p.URL, label: p.Labels().Get("ColumnName"), title: q.Title, depth: p.Depth, trail: p.Trail(),
		rows: len(l.Items), dated: dated(l.Items), newest: inspect.Newest(l.Items), selectors: p.RowSelectors(), script: l.Script})
}

// notAList reports whether a kind of page, though it may be labelled with a
// column's name, is nothing that is updated.
func notAList(k inspect.PageKind) bool {
	switch k {
	case inspect.SearchPage, inspect.MessageForm, inspect.SurveyPage, inspect.SiteMap, inspect.ErrorPage, inspect.RedirectPage:
		return true
	}
	return false
}

func dated(items []inspect.ListItem) (n int) {
	for _, it := range items {
		if !it.Date.IsZero() {
			n++
		}
	}
	return n
}

// name notes what short links call the pages they lead to.
func (d *discovery) name(p *inspect.Page) {
	links := p.Links()
	for i := range links {
		l := &links[i]
		if l.Kind != inspect.Anchor || l.URL == "" || !d.site.InScope(l.URL) {
			continue
		}
		t := zh.Compact(inspect.TextOf(l.Node))
		if n := len([]rune(t)); n < 2 || n > 14 || strings.Contains(t, "更多") || strings.Contains(strings.ToLower(t), "more") || isPager(t) {
			continue
		}
		if _, ok := d.names[l.URL]; !ok {
			d.names[l.URL] = t
		}
	}
}

func isPager(t string) bool {
	switch t {
	case "首页", "上一页", "下一页", "尾页", "末页", "返回", "返回首页", "网站首页":
		return true
	}
	return false
}

// columns are the proposals, one for each list: the later pages of a list are
// left out, and so are lists that nothing names.
func (d *discovery) columns() []Found {
	slices.SortFunc(d.lists, func(a, b *list) int { return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.url, b.url)) })
	seen := map[string]bool{}
	var out []Found
	for _, l := range d.lists {
		name := d.nameOf(l)
		key := folder(l.url)
		if name == "" || name == "首页" || seen[key] || isLaterPage(l.url) {
			continue
		}
		seen[key] = true
		genre, why := l.genre(name)
		c := inspect.Column{Name: zh.Truncate(name, 40), URL: l.url, Genre: genre, TopLevel: l.depth <= 1, Selectors: l.selectors}
		out = append(out, Found{Column: c, Reason: l.reason(why)})
	}
	return uniqueNames(out)
}

// nameOf is what a list is called: by its label, by the navigation, by the path
// that it prints, or by its title.
func (d *discovery) nameOf(l *list) string {
	if l.label != "" {
		return l.label
	}
	if n := d.names[l.url]; n != "" {
		return n
	}
	if n := len(l.trail); n > 0 {
		return l.trail[n-1]
	}
	name, _, _ := strings.Cut(l.title, "-")
	name, _, _ = strings.Cut(name, "_")
	return strings.TrimSpace(name)
}

// genre guesses a list's genre by its name, unless its place tells more: what
// stands below a special topic belongs to the topic, whatever it is called.
func (l *list) genre(name string) (inspect.Genre, string) {
	if n := len(l.trail); n > 1 {
		for _, above := range l.trail[:n-1] {
			if strings.Contains(above, "专题") || strings.Contains(above, "专栏") {
				return inspect.Topic, "位于“" + above + "”之下"
			}
		}
	}
	return GenreOf(name)
}

func (l *list) reason(why string) string {
	r := why
	switch {
	case l.rows == 0 && l.script != "":
		r += "；列表疑由脚本填充（" + l.script + "），静态页面中没有条目"
	case l.rows == 0:
		r += "；页面中没有条目"
	case l.dated == 0:
		r += fmt.Sprintf("；%d 条，均无可识别的日期", l.rows)
	default:
		r += fmt.Sprintf("；%d 条，其中 %d 条有日期，最新 %s", l.rows, l.dated, l.newest.Format(time.DateOnly))
	}
	return r
}

// folder is a list's address without its index file, which all its pages share.
func folder(u string) string {
	base, query, _ := strings.Cut(u, "?")
	name := base[strings.LastIndexByte(base, '/')+1:]
	if query != "" || name != "" && !strings.HasPrefix(name, "index") && !strings.HasPrefix(name, "list") && !strings.HasPrefix(name, "default") {
		return u
	}
	return base[:len(base)-len(name)]
}

// isLaterPage reports whether an address is page 2 and on of a list.
func isLaterPage(u string) bool {
	base, _, _ := strings.Cut(u, "?")
	name := base[strings.LastIndexByte(base, '/')+1:]
	name, _, _ = strings.Cut(name, ".")
	i := strings.LastIndexAny(name, "_-")
	if i <= 0 || i == len(name)-1 {
		return false
	}
	for _, c := range name[i+1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(name)-i <= 5
}

// uniqueNames makes names tell columns apart, by their folder where they are alike.
func uniqueNames(in []Found) []Found {
	count := map[string]int{}
	for _, f := range in {
		count[f.Column.Name]++
	}
	used := map[string]bool{}
	for i := range in {
		c := &in[i].Column
		if count[c.Name] > 1 {
			c.Name += "（" + strings.Trim(inspect.Path(folder(c.URL)), "/") + "）"
		}
		for base, n := c.Name, 2; used[c.Name]; n++ {
			c.Name = fmt.Sprintf("%s %d", base, n)
		}
		used[c.Name] = true
	}
	return in
}
