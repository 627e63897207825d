package schedule

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// A life is what this process knows of its own lease. Time is measured by the
// monotonic clock, which goes on while a process is frozen.
type life struct {
	client string // River's name for this process

	lmu     sync.Mutex
	epoch   int64     // how often the lease was lost, and begun anew
	renewed time.Time // when the last renewal that came through was begun; zero: lost
}

// holder names one lease of this process.
func (l *life) holder(epoch int64) string { return fmt.Sprintf("%s/%d", l.client, epoch) }

// current is the epoch in which a job may begin.
func (e *Engine) current() (int64, bool) {
	e.lmu.Lock()
	defer e.lmu.Unlock()
	return e.epoch, e.fresh()
}

// fresh reports whether the lease holds, with a margin for what was asked
// before and is under way.
func (e *Engine) fresh() bool {
	return !e.renewed.IsZero() && time.Since(e.renewed) < e.cfg.Lease*3/4
}

func (e *Engine) alive(epoch int64) error {
	e.lmu.Lock()
	defer e.lmu.Unlock()
	if e.epoch != epoch || !e.fresh() {
		return ErrLost
	}
	return nil
}

// beat renews the lease. One that ran out is given up, with all jobs that
// began under it, and a new one is begun.
func (e *Engine) beat(ctx context.Context) error {
	e.lmu.Lock()
	if !e.renewed.IsZero() && !e.fresh() {
		e.renewed = time.Time{}
		e.epoch++
		e.abandon()
	}
	epoch := e.epoch
	e.lmu.Unlock()
	begun := time.Now()
	_, err := e.db.NewRaw("INSERT INTO workers (id, until) VALUES (?, "+e.db.now+" + ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until",
		e.holder(epoch), e.cfg.Lease.Milliseconds()).Exec(ctx)
	if err != nil {
		return err
	}
	e.lmu.Lock()
	defer e.lmu.Unlock()
	if e.epoch == epoch {
		e.renewed = begun
	}
	return nil
}

// abandon ends every job that runs.
func (e *Engine) abandon() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, cancel := range e.running {
		e.cfg.Log.Warn("lease lost, job given up", "job", id)
		cancel(ErrLost)
	}
}

// keepAlive renews the lease until the engine has stopped and all jobs ended.
func (e *Engine) keepAlive(done <-chan struct{}) {
	t := time.NewTicker(e.cfg.Lease / 5)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-done:
			return
		}
		e.renew()
	}
}

// renew is one beat. When it does not come through in time, all jobs end.
func (e *Engine) renew() {
	ctx, cancel := context.WithTimeout(context.Background(), e.cfg.Lease/2)
	defer cancel()
	err := e.beat(ctx)
	if err == nil {
		e.settle(ctx)
		e.noteSuccesses(ctx)
		return
	}
	e.cfg.Log.Warn("lease not renewed", "error", err)
	e.lmu.Lock()
	lost := !e.renewed.IsZero() && !e.fresh()
	e.lmu.Unlock()
	if lost {
		e.abandon()
	}
}

// leave gives the lease up, so that others need not wait for its end.
func (e *Engine) leave(ctx context.Context) error {
	e.lmu.Lock()
	id := e.holder(e.epoch)
	e.renewed = time.Time{}
	e.lmu.Unlock()
	if err := ctx.Err(); err != nil {
		ctx = context.WithoutCancel(ctx)
	}
	e.noteSuccesses(ctx)
	_, err := e.db.NewRaw("DELETE FROM workers WHERE id = ?", id).Exec(ctx)
	return err
}

// hold takes a name for a job of an epoch; it is Later when another has it.
func (e *Engine) hold(ctx context.Context, name string, epoch int64) (release func(), err error) {
	c := claim{name, e.holder(epoch), rand.Int64()}
	err = e.db.RunInTx(ctx, nil, func(ctx context.Context, tx bunTx) error {
		// The row is made first, so that two who come first meet at its lock.
		if _, err := tx.NewRaw("INSERT INTO leases (name, holder, token) VALUES (?, '', 0) ON CONFLICT (name) DO NOTHING", name).Exec(ctx); err != nil {
			return err
		}
		res, err := tx.NewRaw("UPDATE leases SET holder = ?, token = ? WHERE name = ? AND (holder = '' OR holder NOT IN (SELECT id FROM workers WHERE until > "+e.db.now+"))", c.holder, c.token, name).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, Later{After: e.patience(), Why: name + " is held by another job"})
		}
		return nil
	})
	var later Later
	if err != nil && !errors.As(err, &later) {
		e.owe(c) // a commit whose answer was lost may have come through
	}
	if err != nil {
		return nil, err
	}
	return func() { e.release(ctx, c) }, nil
}

// ErrHeld says that a job has the site, or somebody else outside of the queue.
var ErrHeld = errors.New("正由服务或另一个进程检查")

// Borrow takes a site for work that is no job, such as what a person runs
// beside the service, by an engine that was not started, one site at a time.
// Before every request to the site alive must be nil, as [Job.Alive]. The
// error is [ErrHeld] when a job has the site.
func (e *Engine) Borrow(ctx context.Context, site string) (alive func() error, giveBack func(), err error) {
	if err := e.beat(ctx); err != nil {
		return nil, nil, fmt.Errorf("lease: %w", err)
	}
	epoch, _ := e.current()
	release, err := e.hold(ctx, "site:"+site, epoch)
	if err != nil {
		var later Later
		if errors.As(err, &later) {
			err = ErrHeld
		}
		return nil, nil, err
	}
	done := make(chan struct{})
	e.tasks.Go(func() { e.keepAlive(done) })
	return func() error { return e.alive(epoch) }, func() {
		close(done)
		e.tasks.Wait()
		release()
		if err := e.leave(ctx); err != nil {
			e.cfg.Log.Warn("lease not given up", "error", err) // it ends by itself
		}
	}, nil
}

// A claim is a name that a job of this process holds, or held.
type claim struct {
	name, holder string
	token        int64 // tells it from every other claim
}

// release gives a name back. While the database is away that is owed: nobody
// else may take the name as long as this process lives.
func (e *Engine) release(ctx context.Context, c claim) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.cfg.Lease/2)
	defer cancel()
	_, err := e.db.NewRaw("UPDATE leases SET holder = '' WHERE name = ? AND holder = ? AND token = ?", c.name, c.holder, c.token).Exec(ctx)
	if err != nil {
		e.cfg.Log.Warn("site not given back yet", "lease", c.name, "error", err)
		e.owe(c)
	}
}

func (e *Engine) owe(c claim) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.owed = append(e.owed, c)
}

// settle gives back what is owed.
func (e *Engine) settle(ctx context.Context) {
	e.mu.Lock()
	owed := e.owed
	e.owed = nil
	e.mu.Unlock()
	for _, c := range owed {
		e.release(ctx, c)
	}
}

// patience is how long a job waits for its site.
func (e *Engine) patience() time.Duration {
	d := time.Duration(float64(e.cfg.Lease/3) / e.cfg.Speed)
	return d + rand.N(d)
}

// rescue makes the jobs of processes whose lease ran out available again. It
// is River's own rescue, told by leases instead of by how long a job runs.
func (e *Engine) rescue(ctx context.Context) error {
	// Jobs are read before leases: a process has its lease before its first job.
	list, err := e.client.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateRunning).First(5000))
	if err != nil {
		return err
	}
	living, err := e.living(ctx)
	if err != nil {
		return err
	}
	p := &riverdriver.JobRescueManyParams{}
	for _, r := range list.Jobs {
		if n := len(r.AttemptedBy); n == 0 || living[r.AttemptedBy[n-1]] {
			continue
		}
		why, err := json.Marshal(rivertype.AttemptError{At: time.Now().UTC(), Attempt: max(r.Attempt, 1), Error: "its process died"})
		if err != nil {
			return err
		}
		state, at := rivertype.JobStateAvailable, (*time.Time)(nil)
		if r.Attempt >= r.MaxAttempts {
			now := time.Now().UTC()
			state, at = rivertype.JobStateDiscarded, &now
		}
		p.ID, p.Error = append(p.ID, r.ID), append(p.Error, why)
		p.State, p.FinalizedAt, p.ScheduledAt = append(p.State, string(state)), append(p.FinalizedAt, at), append(p.ScheduledAt, time.Now().UTC())
		// One that another process rescued meanwhile, and that runs again, was begun later.
		if begun := r.AttemptedAt.Add(time.Millisecond); begun.After(p.StuckHorizon) {
			p.StuckHorizon = begun
		}
		e.cfg.Log.Info("job rescued", "job", r.ID, "kind", r.Kind, "of", r.AttemptedBy[len(r.AttemptedBy)-1])
	}
	if len(p.ID) == 0 {
		return nil
	}
	_, err = e.db.river.GetExecutor().JobRescueMany(ctx, p)
	return err
}

// living are the processes whose lease holds. What the dead left of theirs is
// removed in time.
func (e *Engine) living(ctx context.Context) (map[string]bool, error) {
	var holders []string
	if err := e.db.NewRaw("SELECT id FROM workers WHERE until > "+e.db.now).Scan(ctx, &holders); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	out := map[string]bool{}
	for _, h := range holders {
		id, _, _ := strings.Cut(h, "/")
		out[id] = true
	}
	_, err := e.db.NewRaw("DELETE FROM workers WHERE until < "+e.db.now+" - ?", time.Hour.Milliseconds()).Exec(ctx)
	return out, err
}
