package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// ErrNoCase says that there is no case of a fingerprint, or none that may be seen.
var ErrNoCase = errors.New("没有这个问题")

// ErrChanged says that a case changed since whoever decides looked at it.
var ErrChanged = errors.New("问题的状态已有变化，请重新查看后再操作")

// A caseRow is a row of cases: what lists are chosen and sorted by, and all of
// it as JSON.
type caseRow struct {
	bun.BaseModel `bun:"table:cases,alias:k"`

	Fingerprint string `bun:",pk"`
	Site        string
	Kind        string
	Unit        string
	CheckID     string
	Severity    string
	Stage       string
	Since       int64
	FirstSeen   int64
	Due         int64 // of an order that is not done with
	Owed        int64 // likewise, while it asks something of its unit
	Until       int64 // of a waiver or a refutation in force
	OrderID     string
	Assignee    string
	Relapses    int
	Inspection  string
	Words       string
	Version     int64
	Body        string
	Pending     bool // a waiver waits for a second person
}

// A stepRow is a row of steps.
type stepRow struct {
	bun.BaseModel `bun:"table:steps,alias:t"`

	CaseID    string `bun:",pk"`
	N         int64  `bun:",pk"`
	At        int64
	Act       string
	FromStage string
	ToStage   string
	Person    string
	Body      string
	Told      bool
}

func caseOf(c *inspect.Case) (caseRow, error) {
	r := caseRow{Fingerprint: c.Fingerprint, Site: c.Site, Kind: string(c.Kind), Unit: c.Unit, CheckID: c.Check, Severity: string(c.Severity),
		Stage: string(c.Stage), Since: nanos(c.Since), FirstSeen: nanos(c.First), Assignee: c.Assignee, Relapses: c.Relapses, Inspection: c.Inspection, Version: c.Version,
		Words: strings.ToLower(clean(c.Message + "\n" + c.URL + "\n" + c.Locus))}
	if c.Order != nil {
		r.OrderID = c.Order.ID
		if c.Stage.Stands() {
			r.Due = nanos(c.Order.Due)
		}
		if c.Owes() {
			r.Owed = nanos(c.Order.Due)
		}
	}
	if c.Excusal != nil && (c.Stage == inspect.StageWaived || c.Stage == inspect.StageRefuted) {
		r.Until = nanos(c.Excusal.Until)
	}
	r.Pending = c.Excusal != nil && c.Excusal.Pending && c.Stage.Stands()
	body, err := json.Marshal(c)
	r.Body = clean(string(body))
	return r, err
}

func (r *caseRow) into() (c inspect.Case, err error) {
	if err = json.Unmarshal([]byte(r.Body), &c); err != nil {
		err = fmt.Errorf("case %s: %w", r.Fingerprint, err)
	}
	return c, err
}

func stepOf(s *inspect.Step) (stepRow, error) {
	body, err := json.Marshal(s)
	return stepRow{CaseID: s.Case, N: s.N, At: nanos(s.At), Act: string(s.Act), FromStage: string(s.From), ToStage: string(s.To),
		Person: s.By.ID, Body: clean(string(body))}, err
}

// Case is the case of a fingerprint, or [ErrNoCase].
func (s *Store) Case(ctx context.Context, fingerprint string) (*inspect.Case, error) {
	found, err := s.casesOf(ctx, s.db, []string{fingerprint}, false)
	if err != nil {
		return nil, err
	}
	c, ok := found[fingerprint]
	if !ok {
		return nil, ErrNoCase
	}
	return &c, nil
}

// CasesOf are the cases of some fingerprints, as far as there are any.
func (s *Store) CasesOf(ctx context.Context, fingerprints []string) (map[string]inspect.Case, error) {
	return s.casesOf(ctx, s.db, fingerprints, false)
}

// Steps is the history of a case, oldest first.
func (s *Store) Steps(ctx context.Context, fingerprint string) ([]inspect.Step, error) {
	var rows []stepRow
	if err := s.db.NewSelect().Model(&rows).Where("case_id = ?", fingerprint).Order("n").Scan(ctx); err != nil {
		return nil, fmt.Errorf("steps of %s: %w", fingerprint, hint(err, s.dir))
	}
	out := make([]inspect.Step, len(rows))
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Body), &out[i]); err != nil {
			return nil, fmt.Errorf("step %d of %s: %w", rows[i].N, fingerprint, err)
		}
	}
	return out, nil
}

// casesOf are the cases of fingerprints; with lock, nobody else changes them
// until the transaction ends. SQLite has one writer at a time.
func (s *Store) casesOf(ctx context.Context, db bun.IDB, prints []string, lock bool) (map[string]inspect.Case, error) {
	out := make(map[string]inspect.Case, len(prints))
	for part := range slices.Chunk(prints, batchRows) {
		var rows []caseRow
		q := db.NewSelect().Model(&rows).Where("fingerprint IN (?)", bun.List(part)).Order("fingerprint")
		if lock && s.postgres {
			q = q.For("UPDATE")
		}
		if err := q.Scan(ctx); err != nil {
			return nil, fmt.Errorf("cases: %w", hint(err, s.dir))
		}
		for i := range rows {
			c, err := rows[i].into()
			if err != nil {
				return nil, err
			}
			out[c.Fingerprint] = c
		}
	}
	return out, nil
}

// casesKey is the advisory lock between inspections of a site that end at once.
const casesKey = 0x786a6b

// observe moves the cases on that an inspection tells of.
func (s *Store) observe(ctx context.Context, tx bun.Tx, in *inspect.Inspection) ([]move, error) {
	var prints []string
	for print := range in.Sights {
		prints = append(prints, print)
	}
	if s.postgres && len(prints) > 0 { // of a case that is new there is no row to lock
		if _, err := tx.NewRaw("SELECT pg_advisory_xact_lock(?, hashtext(?))", casesKey, in.Site.ID).Exec(ctx); err != nil {
			return nil, err
		}
	}
	known, err := s.casesOf(ctx, tx, prints, true)
	if err != nil {
		return nil, err
	}
	var earlier, cases []caseRow
	var steps []stepRow
	var moves []move
	for print, sight := range in.Sights {
		before, ok := known[print]
		if !ok && sight.Finding == nil {
			continue // it was known before there were cases, and is gone
		}
		after, step, quiet := before.Observe(in, sight)
		row, err1 := caseOf(&after)
		if ok {
			was, err := caseOf(&before)
			earlier, err1 = append(earlier, was), errors.Join(err1, err)
		}
		cases = append(cases, row)
		if !quiet {
			t, err2 := stepOf(&step)
			err1 = errors.Join(err1, err2)
			steps, moves = append(steps, t), append(moves, move{step, after})
		}
		if err1 != nil {
			return nil, err1
		}
	}
	return moves, s.writeCases(ctx, tx, earlier, cases, steps)
}

// writeCases writes cases with their steps, and counts them where they are now;
// before is what they were.
func (s *Store) writeCases(ctx context.Context, tx bun.Tx, before, cases []caseRow, steps []stepRow) error {
	if err := recount(ctx, tx, before, cases); err != nil {
		return err
	}
	for part := range slices.Chunk(cases, batchRows) {
		if _, err := tx.NewInsert().Model(&part).On("CONFLICT (fingerprint) DO UPDATE").Set(caseAgain).Exec(ctx); err != nil {
			return fmt.Errorf("cases: %w", err)
		}
	}
	for part := range slices.Chunk(steps, batchRows) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return fmt.Errorf("steps: %w", err)
		}
	}
	return nil
}

// caseAgain is what a newer version of a case overwrites: all of it.
const caseAgain = "site = EXCLUDED.site, kind = EXCLUDED.kind, unit = EXCLUDED.unit, check_id = EXCLUDED.check_id, severity = EXCLUDED.severity, " +
	"stage = EXCLUDED.stage, since = EXCLUDED.since, first_seen = EXCLUDED.first_seen, due = EXCLUDED.due, owed = EXCLUDED.owed, until = EXCLUDED.until, " +
	"order_id = EXCLUDED.order_id, assignee = EXCLUDED.assignee, relapses = EXCLUDED.relapses, inspection = EXCLUDED.inspection, words = EXCLUDED.words, " +
	"version = EXCLUDED.version, body = EXCLUDED.body, pending = EXCLUDED.pending"

// A Decision is a step that a person takes on a case as he saw it.
type Decision struct {
	Case    string    // fingerprint
	Version int64     // that he saw; 0: whichever
	Order   string    // id of the order that this one case is in; "": the step's
	Until   time.Time // its last day; zero: the step's
}

// own is a step as it is taken on the case.
func (d *Decision) own(s inspect.Step) inspect.Step {
	if d.Order != "" {
		s.Order = d.Order
	}
	if !d.Until.IsZero() {
		s.Until = d.Until
	}
	return s
}

// Decide takes the same step on some cases, on all of them or on none, and
// enters it in the audit log. It is refused with an [*inspect.Refusal],
// [ErrNoCase], also when the person may not see a case, or [ErrChanged].
func (s *Store) Decide(ctx context.Context, step inspect.Step, t inspect.Terms, on ...Decision) ([]inspect.Case, error) {
	prints := make([]string, len(on))
	for i, d := range on {
		prints[i] = d.Case
	}
	slices.Sort(prints)
	var out []inspect.Case
	var moves []move
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		known, err := s.casesOf(ctx, tx, slices.Compact(prints), true)
		if err != nil {
			return err
		}
		out, moves = out[:0], moves[:0]
		var earlier, cases []caseRow
		var steps []stepRow
		for _, d := range on {
			before, ok := known[d.Case]
			switch {
			case !ok || !step.By.Reads(before.Unit):
				return ErrNoCase
			case d.Version != 0 && d.Version != before.Version:
				return ErrChanged
			}
			after, done, err := before.After(d.own(step), t)
			if err != nil {
				return err
			}
			known[d.Case] = after
			was, err0 := caseOf(&before)
			row, err1 := caseOf(&after)
			made, err2 := stepOf(&done)
			if err := errors.Join(err0, err1, err2); err != nil {
				return err
			}
			earlier = append(earlier, was)
			out, cases, steps, moves = append(out, after), append(cases, row), append(steps, made), append(moves, move{done, after})
			if step.By.Role != inspect.Program {
				if err := s.audit(ctx, tx, Entry{At: step.At, Person: step.By, Act: "case." + string(step.Act), Subject: d.Case, Body: done}); err != nil {
					return err
				}
			}
		}
		return s.writeCases(ctx, tx, earlier, cases, steps)
	})
	var refusal *inspect.Refusal
	if err != nil && !errors.As(err, &refusal) && !errors.Is(err, ErrNoCase) && !errors.Is(err, ErrChanged) {
		err = fmt.Errorf("decide: %w", hint(err, s.dir))
	}
	if err != nil {
		return nil, err
	}
	s.told(moves)
	return out, nil
}

// Expire ends the waivers and refutations whose last day has passed, and
// returns how many.
func (s *Store) Expire(ctx context.Context, now time.Time) (int, error) {
	var prints []string
	err := s.db.NewSelect().Model((*caseRow)(nil)).Column("fingerprint").Where("until <> 0 AND until < ?", nanos(inspect.Day(now))).Order("fingerprint").Scan(ctx, &prints)
	if err != nil {
		return 0, fmt.Errorf("expire: %w", hint(err, s.dir))
	}
	step := inspect.Step{Act: inspect.ActExpire, By: inspect.Person{Role: inspect.Program}, At: now.UTC()}
	for n, p := range prints {
		var refusal *inspect.Refusal
		if _, err := s.Decide(ctx, step, inspect.Terms{}, Decision{Case: p}); err != nil && !errors.As(err, &refusal) { // a person was quicker
			return n, err
		}
	}
	return len(prints), nil
}
