package period

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Length is how long a period is.
type Length string

// The lengths.
const (
	Month   Length = "month"
	Quarter Length = "quarter"
	Year    Length = "year"
)

// months is how many calendar months a length has.
func (l Length) months() int {
	switch l {
	case Quarter:
		return 3
	case Year:
		return 12
	}
	return 1
}

// A Period is a calendar month, quarter or year in the rules' zone.
type Period struct {
	Length Length `json:"length"`
	Year   int    `json:"year"`
	N      int    `json:"n"` // of the month or the quarter in its year; of a year 1
}

var (
	monthForm   = regexp.MustCompile(`^(\d{4})-(0[1-9]|1[0-2])$`)
	quarterForm = regexp.MustCompile(`^(\d{4})Q([1-4])$`)
	yearForm    = regexp.MustCompile(`^(\d{4})$`)
)

// Parse reads 2026-10, 2026Q3 or 2026.
func Parse(s string) (Period, error) {
	for _, f := range []struct {
		form   *regexp.Regexp
		length Length
	}{{monthForm, Month}, {quarterForm, Quarter}, {yearForm, Year}} {
		m := f.form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		year, _ := strconv.Atoi(m[1]) // digits
		p := Period{f.length, year, 1}
		if len(m) > 2 {
			p.N, _ = strconv.Atoi(m[2])
		}
		return p, nil
	}
	return Period{}, fmt.Errorf("%q 不是时段：月如 2026-10，季度如 2026Q3，年如 2026", s)
}

// Of is the period of a length that holds a moment.
func Of(l Length, t time.Time) Period {
	t = t.In(inspect.Zone)
	return Period{l, t.Year(), (int(t.Month())-1)/l.months() + 1}
}

// String is the form that Parse reads.
func (p Period) String() string {
	switch p.Length {
	case Month:
		return fmt.Sprintf("%04d-%02d", p.Year, p.N)
	case Quarter:
		return fmt.Sprintf("%04dQ%d", p.Year, p.N)
	}
	return fmt.Sprintf("%04d", p.Year)
}

// Chinese is the period as the title of a paper names it.
func (p Period) Chinese() string {
	switch p.Length {
	case Month:
		return fmt.Sprintf("%d年%d月", p.Year, p.N)
	case Quarter:
		return fmt.Sprintf("%d年第%s季度", p.Year, [...]string{"一", "二", "三", "四"}[p.N-1])
	}
	return fmt.Sprintf("%d年度", p.Year)
}

// Span is the time of the period.
func (p Period) Span() inspect.Span {
	n := p.Length.months()
	from := time.Date(p.Year, time.Month((p.N-1)*n+1), 1, 0, 0, 0, 0, inspect.Zone)
	return inspect.Span{From: from, To: from.AddDate(0, n, 0)}
}

// Months are the calendar months of the period, in order.
func (p Period) Months() (out []Period) {
	s := p.Span()
	for t := s.From; t.Before(s.To); t = t.AddDate(0, 1, 0) {
		out = append(out, Of(Month, t))
	}
	return out
}

// Back is the period of the same length n periods ago.
func (p Period) Back(n int) Period {
	return Of(p.Length, p.Span().From.AddDate(0, -n*p.Length.months(), 0))
}
