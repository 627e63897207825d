package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A PageSeen is what is known of a page over all complete inspections.
type PageSeen struct {
	Site    string    `json:"site"`
	URL     string    `json:"url"`
	First   time.Time `json:"first_seen"`
	Last    time.Time `json:"last_seen"`
	Changed time.Time `json:"last_changed"` // when other bytes than before were seen first; at first, First
	Digest  string    `json:"digest"`       // of what was received last
	Rows    []RowSeen `json:"rows,omitempty"`
}

// A RowSeen is a row of a column that links a page.
type RowSeen struct {
	Column string    `json:"column"`
	Title  string    `json:"title"`
	Date   time.Time `json:"date,omitzero"` // that the list prints
	First  time.Time `json:"first_seen"`
	Last   time.Time `json:"last_seen"`
}

type pageSeenRow struct {
	bun.BaseModel `bun:"table:pages_seen,alias:ps"`

	Site        string `bun:",pk"`
	URL         string `bun:",pk"`
	FirstSeen   int64
	LastSeen    int64
	LastChanged int64
	Digest      string
}

type itemSeenRow struct {
	bun.BaseModel `bun:"table:items_seen,alias:it"`

	Site       string `bun:",pk"`
	ColumnName string `bun:",pk"`
	URL        string `bun:",pk"`
	Title      string
	FirstSeen  int64
	LastSeen   int64
	Date       int64
}

// What becomes of a row that is there: what is older, as from an import, only
// moves the beginning.
const (
	pageSeenAgain = `(site, url) DO UPDATE SET
		last_changed = CASE WHEN EXCLUDED.last_seen < ps.last_seen THEN ps.last_changed
			WHEN EXCLUDED.digest <> ps.digest THEN EXCLUDED.last_changed ELSE ps.last_changed END,
		digest = CASE WHEN EXCLUDED.last_seen < ps.last_seen THEN ps.digest ELSE EXCLUDED.digest END,
		first_seen = CASE WHEN EXCLUDED.first_seen < ps.first_seen THEN EXCLUDED.first_seen ELSE ps.first_seen END,
		last_seen = CASE WHEN EXCLUDED.last_seen > ps.last_seen THEN EXCLUDED.last_seen ELSE ps.last_seen END`
	itemSeenAgain = `(site, column_name, url) DO UPDATE SET
		title = CASE WHEN EXCLUDED.last_seen < it.last_seen THEN it.title ELSE EXCLUDED.title END,
		date = CASE WHEN EXCLUDED.last_seen < it.last_seen THEN it.date ELSE EXCLUDED.date END,
		first_seen = CASE WHEN EXCLUDED.first_seen < it.first_seen THEN EXCLUDED.first_seen ELSE it.first_seen END,
		last_seen = CASE WHEN EXCLUDED.last_seen > it.last_seen THEN EXCLUDED.last_seen ELSE it.last_seen END`
)

// sawPages adds the pages of a complete inspection to what is known of its
// site, in the database. Pages that failed or were cut say nothing of their
// bytes.
func sawPages(ctx context.Context, tx bun.Tx, id string) error {
	// Of a page that was recorded twice the last counts. IN, since SQLite plans
	// a join with the groups, or NOT EXISTS a later one, quadratic.
	_, err := tx.NewRaw(`INSERT INTO pages_seen AS ps (site, url, first_seen, last_seen, last_changed, digest)
		SELECT (SELECT site_id FROM inspections WHERE id = ?), e.url, e.fetched, e.fetched, e.fetched, e.digest
		FROM events e WHERE e.inspection = ? AND e.seq IN (SELECT MAX(seq) FROM events WHERE inspection = ? AND kind = 'page' GROUP BY url)
		AND e.digest <> '' AND e.fetched > 0 AND e.verdict IN (?, ?) AND NOT e.truncated
		ON CONFLICT `+pageSeenAgain, id, id, id, string(inspect.Fine), string(inspect.Information)).Exec(ctx)
	return err
}

// sawItems adds the newest rows of the columns of a complete inspection.
func sawItems(ctx context.Context, tx bun.Tx, in *inspect.Inspection) error {
	var rows []itemSeenRow
	seen := map[[2]string]bool{}
	for column, items := range in.Seen {
		for _, x := range items {
			if k := [2]string{column, x.URL}; x.URL != "" && !seen[k] {
				seen[k] = true
				at := nanos(in.Started)
				rows = append(rows, itemSeenRow{Site: in.Site.ID, ColumnName: clean(column), URL: clean(x.URL), Title: clean(x.Title), FirstSeen: at, LastSeen: at, Date: nanos(x.Date)})
			}
		}
	}
	slices.SortFunc(rows, func(a, b itemSeenRow) int { // two that finish at once wait for each other, in one order
		return cmp.Or(cmp.Compare(a.ColumnName, b.ColumnName), cmp.Compare(a.URL, b.URL))
	})
	for part := range slices.Chunk(rows, batchRows) {
		if _, err := tx.NewInsert().Model(&part).On("CONFLICT " + itemSeenAgain).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// PageHistory is what is known of a page, at each site that has it; site ""
// asks all sites.
func (s *Store) PageHistory(ctx context.Context, site, url string) ([]PageSeen, error) {
	sites := []string{site}
	if site == "" {
		if err := s.db.NewSelect().Model((*inspectionRow)(nil)).ColumnExpr("DISTINCT site_id").Order("site_id").Scan(ctx, &sites); err != nil {
			return nil, fmt.Errorf("history of %s: %w", url, hint(err, s.dir))
		}
	}
	var rows []pageSeenRow
	var items []itemSeenRow
	for part := range slices.Chunk(sites, batchRows) {
		var more []pageSeenRow
		if err := s.db.NewSelect().Model(&more).Where("site IN (?) AND url = ?", bun.List(part), clean(url)).Order("site").Scan(ctx); err != nil {
			return nil, fmt.Errorf("history of %s: %w", url, hint(err, s.dir))
		}
		rows = append(rows, more...)
	}
	if err := s.db.NewSelect().Model(&items).Where("url = ?", clean(url)).Order("site", "column_name").Scan(ctx); err != nil {
		return nil, fmt.Errorf("history of %s: %w", url, hint(err, s.dir))
	}
	out := make([]PageSeen, 0, len(rows))
	for _, r := range rows {
		p := PageSeen{Site: r.Site, URL: r.URL, First: fromNanos(r.FirstSeen), Last: fromNanos(r.LastSeen), Changed: fromNanos(r.LastChanged), Digest: r.Digest}
		for _, x := range items {
			if x.Site == r.Site {
				p.Rows = append(p.Rows, RowSeen{x.ColumnName, x.Title, fromNanos(x.Date), fromNanos(x.FirstSeen), fromNanos(x.LastSeen)})
			}
		}
		out = append(out, p)
	}
	return out, nil
}
