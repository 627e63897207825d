package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/dashboards/grafana"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// An observed is the demonstration as a service, watched by Prometheus and
// Alertmanager, with what a test can break in it.
type observed struct {
	t              *testing.T
	dir            string
	front          string // the portal's address
	handler        http.Handler
	portal         *http.Server
	kept           atomic.Bool // it has published since two months ago
	serve, worker  *exec.Cmd
	metrics, other string // addresses of their metrics
	queue          *schedule.Engine
	st             *store.Store
	prometheus     string
	alertmanager   string
	told           *inbox
}

// TestObserve runs every expression of every dashboard and rule against the
// running demonstration, and breaks it: each fault must fire its alert. Waits of
// rules are cut to seconds; what they say is held by promtool's tests.
func TestObserve(t *testing.T) {
	if os.Getenv("XUNJIAN_OBSERVE") == "" {
		t.Skip("make observe runs it")
	}
	for _, name := range []string{"prometheus", "prometheus-alertmanager"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed (Debian: apt-get install prometheus prometheus-alertmanager)", name)
		}
	}
	o := &observed{t: t, dir: t.TempDir(), told: &inbox{}}
	o.start()
	o.watch()
	o.work()
	o.expressions()
	t.Run("a column stands still", o.freeze)
	t.Run("a site is taken down", o.takeDown)
	t.Run("the queue fills", o.fill)
	t.Run("a worker stops", o.stopWorker)
}

// start starts the portal, the service and a worker on one PostgreSQL.
func (o *observed) start() {
	t, now := o.t, time.Now().In(inspect.Zone)
	site, old := portal.New(now), portal.New(now.AddDate(0, 0, -60))
	addr, stop, err := site.Serve()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	o.front, o.handler = free(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.kept.Load() {
			site.ServeHTTP(w, r)
		} else {
			old.ServeHTTP(w, r)
		}
	})
	o.up()
	t.Cleanup(func() { o.portal.Close() })
	control := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(control.Close)
	addr.Plain = o.front
	config := fmt.Sprintf("%s\ncontrol: [%s/]\nschedules:\n", site.DistrictConfig(addr), control.URL)
	for _, k := range []schedule.Kind{schedule.Probe, schedule.Columns, schedule.Crawl, schedule.Accounts, schedule.Confirm, schedule.Deep} {
		config += fmt.Sprintf("  - {kind: %s, off: true}\n", k) // what runs is what the test asks for
	}
	file, data := filepath.Join(o.dir, "site.yaml"), filepath.Join(o.dir, "data")
	err = errors.Join(os.WriteFile(file, []byte(config), 0o644), os.WriteFile(filepath.Join(o.dir, portal.SecretsFile), []byte(portal.MediaSecrets), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	database, listen := postgrestest.Database(t), free()
	o.metrics, o.other = free(), free()
	common := []string{"-c", file, "--data", data, "--database", database, "--short", "1", "--long", "1", "--log", "json"}
	o.serve = server(t, filepath.Join(o.dir, "serve.log"), append([]string{"serve", "--listen", listen, "--metrics", o.metrics}, common...)...)
	await(t, "serve is ready", func() bool { return get("http://"+listen+"/readyz") == http.StatusOK })
	o.worker = server(t, filepath.Join(o.dir, "worker.log"), append([]string{"worker", "--metrics", o.other}, common...)...)
	await(t, "the worker's metrics", func() bool { return get("http://"+o.other+"/metrics") == http.StatusOK })
	o.st = storm{}.open(t, data, database)
	if o.queue, err = schedule.New(t.Context(), schedule.Config{Database: database}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { o.queue.Close() })
}

// up starts the portal, again at the same address after it was closed.
func (o *observed) up() {
	o.t.Helper()
	l, err := net.Listen("tcp", o.front)
	if err != nil {
		o.t.Fatal(err)
	}
	o.portal = &http.Server{Handler: o.handler}
	go o.portal.Serve(l)
}

// free is an address of loopback that nobody listens on.
func free() string {
	l := listen()
	defer l.Close()
	return l.Addr().String()
}

func (o *observed) ask(k schedule.Kind, targets ...string) {
	o.t.Helper()
	for _, x := range targets {
		if _, _, err := o.queue.Ask(o.t.Context(), k, x, ""); err != nil {
			o.t.Fatal(err)
		}
	}
}

// idle reports whether nothing waits or runs but what is put off.
func (o *observed) idle() bool {
	all, err := o.queue.Depths(o.t.Context())
	return err == nil && !slices.ContainsFunc(all, func(d schedule.Depth) bool { return d.State != "scheduled" || d.Oldest.Before(time.Now()) })
}

// work inspects everything once, and lets people decide on some cases.
func (o *observed) work() {
	t := o.t
	p, err := (&targetFlags{Config: filepath.Join(o.dir, "site.yaml")}).plan()
	if err != nil {
		t.Fatal(err)
	}
	sites := ids(p.cfg.Sites)
	o.ask(schedule.Probe, sites...)
	o.ask(schedule.Crawl, sites...)
	await(t, "the crawls", o.idle)
	o.ask(schedule.Columns, sites...)
	o.ask(schedule.Accounts, "acc-wechat", "acc-wechat-2", "acc-weibo", "acc-net")
	o.ask(schedule.Bulletin, "")
	await(t, "columns and accounts", o.idle)
	cases, _, err := o.st.Cases(t.Context(), inspect.CaseQuery{Limit: 2, Stages: []inspect.Stage{inspect.StageConfirmed}})
	if err != nil || len(cases) < 2 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	chief, at := inspect.Person{ID: "li", Role: inspect.Supervisor}, time.Now().AddDate(0, 0, -20)
	for i, act := range []inspect.Act{inspect.ActOrder, inspect.ActWaive} {
		step := inspect.Step{Act: act, By: chief, At: at, Why: "演示", Order: "o-1", Until: at.AddDate(0, 0, 5)}
		if _, err := o.st.Decide(t.Context(), step, inspect.DefaultTerms, store.Decision{Case: cases[i].Fingerprint}); err != nil {
			t.Fatal(err)
		}
	}
}

// expressions runs what dashboards and rules ask. An empty answer is a fault,
// but where the panel says that it may be.
func (o *observed) expressions() {
	t := o.t
	await(t, "series of columns", func() bool { return len(o.query("xunjian_column_info")) > 0 })
	worked := time.Now()
	await(t, "a snapshot of all that", func() bool {
		r := o.query("min_over_time(xunjian_fleet_snapshot_timestamp_seconds[5s])") // and scraped a few times
		return len(r) > 0 && r[0].number() > float64(worked.Unix())
	})
	queries, quiet := 0, 0
	for _, d := range grafana.All() {
		for _, row := range d.Rows {
			for _, p := range row.Panels {
				for _, q := range p.Queries {
					queries++
					ask := o.span
					if p.Kind == grafana.List || p.Kind == grafana.Bars {
						ask = o.query
					}
					if len(ask(filled(grafana.Matched(q.Expr)))) == 0 && !p.Quiet {
						t.Errorf("%s, %s: no data: %s", d.Title, p.Title, q.Expr)
					}
					if p.Quiet {
						quiet++
					}
				}
			}
		}
	}
	rules, unwell := 0, 0
	for _, g := range o.rules() {
		for _, r := range g.Rules {
			rules++
			if r.Health != "ok" {
				unwell++
				t.Errorf("rule %s: %s %s", r.Name, r.Health, r.LastError)
			}
			if r.Type == "recording" && len(o.query(r.Name)) == 0 {
				t.Errorf("recording rule %s gives nothing", r.Name)
			}
		}
	}
	t.Logf("%d expressions of %d dashboards (%d may be empty), %d rules", queries, len(grafana.All()), quiet, rules)
}

// filled is an expression as Grafana would send it with everything chosen.
func filled(expr string) string {
	return strings.NewReplacer("$__rate_interval", "1m", "$__interval", "15s", "$__range", "1h", `site="$site"`, `site="`+portal.Code+`"`,
		"$job", ".+", "$instance", ".+", "$agency", ".+", "$region", ".+", "$platform", ".+").Replace(expr)
}

func (o *observed) takeDown(t *testing.T) {
	o.portal.Close() // which refuses whoever asks
	fails := func() bool {
		o.ask(schedule.Probe, portal.ID)
		return o.firing("XunjianSiteDown", "site", portal.Code)
	}
	await(t, "XunjianSiteDown", fails)
	await(t, "the alert at the hub", func() bool { return o.told.has("XunjianSiteDown", "firing") })
	await(t, "XunjianColumnsOverdue is held back for it", func() bool { return o.suppressed("XunjianColumnsOverdue") })
	if o.firing("XunjianOwnNetworkSuspect", "", "") {
		t.Error("one site that refuses is taken for our own line")
	}
	o.up()
	await(t, "the end of XunjianSiteDown", func() bool {
		o.ask(schedule.Probe, portal.ID)
		return !o.firing("XunjianSiteDown", "site", portal.Code)
	})
	await(t, "its end at the hub", func() bool { return o.told.has("XunjianSiteDown", "resolved") })
}

// freeze finds the columns as they were two months ago, and then kept again.
func (o *observed) freeze(t *testing.T) {
	const column = "青岚要闻"
	await(t, "XunjianColumnDue", func() bool { return o.firing("XunjianColumnDue", "name", column) })
	await(t, "XunjianColumnsOverdue", func() bool { return o.firing("XunjianColumnsOverdue", "site", portal.Code) })
	await(t, "the alert at the hub", func() bool { return o.told.has("XunjianColumnsOverdue", "firing") })
	o.kept.Store(true)
	o.ask(schedule.Columns, portal.ID)
	await(t, "the end of XunjianColumnDue", func() bool { return !o.firing("XunjianColumnDue", "name", column) })
}

func (o *observed) fill(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for i := range 6000 {
		if _, _, err := o.queue.Ask(ctx, schedule.Accounts, fmt.Sprint("nobody-", i), ""); err != nil {
			t.Fatal(err)
		}
		if i%500 == 0 && o.firing("XunjianQueueBacklog", "", "") {
			break
		}
	}
	await(t, "XunjianQueueBacklog", func() bool { return o.firing("XunjianQueueBacklog", "", "") })
	await(t, "its mail", func() bool { return o.told.has("XunjianQueueBacklog", "mail") })
}

func (o *observed) stopWorker(t *testing.T) {
	if err := o.worker.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := o.worker.Wait(); err != nil {
		t.Errorf("stop: %v", err)
	}
	await(t, "XunjianTargetDown", func() bool { return o.firing("XunjianTargetDown", "instance", o.other) })
	await(t, "the mail to who is on call", func() bool { return o.told.has("XunjianTargetDown", "mail") })
}
