package columns

import (
	"fmt"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// disproved says why the rows cannot be trusted, "" if nothing speaks against
// them: two readers disagree, or what an earlier inspection saw is gone.
func (r *Reading) disproved(p *inspect.Pass, rows []inspect.ListItem) string {
	if r.Facts.List.By == "selectors" {
		x := r.Facts.Extracted
		second, _ := newest(p, x.Items)
		if t := beside(p, r.Column, x.Others, second); !t.IsZero() {
			second = t
		}
		if !second.IsZero() && !inspect.Day(second).Equal(inspect.Day(r.Newest)) {
			return fmt.Sprintf("两种方法读到的最新日期不一致（选择器：%s，通用识别：%s）", show(r.Newest), show(second))
		}
	}
	if t := r.rootDoubt(p); !t.IsZero() {
		return fmt.Sprintf("主列表最新日期为%s，页面另有%s的信息，不能确定是否属于本栏目", show(r.Newest), show(t))
	}
	return r.forgotten(p, rows)
}

// rootDoubt is a fresher date beside the main list on a page whose address has
// no folder that would tell whether its row belongs to the column.
func (r *Reading) rootDoubt(p *inspect.Pass) (t time.Time) {
	if Folder(r.Column.URL) != "" {
		return t
	}
	for _, it := range r.Facts.List.Others {
		if it.Date.After(r.Newest) && it.Date.After(t) && !Future(p.Now, it.Date) {
			t = it.Date
		}
	}
	return t
}

// forgotten holds the rows against what was seen before. Known items may have
// left the first page of a busy list; then all rows are newer than they were.
func (r *Reading) forgotten(p *inspect.Pass, rows []inspect.ListItem) string {
	known := p.Site.Known[r.Column.Name]
	last, _ := newest(p, known)
	if last.IsZero() {
		return ""
	}
	if inspect.DaysBetween(r.Newest, last) > 0 {
		return fmt.Sprintf("以前读到过%s的信息，这次最新只读到%s", show(last), show(r.Newest))
	}
	urls := map[string]bool{}
	older := 0
	for _, it := range rows {
		urls[it.URL] = true
		if !it.Date.IsZero() && inspect.DaysBetween(last, it.Date) <= 0 {
			older++
		}
	}
	for _, k := range known {
		if urls[k.URL] {
			return ""
		}
	}
	if older > 0 {
		return "以前读到的条目这次一条也没有再出现，页面可能已改版"
	}
	return ""
}

func show(t time.Time) string {
	if t.IsZero() {
		return "无"
	}
	return t.In(inspect.Zone).Format(time.DateOnly)
}
