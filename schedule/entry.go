package schedule

import (
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/robfig/cron/v3"
)

// An Entry is a line of the timetable: one kind of job, for one or many targets.
type Entry struct {
	Kind    Kind
	Spec    string         // minute hour day month weekday, or @daily, @every 15m
	Zone    *time.Location // nil: UTC
	Targets []string       // ids; a kind that has none takes one empty target
	Jitter  time.Duration  // each target is later by its own fixed share of it
	Quiet   []Span         // of every day: nothing begins
	Closed  []Window       // maintenance: nothing begins
}

// A Span is a part of every day, in minutes after midnight; it may pass midnight.
type Span struct{ From, To int }

// ParseSpan reads a span as 22:00-06:30.
func ParseSpan(s string) (Span, error) {
	var a, b, c, d int
	if n, err := fmt.Sscanf(s+"\n", "%d:%d-%d:%d\n", &a, &b, &c, &d); n != 4 || err != nil {
		return Span{}, fmt.Errorf("%q 不是时段，应如 22:00-06:30", s)
	}
	x := Span{a*60 + b, c*60 + d}
	if a < 0 || b < 0 || b > 59 || c < 0 || d < 0 || d > 59 || x.From > 1440 || x.To > 1440 || x.From == x.To {
		return Span{}, fmt.Errorf("%q 不是时段，应如 22:00-06:30", s)
	}
	return x, nil
}

// A Window is a stretch of time, such as announced maintenance.
type Window struct{ From, To time.Time }

// A Timer says when an entry is due for a target.
type Timer struct {
	Entry
	spec cron.Schedule
}

// A five-field spec, with the shorthands; no seconds.
var parser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// ParseSpec reports what is wrong with a cron spec.
func ParseSpec(spec string) error {
	_, err := parser.Parse(spec)
	return err
}

// NewTimer reads an entry.
func NewTimer(e Entry) (*Timer, error) {
	if !e.Kind.Known() {
		return nil, fmt.Errorf("unknown kind of job %q", e.Kind)
	}
	if e.Zone == nil {
		e.Zone = time.UTC
	}
	s, err := parser.Parse(e.Spec)
	if err != nil {
		return nil, fmt.Errorf("%s: cron spec %q: %w", e.Kind, e.Spec, err)
	}
	if s.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, e.Zone)).IsZero() {
		return nil, fmt.Errorf("%s: cron spec %q never comes", e.Kind, e.Spec)
	}
	return &Timer{e, s}, nil
}

// errNever says that quiet hours and maintenance leave no time.
var errNever = errors.New("quiet hours and maintenance leave no time for it")

// Next is the first moment after t at which the target is due.
func (r *Timer) Next(t time.Time, target string) (time.Time, error) {
	shift := r.share(target)
	// The spec's own moment is before ours by the shift.
	at := r.spec.Next(t.Add(-shift).In(r.Zone))
	if at.IsZero() {
		return at, errNever
	}
	return r.open(at.Add(shift), shift)
}

// open is the first moment at or after t in which something may begin. What is
// put off keeps its share of the jitter, so that not all begin at once.
func (r *Timer) open(t time.Time, shift time.Duration) (time.Time, error) {
	for range 1000 {
		end := r.closedUntil(t)
		if end.IsZero() {
			return t.UTC(), nil
		}
		t = end.Add(shift)
		if later := r.closedUntil(t); !later.IsZero() && r.closedUntil(end).IsZero() {
			t = end // the gap is shorter than the jitter
		}
	}
	return time.Time{}, errNever
}

// closedUntil is the end of what keeps t closed; zero: nothing does.
func (r *Timer) closedUntil(t time.Time) time.Time {
	for _, w := range r.Closed {
		if !t.Before(w.From) && t.Before(w.To) {
			return w.To
		}
	}
	l := t.In(r.Zone)
	minute := l.Hour()*60 + l.Minute()
	for _, q := range r.Quiet {
		in := minute >= q.From && minute < q.To
		over := q.From > q.To
		if over {
			in = minute >= q.From || minute < q.To
		}
		if !in {
			continue
		}
		day := l.Day()
		if over && minute >= q.From {
			day++
		}
		// By the wall clock: some days are an hour longer or shorter.
		if end := time.Date(l.Year(), l.Month(), day, 0, q.To, 0, 0, r.Zone); end.After(t) {
			return end
		}
		return t.Add(time.Minute) // in the hour that comes twice
	}
	return time.Time{}
}

// shut is how long it is, from t, until a job of the target may begin; 0: it may.
func (r *Timer) shut(t time.Time, target string) time.Duration {
	at, err := r.open(t, r.share(target))
	if err != nil {
		return time.Hour // nothing leaves it time; somebody may change that
	}
	return max(0, at.Sub(t))
}

// maintenance is the next window at whose beginning a job that runs has to end,
// if one begins within a time.
func (r *Timer) maintenance(t time.Time, within time.Duration) (next Window, ok bool) {
	for _, w := range r.Closed {
		if in := w.From.Sub(t); in > 0 && in <= within && (!ok || w.From.Before(next.From)) {
			next, ok = w, true
		}
	}
	return next, ok
}

// share is a target's own part of the jitter: the same every time.
func (r *Timer) share(target string) time.Duration {
	if r.Jitter <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(string(r.Kind) + "\x00" + target))
	return time.Duration(h.Sum64() % uint64(r.Jitter)).Truncate(time.Second)
}

// period is about how long it is from one time to the next.
func (r *Timer) period(t time.Time) time.Duration {
	a := r.spec.Next(t.In(r.Zone))
	return r.spec.Next(a).Sub(a)
}
