package inspect

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// A Decision is the outcome of a whole inspection.
type Decision string

// The outcomes of an inspection.
const (
	Passed    Decision = "pass"
	Failed    Decision = "fail"
	Undecided Decision = "undecided" // a fault that could not be told, or that a person must confirm, decides
)

// A Line is what one item came to.
type Line struct {
	Item     string  `json:"item"`
	Title    string  `json:"title"`
	Part     Part    `json:"part"`
	Failed   int     `json:"failed"`  // findings that count
	Open     int     `json:"open"`    // findings not told or not confirmed
	AtLeast  int     `json:"atLeast"` // how many make it true
	Points   float64 `json:"points"`  // deducted
	Verified bool    `json:"verified"`
	Hit      bool    `json:"hit"`
}

// A Grade is the result of an inspection by a rulebook.
type Grade struct {
	Verdict    Decision `json:"verdict"`
	Vetoes     []string `json:"vetoes"`            // veto items that are true
	Points     float64  `json:"points"`            // what is left of the deduction part
	Bonus      float64  `json:"bonus"`             // never computed: a person enters it
	Unverified bool     `json:"unverified_points"` // some price in it could not be verified
	Scored     bool     `json:"-"`                 // the deduction part applies
	BonusOpen  bool     `json:"-"`                 // enough points are left that a person may enter a bonus
	Lines      []Line   `json:"-"`
	ForPerson  []string `json:"-"` // items that no program can judge
	Undecided  []string `json:"-"` // why the verdict is open
}

// Judge grades findings by a rulebook and notes in each finding which items
// price it. It is a pure function. A veto is true only by failures, and open
// when what could not be told, or what a person must confirm, could make it
// true; points are taken only for failures; prices that nobody could verify
// never fail a site by themselves.
func Judge(s *Site, rb *Rulebook, findings []Finding) Grade {
	g := Grade{Verdict: Passed, Vetoes: []string{}, Points: rb.Full, Scored: s.Portal}
	priced := make([]bool, len(findings)) // by a deduction item that is no catch-all
	for pass := range 2 {
		for i := range rb.Items {
			it := &rb.Items[i]
			if it.CatchAll != (pass == 1) {
				continue
			}
			g.item(s, it, findings, priced)
		}
	}
	g.Points = math.Max(0, math.Round(g.Points*100)/100)
	g.decide(rb)
	return g
}

func (g *Grade) item(s *Site, it *Item, findings []Finding, priced []bool) {
	if it.Portal && !s.Portal || cmp.Or(it.Kind, Website) != cmp.Or(s.Kind, Website) {
		return
	}
	if it.Part == Advice && len(it.Checks) == 0 {
		return // nobody is obliged to judge it
	}
	if it.Person || len(it.Checks) == 0 {
		g.ForPerson = append(g.ForPerson, it.ID)
		return
	}
	ln := Line{Item: it.ID, Title: it.Title, Part: it.Part, AtLeast: max(1, it.AtLeast)}
	for i := range findings {
		f := &findings[i]
		if !it.takes(s, f) || it.CatchAll && priced[i] {
			continue
		}
		f.Items = append(f.Items, it.ID)
		if f.Outcome == Fail && f.State != SeenOnce && (!it.Review || f.Upheld) {
			ln.Failed++
		} else {
			ln.Open++
		}
		if it.Part == Deduction {
			priced[i] = true
		}
	}
	if it.Part == Veto && len(s.Columns) == 0 && ln.Failed == 0 && it.judgesColumns() {
		ln.Open = max(ln.Open, ln.AtLeast) // nobody said which columns there are: none was looked at
	}
	ln.Verified = it.Mark == Verified
	switch it.Part {
	case Veto:
		ln.Hit = ln.Failed >= ln.AtLeast
	case Deduction:
		ln.Hit = ln.Failed >= ln.AtLeast
		if ln.Hit {
			ln.Points = it.price(ln.Failed)
			g.Points -= ln.Points
			ln.Verified = it.PointsMark == Verified
			g.Unverified = g.Unverified || !ln.Verified
		}
	}
	g.Lines = append(g.Lines, ln)
}

// judgesColumns reports whether an item is about watched columns.
func (it *Item) judgesColumns() bool {
	return slices.ContainsFunc(it.Checks, func(id string) bool { return strings.HasPrefix(id, "column-") })
}

// price is what n findings cost: never more than the item's own points, where
// those are known.
func (it *Item) price(n int) float64 {
	switch sum := it.Points * float64(n); {
	case it.Cap < 0:
		return sum
	default:
		return math.Min(cmp.Or(it.Cap, it.Points), sum)
	}
}

func (g *Grade) decide(rb *Rulebook) {
	for _, ln := range g.Lines {
		if ln.Part != Veto {
			continue
		}
		switch {
		case ln.Hit && ln.Verified:
			g.Vetoes = append(g.Vetoes, ln.Item)
			g.Verdict = Failed
		case ln.Hit:
			g.Undecided = append(g.Undecided, ln.Item+"：条文未经核实")
		case ln.Failed+ln.Open >= ln.AtLeast && ln.Open > 0:
			g.Undecided = append(g.Undecided, ln.Item+"：有未能判定或待人工确认的问题")
		}
	}
	if g.Scored && g.Points < rb.PassAt {
		if g.Unverified {
			g.Undecided = append(g.Undecided, "得分低于及格线，但所依分值未经核实")
		} else {
			g.Verdict = Failed
		}
	}
	g.BonusOpen = g.Scored && g.Verdict == Passed && g.Points > rb.BonusAbove
	if g.Verdict == Passed && len(g.Undecided) > 0 {
		g.Verdict = Undecided
	}
}
