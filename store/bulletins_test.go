package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

func file(text string) []inspect.BulletinFile {
	return []inspect.BulletinFile{{Name: "通报.json", Data: []byte(text)}, {Name: "通报.docx", Data: []byte("PK" + text)}}
}

// A bulletin is drafted again until it is locked; objections are heard while
// its window is open and settled before it is locked; then it never changes,
// and what follows is a correction.
func TestBulletinLife(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, dir, database string) {
		ctx := context.Background()
		s := open(t, dir, database)
		want := func(what string, got, want error) {
			t.Helper()
			if !errors.Is(got, want) || want == nil && got != nil {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		draft := func(text string) inspect.Bulletin {
			t.Helper()
			b, err := s.Draft(ctx, inspect.Bulletin{Kind: "notice", Period: "2026-10", Made: t0}, file(text))
			want("draft", err, nil)
			return b
		}
		b := draft("一")
		want("lock a draft", s.Lock(ctx, b.ID, "1号", file("x"), chief, t0), ErrNotPreview)
		_, err := s.Object(ctx, inspect.Objection{Bulletin: b.ID, Unit: "教育局", By: school, At: t0, Why: "早"})
		want("object to a draft", err, ErrNotOpen)
		closes := t0.Add(72 * time.Hour)
		want("preview", s.Preview(ctx, b.ID, closes, chief, t0), nil)
		if again := draft("二"); again.ID != b.ID || again.State != inspect.Previewed || !again.Closes.Equal(closes) {
			t.Errorf("drafted again: %+v", again)
		}
		o, err := s.Object(ctx, inspect.Objection{Bulletin: b.ID, Case: "f00", Unit: "教育局", By: school, At: t0.Add(time.Hour), Why: "已经整改"})
		want("object", err, nil)
		_, err = s.Object(ctx, inspect.Objection{Bulletin: b.ID, Unit: "教育局", By: school, At: closes.Add(time.Second), Why: "晚"})
		want("object late", err, ErrNotOpen)
		want("lock early", s.Lock(ctx, b.ID, "1号", file("x"), chief, t0.Add(time.Hour)), ErrWindow)
		want("lock with an open objection", s.Lock(ctx, b.ID, "1号", file("x"), chief, closes), ErrUnsettled)
		_, err = s.SettleObjection(ctx, b.ID, o.N, true, "属实", chief, closes)
		want("settle", err, nil)
		_, err = s.SettleObjection(ctx, b.ID, o.N, false, "再议", chief, closes)
		want("settle twice", err, ErrNoObjection)
		want("lock", s.Lock(ctx, b.ID, "1号", file("终"), chief, closes), nil)

		want("lock twice", s.Lock(ctx, b.ID, "2号", file("改"), chief, closes), ErrLocked)
		want("preview what is locked", s.Preview(ctx, b.ID, closes, chief, closes), ErrLocked)
		for _, q := range []string{"UPDATE bulletins SET number = '9号'", "DELETE FROM bulletins", "UPDATE bulletin_files SET name = name || 'x'", "DELETE FROM bulletin_files"} {
			if _, err := s.db.ExecContext(ctx, q); err == nil {
				t.Errorf("%s: what is locked was changed", q)
			}
		}
		got, files, said, err := s.Bulletin(ctx, b.ID)
		want("read", err, nil)
		if got.State != inspect.Locked || got.Number != "1号" || got.Digest != filesDigest(files) || files[0].Digest != digestOf([]byte("PK终")) || len(files) != 2 || len(said) != 1 || !said[0].Upheld || said[0].Judge.ID != "li" {
			t.Errorf("%+v %+v %+v", got, files, said)
		}
		data, err := s.BulletinFile(ctx, b.ID, "通报.json")
		want("file", err, nil)
		if string(data) != "终" {
			t.Errorf("file %q", data)
		}
		const more = "INSERT INTO bulletin_files (bulletin, name, digest, data) VALUES ('notice-2026-10', '加.txt', 'x', '')"
		if _, err := s.db.ExecContext(ctx, more); err != nil {
			t.Error(err)
		}
		_, _, _, err = s.Bulletin(ctx, b.ID)
		want("a file was added to what is locked", err, ErrDamaged)
		next := draft("更正")
		if next.ID == b.ID || next.Issue != 2 || next.Corrects != b.ID || next.State != inspect.Drafted {
			t.Errorf("correction %+v", next)
		}
		want("preview the correction", s.Preview(ctx, next.ID, closes, chief, closes), nil)
		want("a number twice", s.Lock(ctx, next.ID, "1号", file("更正"), chief, closes), ErrNumberTaken)
		_, _, _, err = s.Bulletin(ctx, "none")
		want("none", err, ErrNoBulletin)
		if all, err := s.Bulletins(ctx, 9); err != nil || len(all) != 2 {
			t.Errorf("%v %v", all, err)
		}
		if bad, err := s.VerifyAudit(ctx); bad != 0 || err != nil {
			t.Errorf("audit log: entry %d, %v", bad, err)
		}
	})
}
