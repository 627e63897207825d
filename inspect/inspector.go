package inspect

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Recorder remembers what an inspection sees, as it sees it; store.Store is
// one. A Recorder that fails ends the inspection: what is not remembered
// cannot be proved.
type Recorder interface {
	Event(ctx context.Context, e Event) error
	Finish(ctx context.Context, in *Inspection) error
}

// Counts are the counts of an inspection.
type Counts struct {
	Fetched, Unchanged, Failed, Skipped int
	Files                               int // attachments that were read
	Asked, Broken, Unknown              int // link targets; pages of the site are among them
	Due, Untold                         int // measurements due, and those that could not be made
	Sampled, Shown                      int // pages chosen for the browser, and those that it could show; 0 where there was none
	Kinds                               map[PageKind]int
	Limited                             int    // of Skipped: pages that our own limits left out
	Engine                              string // that looked at pages in the browser, with its version

	Checks   map[string]Tally    // by check
	Measures map[Measure]float64 // what checks measured of the whole
}

// An Inspection is one run over one site, with all that came of it.
type Inspection struct {
	ID                string
	Site              *Site
	Rules             *Rulebook
	Started, Finished time.Time // UTC
	Now               time.Time // the day from which windows count back
	Counts            Counts
	Findings          []Finding // sorted by check, url, locus
	Clocks            []Clock   // soonest limit first
	Grade             Grade
	Seen              map[string][]ListItem // by column name, its newest rows: what the next inspection knows
	Compared          []Comparison          // by check: where a browser looked at pages too
	Past              *Past                 // the rest of what it will know
	Missing           map[string]Act        // by fingerprint: earlier faults that it did not see: gone, vanished or untold
	Shown             []*Rendered           // by URL: pages in a browser
	Probes            []Probe               // visits that were measured
	Feeds             []*Collection         // of an account: what its sources gave, in order of trust
	History           []Round               // earlier inspections, oldest first; whoever writes a report fills it in
	Notes             []string              // what the crawl came across, for a person
	Complete          bool                  // false: it was stopped, or the crawl ended in an error
	Stopped           string                // why it is not complete
}

// Coverage is the share of due measurements that were made, 0 to 1.
func (in *Inspection) Coverage() float64 {
	if in.Counts.Due == 0 {
		return 0
	}
	return float64(in.Counts.Due-in.Counts.Untold) / float64(in.Counts.Due)
}

// A Progress is told after every event.
type Progress struct {
	Pages, Links, Findings int
	Last                   string // URL
}

// An Inspector is the one loop: pages in, findings out.
type Inspector struct {
	Source   Source
	Rules    *Rulebook
	Record   Recorder            // nil: nothing is remembered
	Progress func(Progress)      // nil: nobody watches
	Clock    func() time.Time    // nil: time.Now
	Partial  string              // why the events are only part of a site, when they come from a stopped run
	Deadline time.Duration       // for one check on one page; 0: 5 s, sites have ten times that
	Keep     func(*Finding) bool // which findings a look at a part of a site may tell; nil: all
	Key      string              // see ReadingKey; empty: no readings are made or used

	Timed func(ctx context.Context, t Timing) // told of every phase, by one goroutine; nil: nobody measures
}

// Inspect runs the loop over a site. The inspection is returned, graded, even
// when the error is not nil: then it holds what was seen until the end.
func (in *Inspector) Inspect(ctx context.Context, id string, s *Site, now time.Time) (*Inspection, error) {
	clock := in.Clock
	if clock == nil {
		clock = time.Now
	}
	run := &loop{Inspector: in, site: s, now: now, ledger: newLedger(s.ID), links: newLinkTable(s),
		facts: map[string]*Facts{}, labels: map[string][]Label{}, gathered: map[string]map[string]any{}, answers: map[string]*Page{}, shown: map[string]*Rendered{},
		kept: map[string]json.RawMessage{}, mirrored: map[string][]string{}, accused: map[string][]accusation{}, untold: map[string]map[string]bool{}, unread: map[string]bool{}, exec: newRunner(cmp.Or(in.Deadline, 5*time.Second), in.Timed != nil),
		out: &Inspection{ID: id, Site: s, Rules: in.Rules, Started: clock().UTC(), Now: now, Complete: true,
			Counts: Counts{Kinds: map[PageKind]int{}, Checks: map[string]Tally{}, Measures: map[Measure]float64{}}, Missing: map[string]Act{}}}
	run.seenLinks = map[linkOf]bool{}
	run.timeless, run.checks, run.retold = in.Rules.readings(), map[string]*Check{}, map[string]told{}
	defer run.exec.stop()
	for _, b := range in.Rules.Checks {
		run.checks[b.Check.ID] = b.Check
		if m := b.Check.Mirrored(); m != nil && b.Check.Scope == PerPage {
			run.mirrored[b.Check.ID] = m
		}
	}
	err := run.watch(ctx)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = cmp.Or(errors.Join(run.ask(ctx), run.show(ctx)), ctx.Err())
	}
	if in.Partial != "" {
		run.out.Complete, run.out.Stopped = false, in.Partial
	}
	if err != nil {
		run.out.Complete, run.out.Stopped = false, err.Error()
	}
	// What was seen is judged and kept even after a stop.
	done := context.WithoutCancel(ctx)
	run.judgeSite(done)
	if rerr := run.rememberFeeds(done); rerr != nil {
		err = errors.Join(err, rerr)
		run.out.Complete, run.out.Stopped = false, rerr.Error()
	}
	if run.out.Complete {
		if cerr := run.compare(ctx); cerr != nil {
			err = errors.Join(err, cerr)
			run.out.Complete, run.out.Stopped = false, cerr.Error()
		} else {
			run.overrule()
		}
	}
	run.finish(clock().UTC())
	if in.Record != nil {
		err = errors.Join(err, in.Record.Finish(done, run.out))
	}
	return run.out, err
}

// A loop is the state of one inspection.
type loop struct {
	*Inspector
	site   *Site
	now    time.Time
	ledger *ledger
	links  *linkTable
	facts  map[string]*Facts  // by URL
	labels map[string][]Label // see share
	exec   *runner
	out    *Inspection

	onPages, onFiles *work
	seenLinks        map[linkOf]bool // of the page that is looked at

	gathered map[string]map[string]any  // by check and URL
	answers  map[string]*Page           // by question
	shown    map[string]*Rendered       // by URL
	kept     map[string]json.RawMessage // by check, for the next inspection
	mirrored map[string][]string        // by check: the browser's rules that say the same
	accused  map[string][]accusation    // by URL: elements with faults in the source
	crowds   sourceCrowds               // of the page in flight
	untold   map[string]map[string]bool // by check and URL: something could not be told
	known    map[string]bool            // by URL: see knows
	unread   map[string]bool            // by URL: skipped pages of which something is known
	secrets  []Secret                   // see Pass.Conceal
	timeless bool                       // readings can be used
	checks   map[string]*Check          // by id
	retold   map[string]told            // see retell
	taking   *taking                    // of the page that is looked at; nil: no reading is made of it
	feeds    []Event                    // of an account, until it is judged
	urls     []string                   // of facts, sorted, once the events have ended
	byKey    map[string]*Facts
	linked   []*Linked // targets that are not fine
	outbound []*Linked
}

// watch takes the source's events until they end.
func (r *loop) watch(ctx context.Context) error {
	for e, err := range r.Source.Events(ctx, r.site) {
		if err != nil {
			return err
		}
		if err := r.event(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// event takes one event, and has it remembered once it was looked at: what
// must not be kept is known only then.
func (r *loop) event(ctx context.Context, e Event) error {
	begun := r.begin()
	switch {
	case e.Page != nil && e.Page.Reading != nil:
		if err := r.reuse(e.Page); err != nil {
			return err
		}
	case e.Page != nil && e.Page.Document != nil:
		r.file(ctx, e.Page)
	case e.Page != nil:
		r.page(ctx, e.Page)
	case e.Skip != nil:
		r.skip(e.Skip)
		r.timed(ctx, time.Time{}, Timing{Phase: Skipping, URL: e.Skip.URL, Result: Result(e.Skip.Cause)})
	case e.Target != nil:
		r.links.verdict(e.Target)
	case e.Probe != nil:
		r.out.Probes = append(r.out.Probes, *e.Probe)
	case e.Answer != nil:
		e.Answer.Now = r.now
		r.answers[e.Answer.URL] = e.Answer
	case e.Shown != nil:
		r.shownPage(e.Shown)
		r.timed(ctx, time.Time{}, Timing{Phase: Showing, URL: e.Shown.URL, Result: e.Shown.result()})
	case e.Feed != nil:
		r.feed(e)
		return nil // remembered once it was judged
	}
	if e.Page != nil {
		r.timed(ctx, begun, Timing{Phase: Looking, URL: e.Page.URL, Result: e.Page.result()})
	}
	if r.Record != nil && !e.Replayed {
		if err := r.Record.Event(context.WithoutCancel(ctx), e); err != nil {
			return fmt.Errorf("remember %s: %w", e.url(), err)
		}
	}
	if r.Progress != nil {
		r.Progress(Progress{Pages: len(r.facts), Links: r.links.asked, Findings: len(r.ledger.byKey), Last: e.url()})
	}
	return nil
}

func (e Event) url() string {
	switch {
	case e.Page != nil:
		return e.Page.URL
	case e.Target != nil:
		return e.Target.URL
	case e.Skip != nil:
		return e.Skip.URL
	case e.Probe != nil:
		return e.Probe.URL
	case e.Answer != nil:
		return e.Answer.URL
	case e.Shown != nil:
		return e.Shown.URL
	case e.Feed != nil:
		return e.Feed.URL
	}
	return ""
}

// file runs the checks that look at attachments on one.
func (r *loop) file(ctx context.Context, p *Page) {
	p.Now = r.now
	r.links.verdict(&p.Target)
	r.out.Counts.Files++
	f := remember(p)
	f.Kind = FilePage
	r.taking = r.take(p)
	r.look(ctx, p)
	r.taken(p, f)
	r.facts[f.URL] = f
}

// taken ends the reading of a page.
func (r *loop) taken(p *Page, f *Facts) {
	if r.taking != nil {
		p.Reading = r.taking.end(p, f, r.seenLinks)
		if len(r.seenLinks) > maxLinks/10 { // one huge page must not stay
			r.seenLinks = map[linkOf]bool{}
		}
		r.taking = nil
	}
}

// WantsFiles reports whether a check of the rulebook looks at attachments.
func (rb *Rulebook) WantsFiles() bool {
	return slices.ContainsFunc(rb.Checks, func(b Bound) bool { return b.Check.onFiles() || b.Check.Gather != nil })
}

// LinksOnly reports whether no check of the rulebook asks anything of a page
// but where its links lead. The tree of most pages is then never made.
func (rb *Rulebook) LinksOnly() bool {
	return !slices.ContainsFunc(rb.Checks, func(b Bound) bool { return !b.Check.linksOnly })
}

func (c *Check) onFiles() bool { return c.Scope == PerFile || c.Scope == PerPage && c.Files }

// skip counts a page that was not asked for. What robots.txt forbids and what
// a site makes without end was not due; what our own budget left out was.
func (r *loop) skip(t *Target) {
	r.out.Counts.Skipped++
	if r.knows(t.URL) {
		r.unread[t.URL] = true
	}
	if t.Cause == Trap {
		r.note(t.Detail + "：" + Readable(t.URL))
	}
	if t.Cause != RobotsRefused && t.Cause != Trap {
		n := r.pageChecks()
		r.out.Counts.Due += n
		r.out.Counts.Untold += n
		r.out.Counts.Limited++
	}
}

// maxNotes is how many notes an inspection keeps: the first in order, so that
// they do not depend on the order of events.
const maxNotes = 50

func (r *loop) note(s string) {
	n := &r.out.Notes
	if i, found := slices.BinarySearch(*n, s); !found && i < maxNotes {
		*n = slices.Insert(*n, i, s)
		*n = (*n)[:min(len(*n), maxNotes)]
	}
}

func (r *loop) pageChecks() (n int) {
	for _, b := range r.Rules.Checks {
		if b.Check.Scope == PerPage {
			n++
		}
	}
	return n
}

// page runs the page checks on one page and remembers its facts.
func (r *loop) page(ctx context.Context, p *Page) {
	p.Now = r.now
	p.Home = p.Home || SamePage(p.URL, r.site.Home)
	p.Column = r.site.ColumnAt(p.URL)
	p.LinksOnly = r.Rules.LinksOnly() && p.MayScan(r.site)
	begun := r.begin()
	f := r.read(p)
	r.timed(ctx, begun, Timing{Phase: Parsing, URL: p.URL})
	r.links.page(p)
	if p.Type == StyleSheet {
		return
	}
	c := &r.out.Counts
	c.Fetched++
	if p.Unchanged {
		c.Unchanged++
	}
	if p.Readable() {
		r.taking = r.take(p)
		r.look(ctx, p)
		r.taken(p, f)
	} else if len(p.Sealed) > 0 { // its body could not be kept, but what was told of its secrets was
		r.unseal(ctx, p)
	} else if p.Verdict != Fine && p.Verdict != Information || p.Truncated {
		c.Failed++
		if p.Verdict != Fault { // a fault is told by the link check; other checks were not due
			n := r.pageChecks()
			c.Due += n
			c.Untold += n
		}
	}
	c.Kinds[f.Kind]++
	r.share(f)
	r.facts[f.URL] = f
}

// read computes what all checks share, and what is remembered of the page. A
// page that this program cannot take apart is one that could not be told of:
// an empty part of it proves nothing.
func (r *loop) read(p *Page) (f *Facts) {
	defer func() {
		if v := recover(); v != nil {
			p.Verdict, p.Cause, p.Detail = CouldNotTell, OwnFault, fmt.Sprintf("页面解析出错：%v", v)
			p.Body = nil
			f = remember(p)
			r.note(p.Detail + "：" + Readable(p.URL))
		}
	}()
	if p.Readable() && (!p.LinksOnly || p.scan() == nil) {
		if _, err := p.Doc(); err != nil {
			p.Verdict, p.Cause, p.Detail = CouldNotTell, BadAnswer, err.Error()
		} else if p.Home && p.isRedirect() {
			// A stub that sends its visitors on is not the home page they see.
			p.Verdict, p.Cause, p.Detail = CouldNotTell, BadAnswer, "首页只是跳转页，请以跳转到的网址为首页"
			r.note(p.Detail + "：" + Readable(p.URL))
		}
	}
	if p.Linking() {
		p.Links()
	}
	return remember(p)
}

// unseal tells again what the checks told of a page whose body is gone.
func (r *loop) unseal(ctx context.Context, p *Page) {
	for i := range r.Rules.Checks {
		if b := &r.Rules.Checks[i]; p.Sealed[b.Check.ID] != nil {
			r.told(ctx, b, retold(p.Sealed[b.Check.ID]), p)
		}
	}
}

// judgeSite runs the site checks over what was remembered.
func (r *loop) judgeSite(ctx context.Context) {
	r.index()
	r.exec.deadline *= 10
	if r.site.Account != nil {
		r.judgeAccount(ctx)
		return
	}
	for i := range r.Rules.Checks {
		if b := &r.Rules.Checks[i]; b.Check.Scope == PerSite {
			r.check(ctx, b, r.sitePass(b.Check))
		}
	}
}

// index orders what was remembered.
func (r *loop) index() {
	r.urls = slices.Sorted(maps.Keys(r.facts))
	r.byKey = make(map[string]*Facts, len(r.facts))
	for _, u := range r.urls {
		r.byKey[pageKey(u)] = r.facts[u]
	}
	r.linked = r.links.faults()
	r.outbound = r.links.outbound()
}

// lookup is the page at an address, also under its index file's name.
func (r *loop) lookup(u string) *Facts {
	if f := r.facts[u]; f != nil {
		return f
	}
	return r.byKey[pageKey(u)]
}

// sitePass is what a site check sees.
func (r *loop) sitePass(c *Check) *Pass {
	if r.byKey == nil {
		r.index()
	}
	return &Pass{Site: r.site, Now: r.now, Options: r.Rules.options, Facts: r.lookup, Asked: r.links.asked, Packed: r.links.packed, Probes: r.out.Probes,
		Answer: func(u string) *Page { return r.answers[u] },
		Rendered: func(yield func(*Rendered) bool) {
			for _, u := range slices.Sorted(maps.Keys(r.shown)) {
				if !yield(r.shown[u]) {
					return
				}
			}
		},
		Link: r.links.linked,
		Pages: func(yield func(*Facts) bool) {
			for _, u := range r.urls {
				if !yield(r.facts[u]) {
					return
				}
			}
		},
		Gathered: func(yield func(Gathered) bool) {
			for _, u := range r.urls {
				if k, ok := r.gathered[c.ID][u]; ok && !yield(Gathered{r.facts[u], k}) {
					return
				}
			}
		},
		Recall: func(v any) bool {
			return r.site.Past != nil && r.site.Past.Kept[c.ID] != nil && json.Unmarshal(r.site.Past.Kept[c.ID], v) == nil
		},
		Links: slices.Values(r.linked), Outbound: slices.Values(r.outbound)}
}

// add takes a finding of a check.
func (r *loop) add(check string, f Finding, page *Page) {
	f.Check = check
	r.fill(&f, page)
	if f.Outcome == Unknown {
		r.out.Counts.Untold++ // one thing was due, on however many pages it stands
		r.untell(f.Check, f.URL)
	}
	nodes := f.Nodes
	f.Nodes = nil
	told := r.ledger.add(f)
	if page != nil {
		r.accuse(page, &f, told, nodes)
	}
}

// fill gives a finding the evidence of its page.
func (r *loop) fill(f *Finding, page *Page) {
	if page != nil {
		if f.URL == "" {
			f.URL = page.URL
		}
		if f.Evidence == (Evidence{}) {
			f.Evidence = Evidence{Status: page.Status, Fetched: page.Fetched, Digest: page.Digest}
		}
		return
	}
	if f.URL == "" {
		f.URL = r.site.Home
	}
	if f.Evidence == (Evidence{}) {
		if seen := r.facts[f.URL]; seen != nil {
			f.Evidence = seen.Evidence
		} else if r.site.Account != nil { // the register itself, as it was read
			f.Evidence = Evidence{Fetched: r.now.UTC()}
		}
	}
}

// maxSeen is how many rows of a column the next inspection needs to know.
const maxSeen = 10

// seen are the newest rows of each column. A column that could not be read
// keeps what was known of it.
func (r *loop) seen() map[string][]ListItem {
	out := maps.Clone(r.site.Known)
	if out == nil {
		out = map[string][]ListItem{}
	}
	for _, u := range slices.Sorted(maps.Keys(r.facts)) {
		f := r.facts[u]
		if f.Column == "" || len(f.List.Items) == 0 {
			continue
		}
		items := slices.Clone(f.List.Items)
		slices.SortStableFunc(items, func(a, b ListItem) int { return b.Date.Compare(a.Date) })
		out[f.Column] = items[:min(len(items), maxSeen)]
	}
	return out
}

func (r *loop) finish(at time.Time) {
	o := r.out
	o.Seen = r.seen()
	o.Finished = at
	r.ledger.settle(r.site.Home)
	o.Findings = r.ledger.sorted()
	if r.Keep != nil {
		o.Findings = slices.DeleteFunc(o.Findings, func(f Finding) bool { return !r.Keep(&f) })
	}
	conceal := masker(r.secrets)
	for i := range o.Findings {
		f := &o.Findings[i]
		r.state(f)
		if x := r.facts[f.URL]; x != nil && x.Kind == FilePage {
			f.On = r.links.firstOf(f.URL)
		}
		f.Message, f.Locus = conceal.Replace(f.Message), conceal.Replace(f.Locus)
	}
	r.tally()
	o.Past = r.past()
	for id, k := range o.Past.Kept { // what is remembered of pages must not hold it either
		o.Past.Kept[id] = json.RawMessage(conceal.Replace(string(k)))
	}
	for _, items := range o.Seen {
		for i := range items {
			items[i].Title = conceal.Replace(items[i].Title)
		}
	}
	o.Counts.Asked, o.Counts.Broken, o.Counts.Unknown = r.links.counts()
	o.Counts.Sampled, o.Counts.Shown = r.sampled()
	for _, u := range slices.Sorted(maps.Keys(r.shown)) {
		o.Shown = append(o.Shown, r.shown[u])
		o.Counts.Engine = cmp.Or(r.shown[u].Engine, o.Counts.Engine)
	}
	o.Counts.Untold = min(o.Counts.Untold, o.Counts.Due)
	slices.SortFunc(o.Clocks, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.Left, b.Left), cmp.Compare(a.Name, b.Name), cmp.Compare(a.URL, b.URL))
	})
	o.Grade = Judge(r.site, r.Rules, o.Findings)
	if !o.Complete && o.Grade.Verdict == Passed {
		o.Grade.Verdict = Undecided
		o.Grade.Undecided = append(o.Grade.Undecided, "检查未完成")
	}
}
