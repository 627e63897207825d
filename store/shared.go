package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// A verdictRow is what the last look at a target on another host told. What is
// told of the host as a whole, such as a name that does not exist, stands
// under the host itself, so that its links need not be asked one by one.
type verdictRow struct {
	bun.BaseModel `bun:"table:verdicts,alias:v"`

	URL    string `bun:",pk"`
	Host   string
	At     int64
	Wanted int64 // when a site last linked it
	Target string
}

// hostKey is the key of what is told of a whole host; no URL looks like it. The
// scheme is part of it: what refuses https may well serve http.
func hostKey(u string) string {
	scheme, _, _ := strings.Cut(u, "://")
	return "host " + scheme + "://" + inspect.Host(u)
}

// Verdict is what was told of a target, or of its host, since a moment; nil if nothing.
func (s *Store) Verdict(ctx context.Context, u string, since time.Time) (*inspect.Target, error) {
	var rows []verdictRow
	if err := s.db.NewSelect().Model(&rows).Where("url IN (?, ?) AND at >= ?", u, hostKey(u), nanos(since)).Order("at").Scan(ctx); err != nil {
		return nil, fmt.Errorf("verdict of %s: %w", u, hint(err, s.dir))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	t := &inspect.Target{}
	if err := json.Unmarshal([]byte(rows[len(rows)-1].Target), t); err != nil {
		return nil, fmt.Errorf("verdict of %s: %w", u, err)
	}
	t.URL = u
	return t, nil
}

// Share keeps what was told of a target, for other sites that link it; host
// says that it holds for every target of the same scheme and host.
func (s *Store) Share(ctx context.Context, t *inspect.Target, host bool) error {
	c := *t
	c.Header = nil
	rows := []verdictRow{{URL: clean(t.URL), Host: inspect.Host(t.URL), At: nanos(t.Fetched), Wanted: nanos(t.Fetched)}}
	if host {
		rows = append(rows, verdictRow{URL: hostKey(t.URL), Host: inspect.Host(t.URL), At: nanos(t.Fetched), Wanted: nanos(t.Fetched)})
	}
	raw, err := json.Marshal(&c)
	if err != nil {
		return fmt.Errorf("verdict of %s: %w", t.URL, err)
	}
	for i := range rows {
		rows[i].Target = clean(string(raw))
	}
	if _, err := s.db.NewInsert().Model(&rows).On("CONFLICT (url) DO UPDATE SET at = EXCLUDED.at, wanted = EXCLUDED.wanted, target = EXCLUDED.target").Exec(ctx); err != nil {
		return fmt.Errorf("verdict of %s: %w", t.URL, hint(err, s.dir))
	}
	return nil
}

// Want notes that a target whose verdict was taken from here is still linked.
func (s *Store) Want(ctx context.Context, u string, now time.Time) error {
	_, err := s.db.NewUpdate().Model((*verdictRow)(nil)).Set("wanted = ?", nanos(now)).Where("url = ? AND wanted < ?", u, nanos(now.Add(-time.Hour))).Exec(ctx)
	if err != nil {
		return fmt.Errorf("verdict of %s: %w", u, hint(err, s.dir))
	}
	return nil
}

// Stale are the targets that some site linked lately and that were last asked
// before a moment.
func (s *Store) Stale(ctx context.Context, before, wanted time.Time, limit int) (out []string, err error) {
	err = s.db.NewSelect().Model((*verdictRow)(nil)).Column("url").Where("at < ? AND wanted >= ? AND url NOT LIKE 'host %'", nanos(before), nanos(wanted)).
		Order("at", "url").Limit(int64(limit)).Scan(ctx, &out)
	if err != nil {
		return nil, fmt.Errorf("verdicts: %w", hint(err, s.dir))
	}
	return out, nil
}

// Turn takes the next place in the line for a host that all processes share,
// one every interval, and says how long it is until then.
func (s *Store) Turn(ctx context.Context, host string, interval time.Duration) (time.Duration, error) {
	now := time.Now()
	var next int64
	greatest := "MAX"
	if s.postgres {
		greatest = "GREATEST"
	}
	err := s.db.NewRaw("INSERT INTO turns (host, next) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET next = "+greatest+"(turns.next, ?) + ? RETURNING next",
		host, now.Add(interval).UnixNano(), now.UnixNano(), interval.Nanoseconds()).Scan(ctx, &next)
	if err != nil {
		return 0, fmt.Errorf("turn at %s: %w", host, hint(err, s.dir))
	}
	return max(0, time.Unix(0, next).Add(-interval).Sub(now)), nil
}
