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

// The queues: what is short never waits behind what is long.
const (
	short = "short"
	long  = "long"
	plan  = "plan"
)

// A trait is how jobs of a kind are run.
type trait struct {
	queue    string
	priority int           // 1 is first
	limit    time.Duration // of one attempt
	perSite  bool          // one at a time for each site, over all kinds and workers
	resumes  bool          // goes on where it was: may be stopped at once
}

var traits = map[Kind]trait{
	Probe:    {queue: short, priority: 1, limit: 2 * time.Minute},
	Recheck:  {queue: short, priority: 1, limit: time.Hour, perSite: true, resumes: true},
	Accounts: {queue: short, priority: 2, limit: 10 * time.Minute},
	Columns:  {queue: long, priority: 2, limit: time.Hour, perSite: true, resumes: true},
	Confirm:  {queue: long, priority: 2, limit: time.Hour, perSite: true, resumes: true},
	Bulletin: {queue: long, priority: 3, limit: time.Hour},
	Canary:   {queue: long, priority: 3, limit: 30 * time.Minute},
	Links:    {queue: long, priority: 3, limit: 2 * time.Hour},
	Deep:     {queue: long, priority: 4, limit: 24 * time.Hour, perSite: true, resumes: true},
	Crawl:    {queue: long, priority: 4, limit: 24 * time.Hour, perSite: true, resumes: true},
	Prune:    {queue: long, priority: 4, limit: time.Hour},
}

// Known reports whether a word names a kind.
func (k Kind) Known() bool { _, ok := traits[k]; return ok }
