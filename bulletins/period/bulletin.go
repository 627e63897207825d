package period

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// Schema names the JSON form of a bulletin. It only grows.
const Schema = "xunjian.bulletin/1"

// A Source tells what is known, as of a moment: nothing that was learned later.
type Source interface {
	// Register is every site and account of which there is an inspection.
	Register(ctx context.Context, known time.Time) ([]*inspect.Site, error)
	// Results are, for each target, its last complete inspection in a span.
	Results(ctx context.Context, span inspect.Span, known time.Time) ([]inspect.Conclusion, error)
	// Tallies are the findings of some inspections by check.
	Tallies(ctx context.Context, inspections []string) ([]inspect.CheckCount, error)
	// Life is what was published and visited in a span.
	Life(ctx context.Context, span inspect.Span, known time.Time) (*Life, error)
	// Inspection is one with its findings.
	Inspection(ctx context.Context, id string) (*inspect.Inspection, error)
	// Faults are all that were ever seen, with their lives.
	Faults(ctx context.Context, known time.Time) ([]Fault, error)
}

// A Life is what happened in a span on sites and accounts.
type Life struct {
	Published   []inspect.ColumnVolume
	Visits      []inspect.Visits
	Posts       []inspect.Posts
	Interpreted []inspect.Interpreted
}

// A Bulletin is all that the papers of a period say.
type Bulletin struct {
	Schema   string    `json:"schema"`
	Period   Period    `json:"period"`
	Title    string    `json:"period_name"`
	Unit     string    `json:"unit,omitempty"` // the only one it is of
	Known    time.Time `json:"known"`          // what was learned later is not in it
	Rulebook Rulebook  `json:"rulebook"`
	Figures  Figures   `json:"figures"`
	Targets  []Target  `json:"targets"` // by unit, kind, id
	Units    []Unit    `json:"units"`   // by rank
	Faults   []Fault   `json:"faults"`  // confirmed; open at some time of the period
	Pending  []Fault   `json:"pending"` // seen, and not confirmed at its end
	Dropped  []Fault   `json:"dropped"` // refuted in the period
	Columns  []Column  `json:"columns"` // of sites, with what they published
	Access   []Access  `json:"access"`  // accessibility, by site
	Annual   []Annual  `json:"annual"`  // what the checks of annual reports said, by site
	History  []Point   `json:"history"` // months up to the period's end, oldest first
	Handed   []Handed  `json:"handed"`  // what people filled in
	Weights  []Weight  `json:"weights"` // of the units' scores
	Notes    []string  `json:"notes"`   // what a reader must know of the numbers
}

// A Rulebook names the rules that were applied.
type Rulebook struct {
	ID      string `json:"id"`
	Version string `json:"version"`
	Digest  string `json:"digest"`
	Title   string `json:"title"`
	Source  string `json:"source"`
}

// A Target is a site or an account and what it came to.
type Target struct {
	ID       string           `json:"id"`
	Kind     inspect.Kind     `json:"kind"`
	Name     string           `json:"name"`
	Unit     string           `json:"unit"`
	Code     string           `json:"code,omitempty"`
	Home     string           `json:"home,omitempty"`
	Platform inspect.Platform `json:"platform,omitempty"`
	Portal   bool             `json:"portal,omitempty"`

	Inspection string           `json:"inspection,omitempty"` // "": none in the period
	Checked    time.Time        `json:"checked,omitzero"`
	Verdict    inspect.Decision `json:"verdict,omitempty"`
	Scored     bool             `json:"scored,omitempty"`
	Points     float64          `json:"points,omitempty"`
	Unverified bool             `json:"unverified_points,omitempty"`
	Vetoes     []Clause         `json:"vetoes,omitempty"`
	Undecided  []string         `json:"undecided,omitempty"` // why the verdict is open
	Due        int              `json:"due"`
	Untold     int              `json:"untold"`
	Pages      int              `json:"pages"`
	Links      int              `json:"links"`
	Broken     int              `json:"broken"`
	Watched    int              `json:"watched"`  // columns, or the account, with an update limit
	DueSoon    int              `json:"due_soon"` // of them, those whose limit comes within [SoonDays]

	New     int `json:"new"` // faults confirmed in the period
	Fixed   int `json:"fixed"`
	Open    int `json:"open"` // at its end
	Overdue int `json:"overdue"`
	Pending int `json:"pending"` // seen, and not confirmed

	Visited    int  `json:"visited"`
	Told       int  `json:"told"`
	Failed     int  `json:"failed"`
	Posts      int  `json:"posts"`
	PostsWhole bool `json:"posts_whole"`
	PostsKnown bool `json:"posts_known"` // its sources were read
}

// A Clause is an item of the rulebook by name.
type Clause struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// A Fault is a finding with its life. One that comes back after its repair was
// verified begins another Fault, so that each has one beginning and one end.
type Fault struct {
	Fingerprint string       `json:"fingerprint"`
	Site        string       `json:"site"`
	Check       string       `json:"check"`
	Title       string       `json:"title"`
	Severity    inspect.Part `json:"severity"`
	Items       []Clause     `json:"items"`
	Remedy      string       `json:"remedy,omitempty"`
	Unit        string       `json:"unit"`
	Target      string       `json:"target"` // name of the site or account
	URL         string       `json:"url"`
	Locus       string       `json:"locus"`
	Message     string       `json:"message"`
	State       string       `json:"state"` // at the period's end, in Chinese

	Seen      time.Time `json:"seen"`
	Confirmed time.Time `json:"confirmed,omitzero"` // zero: it never was
	Ordered   time.Time `json:"ordered,omitzero"`
	Due       time.Time `json:"due,omitzero"`          // last day of the order
	Closed    time.Time `json:"closed,omitzero"`       // when its repair was verified
	Waived    time.Time `json:"waived_until,omitzero"` // last day
	Dropped   time.Time `json:"dropped,omitzero"`      // when it was refuted: it accuses nobody, of whatever time
	Why       string    `json:"why,omitempty"`         // of the waiver or the refutation
	Appeal    string    `json:"appeal,omitempty"`      // its ground, in Chinese
	Relapse   int       `json:"relapse"`               // how often it came back before
	ByPerson  bool      `json:"by_person"`             // a person confirmed it
	Turns     []Turn    `json:"-"`                     // oldest first
}

// A Turn is when a fault came to a stage.
type Turn struct {
	At    time.Time
	Stage inspect.Stage
}

// Key names the fault among all of a bulletin.
func (f *Fault) Key() string {
	if f.Relapse == 0 {
		return f.Fingerprint
	}
	return fmt.Sprintf("%s#%d", f.Fingerprint, f.Relapse)
}

// Stage is where the fault stood at a moment; "" before it was seen. Turns stand
// in the order in which they were taken: a look tells of when it began.
func (f *Fault) Stage(t time.Time) (out inspect.Stage) {
	for _, x := range f.Turns {
		if x.At.Before(t) {
			out = x.Stage
		}
	}
	return out
}

// OpenAt reports whether the fault stood confirmed at a moment.
func (f *Fault) OpenAt(t time.Time) bool { return f.Dropped.IsZero() && f.Stage(t).Stands() }

// behind is the stage that stands behind what keeps a fault waiting: a place
// that is not there any more, or an appeal, leaves it where it was. at is when
// it came there.
func (f *Fault) behind(t time.Time) (stage inspect.Stage, at time.Time) {
	for _, x := range f.Turns {
		if x.At.Before(t) && x.Stage != inspect.StageMasked && x.Stage != inspect.StageAppealed {
			stage, at = x.Stage, x.At
		}
	}
	return stage, at
}

// OverdueAt reports whether its last day had passed then, and nobody had said
// that it is repaired.
func (f *Fault) OverdueAt(t time.Time) bool {
	stage, _ := f.behind(t)
	return f.OpenAt(t) && before(f.Due, inspect.Day(t)) && stage == inspect.StageOrdered
}

// InTime reports whether it was repaired by its last day: that day its unit had
// reported what a look verified later, for when we look is not the unit's doing.
func (f *Fault) InTime() bool {
	if f.Due.IsZero() || f.Closed.IsZero() {
		return false
	}
	done, last := f.Closed, Turn{}
	for _, x := range f.Turns {
		switch x.Stage {
		case inspect.StageMasked, inspect.StageAppealed:
			continue
		case inspect.StageVerified:
			if done = x.At; last.Stage == inspect.StageClaimed {
				done = last.At
			}
		}
		last = x
	}
	return inspect.DaysBetween(f.Due, done) <= 0
}

// Waits reports whether its unit had reported by the last day that it is
// repaired, and nobody has told yet: that is neither in time nor late.
func (f *Fault) Waits() bool {
	stage, at := f.behind(endless)
	return f.Stage(endless).Stands() && stage == inspect.StageClaimed && inspect.DaysBetween(f.Due, at) <= 0
}

// DueIn reports whether its repair was due in a span: its last day lies there,
// it stood or was repaired then, and whether that was in time can be told.
func (f *Fault) DueIn(span inspect.Span) bool {
	s := f.Stage(inspect.Day(f.Due).AddDate(0, 0, 1))
	return span.Holds(f.Due) && (s.Stands() || s == inspect.StageVerified) && !f.Waits()
}

// endless is after every turn that is known.
var endless = time.Unix(1<<40, 0)

// before reports whether something happened before t.
func before(at, t time.Time) bool { return !at.IsZero() && at.Before(t) }

// Checks are those of which something was confirmed: the gravest first, then
// the most frequent.
func (b *Bulletin) Checks() []string {
	type group struct {
		check string
		rank  int
		n     int
	}
	by := map[string]*group{}
	for i := range b.Faults {
		f := &b.Faults[i]
		g := by[f.Check]
		if g == nil {
			g = &group{f.Check, severityRank(f.Severity), 0}
			by[f.Check] = g
		}
		g.rank, g.n = min(g.rank, severityRank(f.Severity)), g.n+1
	}
	all := slices.SortedFunc(maps.Values(by), func(x, y *group) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), cmp.Compare(y.n, x.n), cmp.Compare(x.check, y.check))
	})
	out := make([]string, len(all))
	for i, g := range all {
		out[i] = g.check
	}
	return out
}

// Of is the target of an id, or nil.
func (b *Bulletin) Of(id string) *Target {
	if i := slices.IndexFunc(b.Targets, func(t Target) bool { return t.ID == id }); i >= 0 {
		return &b.Targets[i]
	}
	return nil
}

// A Column is a column of a site and how much of it was seen to be published.
type Column struct {
	Site   string        `json:"site"`
	Unit   string        `json:"unit"`
	Target string        `json:"target"`
	Name   string        `json:"name"`
	Genre  inspect.Genre `json:"genre"`
	Items  int           `json:"items"`
	Newest time.Time     `json:"newest,omitzero"`
	Left   *int          `json:"days_left"` // until its limit, at the last inspection; null: no clock
}

// An Access is what stands of accessibility at a site.
type Access struct {
	Site    string `json:"site"`
	Unit    string `json:"unit"`
	Target  string `json:"target"`
	Rules   int    `json:"rules"`   // that something was found of
	Faults  int    `json:"faults"`  // findings
	Places  int    `json:"places"`  // pages of them
	Open    int    `json:"open"`    // could not be told, or wait for a person
	Sampled int    `json:"sampled"` // pages in a browser
}

// An Annual is what a check of annual reports or forms said of a site.
type Annual struct {
	Site  string `json:"site"`
	Check string `json:"check"`
	Fails int    `json:"fails"`
	Open  int    `json:"open"` // could not be told, or wait for a person
}

// A Point is a past month in the history of pass rates.
type Point struct {
	Month  string `json:"month"`
	Sites  Passes `json:"sites"`
	Media  Passes `json:"accounts"`
	Points int64  `json:"points_hundredths"` // sum of scores
	Scored int    `json:"scored"`
}

// Passes is how many of those judged passed.
type Passes struct {
	Passed    int `json:"passed"`
	Failed    int `json:"failed"`
	Undecided int `json:"undecided"`
}

// Judged are those that passed or failed.
func (p Passes) Judged() int { return p.Passed + p.Failed }

// A Handed is a number that a person filled in, since no crawler sees it.
type Handed struct {
	ID    string `json:"id"`
	Value int64  `json:"value"`
	By    string `json:"by"`
}
