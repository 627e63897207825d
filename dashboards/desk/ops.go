package desk

import (
	"context"
	"encoding/json"

	"github.com/xunjian/xunjian/inspect"
)

// Jobs are the newest jobs, of some states or of all.
func (d *Desk) Jobs(ctx context.Context, who *inspect.Person, states []string, limit int) ([]Job, error) {
	if err := is(who, inspect.Operations, inspect.Admin, inspect.Auditor); err != nil {
		return nil, err
	}
	return d.Queue.Jobs(ctx, states, limit)
}

// Troubles are the newest incidents of our own, open ones first.
func (d *Desk) Troubles(ctx context.Context, who *inspect.Person, limit int) ([]Incident, error) {
	if err := is(who, inspect.Operations, inspect.Admin, inspect.Auditor, inspect.Supervisor); err != nil {
		return nil, err
	}
	return d.Rounds.Incidents(ctx, limit)
}

// Retry makes a job available now.
func (d *Desk) Retry(ctx context.Context, who *inspect.Person, id int64) error {
	return d.job(ctx, who, "job.retry", id, d.Queue.Retry)
}

// Cancel ends a job for good.
func (d *Desk) Cancel(ctx context.Context, who *inspect.Person, id int64) error {
	return d.job(ctx, who, "job.cancel", id, d.Queue.Cancel)
}

func (d *Desk) job(ctx context.Context, who *inspect.Person, act string, id int64, do func(context.Context, int64) error) error {
	if err := is(who, inspect.Operations); err != nil {
		return err
	}
	if err := do(ctx, id); err != nil {
		return err
	}
	return d.People.Audit(ctx, d.entry(who, act, "", id))
}

// AuditLog are entries before a number, newest first; before 0: the newest.
func (d *Desk) AuditLog(ctx context.Context, who *inspect.Person, subject string, before int64, limit int) ([]Entry, error) {
	if err := is(who, inspect.Auditor, inspect.Supervisor); err != nil {
		return nil, err
	}
	return d.People.AuditLog(ctx, subject, before, limit)
}

// VerifyAudit is the number of the first entry of the log that was altered; 0 if
// there is none.
func (d *Desk) VerifyAudit(ctx context.Context, who *inspect.Person) (int64, error) {
	if err := is(who, inspect.Auditor, inspect.Supervisor); err != nil {
		return 0, err
	}
	return d.People.VerifyAudit(ctx)
}

// Text is the body of an entry as people read it.
func (e Entry) Text() string {
	raw, ok := e.Body.(json.RawMessage)
	if !ok || string(raw) == "null" {
		return ""
	}
	return string(raw)
}
