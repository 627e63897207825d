// Package crawler is how a page is got: colly behind one [inspect.Source].
//
// colly fetches one URL at a time; everything that makes a crawl is around it:
//
//	frontier ─► workers ─► colly ─► transport chain ─► the site
//	   ▲                     │
//	   └──── new links ◄─────┘        events ─► inspect
//
// The frontier knows what was asked and what waits, host by host; a fixed
// number of workers serve it, so nothing grows with the number of waiting
// URLs but their strings. Every decision about the wire (pace, robots.txt,
// retries, size, old TLS, private addresses) is one small http.RoundTripper of
// the chain in transport.go. What an answer means is told in verdict.go.
//
// A crawl that was killed goes on from its record: what is stored comes back
// as events first, marks itself as visited, and its links fill the frontier
// again, so the record of pages is the visited set and nothing else needs to
// be kept in step with it.
package crawler

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// Options are the policy of a crawl. The zero value of a field means the
// default that is named with it; -1 says "no limit" aloud.
type Options struct {
	Agent     string        // User-Agent; default names Xunjian
	Rate      float64       // requests a second and host; 2
	PerHost   int           // requests in flight a host; 4
	Workers   int           // requests in flight in all; 32
	MaxPages  int           // pages a site; 20,000
	MaxDepth  int           // links away from the home page; 20
	MaxTime   time.Duration // of the crawl; 4 h
	MaxBody   int64         // bytes of one page, decompressed; 10 MiB
	Timeout   time.Duration // to the head of an answer; 15 s
	BodyTime  time.Duration // for a whole body; 60 s
	Silence   time.Duration // how long a host may leave all unanswered until the rest of it is not waited for; 1 min, ten times that for the site itself
	VisitTime time.Duration // for a measured visit, whole, at least; 15 s, after which SV-2 counts it as failed
	Robots    bool          // true: robots.txt is obeyed; cmd sets it unless the configuration says otherwise
	NoForeign bool          // links to other hosts are not asked
	Files     int           // attachments that are read, not only asked for; 2,000
	LinksOnly bool          // see inspect.Rulebook.LinksOnly
	NoFiles   bool          // attachments are only asked for
	MaxFile   int64         // bytes of one attachment; 20 MiB
	Probes    bool          // the crawl begins with measured visits to the home page
	Deep      *Deep         // pages may be shown in a browser; nil: none is
	Only      *Only         // a part of the site; nil: all of it
	pagesOnly bool          // only pages are asked, for discovery

	// Of a service; nil: this process is alone.
	Alive   func() error                    // asked before every request: whether this process may still act
	Control func(ctx context.Context) error // asked before a fault of the network is told: whether our own line is well
	Shared  Shared                          // what was told of targets on other hosts
	Turns   Turns                           // a host's pace, kept by all processes together
	Watch   Watcher                         // nil: nobody watches

	// Resolve maps "host" or "host:port" to the "address:port" to connect to
	// instead, as curl's --connect-to does; what stands here may be private.
	Resolve map[string]string

	Opened func(url string) bool           // targets that were asked lately, opened, and are not asked again; nil: all are
	Cache  Cache                           // what the last inspection got; nil: none
	Stored iter.Seq2[inspect.Event, error] // what a stopped run of this inspection recorded; nil: none
	Log    *slog.Logger                    // nil: silent
}

// An Only says which part of a site is looked at: these pages, and the targets
// that they link, but no page beyond.
type Only struct {
	Pages []string // besides the home page
	Links bool     // what the pages link is asked too
}

// A Shared keeps verdicts on targets of other hosts, so that a target which a
// hundred sites link is asked once a day.
type Shared interface {
	Verdict(ctx context.Context, url string) *inspect.Target // nil: not known
	// Share keeps a verdict; host says that it holds for all targets of the
	// same scheme, host and port.
	Share(ctx context.Context, t *inspect.Target, host bool)
}

// Turns gives each request its turn at a host.
type Turns interface {
	Turn(ctx context.Context, host string, interval time.Duration) (wait time.Duration, err error)
}

// A Cache gives what the last inspection got of a page, for conditional requests.
type Cache interface {
	Validators(ctx context.Context, site, url string) (etag, lastModified, digest string, ok bool)
	Body(ctx context.Context, digest string) ([]byte, error)
	// Reading is what was made of a page of the same bytes, if it would come
	// out the same today; else nil.
	Reading(ctx context.Context, url, digest string) *inspect.Reading
}

// DefaultAgent is the honest name that the crawler gives.
const DefaultAgent = "Mozilla/5.0 (compatible; Xunjian/1.0; government website inspection)"

// withDefaults fills the zero fields in.
func (o Options) withDefaults() Options {
	o.Agent = cmp.Or(o.Agent, DefaultAgent)
	o.Rate = cmp.Or(o.Rate, 2)
	o.PerHost = cmp.Or(o.PerHost, 4)
	o.Workers = cmp.Or(o.Workers, 32)
	o.MaxPages = cmp.Or(o.MaxPages, 20000)
	o.MaxDepth = cmp.Or(o.MaxDepth, 20)
	o.MaxTime = cmp.Or(o.MaxTime, 4*time.Hour)
	o.MaxBody = cmp.Or(o.MaxBody, 10<<20)
	o.Files = cmp.Or(o.Files, 2000)
	o.MaxFile = cmp.Or(o.MaxFile, 20<<20)
	o.Timeout = cmp.Or(o.Timeout, 15*time.Second)
	o.BodyTime = cmp.Or(o.BodyTime, time.Minute)
	o.Silence = cmp.Or(o.Silence, time.Minute)
	o.VisitTime = cmp.Or(o.VisitTime, 15*time.Second)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// A Crawler is a Source over a live website.
type Crawler struct {
	opt     Options
	current atomic.Pointer[run]
}

// Waiting is how many URLs the crawl that runs has yet to ask, for progress.
func (c *Crawler) Waiting() int {
	if r := c.current.Load(); r != nil {
		return r.front.waiting()
	}
	return 0
}

// New makes a Crawler.
func New(o Options) *Crawler { return &Crawler{opt: o.withDefaults()} }

var _ inspect.Source = (*Crawler)(nil)

// Events crawls the site. Pages and link targets come as they are done.
func (c *Crawler) Events(ctx context.Context, s *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if c.opt.MaxTime > 0 {
			ctx, cancel = context.WithTimeoutCause(ctx, c.opt.MaxTime, errTime)
			defer cancel()
		}
		r := newRun(c.opt, s)
		c.current.Store(r)
		if !r.replay(ctx, yield) || r.opt.Probes && !r.probed && !r.probes(ctx, yield) {
			return
		}
		r.crawl(ctx, cancel, yield)
	}
}

// A run is the state of one crawl.
type run struct {
	opt    Options
	site   *inspect.Site
	front  *frontier
	net    *network
	soft   *softPrints
	events chan inspect.Event

	mu       sync.Mutex
	deferred []*inspect.Target // names that did not resolve, until the resolver has proved itself
	charsets map[string]string // host -> charset of its last sure page
	reading  chan struct{}     // attachments that are taken apart
	probed   bool              // the record has the visits
	fresh    bool              // what others were told counts for nothing
}

func newRun(o Options, s *inspect.Site) *run {
	r := &run{opt: o, site: s, events: make(chan inspect.Event, 8), charsets: map[string]string{},
		reading: make(chan struct{}, 2)}
	r.net = newNetwork(o, s)
	r.front = newFrontier(o, s)
	r.soft = &softPrints{hosts: map[string]*hostPrint{}}
	return r
}

// replay yields what an earlier run recorded and takes its links up again.
func (r *run) replay(ctx context.Context, yield func(inspect.Event, error) bool) bool {
	if r.opt.Stored == nil {
		return true
	}
	for e, err := range r.opt.Stored {
		if err != nil {
			yield(inspect.Event{}, err)
			return false
		}
		if e.DueAgain() { // the record forgets it, too
			continue
		}
		e.Replayed = true
		switch {
		case e.Probe != nil:
			r.probed = true
		case e.Answer != nil:
			Decode(e.Answer, e.Answer.Charset)
		case e.Page != nil && e.Page.Document != nil:
			r.front.replayed(e.Page.URL, false)
		case e.Page != nil:
			Decode(e.Page, e.Page.Charset) // what the first run settled on
			r.front.replayed(e.Page.URL, e.Page.Type != inspect.StyleSheet)
			r.found(e.Page)
		case e.Target != nil:
			r.front.replayed(e.Target.URL, false)
		}
		if !yield(e, nil) || ctx.Err() != nil {
			return false
		}
	}
	return true
}

// crawl serves the frontier until it is empty, the context ends, or the
// consumer has seen enough.
func (r *run) crawl(ctx context.Context, cancel context.CancelFunc, yield func(inspect.Event, error) bool) {
	r.front.add(r.seeds())
	var wg sync.WaitGroup
	for range max(r.opt.Workers, 1) {
		wg.Go(func() { r.work(ctx) })
	}
	stop := context.AfterFunc(ctx, r.front.close)
	go func() {
		wg.Wait()
		close(r.events)
	}()
	open := true
	for e := range r.events {
		if open && !yield(e, nil) {
			open = false
			cancel()
		}
	}
	stop()
	r.net.close()
	if !open {
		return
	}
	for _, e := range r.leftovers(ctx) {
		if !yield(e, nil) {
			return
		}
	}
}

// seeds are where a crawl begins.
func (r *run) seeds() []task {
	tasks := []task{{url: r.site.Home, page: true}}
	if r.opt.Only != nil {
		for _, u := range r.opt.Only.Pages {
			tasks = append(tasks, task{url: u, page: true, depth: 1})
		}
		return tasks
	}
	for _, c := range r.site.Columns {
		tasks = append(tasks, task{url: c.URL, page: true, depth: 1})
	}
	return tasks
}

// leftovers are the names whose failure can be judged only now, and what
// remained in the frontier.
func (r *run) leftovers(ctx context.Context) []inspect.Event {
	var out []inspect.Event
	for _, t := range r.deferred {
		if r.net.resolverProven() {
			t.Verdict, t.Cause = inspect.Fault, inspect.DNS
		} else {
			t.Verdict, t.Cause = inspect.CouldNotTell, inspect.OwnFault
			t.Detail = "本次检查中没有任何域名经 DNS 解析成功，无法判断是对方域名失效还是本机解析故障"
		}
		out = append(out, inspect.Event{Target: t})
	}
	detail := "检查提前结束"
	if context.Cause(ctx) == errTime {
		detail = "达到时间上限"
	}
	for _, t := range r.front.rest() {
		if t.page {
			out = append(out, inspect.Event{Skip: &inspect.Target{URL: t.url, Verdict: inspect.CouldNotTell, Cause: inspect.Budget, Detail: detail}})
		} else {
			out = append(out, inspect.Event{Target: &inspect.Target{URL: t.url, Verdict: inspect.CouldNotTell, Cause: inspect.Budget, Detail: detail}})
		}
	}
	return out
}

// work serves tasks until there are no more.
func (r *run) work(ctx context.Context) {
	f := newFetcher(ctx, r.net)
	for {
		h, t, ok := r.front.take()
		if !ok {
			return
		}
		if t.page {
			r.readPage(ctx, f, t)
		} else {
			r.checkLink(ctx, f, t)
		}
		r.front.done(h)
	}
}

func (r *run) emit(e inspect.Event) { r.events <- e }
