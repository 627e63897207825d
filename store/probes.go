package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A visitRow is a visit that the schedule made.
type visitRow struct {
	bun.BaseModel `bun:"table:probes,alias:p"`

	Site    string `bun:",pk"`
	At      int64  `bun:",pk"`
	Network string `bun:",pk"`
	URL     string
	Verdict string
	Cause   string
	Whole   int64
	Probe   string
}

// AddProbe keeps a visit. The same one twice is kept once.
func (s *Store) AddProbe(ctx context.Context, site string, p *inspect.Probe) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("probe of %s: %w", site, err)
	}
	row := &visitRow{Site: site, At: nanos(p.At), Network: p.Network, URL: clean(p.URL), Verdict: string(p.Verdict), Cause: string(p.Cause),
		Whole: int64(p.Whole), Probe: clean(string(raw))}
	if _, err := s.db.NewInsert().Model(row).On("CONFLICT (site, at, network) DO NOTHING").Exec(ctx); err != nil {
		return fmt.Errorf("probe of %s: %w", site, hint(err, s.dir))
	}
	return nil
}

// Probes are the visits to a site since a moment, oldest first.
func (s *Store) Probes(ctx context.Context, site string, since time.Time) ([]inspect.Probe, error) {
	var rows []visitRow
	if err := s.db.NewSelect().Model(&rows).Where("site = ? AND at >= ?", site, nanos(since)).Order("at").Scan(ctx); err != nil {
		return nil, fmt.Errorf("probes of %s: %w", site, hint(err, s.dir))
	}
	out := make([]inspect.Probe, len(rows))
	for i := range rows {
		if err := json.Unmarshal([]byte(rows[i].Probe), &out[i]); err != nil {
			return nil, fmt.Errorf("probe of %s: %w", site, err)
		}
	}
	return out, nil
}

// A Wave is how the last visits to many sites went.
type Wave struct {
	Sites  int            // visited
	Failed map[string]int // sites by cause, of those whose last visit did not succeed
}

// Wave looks at the last visit to every site since a moment.
func (s *Store) Wave(ctx context.Context, since time.Time) (*Wave, error) {
	var rows []struct{ Verdict, Cause string }
	err := s.db.NewRaw(`SELECT p.verdict, p.cause FROM probes p
		JOIN (SELECT site, MAX(at) AS at FROM probes WHERE at >= ? AND network = 'tcp' GROUP BY site) l ON l.site = p.site AND l.at = p.at
		WHERE p.network = 'tcp'`, nanos(since)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("probes: %w", hint(err, s.dir))
	}
	w := &Wave{Sites: len(rows), Failed: map[string]int{}}
	for _, r := range rows {
		if r.Verdict == string(inspect.Fault) || r.Verdict == string(inspect.CouldNotTell) { // what was taken back still belongs to the wave
			w.Failed[r.Cause]++
		}
	}
	return w, nil
}

// Retract makes the failed visits of a cause since a moment ones that could
// not be told: a wave over many hosts says more of our line, or of a host that
// they share, than of any site. It reports how many.
func (s *Store) Retract(ctx context.Context, cause inspect.Cause, since time.Time, why string) (int, error) {
	n := 0
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		var rows []visitRow
		if err := tx.NewSelect().Model(&rows).Where("at >= ? AND verdict = ? AND cause = ?", nanos(since), string(inspect.Fault), string(cause)).Scan(ctx); err != nil {
			return err
		}
		for i := range rows {
			var p inspect.Probe
			if err := json.Unmarshal([]byte(rows[i].Probe), &p); err != nil {
				return err
			}
			p.Verdict, p.Detail = inspect.CouldNotTell, why
			raw, err := json.Marshal(&p)
			if err != nil {
				return err
			}
			rows[i].Verdict, rows[i].Probe = string(p.Verdict), clean(string(raw))
			if _, err := tx.NewUpdate().Model(&rows[i]).Column("verdict", "probe").WherePK().Exec(ctx); err != nil {
				return err
			}
		}
		n = len(rows)
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("retract probes: %w", hint(err, s.dir))
	}
	return n, nil
}
