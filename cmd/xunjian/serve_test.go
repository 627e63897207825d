package main

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// A storm is how much happens to the processes.
type storm struct {
	sites, pages, workers int
	pause                 time.Duration // before each answer
	kills, restarts       int
	freeze                bool
	postgres              bool
}

// patience is how long one step of a storm may take.
const patience = 8 * time.Minute

// run lets a storm go over a district and holds what was found against an
// undisturbed inspection.
func (s storm) run(t *testing.T) {
	d := newDistrict(s.sites, s.pages, 0)
	defer d.Close()
	want := d.undisturbed(t)
	d.pause = s.pause

	dir := t.TempDir()
	data, database := filepath.Join(dir, "data"), ""
	var cluster *postgrestest.Cluster
	if s.postgres {
		var err error
		if cluster, err = postgrestest.Start(); errors.Is(err, postgrestest.ErrNone) {
			t.Skip(err)
		} else if err != nil {
			t.Fatal(err)
		}
		defer cluster.Stop()
		if database, err = cluster.Create(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	log := filepath.Join(dir, "log")
	births := 0
	birth := func() *exec.Cmd {
		births++
		file := filepath.Join(dir, fmt.Sprintf("w%d.yaml", births))
		if err := os.WriteFile(file, d.config(fmt.Sprintf("w%d", births), "crawl 0 3 1 1 *"), 0o644); err != nil {
			t.Fatal(err)
		}
		args := []string{"serve", "-c", file, "--data", data, "--listen", "127.0.0.1:0", "--lease", "3s"}
		if s.postgres {
			args = []string{"worker", "-c", file, "--data", data, "--database", database, "--lease", "3s"}
		}
		return server(t, log, args...)
	}
	workers := make([]*exec.Cmd, s.workers)
	for i := range workers {
		workers[i] = birth()
	}
	st := s.open(t, data, database)
	kill := func() {
		i := rand.IntN(len(workers))
		workers[i].Process.Kill()
		workers[i].Wait()
		workers[i] = birth()
	}
	total := s.kills + s.restarts
	for n := range total {
		time.Sleep(time.Second + rand.N(2*time.Second))
		askForBulletins(t, data, database)
		if s.restarts > 0 && n%(total/s.restarts) == total/s.restarts-1 {
			if err := cluster.Restart(time.Second); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kill()
	}
	if s.freeze {
		w := workers[0]
		w.Process.Signal(syscall.SIGSTOP)
		time.Sleep(10 * time.Second)
		w.Process.Signal(syscall.SIGCONT)
	}
	for end := time.Now().Add(patience); !askForBulletins(t, data, database); time.Sleep(time.Second) {
		if time.Now().After(end) {
			t.Fatal("the queue takes no job")
		}
	}
	var got map[string]string
	for end := time.Now().Add(patience); ; time.Sleep(time.Second) {
		var err error
		if got, err = d.outcome(t.Context(), st); err == nil && len(got) == s.sites && len(unended(t, data, database)) == 0 {
			break // a job that could not say that it had ended is run again
		}
		if time.Now().After(end) {
			raw, _ := os.ReadFile(log)
			t.Fatalf("%d of %d inspections ended; %v\n%s", len(got), s.sites, err, tail(raw, 40))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings of the undisturbed and of the disturbed run (-want +got):\n%s", diff)
	}
	if o := d.overlaps(); len(o) > 0 {
		t.Errorf("crawled by two at once:\n%s", strings.Join(o, "\n"))
	}
	for _, w := range workers { // a graceful stop is quick and clean
		w.Process.Signal(os.Interrupt)
		if err := w.Wait(); err != nil {
			t.Errorf("stop: %v", err)
		}
	}
	s.whole(t, st, data, database)
	s.papers(t, st)
	t.Logf("%d sites of %d pages, %d processes in all, %d kills, %d restarts of the database", s.sites, s.pages, births, s.kills, s.restarts)
}

func (s storm) open(t *testing.T, data, database string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), data, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

// unended are the jobs of a queue that have not ended.
func unended(t *testing.T, data, database string) []schedule.Status {
	t.Helper()
	e, err := schedule.New(t.Context(), schedule.Config{Dir: data, Database: database})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	open, err := e.List(t.Context(), []string{"available", "running", "retryable"}, nil, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return open
}

// askForBulletins asks for the drafts of last month, as often as anybody likes;
// false: the queue could not be asked just now.
func askForBulletins(t *testing.T, data, database string) bool {
	t.Helper()
	e, err := schedule.New(t.Context(), schedule.Config{Dir: data, Database: database})
	if err != nil {
		return false
	}
	defer e.Close()
	_, _, err = e.Ask(t.Context(), schedule.Bulletin, "", "")
	return err == nil
}

// papers holds that each bulletin was drafted once: asked for again, none is
// made anew.
func (s storm) papers(t *testing.T, st *store.Store) {
	t.Helper()
	all, err := st.Bulletins(t.Context(), 100)
	if err != nil || len(all) == 0 {
		t.Errorf("no bulletin was drafted: %v", err)
	}
	ids := map[string]bool{}
	for _, b := range all {
		if ids[b.Kind+b.Period+b.Unit] || b.Issue != 1 || b.State != inspect.Drafted {
			t.Errorf("%s is there twice, or further than it was taken: %+v", b.ID, b)
		}
		ids[b.Kind+b.Period+b.Unit] = true
		if _, files, _, err := st.Bulletin(t.Context(), b.ID); err != nil || len(files) < 5 {
			t.Errorf("%s has %d files, %v", b.ID, len(files), err)
		}
	}
}

// whole holds that each site was inspected once, and that SQLite's files are well.
func (s storm) whole(t *testing.T, st *store.Store, data, database string) {
	t.Helper()
	all, err := st.Inspections(t.Context(), 10*s.sites)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != s.sites {
		t.Errorf("%d inspections of %d sites", len(all), s.sites)
	}
	if open := unended(t, data, database); len(open) > 0 {
		t.Errorf("jobs that did not end: %+v", open)
	}
	if database == "" {
		for _, name := range []string{"xunjian.db", schedule.FileName} {
			if got := integrity(t, filepath.Join(data, name)); got != "ok" {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}

func tail(raw []byte, lines int) string {
	all := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// A small storm in every run of the tests; make chaos makes the great one.
func TestServiceSurvives(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		storm{sites: 4, pages: 30, workers: 1, pause: 50 * time.Millisecond, kills: 2}.run(t)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		storm{sites: 6, pages: 30, workers: 2, pause: 50 * time.Millisecond, kills: 2, restarts: 1, freeze: true, postgres: true}.run(t)
	})
}

func TestChaos(t *testing.T) {
	if os.Getenv("XUNJIAN_CHAOS") == "" {
		t.Skip("make chaos runs it")
	}
	t.Run("postgres", func(t *testing.T) {
		storm{sites: 60, pages: 60, workers: 4, pause: 300 * time.Millisecond, kills: 20, restarts: 3, freeze: true, postgres: true}.run(t)
	})
	t.Run("sqlite", func(t *testing.T) {
		storm{sites: 20, pages: 60, workers: 1, pause: 300 * time.Millisecond, kills: 20}.run(t)
	})
}

// On sites that make us wait, workers add up: 1, 2 and 4 processes over the
// same district. make scale runs it.
func TestSpeedUp(t *testing.T) {
	if os.Getenv("XUNJIAN_SCALE") == "" {
		t.Skip("make scale runs it")
	}
	took := map[int]time.Duration{}
	for _, n := range []int{1, 2, 4} {
		took[n] = timed(t, n)
		t.Logf("%d processes: %v, %.2f times as fast as one", n, took[n].Round(100*time.Millisecond), took[1].Seconds()/took[n].Seconds())
	}
	if got := took[1].Seconds() / took[4].Seconds(); got < 3.5 {
		t.Errorf("four processes are %.2f times as fast as one", got)
	}
}

// timed is how long n processes take over a district, from the first request
// to the last, once all have started.
func timed(t *testing.T, n int) time.Duration {
	cluster, err := postgrestest.Start()
	if errors.Is(err, postgrestest.ErrNone) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	defer cluster.Stop()
	database, err := cluster.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := newDistrict(32, 40, 500*time.Millisecond)
	defer d.Close()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "d.yaml"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, d.config("timed"), 0o644); err != nil {
		t.Fatal(err)
	}
	for range n {
		server(t, filepath.Join(dir, "log"), "worker", "-c", file, "--data", data, "--database", database, "--long", "2")
	}
	st := storm{}.open(t, data, database)
	queue, err := schedule.New(t.Context(), schedule.Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close()
	time.Sleep(5 * time.Second) // all have started
	for i := range d.sites {
		if _, _, err := queue.Ask(t.Context(), schedule.Crawl, fmt.Sprintf("s%02d", i), ""); err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	for time.Since(begun) < patience {
		time.Sleep(200 * time.Millisecond)
		if got, err := d.outcome(t.Context(), st); err == nil && len(got) == d.sites {
			return time.Since(begun)
		}
	}
	t.Fatalf("%d processes did not end", n)
	return 0
}

// A service answers whether it lives and is ready, visits home pages, takes
// what people ask for, and accuses nobody while our own line is dead.
func TestServe(t *testing.T) {
	t.Parallel()
	d := newDistrict(5, 3, 0)
	defer d.Close()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "district.yaml"), filepath.Join(dir, "data")
	if err := os.WriteFile(file, d.config("serve", "probe 0 3 1 1 *", "crawl 0 3 1 1 *", "canary 0 3 1 1 *"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := listen()
	address := l.Addr().String()
	l.Close()
	cmd := server(t, filepath.Join(dir, "log"), "serve", "-c", file, "--data", data, "--listen", address)
	await(t, "ready", func() bool {
		return get("http://"+address+"/readyz") == http.StatusOK && get("http://"+address+"/healthz") == http.StatusOK
	})
	st := storm{}.open(t, data, "")
	probes := func(site string) []inspect.Probe {
		all, err := st.Probes(t.Context(), site, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	queue, err := schedule.New(t.Context(), schedule.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer queue.Close()
	visit := func() { // out of turn: a test cannot wait for the timetable
		for i := range 5 {
			if _, _, err := queue.Ask(t.Context(), schedule.Probe, fmt.Sprintf("s%02d", i), ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	await(t, "visits", func() bool { visit(); return len(probes("s00")) >= 3 && len(probes("s04")) >= 3 })
	await(t, "inspections", func() bool { got, err := d.outcome(t.Context(), st); return err == nil && len(got) == 5 })

	id := strings.TrimSpace(xunjian(t, exitOK, "jobs", "run", "recheck", "s01", "http://"+d.host(1)+"/xw/0.html", "--data", data))
	await(t, "the recheck", func() bool {
		return strings.Contains(xunjian(t, exitOK, "jobs", "list", "--kind", "recheck", "--state", "completed", "--data", data), id)
	})
	rechecked, err := st.Inspections(t.Context(), 1)
	if err != nil || rechecked[0].Scope != store.Pages {
		t.Fatalf("the last inspection is %+v, %v", rechecked, err)
	}
	if out := xunjian(t, exitOK, "replay", rechecked[0].ID, "--data", data); !strings.Contains(out, "link-broken") {
		t.Errorf("the recheck found no broken link:\n%s", out)
	}

	// All sites fall silent at once: that is one incident, not five faults.
	before := time.Now()
	d.mu.Lock()
	d.dead = true
	d.mu.Unlock()
	await(t, "the wave", func() bool {
		visit()
		all, err := st.Incidents(t.Context(), 10)
		return err == nil && len(all) > 0 && all[0].Kind == "wave"
	})
	await(t, "nobody is accused", func() bool {
		visit()
		told, accused := 0, 0
		for i := range 5 {
			for _, p := range probes(fmt.Sprintf("s%02d", i)) {
				if p.At.After(before) {
					told++
					if p.Verdict == inspect.Fault {
						accused++
					}
				}
			}
		}
		return told >= 20 && accused == 0
	})
	await(t, "the canary", func() bool {
		return strings.Contains(xunjian(t, exitOK, "jobs", "list", "--kind", "canary", "--state", "completed", "--data", data), "canary")
	})
	if out := xunjian(t, exitOK, "jobs", "incidents", "--data", data); strings.Contains(out, "canary") {
		t.Errorf("the canary was not found as it should be:\n%s", out)
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// xunjian runs a command to its end.
func xunjian(t *testing.T, code int, args ...string) string {
	t.Helper()
	cmd := exec.Command("xunjian", args...)
	out, err := cmd.Output()
	if exitOf(err) != code {
		t.Fatalf("xunjian %v: %v", args, err)
	}
	return string(out)
}

func get(u string) int {
	res, err := http.Get(u)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("it never came: %s", what)
}

// integrity is what SQLite says of a file.
func integrity(t *testing.T, file string) (verdict string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil {
		t.Fatal(err)
	}
	return verdict
}
