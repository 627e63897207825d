package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// Finish writes what is left of the events, then findings, clocks, grade and
// counts, and marks the inspection done.
func (r *Recorder) Finish(ctx context.Context, in *inspect.Inspection) error {
	if err := r.start(ctx); err != nil {
		return err
	}
	if err := r.stop(); err != nil {
		return err
	}
	if err := r.finish(ctx, in); err != nil {
		return fmt.Errorf("finish %s: %w", r.id, hint(err, r.s.dir))
	}
	return nil
}

// finish writes the result in one transaction; an earlier one, of a run that
// was stopped, gives way.
func (r *Recorder) finish(ctx context.Context, in *inspect.Inspection) error {
	s, id := r.s, r.id
	row := &inspectionRow{ID: id, Finished: nanos(in.Finished), Done: true, Complete: in.Complete, Stopped: clean(in.Stopped), Verdict: string(in.Grade.Verdict)}
	if in.Rules != nil {
		row.RulebookID, row.RulebookVersion, row.RulebookDigest = in.Rules.ID, in.Rules.Version, in.Rules.Digest
	}
	counts, err1 := json.Marshal(in.Counts)
	grade, err2 := gradeJSON(in.Grade)
	clocks, err3 := json.Marshal(in.Clocks)
	seen, err4 := json.Marshal(in.Seen)
	past, err5 := json.Marshal(in.Past)
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return err
	}
	row.Past = clean(string(past))
	row.Counts, row.Grade, row.Clocks, row.Seen = string(counts), string(grade), string(clocks), clean(string(seen))
	rows := make([]findingRow, 0, len(in.Findings))
	for i := range in.Findings {
		f, err := findingOf(id, i, &in.Findings[i])
		if err != nil {
			return err
		}
		rows = append(rows, f)
	}
	columns := []string{"finished", "done", "complete", "stopped", "verdict", "counts", "grade", "clocks", "seen", "past"}
	if in.Rules != nil {
		columns = append(columns, "rulebook_version")
	}
	var moves []move
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := r.hold(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*findingRow)(nil)).Where("inspection = ?", id).Exec(ctx); err != nil {
			return err
		}
		for part := range slices.Chunk(rows, batchRows) {
			if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
				return err
			}
		}
		if in.Complete {
			var err error
			if moves, err = s.observe(ctx, tx, in); err != nil {
				return err
			}
			if err := errors.Join(sawPages(ctx, tx, id), sawItems(ctx, tx, in)); err != nil {
				return err
			}
		}
		if in.Complete && r.whole != "" {
			if err := r.forgetReadings(ctx, tx, r.whole); err != nil {
				return err
			}
		}
		_, err := tx.NewUpdate().Model(row).Column(columns...).WherePK().Exec(ctx)
		return err
	})
	if err == nil {
		s.told(moves)
	}
	return err
}
