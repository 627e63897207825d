package schedule

import "time"

// A Kind of job.
type Kind string

// The kinds of job.
const (
	Probe    Kind = "probe"    // one measured visit to the home page
	Columns  Kind = "columns"  // home page and list pages
	Crawl    Kind = "crawl"    // the whole site
	Links    Kind = "links"    // targets on other hosts, shared between sites
	Accounts Kind = "accounts" // one new-media account
	Deep     Kind = "deep"     // the whole site, sampled pages in a browser too
	Confirm  Kind = "confirm"  // second look at suspected faults, on another day
	Recheck  Kind = "recheck"  // a look that a person asked for
	Bulletin Kind = "bulletin" // scorecards of a period
	Prune    Kind = "prune"    // what is too old goes
	Canary   Kind = "canary"   // a site with planted faults must be found faulty
)

// Kinds lists every kind, in the order in which people see them.
var Kinds = []Kind{Probe, Columns, Crawl, Links, Accounts, Deep, Confirm, Recheck, Bulletin, Prune, Canary}

// The queues: what is short never waits behind what is long. A crawl takes
// hours, so looks at parts of a site have places of their own.
const (
	short  = "short"
	medium = "medium"
	long   = "long"
)

// A trait is how jobs of a kind are run.
type trait struct {
	queue    string
	priority int           // 1 is first
	limit    time.Duration // of one attempt
	perSite  bool          // one at a time for each site, over all kinds and workers
	resumes  bool          // goes on where it was: may be stopped at once

	// pace is the longest time from one new target to the next. It is ours: about
	// how long a job keeps a place, shared by the places of a province.
	pace time.Duration
}

var traits = map[Kind]trait{
	Probe:    {queue: short, priority: 1, limit: 2 * time.Minute},
	Recheck:  {queue: short, priority: 1, limit: time.Hour, perSite: true, resumes: true},
	Accounts: {queue: short, priority: 2, limit: 10 * time.Minute},
	Columns:  {queue: medium, priority: 2, limit: time.Hour, perSite: true, resumes: true, pace: 10 * time.Second},
	Confirm:  {queue: medium, priority: 2, limit: time.Hour, perSite: true, resumes: true, pace: 10 * time.Second},
	Bulletin: {queue: medium, priority: 3, limit: time.Hour},
	Canary:   {queue: medium, priority: 3, limit: 30 * time.Minute},
	Links:    {queue: medium, priority: 3, limit: 2 * time.Hour},
	Prune:    {queue: medium, priority: 4, limit: time.Hour},
	Deep:     {queue: long, priority: 4, limit: 24 * time.Hour, perSite: true, resumes: true, pace: 5 * time.Minute},
	Crawl:    {queue: long, priority: 4, limit: 24 * time.Hour, perSite: true, resumes: true, pace: 2 * time.Minute},
}

// Targeted reports whether jobs of a kind are of one site or account.
func (k Kind) Targeted() bool {
	switch k {
	case Links, Bulletin, Prune, Canary:
		return false
	}
	return true
}

// Known reports whether a word names a kind.
func (k Kind) Known() bool { _, ok := traits[k]; return ok }
