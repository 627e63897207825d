package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

func alert(id, key string) inspect.Alert {
	return inspect.Alert{ID: id, Key: key, Kind: inspect.AlertFound, At: t0, Due: t0.Add(time.Minute), Channel: "mail", Contact: "zhao", Unit: "jiaoyu", Text: "第 1 处 \x00 'x'"}
}

func composed(id string, alerts ...inspect.Alert) *inspect.Message {
	return &inspect.Message{ID: id, Channel: "mail", Contact: "zhao", Subject: "主题", Alerts: alerts, Total: len(alerts), Counts: map[inspect.AlertKind]int{inspect.AlertFound: len(alerts)},
		Created: t0.Add(time.Hour), Next: t0.Add(time.Hour), State: inspect.MessageWaiting}
}

// Steps are handed out until somebody was told of them, and what is planned is
// planned once.
func TestOutbox(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		looked(t, s, "i1", "portal", "jiaoyu", t0, []inspect.Finding{fault("a"), fault("b")})
		for range 2 {
			steps, cases, err := s.Untold(ctx, 10)
			if err != nil || len(steps) != 2 || cases["a"].Unit != "jiaoyu" || steps[1].To != inspect.StageConfirmed {
				t.Fatalf("%+v, %+v, %v", steps, cases, err)
			}
		}
		steps, _, err := s.Untold(ctx, 1)
		if err != nil || len(steps) != 1 {
			t.Fatalf("%+v, %v", steps, err)
		}
		for range 2 { // as a process does that was killed behind it
			if err := s.Plan(ctx, []inspect.Alert{alert("x", "a"), alert("y", "b")}, nil, steps); err != nil {
				t.Fatal(err)
			}
		}
		if rest, _, err := s.Untold(ctx, 10); err != nil || len(rest) != 1 || rest[0].Case == steps[0].Case {
			t.Errorf("%+v, %v", rest, err)
		}
		if err := s.Plan(ctx, nil, []string{"y"}, nil); err != nil {
			t.Fatal(err)
		}
		about, err := s.AlertsAbout(ctx, []string{"a", "b", "c"})
		if diff := cmp.Diff([]inspect.Alert{alert("x", "a")}, about); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if w, err := s.Waiting(ctx, t0); err != nil || len(w) != 0 {
			t.Errorf("before its time: %+v, %v", w, err)
		}
	})
}

// An alert is in one message only, and is not dropped from it.
func TestComposeOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		x, y := alert("x", "a"), alert("y", "a")
		if err := s.Plan(ctx, []inspect.Alert{x, y}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Compose(ctx, composed("m1", x), []string{"x"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Compose(ctx, composed("m2", x, y), []string{"x", "y"}); err != nil { // another process was quicker
			t.Fatal(err)
		}
		if err := s.Plan(ctx, nil, []string{"x"}, nil); err != nil {
			t.Fatal(err)
		}
		w, err := s.Waiting(ctx, time.Time{})
		if err != nil || len(w) != 1 || w[0].ID != "y" {
			t.Errorf("waiting: %+v, %v", w, err)
		}
		about, err := s.AlertsAbout(ctx, []string{"a"})
		if err != nil || len(about) != 2 || about[0].ID != "y" || !about[1].Told.Equal(t0.Add(time.Hour)) {
			t.Errorf("about: %+v, %v", about, err)
		}
		out, err := s.Outgoing(ctx, t0.Add(2*time.Hour))
		if err != nil || len(out) != 1 || out[0].ID != "m1" || out[0].State != inspect.MessageWaiting {
			t.Errorf("outgoing: %+v, %v", out, err)
		}
	})
}

// Many who take messages at once get each once; one whose attempt never ended
// is given out again when it is sure that nobody ends it any more.
func TestTake(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		const n = 20
		for i := range n {
			a := alert(fmt.Sprint("a", i), "k")
			if err := s.Plan(ctx, []inspect.Alert{a}, nil, nil); err != nil {
				t.Fatal(err)
			}
			if err := s.Compose(ctx, composed(fmt.Sprint("m", i), a), []string{a.ID}); err != nil {
				t.Fatal(err)
			}
		}
		now := t0.Add(2 * time.Hour)
		var mu sync.Mutex
		got := map[string]int{}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					m, err := s.Take(ctx, "mail", now, now.Add(-24*time.Hour))
					if err != nil {
						t.Error(err)
						return
					}
					if m == nil {
						return
					}
					mu.Lock()
					got[m.ID]++
					mu.Unlock()
					if m.Attempts != 1 || m.Again || len(m.Alerts) != 1 || m.Counts[inspect.AlertFound] != 1 {
						t.Errorf("%+v", m)
					}
					if m.ID == "m8" { // that process was killed before it handed anything over
						continue
					}
					if err := s.Handing(ctx, m); err != nil {
						t.Error(err)
					}
					if m.ID != "m7" { // that one was killed behind it
						m.State, m.Ended = inspect.MessageSent, now
						if err := s.Settle(ctx, m); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		for id, times := range got {
			if times != 1 {
				t.Errorf("%s was given out %d times", id, times)
			}
		}
		if len(got) != n {
			t.Errorf("%d messages", len(got))
		}
		died, err := s.Take(ctx, "mail", now.Add(3*time.Minute), now.Add(-time.Second))
		if err != nil || died == nil || died.ID != "m8" || died.Again {
			t.Fatalf("%+v, %v", died, err)
		}
		if err := s.Handing(ctx, &inspect.Message{ID: "m8", Begun: now}); err == nil {
			t.Error("whoever was thought dead hands a message over")
		}
		died.State, died.Ended = inspect.MessageSent, now
		if err := errors.Join(s.Handing(ctx, died), s.Settle(ctx, died)); err != nil {
			t.Fatal(err)
		}
		if ok, err := s.Ready(ctx, "mail", now.Add(time.Hour), now.Add(-time.Second)); err != nil || ok {
			t.Errorf("within the window: %v, %v", ok, err)
		}
		later := now.Add(25 * time.Hour)
		if ok, err := s.Ready(ctx, "mail", later, now.Add(time.Second)); err != nil || !ok {
			t.Errorf("behind the window: %v, %v", ok, err)
		}
		m, err := s.Take(ctx, "mail", later, now.Add(time.Second))
		if err != nil || m == nil || m.ID != "m7" || !m.Again || m.Attempts != 2 {
			t.Fatalf("%+v, %v", m, err)
		}
		late := *m
		late.Begun = now
		late.State = inspect.MessageFailed
		if err := s.Settle(ctx, &late); err != nil { // whoever was thought dead
			t.Fatal(err)
		}
		m.State, m.Ended, m.Error = inspect.MessageFailed, later, "HTTP 500"
		if err := s.Settle(ctx, m); err != nil {
			t.Fatal(err)
		}
		if err := s.Resend(ctx, "m7", later.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if err := s.Resend(ctx, "m8", later); !errors.Is(err, ErrNoMessage) {
			t.Errorf("one that was sent: %v", err)
		}
		w, err := s.Messages(ctx, []inspect.MessageState{inspect.MessageWaiting}, 10)
		if err != nil || len(w) != 1 || w[0].ID != "m7" || !w[0].Again || w[0].Error != "HTTP 500" {
			t.Errorf("%+v, %v", w, err)
		}
		if m, err := s.Message(ctx, "m7"); err != nil || len(m.Alerts) != 1 {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := s.Message(ctx, "none"); !errors.Is(err, ErrNoMessage) {
			t.Error(err)
		}
	})
}

func TestSilences(t *testing.T) {
	eachStore(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		l := inspect.Silence{ID: "s1", Unit: "jiaoyu", Check: "a11y-*", Why: "改版", By: "李", From: t0, Until: t0.Add(time.Hour)}
		if err := s.Silence(ctx, l, chief); err != nil {
			t.Fatal(err)
		}
		got, err := s.Silences(ctx, t0)
		if diff := cmp.Diff([]inspect.Silence{l}, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if err := s.EndSilence(ctx, "s1", chief, t0.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if err := s.EndSilence(ctx, "s1", chief, t0.Add(2*time.Minute)); !errors.Is(err, ErrNoSilence) {
			t.Errorf("twice: %v", err)
		}
		if got, err := s.Silences(ctx, t0.Add(time.Minute)); err != nil || len(got) != 0 {
			t.Errorf("after its end: %+v, %v", got, err)
		}
		log, err := s.AuditLog(ctx, "s1", 0, 10)
		if err != nil || len(log) != 2 || log[0].Act != "silence.end" {
			t.Errorf("%+v, %v", log, err)
		}
	})
}
