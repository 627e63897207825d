package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"
)

// A result is what one run of one check came to.
type result struct {
	findings []Finding
	clocks   []Clock
	secrets  []Secret
	kept     json.RawMessage
	gathered any // by a Gather
	measures map[Measure]float64
	due      int
	begun    time.Time // where runs are timed
	took     time.Duration
	err      error // the check could not tell
}

// A job is a check's Run, or its Gather.
type job struct {
	run    Run
	gather func(*Pass) any
}

// A shift is jobs that see the same, done one after another.
type shift struct {
	ctx     context.Context
	pass    *Pass
	jobs    []job
	results []result     // of the jobs that are done
	done    atomic.Int64 // how many; givenUp: nobody waits any more
	timed   bool
}

const givenUp = -1

// A runner runs checks one after another under a deadline, of which the first
// of a shift has one and each later one up to two. A pure function
// cannot be stopped, so one that overruns is left to itself and its result is
// thrown away; a new goroutine takes its place. All that see one page are
// handed over at once: a hand-over costs more than most checks.
type runner struct {
	deadline time.Duration
	timed    bool
	shifts   chan *shift
	out      chan struct{}
	timer    *time.Timer
	spare    []result // of the last shift, when it was read
}

func newRunner(d time.Duration, timed bool) *runner {
	r := &runner{deadline: d, timed: timed, timer: time.NewTimer(time.Hour)}
	r.timer.Stop()
	r.start()
	return r
}

func (r *runner) start() {
	shifts, out := make(chan *shift), make(chan struct{}, 1)
	r.shifts, r.out = shifts, out
	go func() {
		t := newTurn()
		for s := range shifts {
			if !s.work(t) {
				return
			}
			out <- struct{}{}
		}
	}()
}

func (r *runner) stop() { close(r.shifts) }

// run runs one check.
func (r *runner) run(ctx context.Context, run Run, p *Pass) result {
	return r.all(ctx, []job{{run: run}}, p)[0]
}

// all does the jobs in their order. The results hold until the next call.
func (r *runner) all(ctx context.Context, jobs []job, p *Pass) []result {
	var results []result
	for len(results) < len(jobs) {
		left := jobs[len(results):]
		s := &shift{ctx: ctx, pass: p, jobs: left, results: r.room(len(left)), timed: r.timed}
		r.shifts <- s
		n := r.wait(s)
		if n == len(jobs) {
			r.spare = s.results
			return s.results
		}
		results = append(results, s.results[:n]...)
		if n < len(left) {
			results = append(results, result{due: 1, took: r.deadline, err: fmt.Errorf("检查超过 %v 未完成", r.deadline)})
		}
	}
	return results
}

// room is a place for n results. What an overrunning check still writes to is
// never used again.
func (r *runner) room(n int) []result {
	room := r.spare
	r.spare = nil
	clear(room[:cap(room)]) // also of what fewer jobs leave untouched
	if cap(room) < n {
		return make([]result, n)
	}
	return room[:n]
}

// wait waits for a shift and says how many of its jobs are done: all, or those
// before one that did not end in time.
func (r *runner) wait(s *shift) int {
	defer r.timer.Stop()
	for seen := int64(0); ; {
		r.timer.Reset(r.deadline)
		select {
		case <-r.out:
			return len(s.jobs)
		case <-r.timer.C:
		}
		// A job that is not the one of a deadline ago has time left.
		if done := s.done.Load(); done != seen || done == int64(len(s.jobs)) {
			seen = done
			continue
		}
		if s.done.CompareAndSwap(seen, givenUp) {
			r.start() // the overrunning goroutine ends when its check does
			return int(seen)
		}
	}
}

// work does the jobs; false: they were given up meanwhile.
func (s *shift) work(t *turn) bool {
	defer func() { t.pass, t.res = Pass{}, result{} }() // nothing of the page is held
	for i := range s.jobs {
		if s.timed {
			t.res.begun = time.Now()
		}
		s.results[i] = t.call(s.ctx, &s.jobs[i], s.pass)
		if s.timed {
			s.results[i].took = time.Since(s.results[i].begun)
		}
		if !s.done.CompareAndSwap(int64(i), int64(i+1)) {
			return false
		}
	}
	return true
}

// A turn is what a check calls while it runs, made once for all that one
// goroutine runs.
type turn struct {
	pass  Pass
	calls Pass // the callbacks alone
	res   result
}

func newTurn() *turn {
	t := &turn{}
	t.calls = Pass{
		Report:  func(f Finding) { t.res.findings = append(t.res.findings, f) },
		Clock:   func(c Clock) { t.res.clocks = append(t.res.clocks, c) },
		Due:     func(n int) { t.res.due = n },
		Conceal: func(s ...Secret) { t.res.secrets = append(t.res.secrets, s...) },
		Measure: func(m Measure, v float64) {
			if t.res.measures == nil {
				t.res.measures = map[Measure]float64{}
			}
			t.res.measures[m] = v
		},
		Keep: func(v any) {
			b, err := json.Marshal(v)
			if err != nil {
				panic(err) // a check keeps what JSON cannot write
			}
			t.res.kept = b
		},
	}
	return t
}

// call does one job and turns a panic into an error.
func (t *turn) call(ctx context.Context, j *job, p *Pass) (res result) {
	begun := t.res.begun
	t.res = result{due: 1, begun: begun}
	t.pass = *p
	q := &t.pass
	q.Report, q.Clock, q.Due, q.Conceal, q.Measure, q.Keep = t.calls.Report, t.calls.Clock, t.calls.Due, t.calls.Conceal, t.calls.Measure, t.calls.Keep
	defer func() {
		if v := recover(); v != nil {
			res = result{due: t.res.due, begun: begun, err: fmt.Errorf("检查程序出错：%v", v)}
		}
	}()
	if j.gather != nil {
		t.res.gathered = j.gather(q)
		return t.res
	}
	if err := j.run(ctx, q); err != nil {
		return result{due: max(1, t.res.due), begun: begun, err: err}
	}
	return t.res
}
