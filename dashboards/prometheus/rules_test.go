// Package prometheus_test holds the rules, the runbooks and the example of
// Alertmanager against the tools of Prometheus.
package prometheus_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/xunjian/xunjian/dashboards/grafana"
	"github.com/xunjian/xunjian/dashboards/metrics"
)

type rules struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Record, Alert, Expr, For string
			Labels, Annotations      map[string]string
		}
	}
}

func read(t *testing.T, file string, into any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// tool runs a program of Debian's packages.
func tool(t *testing.T, args ...string) {
	t.Helper()
	name, args := args[0], args[1:]
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed (Debian: apt-get install prometheus prometheus-alertmanager)", name)
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// tests are by how much time they take, since each is evaluated to its end.
var tests = []string{"rules_test.yml", "rules_hours_test.yml", "rules_days_test.yml"}

// The rules and the example of Prometheus are what Prometheus takes, and each
// alert fires, does not fire and ends as its test says.
func TestPromtool(t *testing.T) {
	tool(t, "promtool", "check", "config", "prometheus.yml")
	tool(t, append([]string{"promtool", "test", "rules"}, tests...)...)
}

// Every alert says how grave it is and for whom, in both languages, leads to
// the console and to a runbook, and has a test that it fires and one that it does not.
func TestAlerts(t *testing.T) {
	var all rules
	read(t, "rules.yml", &all)
	type suite struct {
		Tests []struct {
			Name      string
			AlertTest []struct {
				Alertname string           `yaml:"alertname"`
				Expected  []map[string]any `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	fires, rests := map[string]int{}, map[string]int{}
	for _, file := range tests {
		var s suite
		read(t, file, &s)
		for _, x := range s.Tests {
			for _, a := range x.AlertTest {
				if len(a.Expected) > 0 {
					fires[a.Alertname]++
				} else {
					rests[a.Alertname]++
				}
			}
		}
	}
	runbooks := map[string]bool{}
	for _, g := range all.Groups {
		for _, r := range g.Rules {
			if r.Alert == "" {
				continue
			}
			runbooks[r.Alert+".md"] = true
			if !slices.Contains([]string{"critical", "warning", "info"}, r.Labels["severity"]) || !slices.Contains([]string{"agency", "supervisor", "ops"}, r.Labels["audience"]) {
				t.Errorf("%s: labels %v", r.Alert, r.Labels)
			}
			for _, k := range []string{"summary", "summary_en", "console_path", "runbook_url"} {
				if r.Annotations[k] == "" {
					t.Errorf("%s: no %s", r.Alert, k)
				}
			}
			page, err := os.ReadFile(filepath.Join("..", "..", "docs", "runbooks", filepath.Base(r.Annotations["runbook_url"])))
			if err != nil || filepath.Base(r.Annotations["runbook_url"]) != r.Alert+".md" {
				t.Errorf("%s: runbook %s: %v", r.Alert, r.Annotations["runbook_url"], err)
				continue
			}
			for _, want := range []string{"# " + r.Alert + "：", "\n## 含义\n", "\n## 看什么\n", "\n## 怎么办\n", "\n" + r.Expr + "\n"} {
				if !strings.Contains(string(page), want) {
					t.Errorf("%s: its runbook has no %q", r.Alert, want)
				}
			}
			if fires[r.Alert] == 0 || rests[r.Alert] < 2 {
				t.Errorf("%s: %d tests that it fires, %d that it does not", r.Alert, fires[r.Alert], rests[r.Alert])
			}
		}
	}
	files, err := filepath.Glob("../../docs/runbooks/Xunjian*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !runbooks[filepath.Base(f)] {
			t.Errorf("%s is of no alert", f)
		}
	}
}

var metric = regexp.MustCompile(`\bxunjian_[a-z_]+`)

// Rules speak only of metrics that are exported.
func TestMetricsExist(t *testing.T) {
	known := map[string]bool{}
	for _, m := range metrics.List {
		known[metrics.Prefix+m.Name] = true
		if m.Type == "histogram" {
			for _, s := range []string{"_bucket", "_sum", "_count"} {
				known[metrics.Prefix+m.Name+s] = true
			}
		}
	}
	var all rules
	read(t, "rules.yml", &all)
	for _, g := range all.Groups {
		for _, r := range g.Rules {
			if r.Record != "" {
				known[strings.Split(r.Record, ":")[1]] = true
			}
			for _, m := range metric.FindAllString(r.Expr, -1) {
				if !known[m] {
					t.Errorf("%s%s speaks of %s, which nobody exports", r.Record, r.Alert, m)
				}
			}
		}
	}
}

// Each audience's alerts reach its receivers, and the example is one that
// Alertmanager takes.
func TestRoutes(t *testing.T) {
	const file = "../alertmanager/alertmanager.yml"
	tool(t, "amtool", "check-config", file)
	for labels, want := range map[string]string{
		"audience=agency severity=critical alertname=XunjianSiteDown agency=x":       "hub,supervisors",
		"audience=agency severity=info alertname=XunjianColumnDue":                   "nobody",
		"audience=supervisor severity=warning alertname=XunjianRectificationOverdue": "supervisors",
		"audience=ops severity=critical alertname=XunjianTargetDown":                 "operations-urgent",
		"audience=ops severity=warning alertname=XunjianStorageFull":                 "operations",
		"alertname=SomethingElse": "operations",
	} {
		args := append([]string{"amtool", "config", "routes", "test", "--config.file=" + file, "--verify.receivers=" + want}, strings.Fields(labels)...)
		tool(t, args...)
	}
}

var (
	shown  = regexp.MustCompile(`面板“([^”]+)”(?:的((?:“[^”]+”[、与]?)+))?`)
	quoted = regexp.MustCompile(`“([^”]+)”`)
)

// The panels to which runbooks send people exist.
func TestRunbookPanels(t *testing.T) {
	files, err := filepath.Glob("../../docs/runbooks/Xunjian*.md")
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string][]string{} // of panels, by the title of their dashboard
	for _, d := range grafana.All() {
		for _, r := range d.Rows {
			for _, p := range r.Panels {
				titles[d.Title] = append(titles[d.Title], p.Title)
			}
		}
	}
	sent := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range shown.FindAllStringSubmatch(string(text), -1) {
			sent++
			var panels []string
			for title, all := range titles {
				if strings.Contains(title, "·"+m[1]+" ") {
					panels = all
				}
			}
			if panels == nil {
				t.Errorf("%s: no dashboard %s", filepath.Base(file), m[1])
			}
			for _, q := range quoted.FindAllStringSubmatch(m[2], -1) {
				if !slices.ContainsFunc(panels, func(p string) bool { return strings.HasPrefix(p, q[1]) }) {
					t.Errorf("%s: %s has no panel %s", filepath.Base(file), m[1], q[1])
				}
			}
		}
	}
	if sent < 10 {
		t.Errorf("only %d runbooks send people to a panel", sent)
	}
}

// Scrapes are no further apart than Prometheus looks back, or an alert that
// waits begins anew after each one that is missed.
func TestScrapesAreNearEnough(t *testing.T) {
	b, err := os.ReadFile("prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`scrape_interval: (\w+)`).FindAllStringSubmatch(string(b), -1)
	if len(all) < 2 {
		t.Fatalf("intervals: %v", all)
	}
	for _, m := range all {
		if d, err := time.ParseDuration(m[1]); err != nil || d > 2*time.Minute {
			t.Errorf("a scrape every %s: %v", m[1], err)
		}
	}
}
