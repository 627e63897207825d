package inspect

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"time"
)

// A Scope says how often a check's Run is called.
type Scope int

// The scopes.
const (
	PerPage    Scope = iota // once for each page that could be read
	PerSite                 // once at the end, over the remembered facts
	PerFile                 // once for each attachment that was read; Pass.Page.Document holds it
	PerAccount              // once at the end for a new-media account, over what its sources gave
)

// Run measures, and reports what is wrong through p; no finding means passed.
// An error means "could not tell": it becomes one Unknown, never a Fail.
type Run func(ctx context.Context, p *Pass) error

// A Check measures one thing. It never judges: prices stand in a rulebook.
type Check struct {
	ID    string // kebab-case; stable, never reused
	Rule  string // the folder's rule.md: front matter, then prose
	Scope Scope
	Files bool // a PerPage check that is run on attachments too
	Bind  func(decode func(any) error) (Run, error)

	// Gather is run on each page and attachment; what it returns, unless nil,
	// is kept for the check's own run at the end, as Pass.Gathered. PerSite only.
	Gather func(p *Pass) any
	// Ask names what must be asked of the site itself; see Asking.
	Ask func(p *Pass) []Question
	// Sample names pages that a browser should show; see Sampling.
	Sample    func(p *Pass) []string
	kept      reflect.Type // what Gather keeps, where readings can hold it
	timeless  bool         // see Timeless
	linksOnly bool         // see OfLinks
	// Deep says that the check says nothing of a page that no browser showed.
	Deep bool
}

// Gathering makes a PerSite check remember what gather returns of each page.
// What is returned lives to the end of the inspection: keep it small. An
// example of what is returned, of a type whose fields are all exported, lets
// the next inspection use it again where the page is unchanged; without one
// pages of which something is kept are read each time.
func (c *Check) Gathering(gather func(p *Pass) any, example ...any) *Check {
	c.Gather = gather
	if len(example) > 0 {
		if c.kept = reflect.TypeOf(example[0]); !encodable(c.kept) {
			panic(fmt.Sprintf("check %s: what it gathers is not all exported: %v", c.ID, c.kept))
		}
	}
	return c
}

// OfLinks says that the check asks nothing of pages but where their links lead,
// not even of what kind they are.
func (c *Check) OfLinks() *Check {
	c.linksOnly = true
	return c
}

// AlsoFiles makes a PerPage check run on attachments too.
func (c *Check) AlsoFiles() *Check {
	c.Files = true
	return c
}

// A Gathered is what a check's Gather kept of a page.
type Gathered struct {
	Page *Facts
	Kept any
}

// NewCheck makes a Check whose options O are decoded strictly when its rule
// loads, over the value of defaults.
func NewCheck[O any](id, rule string, s Scope, defaults O, run func(context.Context, *Pass, O) error) *Check {
	return &Check{ID: id, Rule: rule, Scope: s, Bind: func(decode func(any) error) (Run, error) {
		o := defaults
		if err := decode(&o); err != nil {
			return nil, fmt.Errorf("check %s: %w", id, err)
		}
		return func(ctx context.Context, p *Pass) error { return run(ctx, p, o) }, nil
	}}
}

// Validate reports what makes a set of checks unusable: a nameless,
// undocumented or duplicate one.
func Validate(checks []*Check) error {
	seen := map[string]bool{}
	var errs []error
	for _, c := range checks {
		switch {
		case c.ID == "" || strings.ToLower(c.ID) != c.ID || strings.ContainsAny(c.ID, " _"):
			errs = append(errs, fmt.Errorf("check %q: id is not kebab-case", c.ID))
		case seen[c.ID]:
			errs = append(errs, fmt.Errorf("check %s: id stands twice", c.ID))
		case !strings.HasPrefix(c.Rule, "---\n"):
			errs = append(errs, fmt.Errorf("check %s: rule page has no front matter", c.ID))
		case c.Bind == nil:
			errs = append(errs, fmt.Errorf("check %s: Bind is nil", c.ID))
		}
		seen[c.ID] = true
	}
	return errors.Join(errs...)
}

// A Pass is all that a check can see.
type Pass struct {
	Site *Site
	Now  time.Time // the day from which windows count back; checks never ask the clock
	Page *Page     // PerPage only

	// PerSite only: the remembered pages, and the link targets that are not
	// fine, each in the order of their URLs.
	Pages iter.Seq[*Facts]
	Links iter.Seq[*Linked]
	// Outbound are the pages of others that are linked and whose titles were read.
	Outbound iter.Seq[*Linked]
	Facts    func(url string) *Facts // the page at a URL, or nil
	Asked    int                     // link targets asked in all
	Packed   []string                // pages with more links than are read
	// Gathered is what the check's own Gather kept, in the order of the pages' URLs.
	Gathered iter.Seq[Gathered]
	Probes   []Probe                  // visits of this inspection
	Answer   func(url string) *Page   // to a question of the check, or nil
	Rendered iter.Seq[*Rendered]      // pages that a browser showed, in the order of their URLs
	Recall   func(v any) bool         // decodes what the check kept last time; false: nothing
	Keep     func(v any)              // keeps v, as JSON, for the next inspection
	Link     func(url string) *Linked // the target of a link, fine or not; nil if none links it

	// PerAccount only: what each source gave, in order of trust. Site.Account
	// is never nil.
	Feeds []*Collection

	// Options decodes the options by which the rulebook runs a check, this one
	// or another; false: it does not run it.
	Options func(id string, into any) bool

	// Report takes a finding; Site, Check and, on a page, URL and evidence
	// are filled in when they are empty.
	Report func(Finding)
	// Due says that n things were due for this run instead of one.
	Due func(n int)
	// Clock takes a days-left clock.
	Clock func(Clock)
	// Measure takes a number that is measured of the whole site.
	Measure func(Measure, float64)
	// Conceal names values on the page that nobody may keep, such as identity
	// numbers. Stored evidence bears their masks; a finding must never hold them.
	Conceal func(...Secret)
}

// A Linked is a link target that is not fine, with where it is linked.
type Linked struct {
	Target
	Kind  LinkKind // how the first place links it
	Text  string   // what a reader sees of the link at the first place
	First string   // the page it was seen on: the home page, or the first by URL
	Pages int      // how many pages link it
	Home  bool     // the home page is among them
	Own   bool     // it lies on the site's own hosts
}

// A Clock says how long something may still stay silent.
type Clock struct {
	Name   string    `json:"name"` // column or account
	URL    string    `json:"url"`
	Genre  Genre     `json:"genre"`
	Newest time.Time `json:"newest"` // newest dated item
	Window Window    `json:"window"`
	Limit  time.Time `json:"limit"` // last day inside the window
	Left   int       `json:"days_left"`
}
