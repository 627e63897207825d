// Package desk is what people see and do of the house, apart from how it is
// shown: who asks, what of it he may see, what he may decide. The console shows
// it as pages and the API as JSON; neither has rights of its own.
//
// Every method takes whoever asks. What he may not see is not there for him
// ([ErrNone]), what his role has no business with is refused ([ErrForbidden]).
package desk

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// What a desk refuses, besides an [*inspect.Refusal].
var (
	ErrNone      = errors.New("没有这一项，或者您无权查看")
	ErrForbidden = errors.New("您的角色不能进行这一操作")
	ErrChanged   = errors.New("问题的状态已有变化，请重新查看后再操作")
	ErrCursor    = errors.New("翻页标记无效，请从第一页重新查看")
	ErrSoon      = errors.New("操作过于频繁，请稍后再试")
)

// A Unit is an office that answers for targets.
type Unit struct{ ID, Name string }

// A Config is what a desk is handed: what it needs of other rooms, and what the
// office set.
type Config struct {
	Cases  Cases
	Rounds Rounds
	People People
	Queue  Queue
	Papers Papers
	Press  Press

	Targets []*inspect.Site // sites and accounts
	Units   []Unit
	Rules   *inspect.Rulebook
	Pages   []RulePage // of the checks, by id
	Terms   inspect.Terms

	// Sensitive are the checks whose evidence shows what must not be shown.
	Sensitive []string

	// Workday is the n-th working day after a day; known is false when the
	// holidays of that year are not out yet.
	Workday func(from time.Time, n int) (day time.Time, known bool)
	Now     func() time.Time
	Log     *slog.Logger  // nil: nobody reads it
	Life    time.Duration // of a session; 0: DefaultLife
	Idle    time.Duration // without a request, it ends; 0: DefaultIdle
}

// How long sessions last unless the office says otherwise. These are ours.
const (
	DefaultLife = 12 * time.Hour
	DefaultIdle = time.Hour
)

// Cases are where findings live.
type Cases interface {
	Cases(context.Context, inspect.CaseQuery) (page []inspect.Case, next string, err error)
	CountCases(ctx context.Context, q inspect.CaseQuery, by string) (inspect.CaseCounts, error)
	Case(ctx context.Context, fingerprint string) (*inspect.Case, error)
	CasesOf(ctx context.Context, fingerprints []string) (map[string]inspect.Case, error)
	Steps(ctx context.Context, fingerprint string) ([]inspect.Step, error)
	Orders(context.Context, inspect.CaseQuery, int) ([]inspect.OrderSheet, error)
	Decide(context.Context, inspect.Step, inspect.Terms, ...Decision) ([]inspect.Case, error)
}

// A Decision is a step that a person takes on a case as he saw it.
type Decision struct {
	Case    string    // fingerprint
	Version int64     // that he saw; 0: whichever
	Order   string    // id of the order that this one case is in; "": the step's
	Until   time.Time // its last day; zero: the step's
}

// Rounds are what inspections left.
type Rounds interface {
	Standings(context.Context) (map[string]*inspect.Inspection, error)                     // the last of each target, without findings
	Dials(context.Context) (map[string]*inspect.Inspection, error)                         // the last look at the lists of each, without findings
	SiteRounds(ctx context.Context, site string, limit int) ([]*inspect.Inspection, error) // newest first, without findings
	Round(ctx context.Context, id string) (*inspect.Inspection, error)                     // nil: none
	Found(ctx context.Context, round, fingerprint string) (*inspect.Finding, error)        // nil: none
	Fetched(ctx context.Context, round, url string) (*inspect.Page, error)                 // with its body as text; nil: none
	Shown(ctx context.Context, round, url string) (*inspect.Rendered, error)               // nil: none
	Probes(ctx context.Context, site string, since time.Time) ([]inspect.Probe, error)     // oldest first
	ProbeDays(ctx context.Context, site string, since time.Time) ([]Day, error)            // that were rolled up
	Titles(ctx context.Context, site string, urls []string) (map[string]string, error)     // of pages, by address
	Incidents(ctx context.Context, limit int) ([]Incident, error)
}

// A Day is a day of visits to a home page.
type Day struct {
	Day                   string // 2026-11-24
	Visited, Told, Failed int
	Median                inspect.Millis
}

// An Incident is trouble of our own.
type Incident struct {
	Kind, Detail string
	Begun, Ended time.Time
}

// Papers are what was issued.
type Papers interface {
	Papers(context.Context) ([]Paper, error)
	Paper(ctx context.Context, month, target string) ([]byte, error) // HTML; nil: none
}

// A Paper is the scorecard of a target in a month.
type Paper struct{ Month, Target string }

// A Queue is where work waits.
type Queue interface {
	Recheck(ctx context.Context, site, fingerprint string) (asked bool, err error)
	Jobs(ctx context.Context, states []string, limit int) ([]Job, error)
	Retry(ctx context.Context, id int64) error
	Cancel(ctx context.Context, id int64) error
}

// A Job is one thing to do.
type Job struct {
	ID                 int64
	Kind, Target, Note string
	State              string
	Due, Begun, Ended  time.Time
	Attempt            int
	Worker, Error      string
}

// An Entry is what a person did, as the audit log keeps it.
type Entry struct {
	Seq     int64          `json:"seq"`
	At      time.Time      `json:"at"`
	Person  inspect.Person `json:"person"`
	Act     string         `json:"act"`
	Subject string         `json:"subject"`
	Body    any            `json:"body"`
	Hash    string         `json:"hash"`
}

// A Desk serves people. It may be used by several goroutines.
type Desk struct {
	Config
	hashing chan struct{} // bounds the memory of logins
	targets map[string]*inspect.Site
	codes   map[string]*inspect.Site // by 网站标识码, where one site has it
	units   map[string]string
	titles  map[string]string // of checks
}

// New makes a desk of what it is handed.
func New(c Config) *Desk {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Life == 0 {
		c.Life = DefaultLife
	}
	if c.Idle == 0 {
		c.Idle = DefaultIdle
	}
	d := &Desk{Config: c, hashing: make(chan struct{}, 2), targets: map[string]*inspect.Site{}, units: map[string]string{}, titles: map[string]string{}}
	for _, t := range c.Targets {
		d.targets[t.ID] = t
	}
	d.codes = codes(c.Targets)
	for _, u := range c.Units {
		d.units[u.ID] = u.Name
	}
	for _, p := range c.Pages {
		d.titles[p.ID] = p.Title
	}
	return d
}

// entry is an entry of the audit log of what somebody does now.
func (d *Desk) entry(who *inspect.Person, act, subject string, body any) Entry {
	return Entry{At: d.Now().UTC(), Person: *who, Act: act, Subject: subject, Body: body}
}

// is refuses whoever has none of some roles.
func is(who *inspect.Person, roles ...inspect.Role) error {
	if !slices.Contains(roles, who.Role) {
		return ErrForbidden
	}
	return nil
}

// codes are the sites whose code is nobody else's code or id. Metrics name a
// site by its code, and links from them lead here.
func codes(targets []*inspect.Site) map[string]*inspect.Site {
	out, taken := map[string]*inspect.Site{}, map[string]bool{}
	for _, t := range targets {
		taken[t.ID] = true
	}
	for _, t := range targets {
		if out[t.Code] = t; t.Code == "" || taken[t.Code] {
			delete(out, t.Code)
		}
		taken[t.Code] = true
	}
	return out
}

// TargetID is the id of the site that a word names by its code; else the word.
func (d *Desk) TargetID(word string) string {
	if t := d.codes[word]; t != nil {
		return t.ID
	}
	return word
}

// UnitID is the id of the unit that a word names; else the word.
func (d *Desk) UnitID(word string) string {
	if _, is := d.units[word]; !is {
		for _, u := range d.Units {
			if u.Name == word {
				return u.ID
			}
		}
	}
	return word
}

// UnitName is how a unit is called; its id when nobody said.
func (d *Desk) UnitName(id string) string {
	if n := d.units[id]; n != "" {
		return n
	}
	return id
}

// CheckTitle is what a check is called.
func (d *Desk) CheckTitle(id string) string {
	if t := d.titles[id]; t != "" {
		return t
	}
	return id
}

// TargetName is how a site or an account is called.
func (d *Desk) TargetName(id string) string {
	if t := d.targets[id]; t != nil && t.Name != "" {
		return t.Name
	}
	return id
}
