package inspect

import (
	"slices"
	"strings"
)

// A Part is how an item counts.
type Part string

// The parts of a rulebook.
const (
	Veto      Part = "veto"      // 单项否决
	Deduction Part = "deduction" // 扣分
	Bonus     Part = "bonus"     // 加分
	Advice    Part = "advice"    // worth saying, never scored
)

// Chinese is the part's name in the rules.
func (p Part) Chinese() string {
	switch p {
	case Veto:
		return "单项否决"
	case Deduction:
		return "扣分"
	case Bonus:
		return "加分"
	}
	return "提示"
}

// A Mark says how sure we are of an item's own text.
type Mark string

// The marks, best first.
const (
	Verified   Mark = "verified"
	SecondHand Mark = "second-hand"
	FromMemory Mark = "memory"
)

// An Item (指标) is one clause of a rulebook: its words, its price, and the
// findings it prices.
type Item struct {
	ID     string
	Title  string
	Text   string // what triggers it, in the rules' own Chinese
	Source string // issuer, document number
	Part   Part
	Group  string // 发布解读, 办事服务 …
	Kind   Kind   // of the targets that it applies to; "": websites
	Window Window // how far back the rule looks, as it says itself; checks have their own options

	Checks []string // ids of the checks whose findings it prices; none: with Person, or when not built
	// Classes choose: only findings of these classes; empty: all. A class may
	// name the level of the column that the finding's locus names: "policy@top"
	// takes only first-level columns (一级栏目), "policy@sub" only the others.
	Classes []string
	Exclude []string // never findings of these classes

	AtLeast int     // how many places make the item true; 0 means 1
	Points  float64 // per finding
	Cap     float64 // at most, for the whole item; 0: Points; -1: the rule's limit is not known
	Sample  int     // how many pages the rule itself looks at; 0: all
	// CatchAll items price only what no other deduction item priced (SC-8: a
	// fact is deducted once).
	CatchAll bool

	Mark       Mark // of the clause
	PointsMark Mark // of the points
	Person     bool // only a person can judge it
	Portal     bool // applies to portals only
	Review     bool // a person confirms before it counts
}

// Bound is a check with the options of a rulebook.
type Bound struct {
	Check   *Check
	Run     Run
	Options func(into any) error // decodes those options, see Pass.Options; nil: not told
}

// A Rulebook is a set of rules of one jurisdiction and version.
type Rulebook struct {
	ID, Version string
	Digest      string // "sha256:…" over all files it was made from, and the rule pages
	Title       string
	Source      string
	Checks      []Bound // in the order of their ids
	Items       []Item
	Full        float64  // points at the start of the deduction part: 100
	PassAt      float64  // fewer points fail: 60
	BonusAbove  float64  // more points open the bonus part: 80
	Confirm     Confirm  // when a tentative failure is confirmed
	Clauses     []Clause // of GB/T 37668-2019, as far as a person filled them in
}

// A Clause is what a person who read GB/T 37668-2019 says stands behind a check.
type Clause struct {
	Check, Indicator, Clause, Level string
	Read                            string // who read it, and when
}

// options is Pass.Options.
func (rb *Rulebook) options(id string, into any) bool {
	for i := range rb.Checks {
		if b := &rb.Checks[i]; b.Check.ID == id {
			return b.Options != nil && b.Options(into) == nil
		}
	}
	return false
}

// takes reports whether the item prices the finding.
func (it *Item) takes(s *Site, f *Finding) bool {
	if !slices.Contains(it.Checks, f.Check) || s.hasClass(f, it.Exclude) {
		return false
	}
	return len(it.Classes) == 0 || s.hasClass(f, it.Classes)
}

// hasClass reports whether a finding is of one of the classes.
func (s *Site) hasClass(f *Finding, classes []string) bool {
	for _, c := range classes {
		class, level, leveled := strings.Cut(c, "@")
		if class == f.Class && (!leveled || s.firstLevel(f.Locus) == (level == "top")) {
			return true
		}
	}
	return false
}

// firstLevel reports whether the register calls a column a first-level one.
func (s *Site) firstLevel(name string) bool {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return s.Columns[i].TopLevel
		}
	}
	return false
}
