package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A Retention says for how many days things are kept: 0 is the default, -1 for ever.
type Retention struct {
	Probes              int // single visits; then they are rolled up
	Whole, Lists, Pages int // inspections of websites, by scope
	Accounts            int // inspections of accounts
	Verdicts            int // on other hosts' targets, since a site last linked them
	Incidents           int // since they ended
	Messages            int // that were sent or given up, and the alerts in them
}

// DefaultRetention: the whole of a site long enough for a year's bulletin, the
// rest as long as somebody may object; accounts, of which a province makes
// 5,000 inspections a day, for a quarter and that.
var DefaultRetention = Retention{Probes: 100, Whole: 400, Lists: 60, Pages: 60, Accounts: 150, Verdicts: 30, Incidents: 400, Messages: 400}

// A Pruned says what went.
type Pruned struct {
	Visits, Days    int // visits, rolled up to so many rows
	Inspections     int // with their events and findings
	Events          int64
	Bodies          int64
	BodyBytes       int64 // of bodies, as packed
	Packs           int
	PackBytes       int64 // of files that went: what the disk has back
	Verdicts, Turns int64
	Incidents       int64
	Messages        int64
}

const (
	pruneRows = 500            // of one transaction
	keepLast  = 2              // complete inspections of a site and scope that stay, however old
	packGrace = 24 * time.Hour // before a pack without bodies goes: an import may be about to name it
)

// Prune deletes what is older than its retention. It may run beside recorders
// and be stopped at any moment: each transaction is small and leaves the store
// whole. The last two complete inspections of each scope of a site stay, and
// those whose evidence a finding of another needs. During a backup or an
// import it does nothing more: [ErrHeld].
func (s *Store) Prune(ctx context.Context, keep Retention, now time.Time) (*Pruned, error) {
	p := &pruner{Store: s, now: now, out: &Pruned{}}
	keep = keep.orDefault()
	for _, step := range []func(context.Context, Retention) error{p.visits, p.inspections, p.packs, p.rest} {
		if err := errors.Join(ctx.Err(), held(ctx, s.db)); err != nil {
			return p.out, err
		}
		if err := step(ctx, keep); err != nil {
			return p.out, fmt.Errorf("prune: %w", hint(err, s.dir))
		}
	}
	if !s.postgres { // which looks after its own statistics
		if _, err := s.db.NewRaw("PRAGMA optimize").Exec(ctx); err != nil {
			return p.out, fmt.Errorf("prune: %w", hint(err, s.dir))
		}
	}
	return p.out, nil
}

func (r Retention) orDefault() Retention {
	d := DefaultRetention
	return Retention{cmp.Or(r.Probes, d.Probes), cmp.Or(r.Whole, d.Whole), cmp.Or(r.Lists, d.Lists), cmp.Or(r.Pages, d.Pages),
		cmp.Or(r.Accounts, d.Accounts), cmp.Or(r.Verdicts, d.Verdicts), cmp.Or(r.Incidents, d.Incidents), cmp.Or(r.Messages, d.Messages)}
}

func (r Retention) of(scope Scope, account bool) int {
	switch scope {
	case Whole:
		if account {
			return r.Accounts
		}
		return r.Whole
	case Lists:
		return r.Lists
	case Pages:
		return r.Pages
	}
	return -1 // what is not known is kept
}

type pruner struct {
	*Store
	now time.Time
	out *Pruned
}

// before is the moment before which things go; 0: nothing does.
func (p *pruner) before(days int) int64 {
	if days < 0 {
		return 0
	}
	return nanos(p.now.AddDate(0, 0, -days))
}

// inspections deletes those that are too old, once it is known which stay.
func (p *pruner) inspections(ctx context.Context, keep Retention) error {
	old, err := p.old(ctx, keep)
	if err != nil {
		return err
	}
	going := map[string]bool{}
	for _, id := range old {
		going[id] = true
	}
	// The newest first: one that stays may need one that is older.
	for _, id := range old {
		needed, err := p.needed(ctx, id, going)
		if err != nil {
			return err
		}
		if needed {
			delete(going, id)
		}
	}
	for _, id := range slices.Backward(old) {
		if going[id] {
			if err := p.inspection(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// old are the inspections past their age, newest first, but for the last
// complete ones of each site and scope, and those that prove a case which is
// still open.
func (p *pruner) old(ctx context.Context, keep Retention) (ids []string, err error) {
	var rows []struct {
		ID, SiteID, Scope string
		Started           int64
		Complete, Account bool
	}
	// A quote in a name is written otherwise in JSON.
	err = p.db.NewSelect().Model((*inspectionRow)(nil)).Column("id", "site_id", "scope", "started", "complete").
		ColumnExpr(`site LIKE '%"kind":"account"%' AS account`).OrderExpr("started DESC, id DESC").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	proofs, err := p.proofs(ctx)
	if err != nil {
		return nil, err
	}
	last := map[[2]string]int{}
	for i := range rows {
		r := &rows[i]
		if k := [2]string{r.SiteID, r.Scope}; r.Complete {
			if last[k]++; last[k] <= keepLast {
				continue
			}
		}
		if r.Started < p.before(keep.of(Scope(r.Scope), r.Account)) && !proofs[r.ID] {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// proofs are the inspections in which the evidence of open cases lies.
func (p *pruner) proofs(ctx context.Context) (map[string]bool, error) {
	var ids []string
	open := slices.DeleteFunc(slices.Clone(inspect.Stages), func(s inspect.Stage) bool { return !s.Open() })
	err := p.db.NewSelect().Model((*caseRow)(nil)).ColumnExpr("DISTINCT inspection").Where("stage IN (?)", bun.List(texts(open))).Scan(ctx, &ids)
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// needed reports whether a finding of an inspection that stays has its
// evidence here and not in its own inspection.
func (p *pruner) needed(ctx context.Context, id string, going map[string]bool) (bool, error) {
	var users []string
	err := p.db.NewRaw(`SELECT DISTINCT f.inspection FROM events e JOIN findings f ON f.digest = e.digest AND f.digest <> ''
		WHERE e.inspection = ? AND e.kept AND f.inspection <> e.inspection
		AND NOT EXISTS (SELECT 1 FROM events o WHERE o.inspection = f.inspection AND o.kind = 'page' AND o.url = e.url AND o.digest = f.digest)
		AND NOT EXISTS (SELECT 1 FROM events o WHERE o.inspection = f.inspection AND o.digest = f.digest)`, id).Scan(ctx, &users)
	return slices.ContainsFunc(users, func(u string) bool { return !going[u] }), err
}

// inspection deletes one. From the first transaction on it is no past of
// anything and nobody records it; one that was left half deleted goes next time.
func (p *pruner) inspection(ctx context.Context, id string) error {
	err := p.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return p.pruning(ctx, tx, func() error {
			_, err := tx.NewRaw("UPDATE inspections SET fence = fence + 1, complete = ?, done = ?, stopped = ? WHERE id = ?", false, true, "保存期已过，正在清理", id).Exec(ctx)
			return err
		})
	})
	for n := pruneRows; err == nil && n == pruneRows; {
		n, err = p.events(ctx, id)
	}
	if err != nil {
		return err
	}
	return p.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return p.pruning(ctx, tx, func() error {
			_, err := tx.NewDelete().Model((*inspectionRow)(nil)).Where("id = ?", id).Exec(ctx)
			p.out.Inspections++
			return err
		})
	})
}

// events deletes some events of an inspection, in the same transaction the
// bodies that no other event names, and says how many events there were.
func (p *pruner) events(ctx context.Context, id string) (n int, err error) {
	var gone []bodyRow
	err = p.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return p.pruning(ctx, tx, func() error {
			var rows []eventRow
			err := tx.NewRaw("DELETE FROM events WHERE inspection = ? AND seq IN (SELECT seq FROM events WHERE inspection = ? ORDER BY seq LIMIT ?) RETURNING kept, digest, body", id, id, pruneRows).Scan(ctx, &rows)
			if err != nil {
				return err
			}
			n = len(rows)
			named := map[string]bool{}
			for i := range rows {
				if rows[i].Kept {
					named[cmp.Or(rows[i].Body, rows[i].Digest)] = true
				}
			}
			gone, err = unnamed(ctx, tx, named)
			return err
		})
	})
	if err != nil {
		return 0, err
	}
	p.out.Events += int64(n)
	p.count(gone)
	return n, nil
}

func (p *pruner) count(gone []bodyRow) {
	p.out.Bodies += int64(len(gone))
	for i := range gone {
		p.out.BodyBytes += gone[i].Size
	}
}

// unnamed deletes those of some bodies that no event names any more.
func unnamed(ctx context.Context, tx bun.Tx, digests map[string]bool) (gone []bodyRow, err error) {
	all := make([]string, 0, len(digests))
	for d := range digests {
		all = append(all, d)
	}
	slices.Sort(all)
	for part := range slices.Chunk(all, batchRows) {
		var rows []bodyRow
		err := tx.NewRaw(`DELETE FROM bodies WHERE digest IN (?) AND NOT EXISTS (SELECT 1 FROM events e WHERE e.kept
			AND substr(CASE WHEN e.body <> '' THEN e.body ELSE e.digest END, 8, 16) = substr(bodies.digest, 8, 16)) RETURNING pack, size`, bun.List(part)).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		gone = append(gone, rows...)
	}
	return gone, nil
}

// packs deletes the files that hold no body any more and can hold none again:
// a recorder names only its own packs, and only until its inspection is
// complete or gone. The order matters: the files are listed before it is asked
// who still records.
func (p *pruner) packs(ctx context.Context, _ Retention) error {
	files, err := os.ReadDir(p.ev.dir)
	if err != nil {
		return err
	}
	var open []string
	if err := p.db.NewSelect().Model((*inspectionRow)(nil)).Column("id").Where("complete = ?", false).Scan(ctx, &open); err != nil {
		return err
	}
	recording := map[string]bool{}
	for _, id := range open {
		recording[packName(id)] = true
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(f.Name(), ".pack")
		if i := strings.LastIndexByte(name, '-'); !ok || i < 0 || recording[name[:i]] {
			continue
		}
		if err := p.pack(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// pack deletes the file of a pack if no body lies in it.
func (p *pruner) pack(ctx context.Context, f fs.DirEntry) error {
	info, err := f.Info()
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.ModTime().After(p.now.Add(-packGrace)) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := p.db.NewSelect().Model((*bodyRow)(nil)).Where("pack = ?", f.Name()).Limit(1).Count(ctx)
	if err != nil || n > 0 {
		return err
	}
	// A backup that began before the bodies went still reads the file; it is
	// looked for after they went.
	if err := errors.Join(ctx.Err(), held(ctx, p.db)); err != nil {
		return err
	}
	p.ev.forget(f.Name())
	if err := os.Remove(filepath.Join(p.ev.dir, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p.out.Packs++
	p.out.PackBytes += info.Size()
	return nil
}

// rest deletes what others than inspections left.
func (p *pruner) rest(ctx context.Context, keep Retention) error {
	for _, t := range []struct {
		n          *int64
		table, key string
		where      string
		before     int64
	}{
		{&p.out.Verdicts, "verdicts", "url", "wanted < ?", p.before(keep.Verdicts)},
		{&p.out.Turns, "turns", "host", "next < ?", p.before(1)}, // a turn that is past means nothing
		{&p.out.Incidents, "incidents", "id", "ended <> 0 AND ended < ?", p.before(keep.Incidents)},
		{&p.out.Messages, "messages", "id", "ended <> 0 AND ended < ?", p.before(keep.Messages)},
		{new(int64), "alerts", "id", "told <> 0 AND told < ?", p.before(keep.Messages)},
		{new(int64), "silences", "id", "until < ?", p.before(keep.Messages)},
		{new(int64), "holds", "id", "ends < ?", p.before(1)},
	} {
		for n := int64(pruneRows); n == pruneRows; {
			res, err := p.db.NewRaw("DELETE FROM ? WHERE ? IN (SELECT ? FROM ? WHERE "+t.where+" LIMIT ?)",
				bun.Ident(t.table), bun.Ident(t.key), bun.Ident(t.key), bun.Ident(t.table), t.before, pruneRows).Exec(ctx)
			if err != nil {
				return err
			}
			if n, err = res.RowsAffected(); err != nil {
				return err
			}
			*t.n += n
		}
	}
	return nil
}
