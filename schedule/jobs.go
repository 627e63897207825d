package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A Status is a job as people see it.
type Status struct {
	ID      int64     `json:"id"`
	Kind    Kind      `json:"kind"`
	Target  string    `json:"target,omitempty"`
	Note    string    `json:"note,omitempty"`
	State   string    `json:"state"`
	Due     time.Time `json:"due"`
	Start   time.Time `json:"scheduled"` // not before
	Begun   time.Time `json:"attempted,omitzero"`
	Ended   time.Time `json:"finalized,omitzero"`
	Attempt int       `json:"attempt"`
	Worker  string    `json:"worker,omitempty"`
	Error   string    `json:"error,omitempty"` // of the last attempt
}

// States are the words that List takes.
var States = []string{"available", "scheduled", "running", "retryable", "completed", "cancelled", "discarded"}

// List is the newest jobs, of some states and kinds or of all.
func (e *Engine) List(ctx context.Context, states []string, kinds []Kind, limit int) ([]Status, error) {
	p := river.NewJobListParams().OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(min(max(limit, 1), 10000))
	if len(states) > 0 {
		var in []rivertype.JobState
		for _, s := range states {
			in = append(in, rivertype.JobState(s))
		}
		p = p.States(in...)
	}
	if len(kinds) == 0 {
		kinds = Kinds
	}
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	list, err := e.client.JobList(ctx, p.Kinds(names...))
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	out := make([]Status, 0, len(list.Jobs))
	for _, r := range list.Jobs {
		s, err := status(r)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func status(r *rivertype.JobRow) (Status, error) {
	var a args
	if err := json.Unmarshal(r.EncodedArgs, &a); err != nil {
		return Status{}, fmt.Errorf("job %d: %w", r.ID, err)
	}
	s := Status{ID: r.ID, Kind: Kind(r.Kind), Target: a.Target, Note: a.Note, State: string(r.State), Due: time.UnixMilli(a.Due).UTC(),
		Start: r.ScheduledAt.UTC(), Attempt: r.Attempt}
	if r.AttemptedAt != nil {
		s.Begun = r.AttemptedAt.UTC()
	}
	if r.FinalizedAt != nil {
		s.Ended = r.FinalizedAt.UTC()
	}
	if n := len(r.AttemptedBy); n > 0 {
		s.Worker = r.AttemptedBy[n-1]
	}
	if n := len(r.Errors); n > 0 {
		s.Error = r.Errors[n-1].Error
	}
	return s, nil
}

// ErrNoJob says that there is no job of an id.
var ErrNoJob = errors.New("no such job")

// ErrDone says that a job did all that there was to do: another one is asked for.
var ErrDone = errors.New("the job is done")

// Retry makes a job that did not succeed available now.
func (e *Engine) Retry(ctx context.Context, id int64) (Status, error) {
	s, err := one(e.client.JobGet(ctx, id))
	if err == nil && s.State == string(rivertype.JobStateCompleted) {
		err = ErrDone
	}
	if err != nil {
		return s, err
	}
	return one(e.client.JobRetry(ctx, id))
}

// Cancel ends a job for good; one that runs is told to.
func (e *Engine) Cancel(ctx context.Context, id int64) (Status, error) {
	return one(e.client.JobCancel(ctx, id))
}

func one(r *rivertype.JobRow, err error) (Status, error) {
	if errors.Is(err, rivertype.ErrNotFound) {
		return Status{}, ErrNoJob
	}
	if err != nil {
		return Status{}, err
	}
	return status(r)
}

// Ask enqueues a job for now. When the same one waits or runs already, that is
// returned and asked is false; one that was put off need not wait any longer.
func (e *Engine) Ask(ctx context.Context, k Kind, target, note string) (s Status, asked bool, err error) {
	if !k.Known() {
		return Status{}, false, fmt.Errorf("unknown kind of job %q", k)
	}
	res, err := e.client.Insert(ctx, args{kind: k, Target: target, Note: note, Due: e.cfg.Clock().UnixMilli(), Asked: true}, options(k))
	if err != nil {
		return Status{}, false, fmt.Errorf("ask for %s: %w", k, err)
	}
	if was := res.Job.State; res.UniqueSkippedAsDuplicate && (was == rivertype.JobStateScheduled || was == rivertype.JobStateRetryable) {
		s, err = one(e.client.JobRetry(ctx, res.Job.ID))
		return s, false, err
	}
	s, err = status(res.Job)
	return s, !res.UniqueSkippedAsDuplicate, err
}

// A Line is a target's place in the timetable.
type Line struct {
	Kind   Kind      `json:"kind"`
	Target string    `json:"target,omitempty"`
	Next   time.Time `json:"next_due"`
	Last   time.Time `json:"last_due,omitzero"`
}

// Timetable is what will be due, soonest first.
func (e *Engine) Timetable(ctx context.Context, limit int) ([]Line, error) {
	var rows []row
	if err := e.db.NewRaw("SELECT kind, target, spec, next_due, last_due FROM timetable ORDER BY next_due, kind, target LIMIT ?", limit).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("timetable: %w", err)
	}
	out := make([]Line, 0, len(rows))
	for _, r := range rows {
		l := Line{Kind: r.Kind, Target: r.Target, Next: time.UnixMilli(r.NextDue).UTC()}
		if r.LastDue > 0 {
			l.Last = time.UnixMilli(r.LastDue).UTC()
		}
		out = append(out, l)
	}
	return out, nil
}

// Ready reports whether this process can take jobs: its lease holds.
func (e *Engine) Ready() error {
	if _, ok := e.current(); !ok {
		return ErrLost
	}
	return nil
}
