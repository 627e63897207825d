package alerts

import (
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Policy says who is told what, and when. No rule of the state sets these
// numbers: all defaults are ours.
type Policy struct {
	Contacts []Contact
	Routes   []Route // nil: DefaultRoutes
	Quiet    []Span  // of each day: nothing is sent but what is urgent
	Digest   int     // minutes since midnight
	Gather   time.Duration
	Window   time.Duration // nobody is told the same twice within it
	Flood    int           // messages an hour to a contact by a channel; what is more is gathered
	Fresh    time.Duration // an older result is no news
	GiveUp   time.Duration // a message that could not be sent for so long has failed
	Shares   []float64     // of a clock's time, in ascending order, at which it is told
	Before   []int         // days before an order's last day
	Overdue  []int         // days after it; from the second on it is escalated
	Console  string        // address under which people read more; "": nowhere

	Machines map[string]bool          // channels that programs read
	Sites    map[string]*inspect.Site // sites and accounts, by id
	Offices  map[string]string        // names of units, by id
}

// DefaultPolicy is what a configuration need not say.
var DefaultPolicy = Policy{Quiet: []Span{{22 * 60, 7 * 60}}, Digest: 8*60 + 40, Gather: 2 * time.Minute, Window: 24 * time.Hour, Flood: 20,
	Fresh: 48 * time.Hour, GiveUp: 24 * time.Hour, Shares: []float64{0.75, 0.9}, Before: []int{3, 1}, Overdue: []int{1, 3, 7}}

// A Contact is a person, or a group that one robot reaches.
type Contact struct {
	ID, Name string
	Roles    []inspect.Role
	Units    []string // that he hears of; empty: all, but never for an agency
	Reach    []Reach
}

// A Reach is a way to a contact.
type Reach struct{ Channel, Address string }

// agency reports whether a contact is of an agency and nothing else.
func (c *Contact) agency() bool {
	return !slices.ContainsFunc(c.Roles, func(r inspect.Role) bool { return r != inspect.Agency })
}

// hears reports whether alerts about a unit may reach the contact at all.
func (c *Contact) hears(unit string) bool {
	return slices.Contains(c.Units, unit) || len(c.Units) == 0 && !c.agency()
}

// When says how soon an alert is told.
type When string

// The times.
const (
	Always When = "always" // at once, by night too
	Now    When = "now"    // at once, but not in quiet hours
	Digest When = "digest" // once a day
	Never  When = "never"
)

// Whens lists the times.
var Whens = []When{Always, Now, Digest, Never}

// A Route says who is told of some alerts, when, and by which channels. Empty
// fields match all. Routes are read in order: the first that names a contact
// and matches an alert decides for both.
type Route struct {
	To       []string // roles, or ids of contacts
	Kinds    []inspect.AlertKind
	Severity []inspect.Part
	Units    []string
	Sites    []string
	Checks   []string // ids, or families ending in "*"
	Channels []string // of the contact's; empty: all
	When     When
}

// DefaultRoutes: a unit hears at once of what may cost it a veto and of its
// orders, and of the rest once a day; a supervisor of what waits for him; who
// runs the program, of its own trouble by night too.
var DefaultRoutes = []Route{
	{To: []string{"operations"}, Kinds: []inspect.AlertKind{inspect.AlertIncident, inspect.AlertEnded}, When: Always},
	{To: []string{"operations"}, When: Never},
	{To: []string{"agency"}, Kinds: []inspect.AlertKind{inspect.AlertIncident, inspect.AlertEnded, inspect.AlertSuspect, inspect.AlertAsked, inspect.AlertEscalated}, When: Never},
	{To: []string{"agency"}, Kinds: []inspect.AlertKind{inspect.AlertOrdered, inspect.AlertDue, inspect.AlertOverdue, inspect.AlertFailed}, When: Now},
	{To: []string{"agency"}, Kinds: []inspect.AlertKind{inspect.AlertFound, inspect.AlertRelapsed}, Severity: []inspect.Part{inspect.Veto}, When: Now},
	{To: []string{"agency"}, When: Digest},
	{To: []string{"supervisor"}, Kinds: []inspect.AlertKind{inspect.AlertOverdue, inspect.AlertEscalated}, When: Now},
	{To: []string{"supervisor"}, Kinds: []inspect.AlertKind{inspect.AlertSuspect, inspect.AlertAsked, inspect.AlertRelapsed, inspect.AlertIncident, inspect.AlertEnded}, When: Digest},
	{To: []string{"supervisor"}, Kinds: []inspect.AlertKind{inspect.AlertFound, inspect.AlertRepaired, inspect.AlertDropped}, Severity: []inspect.Part{inspect.Veto}, When: Digest},
}

// route is the route that decides, or nil.
func (p *Policy) route(c *Contact, a *inspect.Alert) *Route {
	ours := a.Kind == inspect.AlertIncident || a.Kind == inspect.AlertEnded
	if !c.hears(a.Unit) && (!ours || c.agency()) {
		return nil
	}
	routes := p.Routes
	if routes == nil {
		routes = DefaultRoutes
	}
	for i := range routes {
		if r := &routes[i]; r.names(c) && r.matches(a) {
			return r
		}
	}
	return nil
}

func (r *Route) names(c *Contact) bool {
	return slices.ContainsFunc(r.To, func(s string) bool { return s == c.ID || slices.Contains(c.Roles, inspect.Role(s)) })
}

func (r *Route) matches(a *inspect.Alert) bool {
	return one(r.Kinds, a.Kind) && one(r.Severity, a.Severity) && one(r.Units, a.Unit) && one(r.Sites, a.Site) &&
		(len(r.Checks) == 0 || slices.ContainsFunc(r.Checks, func(s string) bool { return family(s, a.Check) }))
}

// one reports whether a word is among some; none of them is any.
func one[T comparable](words []T, word T) bool {
	return len(words) == 0 || slices.Contains(words, word)
}

// family reports whether a check is the one of a pattern.
func family(pattern, check string) bool {
	if f, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(check, f)
	}
	return pattern == check
}

// contact is the contact of an id, or nil.
func (p *Policy) contact(id string) *Contact {
	i := slices.IndexFunc(p.Contacts, func(c Contact) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &p.Contacts[i]
}

// due is when an alert may be told that came about now.
func (p *Policy) due(w When, now time.Time) time.Time {
	switch w {
	case Always:
		return now.Add(p.Gather)
	case Digest:
		return after(next(now, p.Digest), p.Quiet)
	}
	return after(now.Add(p.Gather), p.Quiet)
}
