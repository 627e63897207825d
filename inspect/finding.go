package inspect

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"golang.org/x/net/html"
)

// An Outcome is what a check found. Passed has none: no finding is a pass.
type Outcome string

// The outcomes.
const (
	Fail    Outcome = "fail"
	Unknown Outcome = "unknown" // could not tell; costs no points
	Review  Outcome = "review"  // a person must confirm before it leaves the house
)

// Evidence is what proves a finding.
type Evidence struct {
	Status  int       `json:"status"`
	Fetched time.Time `json:"fetched"`
	Digest  string    `json:"digest"`
}

// A Finding is one fact with its evidence.
type Finding struct {
	Check   string  // filled in by the loop
	Outcome Outcome // empty: Fail
	URL     string  // page it was seen on; empty on a page: that page
	Locus   string  // link target, column name or CSS selector
	Class   string  // a closed word by which rulebook items choose: a genre, home or inner, a label
	Message string  // 中文, what was seen
	Value   float64 // the measure, in Unit
	Unit    string

	// Template says that the place is a part which pages share (head, footer,
	// navigation): the same check and locus on more pages is one finding with
	// that many places, since it takes one repair.
	Template bool
	// Tentative says that one look does not prove a failure: it is suspected
	// until it was seen again on another day, and costs nothing until then.
	Tentative bool

	// Browser is what a browser's engine said, of checks that go by it. It is
	// not kept: a replay tells it again from the record.
	Browser *BrowserFault `json:"-"`

	// Nodes are the elements that a page check speaks of, as far as it names
	// any. They go with the page.
	Nodes []*html.Node `json:"-"`

	Evidence    Evidence
	Places      int      // pages; 0 means 1
	Examples    []string // some of the pages, in order, when Places > 1
	Fingerprint string   // filled in by the loop
	Items       []string // items that price it; filled in by Judge

	State State     // filled in by the loop, like the rest
	First time.Time // when it was seen first
	Times int       // inspections in a row that saw it
	On    string    // of an attachment: the page that links it

	Upheld bool // a person confirmed it; filled in by who grades with people's verdicts
}

// maxExamples is how many pages a finding with many places names.
const maxExamples = 20

// fingerprint identifies a fault over inspections: check, site and normalised
// place, never the rendered text.
func (f *Finding) fingerprint(site string) string {
	page := f.URL
	if f.Template {
		page = ""
	}
	sum := sha256.Sum256([]byte(f.Check + "\x00" + site + "\x00" + page + "\x00" + f.Locus))
	return hex.EncodeToString(sum[:12])
}

// A ledger gathers findings, joining those of shared page parts.
type ledger struct {
	site  string
	byKey map[string]*entry
	most  int // findings of one check
	of    map[string]*tally
	open  map[string]bool // pages of which something could not be told that is not listed
}

// A tally bounds the findings of one check.
type tally struct {
	n     int
	limit string // ranks from here on are left out; "": none was yet
}

// maxFindings is how many findings of one check an inspection lists: more than
// anybody repairs one by one. A hostile page can make a million.
const maxFindings = 10_000

// An entry is a finding with the page counted last, so that a page which shows
// a fault twice counts once however many pages there are: pages come one after
// another.
type entry struct {
	Finding
	last            string
	rank            string // as it was found; what is decided of it later does not change which are listed
	refuted, upheld int    // elements, by a browser
}

func newLedger(site string) *ledger {
	return &ledger{site: site, byKey: map[string]*entry{}, most: maxFindings, of: map[string]*tally{}, open: map[string]bool{}}
}

func (l *ledger) add(f Finding) *entry {
	if f.Outcome == "" {
		f.Outcome = Fail
	}
	f.Places = max(f.Places, 1)
	key := f.Check + "\x00" + string(f.Outcome) + "\x00" + f.Locus
	if !f.Template {
		key += "\x00" + f.URL
	}
	old := l.byKey[key]
	if old == nil {
		f.Fingerprint = f.fingerprint(l.site)
		old = &entry{Finding: f, last: f.URL, rank: rank(f.Outcome, f.Fingerprint)}
		if l.admit(old) {
			l.byKey[key] = old
		} else {
			l.lose(old)
		}
		return old
	}
	if old.last != f.URL {
		old.last = f.URL
		old.join(&f)
	}
	return old
}

// rank orders the findings of a check of which only the first are listed: what
// is wrong before what a person should look at, and that before what could not
// be told; then by fingerprint, so that it is the same ones in whatever order
// they were found.
func rank(o Outcome, fingerprint string) string {
	switch o {
	case Unknown:
		return "3" + fingerprint
	case Review:
		return "2" + fingerprint
	}
	return "1" + fingerprint
}

// admit makes room for one more finding of a check. Of too many, the first by
// rank stay.
func (l *ledger) admit(f *entry) bool {
	t := l.of[f.Check]
	if t == nil {
		t = &tally{}
		l.of[f.Check] = t
	}
	if t.limit != "" && f.rank >= t.limit {
		return false
	}
	if t.n++; t.n > 2*l.most {
		l.trim(f.Check, t)
		return t.limit == "" || f.rank < t.limit
	}
	return true
}

// trim leaves the first findings of a check.
func (l *ledger) trim(check string, t *tally) {
	var ranks []string
	for _, e := range l.byKey {
		if e.Check == check {
			ranks = append(ranks, e.rank)
		}
	}
	if len(ranks) <= l.most {
		return
	}
	slices.Sort(ranks)
	t.limit = ranks[l.most]
	for k, e := range l.byKey {
		if e.Check == check && e.rank >= t.limit {
			l.lose(e)
			delete(l.byKey, k)
		}
	}
	t.n = l.most
}

// lose notes where something could not be told that is not listed.
func (l *ledger) lose(e *entry) {
	if e.Outcome == Unknown {
		l.open[e.URL] = true
	}
}

// settle leaves no check more findings than it may list, and says of which
// there were more.
func (l *ledger) settle(home string) {
	for check, t := range l.of {
		if t.n > l.most {
			l.trim(check, t)
		}
		if t.limit == "" {
			continue
		}
		f := Finding{Check: check, Outcome: Unknown, URL: home, Locus: "…", Places: 1, Message: fmt.Sprintf("同类问题过多，只列出其中 %d 处", l.most)}
		f.Fingerprint = f.fingerprint(l.site)
		l.byKey[check+"\x00…"] = &entry{Finding: f}
	}
}

// leavesOut reports whether a fault of a check may not be listed though it were
// found, for certain or to be looked at: that it is not listed says nothing of
// it. Where there are more faults than are listed, none is told as gone.
func (l *ledger) leavesOut(check, fingerprint string) bool {
	t := l.of[check]
	return t != nil && t.limit != "" && rank(Review, fingerprint) >= t.limit
}

// join adds the places of g, so that the result does not depend on the order
// in which pages came: the page that sorts first is the one that is shown.
func (f *Finding) join(g *Finding) {
	if len(f.Examples) == 0 {
		f.Examples = []string{f.URL}
	}
	i, found := slices.BinarySearch(f.Examples, g.URL)
	if found {
		return // the same page twice is one place
	}
	if f.URL > g.URL {
		f.URL, f.Message, f.Value, f.Class, f.Evidence, f.Browser = g.URL, g.Message, g.Value, g.Class, g.Evidence, g.Browser
	}
	f.Places += g.Places
	if i < maxExamples {
		f.Examples = slices.Insert(f.Examples, i, g.URL)
		f.Examples = f.Examples[:min(len(f.Examples), maxExamples)]
	}
}

// sorted returns all findings in the order of check, url, locus.
func (l *ledger) sorted() []Finding {
	out := make([]Finding, 0, len(l.byKey))
	for _, f := range l.byKey {
		out = append(out, f.Finding)
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.URL, b.URL), cmp.Compare(a.Locus, b.Locus),
			cmp.Compare(a.Outcome, b.Outcome))
	})
	return out
}
