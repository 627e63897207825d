package inspect

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// A result is what one run of one check came to.
type result struct {
	findings []Finding
	clocks   []Clock
	secrets  []Secret
	kept     json.RawMessage
	measures map[Measure]float64
	due      int
	err      error // the check could not tell
}

type job struct {
	ctx  context.Context
	run  Run
	pass *Pass
	out  chan result
}

// A runner runs checks one after another under a deadline. A pure function
// cannot be stopped, so one that overruns is left to itself and its result is
// thrown away; a new goroutine takes its place.
type runner struct {
	deadline time.Duration
	jobs     chan job
	out      chan result
	timer    *time.Timer
}

func newRunner(d time.Duration) *runner {
	r := &runner{deadline: d, timer: time.NewTimer(time.Hour)}
	r.timer.Stop()
	r.start()
	return r
}

func (r *runner) start() {
	jobs := make(chan job)
	r.jobs, r.out = jobs, make(chan result, 1)
	go func() {
		for j := range jobs {
			j.out <- call(j.ctx, j.run, j.pass)
		}
	}()
}

func (r *runner) stop() { close(r.jobs) }

func (r *runner) run(ctx context.Context, run Run, p *Pass) result {
	r.jobs <- job{ctx, run, p, r.out}
	r.timer.Reset(r.deadline)
	select {
	case res := <-r.out:
		r.timer.Stop()
		return res
	case <-r.timer.C:
		close(r.jobs) // the overrunning goroutine ends when its check does
		r.start()
		return result{due: 1, err: fmt.Errorf("检查超过 %v 未完成", r.deadline)}
	}
}

// call runs a check and turns a panic into an error.
func call(ctx context.Context, run Run, p *Pass) (res result) {
	res.due = 1
	q := *p
	q.Report = func(f Finding) { res.findings = append(res.findings, f) }
	q.Clock = func(c Clock) { res.clocks = append(res.clocks, c) }
	q.Due = func(n int) { res.due = n }
	q.Conceal = func(s ...Secret) { res.secrets = append(res.secrets, s...) }
	q.Measure = func(m Measure, v float64) {
		if res.measures == nil {
			res.measures = map[Measure]float64{}
		}
		res.measures[m] = v
	}
	q.Keep = func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err) // a check keeps what JSON cannot write
		}
		res.kept = b
	}
	defer func() {
		if v := recover(); v != nil {
			res = result{due: res.due, err: fmt.Errorf("检查程序出错：%v", v)}
		}
	}()
	if err := run(ctx, &q); err != nil {
		res = result{due: max(1, res.due), err: err}
	}
	return res
}
