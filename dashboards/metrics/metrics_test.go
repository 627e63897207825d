package metrics_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/xunjian/xunjian/dashboards/metrics"
	"github.com/xunjian/xunjian/inspect"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var day = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

var checks = map[string]metrics.Check{
	"column-stale": {Family: "freshness"}, "a11y-img-alt": {Family: "accessibility", Impact: "critical"}, "a11y-deep": {Family: "accessibility"},
	"interpretation-missing": {Family: "interpretation"}, "message-late": {Family: "interaction"}, "link-broken": {Family: "links"},
}

// a fleet of sites with as many columns each, and as many accounts; every kind
// of series is there.
func fleet(sites, columns, accounts, findings int) *metrics.Fleet {
	grade := inspect.Grade{Verdict: inspect.Failed, Scored: true, Points: 71.5, Lines: []inspect.Line{
		{Item: "SV-1", Part: inspect.Veto, Hit: true, Failed: 2}, {Item: "SV-2", Part: inspect.Veto}, {Item: "D-04", Part: inspect.Deduction, Hit: true, Failed: findings}}}
	for i := range 6 {
		grade.Lines = append(grade.Lines, inspect.Line{Item: fmt.Sprint("SV-", i+3), Part: inspect.Veto})
	}
	whole := &metrics.Result{Begun: day.Add(-2 * time.Hour), Ended: day, Grade: grade, Counts: inspect.Counts{Fetched: 200, Unchanged: 150, Asked: 900, Broken: 3, Unknown: 7, Due: 1000, Untold: 26, Skipped: 2, Failed: 1,
		Checks:   map[string]inspect.Tally{"column-stale": {Due: 5, Failed: findings}, "a11y-img-alt": {Failed: 9, Unknown: 1}, "a11y-deep": {Review: 2}, "interpretation-missing": {Due: 10, Review: 2}, "message-late": {Due: 8, Failed: 1}, "link-broken": {Failed: 3, Waiting: 2}},
		Measures: map[inspect.Measure]float64{inspect.ReplyDays: 4}}}
	f := &metrics.Fleet{Collected: map[inspect.Platform]time.Time{inspect.WeChat: day}, Messages: map[string]int{"mail": 2}, Incidents: map[string]int{"line": 0, "wave": 1},
		Space: map[string]int64{"database": 1 << 20, "evidence": 5 << 20}, Free: 1 << 30}
	f.Repairs = []metrics.Repair{{Agency: "示例单位0", Severity: inspect.Veto, Stage: inspect.StageOrdered, Cases: 3, Overdue: 1}, {Agency: "示例单位0", Severity: inspect.Advice, Stage: inspect.StageWaived, Cases: 2, Expiring: 1}}
	for i := range sites {
		s := metrics.Site{ID: fmt.Sprintf("14990200%02d", i), Name: fmt.Sprint("示例网站", i), Agency: fmt.Sprint("示例单位", i%50), Region: "149902", Portal: i == 0,
			Visit:        &inspect.Probe{At: day, Verdict: inspect.Fine, Status: 200, DNS: 3, Connect: 10, Handshake: 20, FirstByte: 100, Whole: 350, TLS: &inspect.TLS{NotAfter: day.AddDate(0, 1, 0)}},
			Availability: map[string]float64{"7d": 0.99, "30d": 1}, Whole: whole, ListsAt: day, HomeNewest: time.Unix(1.79e9, 0), HomeDue: time.Unix(1.7913e9, 0)}
		for c := range columns {
			s.Columns = append(s.Columns, metrics.Column{ID: fmt.Sprintf("%010x", c), Name: fmt.Sprint("栏目", c), Genre: "news", Newest: day.AddDate(0, 0, -c), Due: day.AddDate(0, 0, 14-c), State: metrics.ColumnStates[c%len(metrics.ColumnStates)]})
		}
		f.Sites = append(f.Sites, s)
	}
	for i := range accounts {
		f.Accounts = append(f.Accounts, metrics.Account{ID: fmt.Sprint("wx-", i), Name: "示例发布", Agency: "示例单位1", Region: "149902", Platform: inspect.WeChat, Newest: day, Due: day.AddDate(0, 0, 14), Collected: day, Whole: whole})
	}
	return f
}

// full is the metrics of a process in which everything has happened once.
func full(t testing.TB, f *metrics.Fleet, change func(*metrics.Options)) *metrics.Metrics {
	t.Helper()
	o := metrics.Options{Version: "v1", Revision: "abc", Ruleset: "guoban-2019", RulesetVersion: "1", Checks: checks,
		Fleet: func(context.Context, time.Time) (*metrics.Fleet, error) { return f, nil },
		Queue: func(context.Context) (*metrics.Queue, error) {
			return &metrics.Queue{Jobs: map[string]map[string]int{"crawl": {"available": 3, "running": 1}}, Oldest: map[string]time.Time{"crawl": day},
				Busy: map[string]int{"long": 1}, Size: map[string]int{"long": 4, "short": 16}, Successes: map[string]time.Time{"probe": day}}, nil
		},
		Urls: func() map[string]int { return map[string]int{"crawl": 120} }}
	if change != nil {
		change(&o)
	}
	m := metrics.New(o)
	ctx := metrics.WithRun(t.Context(), "qinglan-crawl-20261124T080000.000")
	m.Fetched(ctx, metrics.Fetch{Kind: "html", Outcome: "ok", Own: true, Bytes: 1000, Took: 200 * time.Millisecond})
	m.Fetched(ctx, metrics.Fetch{Kind: "head", Outcome: "timeout", Took: 15 * time.Second})
	m.Retried("timeout")
	m.Paused("www.example.gov.cn", time.Now().Add(time.Minute))
	for _, x := range []inspect.Timing{{Phase: inspect.Parsing, Took: time.Millisecond}, {Phase: inspect.Checking, Check: "link-broken", Result: inspect.NoFinding, Took: time.Second},
		{Phase: inspect.Looking, Result: inspect.ReadingUsed}, {Phase: inspect.Showing, Result: inspect.WasShown}, {Phase: inspect.Skipping, Result: "robots"}} {
		m.Inspected(ctx, x)
	}
	m.JobEnded(ctx, "crawl", "done", time.Hour)
	m.Moved(&inspect.Step{Act: inspect.ActGone, From: inspect.StageClaimed, To: inspect.StageVerified, At: day}, &inspect.Case{Severity: inspect.Veto, Order: &inspect.Order{At: day.AddDate(0, 0, -2)}})
	m.Notified("mail", "ok")
	m.Stored("insert", time.Millisecond, errors.New("disk full"))
	m.Reported("monthly", "html", time.Second, nil)
	m.HTTP(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", nil))
	if o.Fleet != nil {
		if err := m.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// get is an answer of the handler; accept is a media type, or "".
func get(t testing.TB, m *metrics.Metrics, path, accept string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func families(t testing.TB, text string) map[string]*dto.MetricFamily {
	t.Helper()
	p := expfmt.NewTextParser(model.UTF8Validation)
	f, err := p.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Everything in the list is exported and nothing else; promlint finds nothing.
func TestNames(t *testing.T) {
	t.Parallel()
	m := full(t, fleet(1, 5, 1, 2), nil)
	all := get(t, m, "/metrics", "")
	columns := get(t, m, "/metrics/columns?all=1", "")
	for _, text := range []string{all, columns} {
		problems, err := promlint.New(strings.NewReader(text)).Lint()
		if err != nil || len(problems) > 0 {
			t.Errorf("promlint: %v, %v", problems, err)
		}
	}
	var want, got []string
	for _, x := range metrics.List {
		want = append(want, metrics.Prefix+x.Name)
		if slices.ContainsFunc(x.Labels, func(l string) bool { return l == "url" || l == "page" || l == "host" }) {
			t.Errorf("%s has a label whose values nothing bounds", x.Name)
		}
	}
	for n := range families(t, all) {
		if strings.HasPrefix(n, metrics.Prefix) {
			got = append(got, n)
		}
	}
	for n := range families(t, columns) {
		got = append(got, n)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-listed +exported):\n%s", diff)
	}
	if strings.Contains(all, "_age_") || strings.Contains(all, "seconds_since") {
		t.Error("an age is exported")
	}
}

// The series of a fixed fleet, as they are read.
func TestExposition(t *testing.T) {
	t.Parallel()
	var keep []string
	for _, l := range strings.Split(get(t, full(t, fleet(1, 5, 1, 2), nil), "/metrics", ""), "\n") {
		if (strings.Contains(l, `site="`) || strings.Contains(l, `account="`)) && !strings.HasPrefix(l, "#") {
			keep = append(keep, l)
		}
	}
	golden(t, "site.txt", strings.Join(keep, "\n")+"\n")
	golden(t, "columns.txt", get(t, full(t, fleet(1, 5, 0, 2), nil), "/metrics/columns?all=1", ""))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; go test ./dashboards/metrics -update):\n%s", name, diff)
	}
}

// Whoever asks for OpenMetrics gets it, with the inspection as exemplar.
func TestOpenMetrics(t *testing.T) {
	t.Parallel()
	text := get(t, full(t, fleet(1, 1, 0, 1), nil), "/metrics", "application/openmetrics-text; version=1.0.0")
	if !strings.HasSuffix(text, "# EOF\n") || !strings.Contains(text, `# {run_id="qinglan-crawl-20261124T080000.000"} 0.2`) {
		t.Errorf("no exemplar, or no OpenMetrics:\n%.400s", text)
	}
	long := metrics.WithRun(t.Context(), strings.Repeat("长", 200)) // more than an exemplar may hold
	m := full(t, fleet(1, 1, 0, 1), nil)
	m.Fetched(long, metrics.Fetch{Kind: "html", Outcome: "ok"})
}

// What is not known has no series; a site that left the register has none either.
func TestNoSeries(t *testing.T) {
	t.Parallel()
	f := fleet(2, 3, 0, 1)
	m := full(t, f, nil)
	before := get(t, m, "/metrics", "")
	f.Sites = f.Sites[:1]
	f.Sites[0].Whole, f.Sites[0].Visit = &metrics.Result{Grade: inspect.Grade{Verdict: inspect.Undecided}}, nil
	if err := m.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := get(t, m, "/metrics", "") + get(t, m, "/metrics/columns?all=1", "")
	if !strings.Contains(before, `site="1499020001"`) || strings.Contains(after, `site="1499020001"`) {
		t.Error("the series of a site that is gone are there still")
	}
	for _, name := range []string{"site_up{", "site_compliant{", "site_score{", "site_http_status_code{", "site_coverage_ratio{"} {
		if strings.Contains(after, metrics.Prefix+name) {
			t.Errorf("%s is exported though nobody could tell", name)
		}
	}
	if !strings.Contains(after, `xunjian_site_verdict{site="1499020000",verdict="undecided"} 1`) {
		t.Error("an open verdict is not told")
	}
}

// A cap bounds the series, and what was left out is counted.
func TestCap(t *testing.T) {
	t.Parallel()
	m := full(t, fleet(10, 20, 10, 1), func(o *metrics.Options) { o.MaxSeries = 100 })
	columns := get(t, m, "/metrics/columns?all=1", "")
	text := get(t, m, "/metrics", "")
	n := strings.Count(text, `{site="`) + strings.Count(text, `{account="`) + strings.Count(text, `,site="`)
	if n != 100 {
		t.Errorf("%d series of sites and accounts", n)
	}
	if n := strings.Count(columns, `site="`); n > 100 || n < 90 {
		t.Errorf("%d series of columns", n)
	}
	for _, tier := range []string{"site", "column"} {
		if !strings.Contains(text, `xunjian_metrics_series_dropped_total{tier="`+tier+`"}`) {
			t.Errorf("what was dropped of tier %s is not counted", tier)
		}
	}
}

// Filters of the columns' page.
func TestColumnFilters(t *testing.T) {
	t.Parallel()
	m := full(t, fleet(4, 10, 0, 1), nil)
	for query, want := range map[string]int{"?all=1": 120, "": 48, "?site=1499020002&all=1": 30, "?agency=%E7%A4%BA%E4%BE%8B%E5%8D%95%E4%BD%8D3": 12, "?site=none": 0} {
		if got := strings.Count(get(t, m, "/metrics/columns"+query, ""), `site="`); got != want {
			t.Errorf("%q: %d series, want %d", query, got, want)
		}
	}
}

// A snapshot that fails is counted and leaves the last one standing; a queue
// that does not answer leaves everything else.
func TestTrouble(t *testing.T) {
	t.Parallel()
	var trouble error
	f := fleet(1, 1, 0, 1)
	m := full(t, f, func(o *metrics.Options) {
		o.Fleet = func(context.Context, time.Time) (*metrics.Fleet, error) { return f, trouble }
		o.Queue = func(context.Context) (*metrics.Queue, error) { return nil, errors.New("no database") }
	})
	trouble = errors.New("no database")
	if err := m.Refresh(t.Context()); err == nil {
		t.Error("no error")
	}
	text := get(t, m, "/metrics", "")
	for _, want := range []string{"xunjian_fleet_snapshot_errors_total 1", `xunjian_site_up{site="1499020000"} 1`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// A file for node_exporter is whole, has only our names, and zeroed counters.
func TestWriteFile(t *testing.T) {
	t.Parallel()
	m := full(t, fleet(1, 1, 1, 1), nil)
	m.Zero("jobs_total", []string{"probe", "links"}, []string{"done", "failed"})
	name := filepath.Join(t.TempDir(), "xunjian.prom")
	if err := m.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for n := range families(t, string(b)) {
		if !strings.HasPrefix(n, metrics.Prefix) {
			t.Errorf("%s is not ours", n)
		}
	}
	for _, want := range []string{`xunjian_jobs_total{class="probe",ending="done"} 0`, `xunjian_jobs_total{class="links",ending="failed"} 0`, `xunjian_site_score{site="1499020000"} 71.5`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is missing", want)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(name)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := m.WriteFile(filepath.Join(t.TempDir(), "xunjian.txt")); err == nil {
		t.Error("a name that the collector does not read was taken")
	}
}

// One hundred times the findings are the same series.
func TestFindingsCostNothing(t *testing.T) {
	t.Parallel()
	few, many := get(t, full(t, fleet(20, 10, 5, 1), nil), "/metrics", ""), get(t, full(t, fleet(20, 10, 5, 100), nil), "/metrics", "")
	if a, b := strings.Count(few, `site="`), strings.Count(many, `site="`); a != b || a == 0 {
		t.Errorf("%d series of sites, %d with more findings", a, b)
	}
}

// cpu is the time that this process has used of all cores: what a busy machine
// does not change.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A province's scrape: 750 sites of 150 columns, 5,000 accounts.
func BenchmarkScrape(b *testing.B) {
	for _, findings := range []int{5, 500} {
		m := full(b, fleet(750, 150, 5000, findings), func(o *metrics.Options) { o.MaxSeries = 400_000 })
		for _, path := range []string{"/metrics", "/metrics/columns", "/metrics/columns?all=1"} {
			b.Run(fmt.Sprintf("findings=%d%s", findings, strings.ReplaceAll(path, "/", "_")), func(b *testing.B) {
				b.ReportAllocs()
				var text string
				before := cpu()
				for b.Loop() {
					text = get(b, m, path, "")
				}
				b.ReportMetric((cpu()-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
				b.ReportMetric(float64(len(text)), "bytes")
				b.ReportMetric(float64(strings.Count(text, "\n")-strings.Count(text, "\n#")), "series")
			})
		}
	}
}

// Steps of a case are events by what they mean.
func TestMoved(t *testing.T) {
	t.Parallel()
	m := metrics.New(metrics.Options{})
	for _, s := range []inspect.Step{
		{Act: inspect.ActSeen, To: inspect.StageConfirmed},
		{Act: inspect.ActConfirm, From: inspect.StageSuspected, To: inspect.StageConfirmed},
		{Act: inspect.ActOrder, From: inspect.StageConfirmed, To: inspect.StageOrdered},
		{Act: inspect.ActComment, From: inspect.StageOrdered, To: inspect.StageOrdered},
		{Act: inspect.ActClaim, From: inspect.StageOrdered, To: inspect.StageClaimed},
		{Act: inspect.ActSeen, From: inspect.StageClaimed, To: inspect.StageOrdered},
		{Act: inspect.ActAppeal, From: inspect.StageOrdered, To: inspect.StageAppealed},
		{Act: inspect.ActReject, From: inspect.StageAppealed, To: inspect.StageOrdered},
		{Act: inspect.ActUphold, From: inspect.StageAppealed, To: inspect.StageRefuted},
		{Act: inspect.ActWaive, From: inspect.StageOrdered, To: inspect.StageWaived},
		{Act: inspect.ActExpire, From: inspect.StageWaived, To: inspect.StageConfirmed},
		{Act: inspect.ActAccept, From: inspect.StageMasked, To: inspect.StageVerified},
		{Act: inspect.ActSeen, From: inspect.StageVerified, To: inspect.StageConfirmed, Relapse: true},
		{Act: inspect.ActRefute, From: inspect.StageConfirmed, To: inspect.StageRefuted},
	} {
		m.Moved(&s, &inspect.Case{})
	}
	got := map[string]float64{}
	for _, x := range families(t, get(t, m, "/metrics", ""))["xunjian_rectification_events_total"].GetMetric() {
		got[x.GetLabel()[0].GetValue()] = x.GetCounter().GetValue()
	}
	want := map[string]float64{}
	for _, e := range metrics.Events {
		want[e] = 1
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The list of metrics in the documentation is the one of the code.
func TestDocumentation(t *testing.T) {
	const file, begin, end = "../../docs/metrics.md", "<!-- made by go test ./dashboards/metrics -run TestDocumentation -update -->\n", "<!-- end -->\n"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(b), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("docs/metrics.md has no place for the list")
	}
	var table strings.Builder
	for tier, title := range []string{"Of the program and of all sites together", "Of a site, an account or an agency", "Of a column: /metrics/columns"} {
		fmt.Fprintf(&table, "### %s\n\n| name, `xunjian_` before it | type | labels | what | series |\n| --- | --- | --- | --- | --- |\n", title)
		for _, m := range metrics.List {
			if int(m.Tier) == tier {
				fmt.Fprintf(&table, "| `%s` | %s | %s | %s | %s |\n", m.Name, m.Type, strings.Join(m.Labels, ", "), m.Help, m.Series)
			}
		}
		table.WriteString("\n")
	}
	want := head + begin + table.String() + end + tail
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(b), want); diff != "" {
		t.Errorf("docs/metrics.md (make generate; -file +code):\n%s", diff)
	}
}
