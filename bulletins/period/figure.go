package period

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// A Form is how a figure is printed.
type Form string

// The forms.
const (
	Count  Form = "count"
	Rate   Form = "rate"   // N of D, in percent to two decimals
	Mean   Form = "mean"   // N over D, to two decimals
	Change Form = "change" // of a rate against the last period, in percentage points
)

// A Figure is one number of a bulletin and how it came about. A text never
// holds a number of its own: it names a figure.
type Figure struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Form Form   `json:"form"`
	N    int64  `json:"n"`
	D    int64  `json:"d,omitempty"` // of a rate or a mean
	Unit string `json:"unit,omitempty"`
	// Why says why the figure is not known; "" if it is. Zero of zero is not
	// known either.
	Why string `json:"why,omitempty"`
	// Rule says what was counted, or from which figures it follows.
	Rule string `json:"rule"`
	// Of are the keys of what was counted, where that are rows of annexes.
	Of []string `json:"of,omitempty"`
}

// Known reports whether the figure has a value.
func (f *Figure) Known() bool { return f.Why == "" }

// Text is the figure as it is printed, without its unit.
func (f *Figure) Text() string {
	switch {
	case !f.Known():
		return "未监测"
	case f.Form == Rate:
		return Percent(f.N, f.D)
	case f.Form == Mean:
		return strconv.FormatFloat(math.Round(100*float64(f.N)/float64(f.D))/100, 'f', 2, 64)
	case f.Form == Change:
		return points(f.N)
	}
	return strconv.FormatInt(f.N, 10)
}

// Hundredths is n of d in hundredths of a percent, rounded half up; but only
// what is whole is 100 %, and only what is nothing 0.
func Hundredths(n, d int64) int64 {
	h := (20000*n + d) / (2 * d)
	switch {
	case n < d && h >= 10000:
		return 9999
	case n > 0 && h <= 0:
		return 1
	}
	return h
}

// Percent is n of d, to two decimals.
func Percent(n, d int64) string {
	h := Hundredths(n, d)
	return fmt.Sprintf("%d.%02d%%", h/100, h%100)
}

// points is hundredths of a percentage point without their sign.
func points(h int64) string {
	if h < 0 {
		h = -h
	}
	return fmt.Sprintf("%d.%02d", h/100, h%100)
}

// Figures are the numbers of a bulletin, in the order in which they were found.
type Figures []Figure

// Get is the figure of an id; a paper that names one that is not there is a
// mistake of ours, and says so in print.
func (fs Figures) Get(id string) *Figure {
	if i := slices.IndexFunc(fs, func(f Figure) bool { return f.ID == id }); i >= 0 {
		return &fs[i]
	}
	return &Figure{ID: id, Name: id, Why: "没有这个数据项"}
}

// Has reports whether there is a figure of an id, known or not.
func (fs Figures) Has(id string) bool {
	return slices.ContainsFunc(fs, func(f Figure) bool { return f.ID == id })
}

// N is the count of a figure; 0 if it is not known.
func (fs Figures) N(id string) int64 {
	if f := fs.Get(id); f.Known() {
		return f.N
	}
	return 0
}

// count adds the number of things, by their keys.
func (fs *Figures) count(id, name, unit, rule string, keys []string) {
	slices.Sort(keys)
	*fs = append(*fs, Figure{ID: id, Name: name, Form: Count, N: int64(len(keys)), Unit: unit, Rule: rule, Of: keys})
}

// sum adds a number that was summed up elsewhere.
func (fs *Figures) sum(id, name, unit, rule string, n int) {
	*fs = append(*fs, Figure{ID: id, Name: name, Form: Count, N: int64(n), Unit: unit, Rule: rule})
}

// rate adds one figure's share of another.
func (fs *Figures) rate(id, name, part, whole string) {
	p, w := fs.Get(part), fs.Get(whole)
	f := Figure{ID: id, Name: name, Form: Rate, N: p.N, D: w.N, Rule: part + " ÷ " + whole}
	switch {
	case !p.Known():
		f.Why = p.Why
	case !w.Known():
		f.Why = w.Why
	case w.N == 0:
		f.Why = w.Name + "为 0"
	}
	*fs = append(*fs, f)
}

// change adds the difference of a rate to what it was in the last period, n of d.
func (fs *Figures) change(id, name, rate string, n, d int64) {
	now := fs.Get(rate)
	f := Figure{ID: id, Name: name, Form: Change, Unit: "个百分点", Rule: fmt.Sprintf("%s − 上期（%d ÷ %d）", rate, n, d)}
	switch {
	case !now.Known():
		f.Why = now.Why
	case d == 0:
		f.Why = "上期没有结果"
	default:
		f.N = Hundredths(now.N, now.D) - Hundredths(n, d)
	}
	*fs = append(*fs, f)
}

// unknown adds a figure that nothing in the store tells.
func (fs *Figures) unknown(id, name, unit, why string) {
	*fs = append(*fs, Figure{ID: id, Name: name, Form: Count, Unit: unit, Why: why, Rule: "未监测：" + why})
}
