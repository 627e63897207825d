package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"github.com/xunjian/xunjian/inspect"
)

// An Entry is what a person did, as the audit log keeps it.
type Entry struct {
	Seq     int64          `json:"seq"`
	At      time.Time      `json:"at"`
	Person  inspect.Person `json:"person"`
	Act     string         `json:"act"`     // case.order, login, user.add …
	Subject string         `json:"subject"` // fingerprint, login name, …
	Body    any            `json:"body"`    // of an entry that was read: json.RawMessage
	Hash    string         `json:"hash"`    // over the entry and the hash before it
}

type auditRow struct {
	bun.BaseModel `bun:"table:audit,alias:u"`

	Seq     int64 `bun:",pk"`
	At      int64
	Person  string // as JSON
	Act     string
	Subject string
	Body    string
	Hash    string
}

func (r *auditRow) sum(before string) string {
	h := sha256.New()
	for _, field := range []string{before, strconv.FormatInt(r.Seq, 10), strconv.FormatInt(r.At, 10), r.Person, r.Act, r.Subject, r.Body} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// auditKey is the advisory lock between who adds to the log: each entry holds
// the hash of the one before.
const auditKey = 0x78756e6a69616f

// Audit adds an entry to the log.
func (s *Store) Audit(ctx context.Context, e Entry) error {
	err := s.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error { return s.audit(ctx, tx, e) })
	if err != nil {
		return fmt.Errorf("audit: %w", hint(err, s.dir))
	}
	return nil
}

// audit adds an entry as part of what the transaction does.
func (s *Store) audit(ctx context.Context, tx bun.Tx, e Entry) error {
	if s.postgres {
		if _, err := tx.NewRaw("SELECT pg_advisory_xact_lock(?)", auditKey).Exec(ctx); err != nil {
			return err
		}
	}
	var last auditRow
	err := tx.NewSelect().Model(&last).Order("seq DESC").Limit(1).Scan(ctx)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	person, err1 := json.Marshal(e.Person)
	body, err2 := json.Marshal(e.Body)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	row := auditRow{Seq: last.Seq + 1, At: nanos(e.At), Person: clean(string(person)), Act: e.Act, Subject: clean(e.Subject), Body: clean(string(body))}
	row.Hash = row.sum(last.Hash)
	_, err = tx.NewInsert().Model(&row).Exec(ctx)
	return err
}

// AuditLog are entries before a number, newest first; before 0: the newest.
// With a subject, only those of it.
func (s *Store) AuditLog(ctx context.Context, subject string, before int64, limit int) ([]Entry, error) {
	var rows []auditRow
	q := s.db.NewSelect().Model(&rows).Order("seq DESC").Limit(int64(limit))
	if subject != "" {
		q = q.Where("subject = ?", subject)
	}
	if before > 0 {
		q = q.Where("seq < ?", before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, fmt.Errorf("audit log: %w", hint(err, s.dir))
	}
	out := make([]Entry, len(rows))
	for i, r := range rows {
		out[i] = Entry{Seq: r.Seq, At: fromNanos(r.At), Act: r.Act, Subject: r.Subject, Body: json.RawMessage(r.Body), Hash: r.Hash}
		if err := json.Unmarshal([]byte(r.Person), &out[i].Person); err != nil {
			return nil, fmt.Errorf("audit entry %d: %w", r.Seq, err)
		}
	}
	return out, nil
}

// VerifyAudit reads the whole log and returns the number of the first entry
// that was altered, or behind which something was taken out; 0 if there is none.
func (s *Store) VerifyAudit(ctx context.Context) (int64, error) {
	var before string
	var seq int64
	for {
		var rows []auditRow
		if err := s.db.NewSelect().Model(&rows).Where("seq > ?", seq).Order("seq").Limit(batchRows).Scan(ctx); err != nil {
			return 0, fmt.Errorf("audit log: %w", hint(err, s.dir))
		}
		for i := range rows {
			if rows[i].Seq != seq+1 || rows[i].sum(before) != rows[i].Hash {
				return rows[i].Seq, nil
			}
			seq, before = rows[i].Seq, rows[i].Hash
		}
		if len(rows) < batchRows {
			return 0, nil
		}
	}
}
