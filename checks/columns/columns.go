// Package columns reads a watched column once for all checks that judge one,
// so that exactly one of them speaks for it.
package columns

import (
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A State is what a reading came to; each has one check that speaks for it.
type State int

// The states of a column.
const (
	Exempt     State = iota // leads elsewhere by what the register says: nobody speaks
	Unreadable              // could not tell: column-unreadable
	Blank                   // no items and no sub-columns: column-blank
	Undated                 // items without a readable date: column-undated
	Dated                   // a newest date is known: column-stale judges it
)

// A Reading is what was read of a column.
type Reading struct {
	Column *inspect.Column
	Facts  *inspect.Facts // of its page; nil if that was not seen
	State  State
	Why    string    // Unreadable: the reason, for people
	Newest time.Time // Dated
	Rows   int
	Bare   int // rows without a date that could be read anywhere
	// Doubt says that the page itself does not prove a Blank: a script that
	// is no known library could write into it.
	Doubt bool
}

// unreadable makes the reading one that could not tell.
func (r Reading) unreadable(format string, args ...any) Reading {
	r.State, r.Why = Unreadable, fmt.Sprintf(format, args...)
	return r
}

// Read reads a column of the site.
func Read(p *inspect.Pass, c *inspect.Column) Reading {
	r := Reading{Column: c, Facts: p.Facts(c.URL)}
	switch {
	case c.Genre == inspect.Entrance || c.Genre == inspect.Profile || c.Excused.Holds(p.Now):
		r.State = Exempt
		return r
	case r.Facts == nil:
		return r.unreadable("本次没有读取到栏目页面")
	}
	if why := unfit(p, r.Facts); why != "" {
		return r.unreadable("%s", why)
	}
	rows := r.Facts.List.Items
	r.Rows = len(rows)
	if len(rows) == 0 || r.Facts.List.Script != "" {
		return r.empty(p)
	}
	if c.Selectors.Item != "" && r.Facts.List.By != "selectors" {
		return r.unreadable("配置的列表选择器在页面上找不到内容，页面可能已改版")
	}
	r.Newest, r.Bare = newest(p, rows)
	if t := beside(p, c, r.Facts.List.Others, r.Newest); !t.IsZero() {
		r.Newest = t
	}
	if why := r.disproved(p, rows); why != "" {
		return r.unreadable("%s", why)
	}
	if t := below(p, r); t.After(r.Newest) { // a column that shows one of its sub-columns is as fresh as the freshest of them
		r.Newest = t
	}
	switch {
	case !r.Newest.IsZero():
		r.State = Dated
	case directory(p, rows):
		return r.unreadable("列表中的条目没有日期，且多指向栏目、机构或没有链接")
	default:
		r.State = Undated
	}
	return r
}

// directory reports whether most rows lead to other columns, to pages that
// present a body, as a list of schools does, or nowhere: such rows are no
// information that bears a date.
func directory(p *inspect.Pass, rows []inspect.ListItem) bool {
	n := 0
	for _, it := range rows {
		if it.URL == "" {
			n++
		} else if f := p.Facts(it.URL); f != nil && (f.Kind == inspect.ColumnPage || f.Kind == inspect.MessageBoard || f.Kind == inspect.OrgInfo) {
			n++
		}
	}
	return 2*n > len(rows)
}

// unfit says why the column's page does not show the column, "" if it does.
func unfit(p *inspect.Pass, f *inspect.Facts) string {
	switch {
	case f.Verdict != inspect.Fine && f.Verdict != inspect.Information:
		why := f.Cause.Chinese()
		if why == "" {
			why = "原因不明"
		}
		return "栏目页面未能读取：" + why
	case f.Kind != inspect.ColumnPage && f.Kind != inspect.HomePage:
		return "栏目页面不是可读取的网页"
	case !p.Site.InScope(f.Landed):
		return "栏目跳转到站外：" + inspect.Readable(f.Landed)
	case inspect.SamePage(f.Landed, p.Site.Home) && !inspect.SamePage(f.URL, p.Site.Home):
		return "栏目跳转到首页"
	}
	return ""
}

// empty judges a page on which no rows of its own were found.
func (r Reading) empty(p *inspect.Pass) Reading {
	if t := below(p, r); !t.IsZero() {
		r.Newest, r.State = t, Dated
		return r
	}
	switch {
	case r.Facts.List.Script != "":
		return r.unreadable("列表由脚本生成（%s），静态读取不到", zh.Truncate(r.Facts.List.Script, 20))
	case len(p.Site.Known[r.Column.Name]) > 0:
		return r.unreadable("以前能读到条目，这次一条也读不到，页面可能已改版")
	case len(subPages(p, r)) > 0:
		return r.unreadable("栏目页面只列出下级栏目，没有读到条目日期")
	case r.Facts.Chars > littleText:
		return r.unreadable("栏目页面有文字但没有列表")
	}
	r.State, r.Doubt = Blank, r.Facts.Scripts > 0 || r.Facts.Loads != ""
	return r
}

// littleText is how many letters outside links and shared parts a page without
// content may still show: its position, a few labels, "no data".
const littleText = 80

// newest is the newest date of the rows, looked up on the item's own page or in
// its address where the list prints none, and the rows without any. A date
// that lies in the future makes nothing fresh.
func newest(p *inspect.Pass, rows []inspect.ListItem) (t time.Time, bare int) {
	for _, it := range rows {
		d := it.Date
		if d.IsZero() {
			d = itemDate(p, it.URL)
		}
		switch {
		case d.IsZero():
			bare++
		case !Future(p.Now, d) && d.After(t):
			t = d
		}
	}
	return t, bare
}

// Future reports whether a date lies more than a day after the check.
func Future(now, d time.Time) bool { return inspect.DaysBetween(now, d) > 1 }

func itemDate(p *inspect.Pass, u string) time.Time {
	if u == "" {
		return time.Time{}
	}
	if f := p.Facts(u); f != nil && !f.Published.IsZero() && f.Kind.IsContent() {
		return f.Published
	}
	t, _ := zh.URLDate(u)
	return t
}

// Folder is the folder of a column's address, "" when it has none of its own:
// a list at /channels/13.html shares its folder with all others.
func Folder(u string) string {
	path, query, _ := strings.Cut(inspect.Path(u), "?")
	i := strings.LastIndexByte(path, '/') + 1
	name := path[i:]
	if i == 1 || query != "" || name != "" && !strings.HasPrefix(name, "index.") && !strings.HasPrefix(name, "default.") {
		return ""
	}
	return path[:i]
}

// under reports whether an address lies in the column's folder.
func under(c *inspect.Column, u string) bool {
	folder := Folder(c.URL)
	return folder != "" && inspect.Host(u) == inspect.Host(c.URL) && strings.HasPrefix(inspect.Path(u), folder)
}

// beside is the newest date after t among rows beside the main list that lie
// in the column's folder; the zero time if there is none.
func beside(p *inspect.Pass, c *inspect.Column, rows []inspect.ListItem, t time.Time) (best time.Time) {
	for _, it := range rows {
		if it.Date.After(t) && !Future(p.Now, it.Date) && under(c, it.URL) {
			best, t = it.Date, it.Date
		}
	}
	return best
}

// subPages are the lists that a column's page leads to, below it.
func subPages(p *inspect.Pass, r Reading) []*inspect.Facts {
	var out []*inspect.Facts
	for _, u := range r.Facts.Links {
		if inspect.SamePage(u, r.Column.URL) || !under(r.Column, u) {
			continue
		}
		if f := p.Facts(u); f != nil && (f.Kind == inspect.ColumnPage || f.Kind == inspect.MessageBoard) {
			out = append(out, f)
		}
	}
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		if c.URL != r.Column.URL && under(r.Column, c.URL) {
			if f := p.Facts(c.URL); f != nil {
				out = append(out, f)
			}
		}
	}
	return out
}

// below is the newest date in the lists below a column that only gathers them.
func below(p *inspect.Pass, r Reading) (best time.Time) {
	for _, f := range subPages(p, r) {
		if t, _ := newest(p, f.List.Items); t.After(best) {
			best = t
		}
	}
	return best
}
