package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/uptrace/bun"
)

type bunTx = bun.Tx

// A row is a target's line in the timetable as it is kept.
type row struct {
	bun.BaseModel `bun:"table:timetable"`

	Kind    Kind
	Target  string
	Spec    string
	NextDue int64 // ms
	LastDue int64
}

// spec names all that decides when a target is due: a line that was changed is
// planned anew.
func (r *Timer) line() string {
	s := fmt.Sprintf("%s|%s|%s|%v", r.Spec, r.Zone, r.Jitter, r.Quiet)
	for _, w := range r.Closed {
		s += fmt.Sprintf("|%d-%d", w.From.Unix(), w.To.Unix())
	}
	return s
}

// sync makes the kept timetable that of the configuration. A new target is due
// soon, not only when its time comes; a changed line keeps nothing.
func (e *Engine) sync(ctx context.Context) error {
	now := e.cfg.Clock()
	return e.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var kept []row
		if err := tx.NewRaw("SELECT kind, target, spec, next_due, last_due FROM timetable").Scan(ctx, &kept); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		old := map[key]row{}
		for _, r := range kept {
			k := key{r.Kind, r.Target}
			old[k] = r
			if e.timers[k] == nil {
				if _, err := tx.NewRaw("DELETE FROM timetable WHERE kind = ? AND target = ?", r.Kind, r.Target).Exec(ctx); err != nil {
					return err
				}
			}
		}
		var fresh []row
		for k, t := range e.timers {
			was, known := old[k]
			if known && was.Spec == t.line() {
				continue
			}
			next, err := e.first(t, k, now, known)
			if err != nil {
				return fmt.Errorf("%s %s: %w", k.kind, k.target, err)
			}
			fresh = append(fresh, row{Kind: k.kind, Target: k.target, Spec: t.line(), NextDue: next.UnixMilli()})
		}
		for some := range slices.Chunk(fresh, atOnce) {
			if _, err := tx.NewInsert().Model(&some).On("CONFLICT (kind, target) DO UPDATE SET spec = EXCLUDED.spec, next_due = EXCLUDED.next_due").Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// first is when a target is due for the first time under its line: one that
// was not there before soon, so that a newcomer sees something, but no denser
// than the line's own jitter spreads targets, or a second apart.
func (e *Engine) first(t *Timer, k key, now time.Time, known bool) (time.Time, error) {
	if known {
		return t.Next(now, k.target)
	}
	n := time.Duration(e.sizes[k.kind])
	apart := max(time.Second, min(t.Jitter/n, traits[k.kind].pace))
	spread := *t
	spread.Jitter = min(n*apart, t.period(now)/2)
	shift := spread.share(k.target)
	return t.open(now.Add(shift), shift)
}

// late is how much too late a job may be before it counts as missed: then it
// is made up, once, and spread.
const late = 2 * time.Minute

// keepPlanning looks at the timetable until the engine stops. Every process
// does: the rows of the timetable say what is left to plan.
func (e *Engine) keepPlanning() {
	t := time.NewTicker(e.cfg.Tick)
	defer t.Stop()
	for n := 1; ; n++ {
		ctx, cancel := context.WithTimeout(e.stopping, time.Minute)
		err := e.tick(ctx)
		if err == nil && n%healTicks == 0 {
			err = e.heal(ctx)
		}
		cancel()
		if err != nil && e.stopping.Err() == nil {
			e.cfg.Log.Warn("timetable not looked at", "error", err)
		}
		select {
		case <-t.C:
		case <-e.stopping.Done():
			return
		}
	}
}

// healTicks is how often, in looks at the timetable, its lines are counted.
const healTicks = 60

// heal writes lines that are gone: a process that started with an older
// configuration removed them.
func (e *Engine) heal(ctx context.Context) error {
	var kept []row
	if err := e.db.NewRaw("SELECT kind, target FROM timetable").Scan(ctx, &kept); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("heal: %w", err)
	}
	there := map[key]bool{}
	for _, r := range kept {
		there[key{r.Kind, r.Target}] = true
	}
	now := e.cfg.Clock()
	for k, t := range e.timers {
		if there[k] {
			continue
		}
		next, err := t.Next(now, k.target)
		if err != nil {
			continue // it never comes
		}
		r := row{Kind: k.kind, Target: k.target, Spec: t.line(), NextDue: next.UnixMilli()}
		if _, err := e.db.NewInsert().Model(&r).On("CONFLICT (kind, target) DO NOTHING").Exec(ctx); err != nil {
			return fmt.Errorf("heal: %w", err)
		}
		e.cfg.Log.Warn("a line of the timetable was gone: does a process run with another configuration?", "kind", k.kind, "target", k.target)
	}
	return nil
}

// tick enqueues what is due and rescues what the dead left.
func (e *Engine) tick(ctx context.Context) error {
	if err := e.rescue(ctx); err != nil {
		return fmt.Errorf("rescue: %w", err)
	}
	for {
		n, err := e.enqueue(ctx)
		if err != nil {
			return fmt.Errorf("plan: %w", err)
		}
		if n < atOnce {
			return nil
		}
	}
}

// strange is how long a line that this process does not know is left to others.
const strange = time.Hour

// atOnce is how many lines are written at once, and planned in one transaction.
const atOnce = 500

// enqueue plans what is due, in one transaction with its next time: killed in
// between, it did nothing.
func (e *Engine) enqueue(ctx context.Context) (n int, err error) {
	now := e.cfg.Clock()
	err = e.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		n = 0
		var due []row
		err := tx.NewRaw("SELECT kind, target, spec, next_due, last_due FROM timetable WHERE next_due <= ? ORDER BY next_due LIMIT ?"+e.db.lock, now.UnixMilli(), atOnce).Scan(ctx, &due)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		var jobs []river.InsertManyParams
		for _, r := range due {
			t := e.timers[key{r.Kind, r.Target}]
			if t == nil && now.Sub(time.UnixMilli(r.NextDue)) < strange {
				continue // the configuration of another process: not ours to plan
			}
			next := now.Add(strange) // nobody else plans it either
			n++
			if t != nil {
				jobs = append(jobs, e.job(t, &r, now))
				if at, err := t.Next(now, r.Target); err == nil {
					next = at
				} else { // one line that never comes again holds up no other
					e.cfg.Log.Warn("no next time", "kind", r.Kind, "target", r.Target, "error", err)
				}
			}
			if _, err := tx.NewRaw("UPDATE timetable SET last_due = next_due, next_due = ? WHERE kind = ? AND target = ?", next.UnixMilli(), r.Kind, r.Target).Exec(ctx); err != nil {
				return err
			}
		}
		if len(jobs) == 0 {
			return nil
		}
		_, err = e.client.InsertManyTx(ctx, tx.Tx, jobs)
		return err
	})
	return n, err
}

// job is what is enqueued of a due line. What was missed while nothing ran is
// made up once, later by its own share of half a period.
func (e *Engine) job(t *Timer, r *row, now time.Time) river.InsertManyParams {
	o := options(r.Kind)
	due := time.UnixMilli(r.NextDue)
	if now.Sub(due) > late {
		spread := *t
		spread.Jitter = min(t.period(now)/2, time.Hour)
		o.ScheduledAt = time.Now().Add(time.Duration(float64(spread.share(r.Target)) / e.cfg.Speed))
	}
	return river.InsertManyParams{Args: args{kind: r.Kind, Target: r.Target, Due: r.NextDue}, InsertOpts: o}
}

// options are how jobs of a kind are inserted: one at a time for each target.
func options(k Kind) *river.InsertOpts {
	t := traits[k]
	return &river.InsertOpts{Queue: t.queue, Priority: t.priority, MaxAttempts: maxAttempts, Tags: []string{"xunjian"},
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending,
			rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled}}}
}
