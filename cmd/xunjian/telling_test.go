package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// A telling is an engine over a real store, in a world of its own time that
// begins on Saturday, 1 January 2000, at 8:00.
type telling struct {
	t      *testing.T
	st     *store.Store
	policy alerts.Policy
	every  time.Duration // between two looks of the engine
	stop   func()
	n      int // inspections

	mu     sync.Mutex // of what the engine's goroutines use too
	clocks []alerts.Clock
	got    []string
	totals []int
	fail   func(m *inspect.Message) error
}

// set changes what the engine sees.
func (w *telling) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// Send is what all channels do: they note who got what, and in which hour.
func (w *telling) Send(_ context.Context, m *inspect.Message, address string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		if err := w.fail(m); err != nil {
			return err
		}
	}
	line := fmt.Sprintf("%s %s %s", time.Now().In(inspect.Zone).Format("02 15h"), m.Channel, m.Contact)
	for _, k := range inspect.AlertKinds {
		if n := m.Counts[k]; n > 0 {
			line += fmt.Sprintf(" %s×%d", k, n)
		}
	}
	if m.Again {
		line += " again"
	}
	if address != "" && address != m.Contact+"@example.gov.cn" {
		line += " to " + address
	}
	w.got, w.totals = append(w.got, line), append(w.totals, m.Total)
	return nil
}

// hear runs a story on both databases.
func hear(t *testing.T, story func(w *telling)) {
	for _, name := range []string{"sqlite", "postgres"} {
		t.Run(name, func(t *testing.T) {
			database := ""
			if name == "postgres" {
				database = postgrestest.Database(t)
			}
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				st, err := store.Open(t.Context(), dir, database)
				if err != nil {
					t.Fatal(err)
				}
				w := &telling{t: t, st: st, policy: alerts.DefaultPolicy, every: 10 * time.Minute}
				w.policy.Digest = 9 * 60
				w.policy.Contacts = []alerts.Contact{
					{ID: "zhao", Roles: []inspect.Role{inspect.Agency}, Units: []string{"edu"}, Reach: []alerts.Reach{{Channel: "mail", Address: "zhao@example.gov.cn"}}},
					{ID: "qian", Roles: []inspect.Role{inspect.Agency}, Units: []string{"fin"}, Reach: []alerts.Reach{{Channel: "mail", Address: "qian@example.gov.cn"}}},
					{ID: "li", Roles: []inspect.Role{inspect.Supervisor}, Reach: []alerts.Reach{{Channel: "group"}}},
					{ID: "ops", Roles: []inspect.Role{inspect.Operations}, Reach: []alerts.Reach{{Channel: "mail", Address: "ops@example.gov.cn"}}},
				}
				w.policy.Offices = map[string]string{"edu": "示例区教育局", "fin": "示例区财政局"}
				w.start()
				story(w)
				w.stop()
				if err := st.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// start begins to tell, as a process does.
func (w *telling) start() {
	e := &alerts.Engine{Policy: w.policy, Book: w.st, Queue: w.st, Clock: time.Now, Every: w.every, Log: slog.New(slog.DiscardHandler),
		Channels: map[string]alerts.Channel{"mail": w, "group": w}, Pacers: map[string]alerts.Pacer{"mail": alerts.NewPacer([]alerts.Rate{{N: 60, Per: time.Minute}}), "group": alerts.NewPacer(nil)}}
	e.Incidents = func(ctx context.Context) ([]alerts.Incident, error) {
		all, err := w.st.Incidents(ctx, 100)
		var out []alerts.Incident
		for _, x := range all {
			out = append(out, alerts.Incident{ID: x.ID, Kind: x.Kind, Detail: x.Detail, Begun: x.Begun, Ended: x.Ended})
		}
		return out, err
	}
	e.Clocks = func(context.Context) ([]alerts.Clock, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.clocks, nil
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); e.Run(ctx) }()
	w.stop = func() { cancel(); <-done }
}

// slowly has the engine look every half hour, for stories of weeks.
func (w *telling) slowly() {
	w.stop()
	w.every = 30 * time.Minute
	w.start()
	w.pass("01 08:05")
}

// pass lets time pass until a day of the month and a time of the day.
func (w *telling) pass(until string) {
	w.t.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", "2000-01-"+until, inspect.Zone)
	if err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(time.Until(to))
	synctest.Wait()
}

// look records an inspection of a unit's site that was made some time ago.
func (w *telling) look(unit string, ago time.Duration, found []inspect.Finding, gone ...string) {
	w.t.Helper()
	w.missed(unit, ago, found, inspect.ActGone, gone...)
}

// missed records an inspection to which some faults are gone, or vanished.
func (w *telling) missed(unit string, ago time.Duration, found []inspect.Finding, act inspect.Act, gone ...string) {
	w.t.Helper()
	w.n++
	id, now := fmt.Sprint("i", w.n), time.Now().Add(-ago)
	site := &inspect.Site{ID: unit + "-site", Kind: inspect.Website, UnitID: unit}
	if err := w.st.Begin(w.t.Context(), &store.Header{ID: id, Site: site, Now: now, Started: now, Options: []byte("{}")}); err != nil {
		w.t.Fatal(err)
	}
	in := &inspect.Inspection{ID: id, Site: site, Now: now, Complete: true, Findings: found, Missing: map[string]inspect.Act{}, Rules: &inspect.Rulebook{Items: []inspect.Item{{ID: "SV", Part: inspect.Veto}}}}
	for _, print := range gone {
		in.Missing[print] = act
	}
	if err := w.st.Recorder(id).Finish(w.t.Context(), in); err != nil {
		w.t.Fatal(err)
	}
}

// veto and minor are faults, proved.
func veto(print string) inspect.Finding {
	return inspect.Finding{Check: "link-broken", Outcome: inspect.Fail, State: inspect.Confirmed, URL: "http://www.example.gov.cn/" + print, Message: print + " 无法打开", Fingerprint: print, Items: []string{"SV"}, Places: 1}
}

func minor(print string) inspect.Finding {
	f := veto(print)
	f.Items = nil
	return f
}

func (w *telling) decide(role inspect.Role, s inspect.Step, prints ...string) {
	w.t.Helper()
	s.By, s.At = inspect.Person{ID: string(role), Role: role, Unit: "edu"}, time.Now()
	for _, print := range prints {
		if _, err := w.st.Decide(w.t.Context(), s, inspect.DefaultTerms, store.Decision{Case: print}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// want holds that just this was told since the last time.
func (w *telling) want(lines ...string) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	got := slices.Sorted(slices.Values(w.got))
	if diff := cmp.Diff(lines, got); diff != "" && len(lines)+len(got) > 0 {
		w.t.Errorf("told (-want +got):\n%s", diff)
	}
	w.got = nil
}

// A unit hears of its own and of nobody else's: of a veto at once, of the rest
// once a day, as the supervisor does; once each, and of the repair.
func TestTellRoutes(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.look("edu", 0, []inspect.Finding{veto("a"), minor("b"), minor("brief")})
		w.pass("01 08:40")
		w.want("01 08h mail zhao found×1")
		w.look("edu", 0, []inspect.Finding{veto("a"), minor("b")}, "brief") // repaired before anybody was told
		w.pass("02 08:00")
		w.want("01 09h group li found×1", "01 09h mail zhao found×1")
		w.look("edu", 0, []inspect.Finding{minor("b")}, "a")
		w.pass("02 12:00")
		w.want("02 09h group li repaired×1", "02 09h mail zhao repaired×1")
		w.look("edu", 0, []inspect.Finding{veto("a"), minor("b")})
		w.pass("04 00:00")
		w.want("02 12h mail zhao relapsed×1", "03 09h group li relapsed×1")
	})
}

// A thousand faults at once are one message to each.
func TestTellThousand(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		for i := range 4 {
			var found []inspect.Finding
			for j := range 250 {
				found = append(found, veto(fmt.Sprintf("v%d-%d", i, j)))
			}
			w.look([]string{"edu", "fin"}[i%2], 0, found)
		}
		w.pass("01 12:00")
		w.want("01 08h mail qian found×500", "01 08h mail zhao found×500", "01 09h group li found×1000")
	})
}

// Nobody is woken but who runs the program, by its own trouble.
func TestTellQuiet(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.pass("01 23:00")
		w.look("edu", 0, []inspect.Finding{veto("a")})
		if _, err := w.st.OpenIncident(w.t.Context(), "canary", "漏报 1 处", time.Now()); err != nil {
			w.t.Fatal(err)
		}
		w.pass("02 06:00")
		w.want("01 23h mail ops incident×1")
		w.pass("02 08:00")
		w.want("02 07h mail zhao found×1")
	})
}

// While our own line is ill, no agency is told anything; then it is told once.
func TestTellLine(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		ctx := w.t.Context()
		for _, kind := range []string{"line", "wave"} {
			if _, err := w.st.OpenIncident(ctx, kind, "没有应答", time.Now()); err != nil {
				w.t.Fatal(err)
			}
		}
		w.look("edu", 0, []inspect.Finding{veto("a"), veto("b")})
		w.pass("01 10:05")
		w.want("01 08h mail ops incident×2", "01 09h group li incident×2 found×2")
		w.look("edu", 0, []inspect.Finding{veto("b")}, "a") // it was our line
		if _, err := w.st.EndIncident(ctx, "line", time.Now()); err != nil {
			w.t.Fatal(err)
		}
		w.pass("01 11:05")
		w.want("01 10h mail ops ended×1") // the wave is still open
		if _, err := w.st.EndIncident(ctx, "wave", time.Now()); err != nil {
			w.t.Fatal(err)
		}
		w.pass("01 12:00")
		w.want("01 11h mail ops ended×1", "01 11h mail zhao found×1")
	})
}

// Who has had his share for the hour gets the rest in one.
func TestTellFlood(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.stop()
		w.policy.Flood = 3
		w.start()
		for i := range 10 {
			w.look("edu", 0, []inspect.Finding{veto(fmt.Sprint("f", i))})
			w.pass(fmt.Sprintf("01 08:%02d", 5*(i+1)))
		}
		w.look("fin", 0, []inspect.Finding{veto("another's")})
		w.pass("01 08:59")
		w.set(func() {
			if len(w.got) > 4 { // three to zhao and one to qian
				w.t.Errorf("within the hour: %v", w.got)
			}
		})
		w.pass("01 12:00")
		w.set(func() {
			told := 0
			for i, line := range w.got {
				if strings.Contains(line, "mail") {
					told += w.totals[i]
				}
			}
			if told != 11 {
				w.t.Errorf("%d of 11 were told: %v", told, w.got)
			}
		})
	})
}

// What is silenced waits; what is repaired meanwhile is never told.
func TestTellSilence(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		by := inspect.Person{ID: "li", Role: inspect.Supervisor}
		l := inspect.Silence{ID: "s1", Site: "edu-site", Check: "link-*", Why: "改版", By: "li", From: time.Now(), Until: time.Now().Add(4 * time.Hour)}
		if err := w.st.Silence(w.t.Context(), l, by); err != nil {
			w.t.Fatal(err)
		}
		w.look("edu", 0, []inspect.Finding{veto("a"), veto("b")})
		w.look("fin", 0, []inspect.Finding{veto("c")})
		w.pass("01 11:00")
		w.want("01 08h mail qian found×1", "01 09h group li found×1")
		w.look("edu", 0, []inspect.Finding{veto("a")}, "b")
		w.pass("01 13:00")
		w.want("01 12h group li found×1", "01 12h mail zhao found×1")
	})
}

// An old result is no news, whenever it comes in.
func TestTellStale(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.look("edu", 5*24*time.Hour, []inspect.Finding{veto("a")})
		w.pass("03 00:00")
		w.want("01 09h mail zhao known×1")
	})
}

// A last day that nears, passes, and stays passed.
func TestTellOrder(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.slowly()
		w.look("edu", 0, []inspect.Finding{veto("a"), veto("b")})
		w.pass("01 10:05")
		w.want("01 09h group li found×2", "01 09h mail zhao found×2")
		due := time.Date(2000, 1, 10, 0, 0, 0, 0, inspect.Zone)
		w.decide(inspect.Supervisor, inspect.Step{Act: inspect.ActOrder, Order: "1", Until: due}, "a", "b")
		w.pass("06 12:00")
		w.want("01 11h mail zhao ordered×2")
		w.decide(inspect.Agency, inspect.Step{Act: inspect.ActClaim}, "b")
		w.pass("09 12:00")
		w.want("07 07h mail zhao due×1", "07 09h group li asked×1", "09 07h mail zhao due×1")
		w.decide(inspect.Supervisor, inspect.Step{Act: inspect.ActExtend, Until: due.AddDate(0, 0, 2), Why: "供应商停电"}, "a")
		w.pass("12 12:00")
		w.want("09 13h mail zhao ordered×1", "10 07h mail zhao due×1", "11 07h mail zhao due×1") // of the new last day
		w.pass("16 12:00")
		w.want("13 07h group li overdue×1", "13 07h mail zhao overdue×1", "15 07h group li escalated×1")
		w.look("edu", 0, nil, "a", "b")
		w.pass("18 00:00")
		w.want("17 09h group li repaired×2", "17 09h mail zhao repaired×2")
	})
}

// What its unit reported and what vanished since waits for a supervisor: nobody
// is told that it is due, or overdue.
func TestTellClaimed(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.slowly()
		w.look("edu", 0, []inspect.Finding{veto("a")})
		w.pass("01 10:05")
		w.want("01 09h group li found×1", "01 09h mail zhao found×1")
		w.decide(inspect.Supervisor, inspect.Step{Act: inspect.ActOrder, Order: "1", Until: time.Date(2000, 1, 5, 0, 0, 0, 0, inspect.Zone)}, "a")
		w.decide(inspect.Agency, inspect.Step{Act: inspect.ActClaim}, "a")
		w.pass("02 08:00")
		w.want("01 11h mail zhao ordered×1")
		w.missed("edu", 0, nil, inspect.ActVanished, "a")
		w.pass("16 12:00")
		w.want("02 09h group li asked×2")
	})
}

// Each share of a clock is told once; a clock that runs anew takes back what
// nobody was told.
func TestTellClocks(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		w.slowly()
		site := &inspect.Site{ID: "edu-site", UnitID: "edu", Kind: inspect.Website}
		clock := func(newest, days int) {
			day := time.Date(2000, 1, newest, 0, 0, 0, 0, inspect.Zone)
			one := alerts.Clock{Site: site, At: time.Now(), Clock: inspect.Clock{Name: "要闻", Newest: day, Limit: day.AddDate(0, 0, days)}}
			w.set(func() { w.clocks = []alerts.Clock{one} })
		}
		for day := 1; day <= 16; day++ { // it is looked at each morning
			if clock(1, 14); day >= 14 {
				clock(14, 14) // and updated, an hour before the unit would have heard
			}
			w.pass(fmt.Sprintf("%02d 08:00", day+1))
		}
		w.want("12 09h mail zhao clock×1")
	})
}

// A message that could not be sent is tried again; one that may have arrived
// is sent again only when the window is over, and says so; a new process knows.
func TestTellAgain(t *testing.T) {
	t.Parallel()
	hear(t, func(w *telling) {
		tries := 0
		w.set(func() {
			w.fail = func(m *inspect.Message) error {
				if tries++; m.Contact == "zhao" && tries < 3 {
					return &alerts.Failure{Outcome: alerts.Later, Why: "451"}
				}
				return nil
			}
		})
		w.look("edu", 0, []inspect.Finding{veto("a")})
		w.pass("01 08:15")
		w.stop()
		w.start()
		w.pass("01 10:05")
		w.want("01 08h mail zhao found×1", "01 09h group li found×1")

		w.set(func() { w.fail = func(*inspect.Message) error { return errors.New("connection reset by peer") } })
		w.look("edu", 0, []inspect.Finding{veto("c")})
		w.pass("01 10:40")
		w.set(func() { w.fail = nil })
		for range 3 {
			w.stop()
			w.start()
			time.Sleep(time.Hour)
		}
		w.pass("02 08:30")
		w.want()
		w.pass("02 12:00")
		w.want("02 09h group li found×1", "02 10h mail zhao found×1 again")
		all, err := w.st.Messages(w.t.Context(), []inspect.MessageState{inspect.MessageSent}, 100)
		if err != nil || len(all) != 4 {
			w.t.Errorf("sent: %+v, %v", all, err)
		}
	})
}
