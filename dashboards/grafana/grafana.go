//lint:file-ignore SA1019 the classic form of dashboards is meant, not the library's newer one

// Package grafana makes Grafana's dashboards. They are Go values, one file a
// dashboard, from which the committed JSON is made (go test -update); the
// program itself needs only that JSON.
package grafana

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// A Dashboard is a page of panels.
type Dashboard struct {
	UID, Title, Description string
	Filters                 []filter // besides the data source, job and instance
	Rows                    []Row
}

// A Row is a heading with its panels, which are laid out from left to right.
type Row struct {
	Title  string
	Panels []Panel
}

// A Panel shows what some queries give.
type Panel struct {
	Kind        Kind
	Title       string // Chinese, then English
	Description string // what it means, and by which clause
	Unit        string // Grafana's word
	Width       uint32 // of 24; 0: what is usual for the kind
	Queries     []Query
	Link        string // path in the console, with variables and ${__field.labels.x}
	Bad         *Steps // where it turns yellow and red; nil: nothing does
	Quiet       bool   // it may be empty: something has to be wrong for it to show anything
}

// Steps are where a value turns yellow and red: growing, or falling.
type Steps struct{ Yellow, Red float64 }

// A Query is an expression of PromQL, without the matchers for job and instance,
// which every selector gets.
type Query struct {
	Expr, Legend string
	Exemplars    bool
}

// A Kind is how a panel shows its series.
type Kind string

// The kinds.
const (
	Number Kind = "stat"
	Dial   Kind = "gauge" // a share of 1
	Lines  Kind = "timeseries"
	Stack  Kind = "stacked"
	Bars   Kind = "barchart"
	List   Kind = "table"
	States Kind = "state-timeline"
)

// A filter is a variable by which a dashboard's users choose.
type filter struct {
	name, label, query string
	multi              bool
}

var (
	agencyFilter   = filter{"agency", "责任单位 Agency", "label_values(xunjian_site_info, agency)", true}
	regionFilter   = filter{"region", "区划 Region", "label_values(xunjian_site_info, region)", true}
	siteFilter     = filter{"site", "网站 Site", "label_values(xunjian_site_info, site)", false}
	platformFilter = filter{"platform", "平台 Platform", "label_values(xunjian_media_account_info, platform)", true}
)

// All are the dashboards.
func All() []Dashboard {
	return []Dashboard{fleet(), site(), clocks(), interpretations(), accessibility(), rectification(), crawler()}
}

// JSON is a dashboard as Grafana reads it.
func (d *Dashboard) JSON() ([]byte, error) {
	b := dashboard.NewDashboardBuilder(d.Title).Uid(d.UID).Description(d.Description).Tags([]string{"xunjian"}).Readonly().
		Time("now-7d", "now").Timezone("Asia/Shanghai").Refresh("1m").Tooltip(dashboard.DashboardCursorSyncCrosshair)
	for _, v := range d.variables() {
		b.WithVariable(v)
	}
	b.Link(dashboard.NewDashboardLinkBuilder("巡检 Xunjian").Type(dashboard.DashboardLinkTypeDashboards).Tags([]string{"xunjian"}).AsDropdown(true).IncludeVars(true).KeepTime(true))
	b.Link(dashboard.NewDashboardLinkBuilder("控制台 Console").Type(dashboard.DashboardLinkTypeLink).Url("${console}/").TargetBlank(true))
	y, id := uint32(0), uint32(1)
	for _, r := range d.Rows {
		b.WithRow(dashboard.NewRowBuilder(r.Title).Id(id).GridPos(dashboard.GridPos{H: 1, W: columns, X: 0, Y: y}))
		id++
		y++
		x, height := uint32(0), uint32(0)
		for i := range r.Panels {
			p := &r.Panels[i]
			w, h := p.size()
			if x+w > columns {
				x, y, height = 0, y+height, 0
			}
			b.WithPanel(p.builder(id, dashboard.GridPos{H: h, W: w, X: x, Y: y}))
			id++
			x, height = x+w, max(height, h)
		}
		y += height
	}
	built, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", d.UID, err)
	}
	out, err := json.MarshalIndent(built, "", "  ")
	return append(out, '\n'), err
}

// columns of Grafana's grid.
const columns = 24

// size is how large a panel is.
func (p *Panel) size() (w, h uint32) {
	w, h = 12, 8
	switch p.Kind {
	case Number, Dial:
		w, h = 4, 5
	case List:
		h = 10
	}
	if p.Width > 0 {
		w = p.Width
	}
	return w, h
}

var source = common.DataSourceRef{Type: cog.ToPtr("prometheus"), Uid: cog.ToPtr("${datasource}")}

// variables are the data source, job and instance, which every dashboard has,
// where the console is, and what the dashboard filters by.
func (d *Dashboard) variables() []cog.Builder[dashboard.VariableModel] {
	out := []cog.Builder[dashboard.VariableModel]{dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type("prometheus")}
	filters := append([]filter{{"job", "Job", "label_values(xunjian_build_info, job)", true},
		{"instance", "Instance", "label_values(xunjian_build_info{job=~\"$job\"}, instance)", true}}, d.Filters...)
	for _, f := range filters {
		v := dashboard.NewQueryVariableBuilder(f.name).Label(f.label).Datasource(source).Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc).
			Query(dashboard.StringOrMap{Map: map[string]any{"query": f.query, "refId": "A", "qryType": 1}}).Definition(f.query)
		if f.multi {
			v.Multi(true).IncludeAll(true).AllValue(".+").Current(dashboard.VariableOption{Selected: cog.ToPtr(true),
				Text: dashboard.StringOrArrayOfString{String: cog.ToPtr("All")}, Value: dashboard.StringOrArrayOfString{String: cog.ToPtr("$__all")}})
		}
		out = append(out, v)
	}
	const console = "http://127.0.0.1:8080"
	return append(out, dashboard.NewTextBoxVariableBuilder("console").Label("控制台地址 Console").DefaultValue(dashboard.StringOrMap{String: cog.ToPtr(console)}))
}

// targets are the queries of a panel. A table asks for this moment only.
func (p *Panel) targets() (out []cog.Builder[prometheusQuery]) {
	for i, q := range p.Queries {
		t := prometheus.NewDataqueryBuilder().Expr(Matched(q.Expr)).LegendFormat(q.Legend).RefId(string(rune('A' + i))).Datasource(source)
		switch p.Kind {
		case List:
			t.Instant().Format(prometheus.PromQueryFormatTable)
		case Bars:
			t.Instant()
		default:
			t.Range()
		}
		if q.Exemplars {
			t.Exemplar(true)
		}
		out = append(out, t)
	}
	return out
}

var selector = regexp.MustCompile(`\b(xunjian|process|go|prometheus)_[a-z_]+(\{[^{}]*\})?`)

// Matched is an expression whose every selector is narrowed to the job and the
// instance that are chosen.
func Matched(expr string) string {
	return selector.ReplaceAllStringFunc(expr, func(s string) string {
		name, rest, _ := strings.Cut(s, "{")
		rest = strings.TrimSuffix(rest, "}")
		if rest != "" {
			rest = ", " + rest
		}
		return name + `{job=~"$job", instance=~"$instance"` + rest + "}"
	})
}
