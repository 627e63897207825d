package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A Handler does one job. It may be called again for a job that it did before,
// after a crash: it must find out by itself, from what it left.
type Handler func(ctx context.Context, j *Job) error

// A Job is one thing that is due.
type Job struct {
	ID      int64
	Kind    Kind
	Target  string    // id of a site or account; empty for kinds without one
	Note    string    // what a person asked for: an address or a fingerprint
	Due     time.Time // when it was due; the same in every attempt
	Attempt int       // 1 at first
	Asked   bool      // by a person, whatever the timetable says

	engine *Engine
	epoch  int64
}

// Alive is nil as long as this process may act for the job. It asks nothing of
// the database, so that it can be called before every request to a site: a
// process that was frozen past its lease finds out before it does anything.
func (j *Job) Alive() error { return j.engine.alive(j.epoch) }

// A Config is what an engine is made of. Zero fields take the default that is
// named with them.
type Config struct {
	Dir      string // data directory; its jobs.db is the queue
	Database string // or a postgres:// address
	Handlers map[Kind]Handler
	Entries  []Entry // the timetable; of two lines for one target the later one holds
	Short    int     // short jobs at a time: probes, accounts, rechecks; 16
	Medium   int     // looks at parts of a site, and what keeps the house; 4
	Long     int     // whole sites at a time; 4

	Lease time.Duration // after which a silent process counts as dead; 30 s
	Tick  time.Duration // between two looks at the timetable; 5 s
	Stop  time.Duration // for jobs to end when the engine stops; 30 s

	Clock func() time.Time // of the timetable; time.Now
	Speed float64          // how much faster than time.Now it runs; 1
	Log   *slog.Logger     // nil: silent
	Watch Watcher          // nil: nobody watches
}

var quiet = slog.New(slog.DiscardHandler)

func (c Config) withDefaults() Config {
	def := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	def(&c.Lease, 30*time.Second)
	def(&c.Tick, 5*time.Second)
	def(&c.Stop, 30*time.Second)
	if c.Short == 0 {
		c.Short = 16
	}
	if c.Medium == 0 {
		c.Medium = 4
	}
	if c.Long == 0 {
		c.Long = 4
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Speed == 0 {
		c.Speed = 1
	}
	if c.Log == nil {
		c.Log = quiet
	}
	return c
}

// An Engine plans and runs jobs. Any number of processes may have one on the
// same database.
type Engine struct {
	cfg    Config
	db     *base
	client *river.Client[*sql.Tx]
	timers map[key]*Timer
	sizes  map[Kind]int // targets
	life

	mu        sync.Mutex
	owed      []claim                           // see release
	running   map[int64]context.CancelCauseFunc // by job id
	kinds     map[int64]Kind                    // of those
	succeeded map[Kind]time.Time                // what noteSuccesses has not written yet
	stopping  context.Context                   // done: the engine stops, what can go on later ends now
	stop      context.CancelFunc
	tasks     sync.WaitGroup // keepAlive, keepPlanning
}

type key struct {
	kind   Kind
	target string
}

// Errors by which a job ends before its time.
var (
	// ErrLost says that this process did not renew its lease in time: another
	// may have taken over.
	ErrLost = errors.New("the lease of this process ran out")
	// ErrStopped says that the engine stops.
	ErrStopped = errors.New("the engine stops")
)

// A Later is a handler's error that is none: the job is put off.
type Later struct {
	After time.Duration
	Why   string
}

func (l Later) Error() string { return "put off: " + l.Why }

// A Hopeless error is not tried again.
type Hopeless struct{ Err error }

func (h Hopeless) Error() string { return h.Err.Error() }
func (h Hopeless) Unwrap() error { return h.Err }

// New opens the queue. Without handlers it only serves what people ask of it.
func New(ctx context.Context, c Config) (*Engine, error) {
	c = c.withDefaults()
	e := &Engine{cfg: c, timers: map[key]*Timer{}, sizes: map[Kind]int{}, running: map[int64]context.CancelCauseFunc{},
		kinds: map[int64]Kind{}, succeeded: map[Kind]time.Time{}}
	var errs []error
	for _, x := range c.Entries {
		t, err := NewTimer(x)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if c.Handlers[x.Kind] == nil && c.Handlers != nil {
			errs = append(errs, fmt.Errorf("%s: no handler", x.Kind))
		}
		for _, target := range x.Targets {
			e.timers[key{x.Kind, target}] = t
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for k := range e.timers {
		e.sizes[k.kind]++
	}
	db, err := open(ctx, c.Dir, c.Database)
	if err != nil {
		return nil, err
	}
	e.db = db
	if e.client, err = river.NewClient(db.river, e.config()); err != nil {
		return nil, errors.Join(fmt.Errorf("job queue: %w", err), db.close())
	}
	e.stopping, e.stop = context.WithCancel(context.WithoutCancel(ctx))
	return e, nil
}

// config is River's: every process registers every kind, since the leader
// discards stuck jobs of kinds that it does not know.
func (e *Engine) config() *river.Config {
	c := &river.Config{ID: clientID(), Logger: e.cfg.Log, RetryPolicy: retry{}, MaxAttempts: maxAttempts,
		FetchCooldown: fetchCooldown, FetchPollInterval: max(fetchCooldown, time.Duration(float64(500*time.Millisecond)/e.cfg.Speed)),
		// Our leases rescue sooner; this is for jobs that their process forgot.
		JobTimeout: 9 * time.Minute, RescueStuckJobsAfter: 10 * time.Minute, SoftStopTimeout: e.cfg.Stop}
	e.life.client = c.ID
	if e.cfg.Handlers == nil {
		return c
	}
	c.Workers = river.NewWorkers()
	for _, k := range Kinds {
		river.AddWorkerArgs(c.Workers, args{kind: k}, river.Worker[args](&worker{e: e, kind: k}))
	}
	c.Queues = map[string]river.QueueConfig{short: {MaxWorkers: e.cfg.Short}, medium: {MaxWorkers: e.cfg.Medium}, long: {MaxWorkers: e.cfg.Long}}
	return c
}

// fetchCooldown is the least time between two looks into the queue: it bounds
// how many jobs a second are begun, and what an idle process costs.
const fetchCooldown = 20 * time.Millisecond

// clientID names this process among all that share the queue.
func clientID() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%.40s-%d-%08x", host, os.Getpid(), rand.Uint32())
}

// Start writes the timetable down and begins to plan and to work.
func (e *Engine) Start(ctx context.Context) error {
	if err := e.sync(ctx); err != nil {
		return fmt.Errorf("timetable: %w", err)
	}
	if err := e.beat(ctx); err != nil {
		return fmt.Errorf("lease: %w", err)
	}
	if err := e.client.Start(context.WithoutCancel(ctx)); err != nil {
		e.stop()
		return fmt.Errorf("job queue: %w", err)
	}
	e.tasks.Go(func() { e.keepAlive(e.client.Stopped()) })
	e.tasks.Go(e.keepPlanning)
	return nil
}

// Stop, of an engine that was started, ends what can go on later, waits for
// the rest as long as configured, and gives up the lease.
func (e *Engine) Stop(ctx context.Context) error {
	if e.stopping.Err() != nil {
		return nil
	}
	e.stop()
	e.mu.Lock()
	for _, cancel := range maps.Clone(e.running) {
		cancel(ErrStopped)
	}
	e.mu.Unlock()
	if err := e.client.Stop(ctx); err != nil {
		// A job that heeds nothing still runs: its site is free when the lease
		// has run out, not before.
		return fmt.Errorf("jobs did not end in time: %w", err)
	}
	e.tasks.Wait()
	return e.leave(ctx)
}

// Close closes the database.
func (e *Engine) Close() error {
	e.stop()
	return e.db.close()
}

// args are what River keeps of a job.
type args struct {
	kind   Kind
	Target string `json:"target" river:"unique"`
	Note   string `json:"note,omitempty" river:"unique"`
	Due    int64  `json:"due"` // ms
	Asked  bool   `json:"asked,omitempty"`
}

func (a args) Kind() string { return string(a.kind) }

// A worker runs the jobs of a kind.
type worker struct {
	river.WorkerDefaults[args]
	e    *Engine
	kind Kind
}

// Timeout is of one attempt; River's rescuer heeds it too.
func (w *worker) Timeout(*river.Job[args]) time.Duration {
	return traits[w.kind].limit
}

// Work runs one job, holding its site where the kind says so.
func (w *worker) Work(ctx context.Context, r *river.Job[args]) error {
	e := w.e
	j := &Job{ID: r.ID, Kind: w.kind, Target: r.Args.Target, Note: r.Args.Note, Due: time.UnixMilli(r.Args.Due).UTC(), Attempt: r.Attempt,
		Asked: r.Args.Asked, engine: e}
	ctx, ended := e.watch(ctx, j)
	err := e.do(ctx, j)
	ended(err)
	return e.outcome(ctx, j, err)
}

// do is one attempt at a job.
func (e *Engine) do(ctx context.Context, j *Job) error {
	if wait := e.shut(j); wait > 0 {
		return Later{After: wait, Why: "quiet hours or maintenance"}
	}
	ctx, done, err := e.enter(ctx, j)
	if err != nil {
		return err
	}
	defer done()
	defer e.endForMaintenance(j)()
	if traits[j.Kind].perSite {
		release, err := e.hold(ctx, "site:"+j.Target, j.epoch)
		if err != nil {
			return err
		}
		defer release()
	}
	do := e.cfg.Handlers[j.Kind]
	if do == nil {
		return Hopeless{fmt.Errorf("this program does no %s", j.Kind)}
	}
	err = do(ctx, j)
	if err != nil && context.Cause(ctx) != nil && !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		err = context.Cause(ctx)
	}
	return err
}

// shut is how long the timetable keeps a job from beginning: also one that was
// missed, put off, or taken over. What a person asks for begins at any time.
func (e *Engine) shut(j *Job) time.Duration {
	t := e.timers[key{j.Kind, j.Target}]
	if t == nil || j.Asked {
		return 0
	}
	return e.real(t.shut(e.cfg.Clock(), j.Target))
}

// endForMaintenance ends a job that can go on later when announced maintenance
// of its site begins.
func (e *Engine) endForMaintenance(j *Job) (stop func()) {
	t := e.timers[key{j.Kind, j.Target}]
	if t == nil || j.Asked || !traits[j.Kind].resumes {
		return func() {}
	}
	now := e.cfg.Clock()
	w, ok := t.maintenance(now, traits[j.Kind].limit)
	if !ok {
		return func() {}
	}
	timer := time.AfterFunc(e.real(w.From.Sub(now)), func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if end := e.running[j.ID]; end != nil {
			end(Later{After: e.real(w.To.Sub(w.From)), Why: "maintenance"})
		}
	})
	return func() { timer.Stop() }
}

// real is how long a time of the timetable's clock is.
func (e *Engine) real(d time.Duration) time.Duration {
	return time.Duration(float64(d) / e.cfg.Speed)
}

// enter notes that a job runs, so that it ends when the engine stops or the
// lease is lost.
func (e *Engine) enter(ctx context.Context, j *Job) (context.Context, func(), error) {
	if traits[j.Kind].resumes && e.stopping.Err() != nil {
		return ctx, nil, ErrStopped
	}
	var ok bool
	if j.epoch, ok = e.current(); !ok {
		return ctx, nil, ErrLost
	}
	ctx, cancel := context.WithCancelCause(ctx)
	e.mu.Lock()
	e.running[j.ID] = func(err error) {
		if !errors.Is(err, ErrStopped) || traits[j.Kind].resumes {
			cancel(err)
		}
	}
	e.kinds[j.ID] = j.Kind
	e.mu.Unlock()
	return ctx, func() {
		e.mu.Lock()
		delete(e.running, j.ID)
		delete(e.kinds, j.ID)
		e.mu.Unlock()
		cancel(nil)
	}, nil
}

// outcome tells River what a handler's error means.
func (e *Engine) outcome(ctx context.Context, j *Job, err error) error {
	var later Later
	errors.As(err, &later)
	switch e.ending(err) {
	case Done:
		return nil
	case Stopped:
		return river.JobSnooze(0) // no fault of the job: another takes it up at once
	case Put:
		return river.JobSnooze(later.After)
	case GivenUp:
		e.cfg.Log.WarnContext(ctx, "job given up", "job", j.ID, "kind", j.Kind, "target", j.Target, "error", err)
		return river.JobCancel(err)
	}
	e.cfg.Log.WarnContext(ctx, "job failed", "job", j.ID, "kind", j.Kind, "target", j.Target, "attempt", j.Attempt, "error", err)
	return err
}

// maxAttempts includes those that a killed process began.
const maxAttempts = 50

// retry waits a little longer every time: most of what makes a job fail is
// over in a minute, such as a database that starts again.
type retry struct{}

func (retry) NextRetry(r *rivertype.JobRow) time.Time {
	d := min(5*time.Second<<min(len(r.Errors), 10), 30*time.Minute)
	return time.Now().Add(d + rand.N(d/4))
}
