package store

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

func noted(act, subject string) Entry {
	return Entry{At: t0, Person: chief, Act: act, Subject: subject}
}

func TestUsersAndSessions(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		u := &inspect.User{Person: school, Hash: "h1", Language: "en", Created: t0}
		if err := s.AddUser(ctx, u, noted("user.add", "zhao")); err != nil {
			t.Fatal(err)
		}
		if err := s.AddUser(ctx, u, noted("user.add", "zhao")); !errors.Is(err, ErrKnown) {
			t.Errorf("added twice: %v", err)
		}
		got, err := s.User(ctx, "zhao")
		if diff := cmp.Diff(u, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if got, err := s.User(ctx, "zh\x00ao"); got != nil || err != nil {
			t.Errorf("nobody = %v, %v", got, err)
		}
		for _, hash := range []string{"s1", "s2"} {
			x := &inspect.Session{Hash: hash, User: "zhao", Created: t0, Seen: t0, Expires: t0.Add(time.Hour), Address: "127.0.0.1", Agent: "浏览器\xff"}
			if err := s.BeginSession(ctx, x, noted("login", "zhao")); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.TouchSession(ctx, "s1", t0.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		all, err := s.Sessions(ctx, "zhao")
		if err != nil || len(all) != 2 || all[0].Hash != "s1" || !all[0].Seen.Equal(t0.Add(time.Minute)) {
			t.Errorf("%+v, %v", all, err)
		}
		if err := s.EndSession(ctx, "s2", "", noted("logout", "zhao")); err != nil {
			t.Fatal(err)
		}
		u.Name = "赵老师"
		if err := s.ChangeUser(ctx, u, noted("user.change", "zhao")); err != nil {
			t.Fatal(err)
		}
		if x, who, err := s.Session(ctx, "s1"); x == nil || who.Name != "赵老师" || err != nil {
			t.Errorf("another name ended the session: %v, %v", x, err)
		}
		u.Disabled = true
		if err := s.ChangeUser(ctx, u, noted("user.change", "zhao")); err != nil {
			t.Fatal(err)
		}
		if x, _, err := s.Session(ctx, "s1"); x != nil || err != nil {
			t.Errorf("who is disabled is still logged in: %v, %v", x, err)
		}
		if err := s.ChangeUser(ctx, &inspect.User{Person: chief}, noted("user.change", "li")); err == nil {
			t.Error("a user was changed that is not there")
		}
		if log, err := s.AuditLog(ctx, "zhao", 0, 10); err != nil || len(log) != 6 {
			t.Errorf("%d entries, %v: what was refused must not stand in the log", len(log), err)
		}
	})
}

func TestTokensAndAttempts(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		tok := &inspect.Token{ID: "cms", Hash: "h", Person: inspect.Person{ID: "token:cms", Name: "发布系统", Role: inspect.Agency, Unit: "jiaoyu"}, Created: t0, Expires: t0.AddDate(1, 0, 0)}
		if err := s.AddToken(ctx, tok, noted("token.add", "cms")); err != nil {
			t.Fatal(err)
		}
		if err := s.AddToken(ctx, tok, noted("token.add", "cms")); !errors.Is(err, ErrKnown) {
			t.Errorf("added twice: %v", err)
		}
		used := *tok
		used.Used = t0.Add(time.Hour)
		got, err := s.Token(ctx, "h", used.Used)
		if diff := cmp.Diff(&used, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if got, err := s.Token(ctx, "other", t0); got != nil || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		if err := s.EndToken(ctx, "cms", noted("token.end", "cms")); err != nil {
			t.Fatal(err)
		}
		if all, err := s.Tokens(ctx); len(all) != 0 || err != nil {
			t.Errorf("%v, %v", all, err)
		}
		for i := range 3 {
			if err := s.Attempt(ctx, t0.Add(time.Duration(i)*time.Minute), t0.Add(-time.Hour), "login zhao", "from 127.0.0.1"); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := s.Attempts(ctx, "login zhao", t0.Add(time.Minute)); n != 2 || err != nil {
			t.Errorf("%d attempts, %v", n, err)
		}
		if err := s.Attempt(ctx, t0.Add(time.Hour), t0.Add(time.Hour), "login li"); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Attempts(ctx, "login zhao", t0); n != 0 || err != nil {
			t.Errorf("%d attempts are remembered, %v", n, err)
		}
	})
}

// An archive from elsewhere says nothing of who logs in here; a restore brings
// back who did.
func TestImportBringsNoUsers(t *testing.T) {
	t.Parallel()
	first, second := open(t, t.TempDir(), ""), open(t, t.TempDir(), "")
	fill(t, first)
	if _, err := second.Import(t.Context(), bytes.NewReader(backup(t, first))); err != nil {
		t.Fatal(err)
	}
	users, err1 := second.Users(t.Context())
	tokens, err2 := second.Tokens(t.Context())
	if err := errors.Join(err1, err2); err != nil || len(users)+len(tokens) > 0 {
		t.Errorf("%v, %v, %v", users, tokens, err)
	}
}
