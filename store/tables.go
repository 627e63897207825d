package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/uptrace/bun"
)

// A table is one that an archive holds beside inspections and bodies.
type table struct {
	name   string
	ofSite bool // an export holds it too
	own    bool // of this installation: a restore brings it back, an import never does
	dump   func(context.Context, *dumper, where) error
	load   func(context.Context, bun.IDB, []byte) error
}

// tables is the list; one more is one line. Bodies and inspections with their
// events and findings go their own way; notArchived says what stays behind.
var tables = []table{
	portable[depositRow]("deposits", false, "id", "(id) DO NOTHING"),
	portable[visitRow]("probes", false, "site, at, network", "(site, at, network) DO NOTHING"),
	portable[probeDayRow]("probe_days", false, "site, day, network", "(site, day, network) DO NOTHING"),
	portable[incidentRow]("incidents", false, "id", "(id) DO NOTHING"),
	portable[verdictRow]("verdicts", false, "url", "(url) DO NOTHING"),
	portable[pageSeenRow]("pages_seen", true, "site, url", pageSeenAgain),
	portable[itemSeenRow]("items_seen", true, "site, column_name, url", itemSeenAgain),
	portable[caseRow]("cases", false, "fingerprint", "(fingerprint) DO NOTHING"),
	portable[stepRow]("steps", false, "case_id, n", "(case_id, n) DO NOTHING"),
	own(portable[auditRow]("audit", false, "seq", "(seq) DO NOTHING")),
	own(portable[userRow]("users", false, "login", "(login) DO NOTHING")),
	own(portable[tokenRow]("tokens", false, "id", "(id) DO NOTHING")),
	portable[bulletinRow]("bulletins", false, "id", "(id) DO NOTHING"),
	portable[bulletinFileRow]("bulletin_files", false, "bulletin, name", "(bulletin, name) DO NOTHING"),
	portable[objectionRow]("objections", false, "bulletin, n", "(bulletin, n) DO NOTHING"),
	portable[alertRow]("alerts", false, "id", "(id) DO NOTHING"),
	portable[messageRow]("messages", false, "id", "(id) DO NOTHING"),
	portable[silenceRow]("silences", false, "id", "(id) DO NOTHING"),
}

// notArchived are tables that mean nothing elsewhere or later: readings hold for
// one build of the program and are made again, as the tally is; who is logged in logs in anew, and a program asks anew.
var notArchived = []string{"turns", "holds", "readings", "tally", "sessions", "attempts", "answers", "goose_db_version"}

// portable is a table whose rows are of a type; onConflict says what becomes of
// a row that is there already.
func portable[T any](name string, ofSite bool, order, onConflict string) table {
	return table{name: name, ofSite: ofSite,
		dump: func(ctx context.Context, d *dumper, w where) error {
			return dump[T](ctx, d, "tables/"+name, order, w)
		},
		load: func(ctx context.Context, db bun.IDB, data []byte) error { return load[T](ctx, db, data, onConflict) },
	}
}

// own marks a table that no archive from elsewhere may write: whoever made one
// would say who logs in here.
func own(t table) table {
	t.own = true
	return t
}

// load inserts rows that are JSON lines.
func load[T any](ctx context.Context, db bun.IDB, data []byte, onConflict string) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	for {
		rows := make([]T, 0, batchRows)
		var end error
		for len(rows) < batchRows && end == nil {
			var row T
			if end = dec.Decode(&row); end == nil {
				rows = append(rows, row)
			}
		}
		if end != nil && !errors.Is(end, io.EOF) {
			return fmt.Errorf("%w：行有误，或由更新的版本写成：%w", ErrArchive, end)
		}
		if len(rows) > 0 {
			q := db.NewInsert().Model(&rows)
			if onConflict != "" {
				q = q.On("CONFLICT " + onConflict)
			}
			if _, err := q.Exec(ctx); err != nil {
				return err
			}
		}
		if end != nil {
			return nil
		}
	}
}

// tableOf is the table of a name, or nil.
func tableOf(name string) *table {
	for i := range tables {
		if tables[i].name == name {
			return &tables[i]
		}
	}
	return nil
}

func toLine(row any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(row)
	return buf.Bytes(), err
}
