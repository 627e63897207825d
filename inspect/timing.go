package inspect

import (
	"context"
	"maps"
	"time"
)

// A Phase is a part of an inspection that can be timed.
type Phase string

// The phases.
const (
	Parsing  Phase = "parse" // a page is taken apart
	Checking Phase = "check" // one check is run on a page, or at the end on the site
	Looking  Phase = "page"  // a page is looked at, by all checks
	Showing  Phase = "show"  // a browser showed a page; it took no time of ours
	Skipping Phase = "skip"  // a page is left out; takes no time
)

// A Result is what a phase came to: one of these, the outcome of a check or the
// cause of a skip; together a closed set.
type Result string

// The results.
const (
	NoFinding   Result = "pass"      // Checking
	CheckError  Result = "error"     // Checking: the check itself failed or overran
	ReadAnew    Result = "new"       // Looking: other bytes than the last inspection had, or none to compare with
	SameBytes   Result = "unchanged" // Looking
	ReadingUsed Result = "reused"    // Looking: what the last inspection made of the same bytes
	NotRead     Result = "failed"    // Looking, Showing
	WasShown    Result = "ok"        // Showing
)

// A Timing is how one phase went, once.
type Timing struct {
	Phase  Phase
	Check  string // of Checking
	URL    string // of the page; empty: the site
	Result Result
	Begun  time.Time
	Took   time.Duration
}

// timed tells of a phase that began at a moment and ends now.
func (r *loop) timed(ctx context.Context, begun time.Time, t Timing) {
	if r.Timed == nil {
		return
	}
	t.Begun = begun
	if !begun.IsZero() {
		t.Took = time.Since(begun)
	}
	r.Timed(ctx, t)
}

// begin is now, where phases are timed.
func (r *loop) begin() (t time.Time) {
	if r.Timed != nil {
		t = time.Now()
	}
	return t
}

// ran notes a run of a check.
func (r *loop) ran(ctx context.Context, check string, res *result, page *Page) {
	t := Timing{Phase: Checking, Check: check, Result: res.worst(), Begun: res.begun, Took: res.took}
	if page != nil {
		t.URL = page.URL
	} else {
		r.out.Counts.Checks[check] = Tally{Due: res.due}
	}
	maps.Copy(r.out.Counts.Measures, res.measures)
	if r.Timed != nil {
		r.Timed(ctx, t)
	}
}

// result is what looking at the page came to.
func (p *Page) result() Result {
	switch {
	case p.Reading != nil && p.Unchanged && p.Raw == nil:
		return ReadingUsed
	case p.Verdict != Fine && p.Verdict != Information || p.Truncated:
		return NotRead
	case p.Unchanged:
		return SameBytes
	}
	return ReadAnew
}

func (s *Rendered) result() Result {
	if s.Problem != "" {
		return NotRead
	}
	return WasShown
}

// worst is the result of a run of a check: its gravest outcome.
func (res *result) worst() Result {
	worst := NoFinding
	if res.err != nil {
		return CheckError
	}
	for i := range res.findings {
		switch o := res.findings[i].Outcome; o {
		case "", Fail:
			return Result(Fail)
		case Review:
			worst = Result(Review)
		default:
			if worst == NoFinding {
				worst = Result(o)
			}
		}
	}
	return worst
}

// A Tally is what one check came to in an inspection: findings by what they say.
type Tally struct {
	Due                              int // measurements, of site and account checks only
	Failed, Review, Unknown, Waiting int // Waiting: seen once, to be confirmed on another day
}

// A Measure is a number that a check measured of the whole site, beside its
// findings. The names are a closed set.
type Measure string

// The measures.
const (
	ReplyDays  Measure = "reply-days"  // median of working days from a message to its answer
	HomeNewest Measure = "home-newest" // newest date by which the home page shows that it is kept, in seconds since 1970
	HomeDue    Measure = "home-due"    // when its time runs out, if nothing new comes; likewise
)

// tally counts the findings by check.
func (r *loop) tally() {
	c := &r.out.Counts
	for i := range r.out.Findings {
		f := &r.out.Findings[i]
		t := c.Checks[f.Check]
		switch {
		case f.Outcome == Unknown:
			t.Unknown++
		case f.Outcome == Review:
			t.Review++
		case f.State == SeenOnce:
			t.Waiting++
		default:
			t.Failed++
		}
		c.Checks[f.Check] = t
	}
}
