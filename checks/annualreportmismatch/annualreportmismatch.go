// Package annualreportmismatch is the check annual-report-mismatch.
package annualreportmismatch

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/annualreport"
	"github.com/xunjian/xunjian/checks/columns"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Share is by how much of what a report declares the count on the site may
	// differ, since pages move and lists end.
	Share float64 `yaml:"share"`
	// Same is the share of a report's text that may stand in the year before's.
	Same float64 `yaml:"same"`
}

// Check is the check annual-report-mismatch.
var Check = inspect.NewCheck("annual-report-mismatch", rule, inspect.PerSite, options{}, run).Timeless().Gathering(func(p *inspect.Pass) any {
	if r := annualreport.Of(p.Page); r != nil && r.Year != 0 {
		return r
	}
	return nil
})

// A year is one report with where it stands.
type year struct {
	*annualreport.Reading
	page *inspect.Facts
}

func run(_ context.Context, p *inspect.Pass, o options) error {
	var all []year
	for g := range p.Gathered {
		if r, ok := g.Kept.(*annualreport.Reading); ok {
			all = append(all, year{r, g.Page})
		}
	}
	all = own(p.Site, all)
	p.Due(len(all))
	for i, y := range all {
		if i > 0 && all[i-1].Year == y.Year-1 {
			o.afterwards(p, all[i-1], y)
		}
		o.declared(p, y)
		o.normative(p, y)
	}
	return nil
}

// own are the unit's own reports, one a year, oldest first: a portal also
// carries those of its departments.
func own(s *inspect.Site, all []year) []year {
	all = slices.DeleteFunc(all, func(y year) bool {
		before, _, _ := strings.Cut(y.Title, fmt.Sprint(y.Year))
		who := strings.TrimSpace(before)
		return who != "" && s.Unit != "" && !strings.HasSuffix(who, s.Unit) && !strings.HasSuffix(s.Unit, who) && (s.Name == "" || !strings.HasSuffix(who, s.Name))
	})
	slices.SortStableFunc(all, func(a, b year) int { return cmp.Compare(a.Year, b.Year) })
	return slices.CompactFunc(all, func(a, b year) bool { return a.Year == b.Year })
}

// afterwards holds a report against that of the year before.
func (o options) afterwards(p *inspect.Pass, before, y year) {
	say := func(locus string, outcome inspect.Outcome, format string, a ...any) {
		class, _, _ := strings.Cut(locus, " ")
		p.Report(inspect.Finding{URL: y.page.URL, Locus: locus + " " + fmt.Sprint(y.Year), Class: class, Outcome: outcome, Evidence: y.page.Evidence, Message: fmt.Sprintf(format, a...)})
	}
	if before.Report != nil && y.Report != nil {
		for i, name := range annualreport.Applicants {
			a, b := before.Report.After.Cells[i], y.Report.Before.Cells[i]
			switch {
			case a.N == b.N:
			case a.Blank || b.Blank:
				say("RC-4", inspect.Unknown, "“%s”列上年结转与上年报告是否一致未能判定：有单元格未填写", name)
			default:
				say("RC-4 "+name, inspect.Fail, "“%s”列上年结转为%d件，而%d年报告的结转下年度为%d件", name, b.N, before.Year, a.N)
			}
		}
	}
	if a, b := before.Normative, y.Normative; a != nil && b != nil && b.Valid != a.Valid+b.Issued-b.Repealed {
		say("RC-6", inspect.Review, "行政规范性文件现行有效%d件，按%d年的%d件加本年制发%d件减废止%d件应为%d件，统计口径是否变化请人工确认",
			b.Valid, before.Year, a.Valid, b.Issued, b.Repealed, a.Valid+b.Issued-b.Repealed)
	}
	if share, ok := y.Text.Within(before.Text); ok && share > o.Same {
		say("RC-11", inspect.Review, "报告约%.0f%%的文字与%d年报告相同，请人工确认", 100*share, before.Year)
	}
}

// declared holds what the text declares by column against what was crawled.
func (o options) declared(p *inspect.Pass, y year) {
	for _, d := range y.Declared {
		c := columnOf(p.Site, d.Name)
		if c == nil {
			continue
		}
		n, seen := count(p, c, y.Year)
		f := inspect.Finding{URL: y.page.URL, Locus: "declared " + c.Name + " " + fmt.Sprint(y.Year), Class: "declared", Value: float64(n - d.Count), Unit: "条", Evidence: y.page.Evidence}
		switch {
		case !seen:
			f.Outcome, f.Value, f.Unit = inspect.Unknown, 0, ""
			f.Message = fmt.Sprintf("%d年报告称“%s”%d条，栏目“%s”未能读取，未能核对", y.Year, d.Name, d.Count, c.Name)
		case differs(n, d.Count, o.Share):
			f.Outcome = inspect.Review
			f.Message = fmt.Sprintf("%d年报告称“%s”%d条，栏目“%s”中读到该年信息%d条，相差%d条，请人工核对", y.Year, d.Name, d.Count, c.Name, n, abs(n-d.Count))
		default:
			continue
		}
		p.Report(f)
	}
}

func differs(n, declared int, share float64) bool {
	return float64(abs(n-declared)) > max(1, share*float64(declared))
}

// normative holds the number of documents issued against the documents found.
func (o options) normative(p *inspect.Pass, y year) {
	if y.Normative == nil {
		return
	}
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		if !strings.Contains(c.Name, "规范性文件") {
			continue
		}
		n, seen := count(p, c, y.Year)
		if seen && n < y.Normative.Issued {
			p.Report(inspect.Finding{URL: y.page.URL, Locus: "RC-8 " + fmt.Sprint(y.Year), Class: "RC-8", Outcome: inspect.Review, Value: float64(n), Unit: "件", Evidence: y.page.Evidence,
				Message: fmt.Sprintf("%d年报告称制发行政规范性文件%d件，栏目“%s”中读到该年文件%d件，请人工核对", y.Year, y.Normative.Issued, c.Name, n)})
		}
	}
}

// columnOf is the column that a report means by a name.
func columnOf(s *inspect.Site, name string) *inspect.Column {
	var best *inspect.Column
	for i := range s.Columns {
		c := &s.Columns[i]
		switch {
		case c.Name == name:
			return c
		case len([]rune(name)) >= 4 && strings.HasSuffix(name, c.Name), strings.HasSuffix(c.Name, name):
			best = c
		}
	}
	return best
}

// count is how many pieces of a year were seen in a column: its rows, on all
// pages of its list, and the pieces below it.
func count(p *inspect.Pass, c *inspect.Column, year int) (n int, seen bool) {
	r := columns.Read(p, c)
	if r.State == columns.Unreadable || r.Facts == nil {
		return 0, false
	}
	pieces := map[string]bool{}
	add := func(u string, y int) {
		if y == year {
			pieces[u] = true
		}
	}
	folder := columns.Folder(c.URL)
	for f := range p.Pages {
		in := folder != "" && inspect.Host(f.URL) == inspect.Host(c.URL) && strings.HasPrefix(inspect.Path(f.URL), folder)
		if f.Kind.IsContent() && in && !f.Published.IsZero() {
			add(f.URL, f.Published.In(inspect.Zone).Year())
		}
		if f.Column == c.Name || in && f.Kind == inspect.ColumnPage {
			for _, it := range f.List.Items {
				if !it.Date.IsZero() && it.URL != "" {
					add(it.URL, it.Date.In(inspect.Zone).Year())
				}
			}
		}
	}
	return len(pieces), true
}

func abs(n int) int { return max(n, -n) }
