//lint:file-ignore SA1019 the classic form of dashboards is meant, not the library's newer one

package grafana_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"

	"github.com/xunjian/xunjian/dashboards/grafana"
	"github.com/xunjian/xunjian/dashboards/metrics"
)

var update = flag.Bool("update", false, "rewrite the dashboards")

// The committed dashboards are what the code makes, and there are no others.
func TestFresh(t *testing.T) {
	names := map[string]bool{}
	for _, d := range grafana.All() {
		got, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("json", d.UID+".json")
		names[name] = true
		if *update {
			if err := errors.Join(os.MkdirAll("json", 0o755), os.WriteFile(name, got, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not fresh (make generate):\n%s", name, diff)
		}
	}
	files, err := filepath.Glob("json/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !names[f] {
			t.Errorf("%s is of no dashboard", f)
		}
	}
}

// read reads a dashboard as strictly as the SDK can: a misspelt field anywhere
// is an error. The error is never nil, so it counts, and for the same reason
// panels are not kept by it: they are read once more.
func read(t *testing.T, raw []byte) dashboard.Dashboard {
	t.Helper()
	plugins.RegisterDefaultPlugins()
	var d dashboard.Dashboard
	if err := d.UnmarshalJSONStrict(raw); err != nil {
		var list cog.BuildErrors
		if !errors.As(err, &list) || len(list) > 0 {
			t.Errorf("strict read: %v", err)
		}
	}
	d = dashboard.Dashboard{}
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func each(t *testing.T, test func(t *testing.T, d dashboard.Dashboard, panels []dashboard.Panel)) {
	t.Helper()
	files, err := filepath.Glob("json/*.json")
	if err != nil || len(files) != len(grafana.All()) {
		t.Fatalf("%d dashboards, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".json"), func(t *testing.T) {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			d := read(t, raw)
			var panels []dashboard.Panel
			for _, p := range d.Panels {
				if p.Panel != nil {
					panels = append(panels, *p.Panel)
				}
			}
			if len(panels) < 5 {
				t.Fatalf("only %d panels were read", len(panels))
			}
			test(t, d, panels)
		})
	}
}

// A misspelt field is found: else the strict read proves nothing.
func TestStrictReadIsStrict(t *testing.T) {
	raw, err := os.ReadFile("json/xunjian-fleet.json")
	if err != nil {
		t.Fatal(err)
	}
	plugins.RegisterDefaultPlugins()
	for _, change := range [][2]string{{`"graphTooltip"`, `"graphToolTip"`}, {`"reduceOptions"`, `"reduceOption"`}} {
		var d dashboard.Dashboard
		var list cog.BuildErrors
		err := d.UnmarshalJSONStrict([]byte(strings.Replace(string(raw), change[0], change[1], 1)))
		if !errors.As(err, &list) || len(list) == 0 {
			t.Errorf("%s was read", change[1])
		}
	}
}

// Panels lie within the grid, none over another, each with its own id.
func TestLayout(t *testing.T) {
	each(t, func(t *testing.T, _ dashboard.Dashboard, panels []dashboard.Panel) {
		ids, cells := map[uint32]bool{}, map[[2]uint32]string{}
		for _, p := range panels {
			g := p.GridPos
			if g == nil || g.W == 0 || g.H == 0 || g.X+g.W > 24 {
				t.Errorf("%s: at %+v", *p.Title, g)
				continue
			}
			if ids[*p.Id] {
				t.Errorf("%s: its id %d stands twice", *p.Title, *p.Id)
			}
			ids[*p.Id] = true
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					if over := cells[[2]uint32{x, y}]; over != "" {
						t.Fatalf("%s lies over %s", *p.Title, over)
					}
					cells[[2]uint32{x, y}] = *p.Title
				}
			}
		}
	})
}

var (
	selectors = regexp.MustCompile(`\b((?:xunjian|process|go|prometheus)_[a-z_]+)(\{[^{}]*\})?`)
	counters  = regexp.MustCompile(`\b[a-z_]+_total\b`)
	windows   = regexp.MustCompile(`rate\([^()]*\[([^\]]+)\]`)
	variables = regexp.MustCompile(`\$\{?([a-z_]+)`)
	units     = []string{"short", "percentunit", "s", "bytes", "Bps", "ops", "reqps", "none"}
)

// What the dashboard linter asks for, and what we do: every panel has a title in
// both languages, a description, a unit we know, the templated data source, and
// queries whose selectors can be narrowed to a job and an instance.
func TestLint(t *testing.T) {
	known := map[string]string{}
	for _, m := range metrics.List {
		known[metrics.Prefix+m.Name] = m.Type
	}
	each(t, func(t *testing.T, d dashboard.Dashboard, panels []dashboard.Panel) {
		declared := map[string]bool{}
		for _, v := range d.Templating.List {
			declared[v.Name] = true
			if v.Name == "job" || v.Name == "instance" {
				if *v.Label != strings.ToUpper(v.Name[:1])+v.Name[1:] || !*v.Multi || *v.AllValue != ".+" || *v.Refresh != dashboard.VariableRefreshOnTimeRangeChanged {
					t.Errorf("variable %s: %+v", v.Name, v)
				}
			}
		}
		for _, want := range []string{"datasource", "job", "instance", "console"} {
			if !declared[want] {
				t.Errorf("no variable %s", want)
			}
		}
		if d.Editable == nil || *d.Editable || *d.Timezone != "Asia/Shanghai" || d.Title == nil || *d.Description == "" {
			t.Error("editable, in another zone, or without a description")
		}
		for _, p := range panels {
			lintPanel(t, &p, declared, known)
		}
	})
}

func lintPanel(t *testing.T, p *dashboard.Panel, declared map[string]bool, known map[string]string) {
	t.Helper()
	title := *p.Title
	if !strings.ContainsFunc(title, func(r rune) bool { return r < 128 && unicode.IsLetter(r) }) || !strings.ContainsFunc(title, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && title != "CPU" {
		t.Errorf("%s: not in both languages", title)
	}
	if p.Description == nil || len([]rune(*p.Description)) < 6 {
		t.Errorf("%s: no description", title)
	}
	if u := p.FieldConfig.Defaults.Unit; u == nil || !slices.Contains(units, *u) {
		t.Errorf("%s: unit %v", title, u)
	}
	if p.Datasource == nil || *p.Datasource.Uid != "${datasource}" || len(p.Targets) == 0 {
		t.Errorf("%s: data source %+v, %d queries", title, p.Datasource, len(p.Targets))
	}
	refs := map[string]bool{}
	for _, x := range p.Targets {
		q, ok := x.(*prometheus.Dataquery)
		if !ok || refs[*q.RefId] {
			t.Errorf("%s: query %T %v", title, x, q.RefId)
			continue
		}
		refs[*q.RefId] = true
		if problem := lintQuery(q.Expr, known); problem != "" {
			t.Errorf("%s: %s in %s", title, problem, q.Expr)
		}
		for _, v := range variables.FindAllStringSubmatch(q.Expr, -1) {
			if !declared[v[1]] && !strings.HasPrefix(v[1], "__") {
				t.Errorf("%s: $%s is no variable", title, v[1])
			}
		}
	}
	for _, l := range p.FieldConfig.Defaults.Links {
		raw, err := json.Marshal(l)
		if err != nil || !strings.Contains(string(raw), "${console}/") {
			t.Errorf("%s: link %s, %v", title, raw, err)
		}
	}
}

// lintQuery says what is wrong with an expression, or "".
func lintQuery(expr string, known map[string]string) string {
	for _, m := range selectors.FindAllStringSubmatch(expr, -1) {
		if !strings.Contains(m[2], `job=~"$job"`) || !strings.Contains(m[2], `instance=~"$instance"`) {
			return m[1] + " without job or instance"
		}
		if name := strings.TrimSuffix(strings.TrimSuffix(m[1], "_bucket"), "_sum"); strings.HasPrefix(name, "xunjian_") && known[name] == "" {
			return m[1] + ", which nobody exports,"
		}
	}
	for _, c := range counters.FindAllStringIndex(expr, -1) {
		before := expr[:c[0]]
		if !strings.HasSuffix(before, "rate(") && !strings.HasSuffix(before, "increase(") {
			return "a counter outside of rate and increase"
		}
	}
	for _, w := range windows.FindAllStringSubmatch(expr, -1) {
		if !slices.Contains([]string{"$__rate_interval", "1h", "30d"}, w[1]) { // tables ask for one moment, and long windows are meant
			return fmt.Sprintf("a rate over %s", w[1])
		}
	}
	return ""
}

// The lint finds what it is for.
func TestLintFinds(t *testing.T) {
	known := map[string]string{"xunjian_site_up": "gauge", "xunjian_jobs_total": "counter"}
	const all = `{job=~"$job", instance=~"$instance"}`
	for expr, want := range map[string]string{
		"sum(xunjian_site_up)":                        "without job",
		"sum(xunjian_site_down" + all + ")":           "nobody exports",
		"sum(xunjian_jobs_total" + all + ")":          "outside of rate",
		"rate(xunjian_jobs_total" + all + "[2m])":     "rate over 2m",
		"increase(xunjian_jobs_total" + all + "[1d])": "",
		"sum(xunjian_site_up" + all + ") > 0":         "",
	} {
		if got := lintQuery(expr, known); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q", expr, got)
		}
	}
}
