package schedule_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// TestScale lets the timetable of a province run over a day, a hundred times
// as fast as the day: 750 sites and 5,000 accounts that are all new, real
// queue, real database. What jobs do is left out, but for the time that it takes.
//
// XUNJIAN_SCALE=1 runs it; XUNJIAN_SCALE_HOURS (24) makes it shorter,
// XUNJIAN_SCALE_SPEED (100) slower.
func TestScale(t *testing.T) {
	if os.Getenv("XUNJIAN_SCALE") == "" {
		t.Skip("make scale runs it")
	}
	hours, speed := setting(t, "XUNJIAN_SCALE_HOURS", "24"), setting(t, "XUNJIAN_SCALE_SPEED", "100")
	t.Run("postgres", func(t *testing.T) {
		c, err := postgrestest.Start()
		if errors.Is(err, postgrestest.ErrNone) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer c.Stop()
		address, err := c.Create(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		before := c.CPU()
		n := province(t, schedule.Config{Database: address, Speed: speed}, hours)
		t.Logf("PostgreSQL: %.2f ms of its CPU a job", (c.CPU()-before).Seconds()*1000/float64(n))
	})
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		n := province(t, schedule.Config{Dir: dir, Speed: speed}, hours)
		if i, err := os.Stat(dir + "/" + schedule.FileName); err == nil {
			t.Logf("SQLite: %.2f KB of database a job", float64(i.Size())/1024/float64(n))
		}
	})
}

func setting(t *testing.T, name, otherwise string) float64 {
	x, err := strconv.ParseFloat(cmp.Or(os.Getenv(name), otherwise), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func names(kind string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s-%04d", kind, i)
	}
	return out
}

// duration is how long a job of a kind takes in the timetable's time: a column
// a second and a page a second, as sites are asked; the numbers are guesses.
var duration = map[schedule.Kind]time.Duration{schedule.Probe: 300 * time.Millisecond, schedule.Accounts: time.Second, schedule.Columns: 150 * time.Second,
	schedule.Confirm: 30 * time.Second, schedule.Crawl: 10000 * time.Second, schedule.Links: time.Hour, schedule.Prune: time.Minute, schedule.Canary: time.Minute}

// timetable is the default one.
func timetable() []schedule.Entry {
	sites, accounts, once := names("site", 750), names("account", 5000), []string{""}
	return []schedule.Entry{
		{Kind: schedule.Probe, Spec: "*/15 * * * *", Zone: shanghai, Jitter: 14 * time.Minute, Targets: sites},
		{Kind: schedule.Columns, Spec: "0 6 * * *", Zone: shanghai, Jitter: 2 * time.Hour, Targets: sites},
		{Kind: schedule.Confirm, Spec: "0 14 * * *", Zone: shanghai, Jitter: 2 * time.Hour, Targets: sites},
		{Kind: schedule.Crawl, Spec: "0 20 * * 5", Zone: shanghai, Jitter: 24 * time.Hour, Targets: sites},
		{Kind: schedule.Accounts, Spec: "0 9 * * *", Zone: shanghai, Jitter: 2 * time.Hour, Targets: accounts},
		{Kind: schedule.Links, Spec: "30 1 * * *", Zone: shanghai, Targets: once},
		{Kind: schedule.Prune, Spec: "30 3 * * *", Zone: shanghai, Targets: once},
		{Kind: schedule.Canary, Spec: "0 4 * * *", Zone: shanghai, Targets: once},
	}
}

// A run is one job, as the timetable knows it.
type run struct {
	kind   schedule.Kind
	target string
	due    int64 // ms
}

// province runs the timetable for so many hours and reports how late jobs began.
func province(t *testing.T, c schedule.Config, hours float64) int {
	begun := time.Now()
	origin := time.Date(2026, 11, 25, 0, 0, 0, 0, shanghai) // a Wednesday: crawls are those of new sites
	c.Clock = func() time.Time { return origin.Add(time.Duration(float64(time.Since(begun)) * c.Speed)) }
	c.Tick = time.Duration(float64(5*time.Second) / c.Speed)
	c.Short, c.Medium, c.Long = 64, 48, 128 // of four to eight workers
	c.Entries = timetable()
	var mu sync.Mutex
	began := map[run]time.Time{}
	c.Handlers = handlers(func(ctx context.Context, j *schedule.Job) error {
		r := run{j.Kind, j.Target, j.Due.UnixMilli()}
		mu.Lock()
		if _, again := began[r]; !again {
			began[r] = c.Clock()
		}
		mu.Unlock()
		select {
		case <-time.After(time.Duration(float64(duration[j.Kind]) / c.Speed)):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	e, err := schedule.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	before := cpu()
	begun = time.Now()
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	length := time.Duration(hours * float64(time.Hour))
	time.Sleep(time.Duration(float64(length) / c.Speed))
	mu.Lock()
	ran, end := maps.Clone(began), c.Clock()
	mu.Unlock()
	stop(t, e)
	t.Logf("%d jobs in %v of the timetable, %v times as fast as time; the machine's load %s; %.2f ms of our CPU a job",
		len(ran), length, c.Speed, load(), (cpu()-before).Seconds()*1000/float64(len(ran)))
	judge(t, lateness(t, c.Entries, ran, origin, end))
	return len(ran)
}

// cpu is what this process used.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// load is how busy the machine was in the last 1, 5 and 15 minutes.
func load() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(raw))[:3], " ")
}

// lateness is how late jobs began, by kind. What was due and never began is
// late until the end.
func lateness(t *testing.T, entries []schedule.Entry, ran map[run]time.Time, origin, end time.Time) map[schedule.Kind][]time.Duration {
	out := map[schedule.Kind][]time.Duration{}
	first := map[run]time.Time{} // due of none
	for r, at := range ran {
		out[r.kind] = append(out[r.kind], at.Sub(time.UnixMilli(r.due)))
		k := run{kind: r.kind, target: r.target}
		if f, ok := first[k]; !ok || at.Before(f) {
			first[k] = at
		}
	}
	for _, x := range entries {
		timer, err := schedule.NewTimer(x)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range x.Targets {
			due := origin
			if f, ok := first[run{kind: x.Kind, target: target}]; ok {
				due = f // before that it was new
			}
			for {
				if due, err = timer.Next(due, target); err != nil {
					t.Fatal(err)
				}
				if !due.Before(end) {
					break
				}
				if _, ok := ran[run{x.Kind, target, due.UnixMilli()}]; !ok {
					out[x.Kind] = append(out[x.Kind], end.Sub(due))
				}
			}
		}
	}
	return out
}

// judge holds that of a hundred jobs 99 began within a minute, and none early.
func judge(t *testing.T, late map[schedule.Kind][]time.Duration) {
	var all []time.Duration
	for _, k := range schedule.Kinds {
		if l := late[k]; len(l) > 0 {
			all = append(all, l...)
			t.Logf("  %-9s %s", k, summary(l))
		}
	}
	t.Logf("  %-9s %s", "all", summary(all))
	if len(all) == 0 || all[len(all)*99/100] > time.Minute {
		t.Error("of a hundred jobs that were due one began more than a minute late")
	}
	if all[0] < 0 {
		t.Errorf("a job began %v before its time", -all[0])
	}
}

// summary sorts what it tells of.
func summary(l []time.Duration) string {
	slices.Sort(l)
	at := func(i int) time.Duration { return l[i].Round(100 * time.Millisecond) }
	return fmt.Sprintf("%6d due, begun late by %v median, %v p99, %v most", len(l), at(len(l)/2), at(len(l)*99/100), at(len(l)-1))
}
