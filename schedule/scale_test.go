package schedule_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// TestScale lets the timetable of a province run over a day, a hundred times
// as fast as the day: 750 sites and 5,000 accounts, real queue, real database.
// What jobs do is left out, but for the time that it takes.
//
// XUNJIAN_SCALE=1 runs it; XUNJIAN_SCALE_HOURS (24) makes it shorter.
func TestScale(t *testing.T) {
	if os.Getenv("XUNJIAN_SCALE") == "" {
		t.Skip("make scale runs it")
	}
	hours := 24
	if s := os.Getenv("XUNJIAN_SCALE_HOURS"); s != "" {
		var err error
		if hours, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
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
		n := province(t, schedule.Config{Database: address}, hours)
		t.Logf("PostgreSQL: %.2f ms of its CPU a job", (c.CPU()-before).Seconds()*1000/float64(n))
	})
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		n := province(t, schedule.Config{Dir: dir}, hours)
		if i, err := os.Stat(dir + "/" + schedule.FileName); err == nil {
			t.Logf("SQLite: %.2f KB of database a job", float64(i.Size())/1024/float64(n))
		}
	})
}

const scaleSpeed = 100

func names(kind string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s-%04d", kind, i)
	}
	return out
}

// province runs the timetable for so many hours and reports how late jobs began.
func province(t *testing.T, c schedule.Config, hours int) int {
	begun := time.Now()
	origin := time.Date(2026, 11, 27, 0, 0, 0, 0, shanghai) // a Friday: crawls begin
	c.Clock = func() time.Time { return origin.Add(time.Since(begun) * scaleSpeed) }
	c.Speed, c.Tick, c.Short, c.Long, c.Lease = scaleSpeed, 50*time.Millisecond, 64, 16, 30*time.Second
	sites, accounts := names("site", 750), names("account", 5000)
	entry := func(k schedule.Kind, spec string, jitter time.Duration, targets []string) schedule.Entry {
		return schedule.Entry{Kind: k, Spec: spec, Zone: shanghai, Jitter: jitter, Targets: targets}
	}
	c.Entries = []schedule.Entry{entry(schedule.Probe, "*/15 * * * *", 14*time.Minute, sites), entry(schedule.Columns, "0 6 * * *", 2*time.Hour, sites),
		entry(schedule.Confirm, "0 14 * * *", 2*time.Hour, sites), entry(schedule.Accounts, "0 7 * * *", 2*time.Hour, accounts),
		entry(schedule.Links, "30 1 * * *", 0, []string{""}), entry(schedule.Prune, "30 3 * * *", 0, []string{""}), entry(schedule.Canary, "0 4 * * *", 0, []string{""})}
	took := map[schedule.Kind]time.Duration{schedule.Probe: 300 * time.Millisecond, schedule.Accounts: time.Second, schedule.Columns: 30 * time.Second}
	var mu sync.Mutex
	var late []time.Duration
	byKind := map[schedule.Kind][]time.Duration{}
	var early atomic.Int64
	c.Handlers = handlers(func(_ context.Context, j *schedule.Job) error {
		d := c.Clock().Sub(j.Due)
		if d < 0 {
			early.Add(1)
		}
		mu.Lock()
		late = append(late, d)
		byKind[j.Kind] = append(byKind[j.Kind], d)
		mu.Unlock()
		time.Sleep(took[j.Kind] / scaleSpeed)
		return nil
	})
	var from, to syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &from)
	e, err := schedule.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	begun = time.Now()
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(hours) * time.Hour / scaleSpeed)
	stop(t, e)
	syscall.Getrusage(syscall.RUSAGE_SELF, &to)
	slices.Sort(late)
	n := len(late)
	if n == 0 {
		t.Fatal("nothing ran")
	}
	at := func(q float64) time.Duration { return late[min(n-1, int(q*float64(n)))].Round(100 * time.Millisecond) }
	cpu := time.Duration(to.Utime.Nano() + to.Stime.Nano() - from.Utime.Nano() - from.Stime.Nano())
	t.Logf("%d jobs in %d hours of the timetable (%v): late by %v median, %v p99, %v most; %.2f ms of our CPU a job",
		n, hours, time.Since(begun).Round(time.Second), at(0.5), at(0.99), late[n-1].Round(100*time.Millisecond), cpu.Seconds()*1000/float64(n))
	for _, k := range schedule.Kinds {
		if l := byKind[k]; len(l) > 0 {
			slices.Sort(l)
			t.Logf("  %-9s %6d jobs, late by %v median, %v p99", k, len(l), l[len(l)/2].Round(100*time.Millisecond), l[len(l)*99/100].Round(100*time.Millisecond))
		}
	}
	if at(0.99) > time.Minute {
		t.Errorf("a job in a hundred began more than a minute late: %v", at(0.99))
	}
	if early.Load() > 0 {
		t.Errorf("%d jobs began before their time", early.Load())
	}
	if want := 750 * 4 * (hours - 1); n < want {
		t.Errorf("%d jobs, at least %d were due", n, want)
	}
	return n
}
