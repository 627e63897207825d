//lint:file-ignore SA1019 the classic form of dashboards is meant, not the library's newer one

package grafana

import (
	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/gauge"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

type prometheusQuery = variants.Dataquery

// A panelBuilder is what the builders of all kinds of panel have in common.
type panelBuilder[B any] interface {
	cog.Builder[dashboard.Panel]
	Id(uint32) B
	Title(string) B
	Description(string) B
	Unit(string) B
	Datasource(common.DataSourceRef) B
	GridPos(dashboard.GridPos) B
	Targets([]cog.Builder[variants.Dataquery]) B
	Thresholds(cog.Builder[dashboard.ThresholdsConfig]) B
	DataLinks([]cog.Builder[dashboard.DashboardLink]) B
	NoValue(string) B
}

// builder makes the panel of its kind.
func (p *Panel) builder(id uint32, at dashboard.GridPos) cog.Builder[dashboard.Panel] {
	last := common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})
	switch p.Kind {
	case Number:
		return dress(stat.NewPanelBuilder().ReduceOptions(last), p, id, at)
	case Dial:
		return dress(gauge.NewPanelBuilder().ReduceOptions(last).Min(0).Max(1), p, id, at)
	case Bars:
		return dress(barchart.NewPanelBuilder().Orientation(common.VizOrientationHorizontal), p, id, at)
	case List:
		return dress(table.NewPanelBuilder().Footer(common.NewTableFooterOptionsBuilder().Show(false).Reducer([]string{"sum"})).WithTransformation(tidy), p, id, at)
	case States:
		return dress(statetimeline.NewPanelBuilder(), p, id, at)
	case Stack:
		return dress(timeseries.NewPanelBuilder().FillOpacity(30).Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal)), p, id, at)
	}
	return dress(timeseries.NewPanelBuilder(), p, id, at)
}

// tidy leaves out what a table's readers do not ask for.
var tidy = dashboard.DataTransformerConfig{Id: "organize", Options: map[string]any{
	"excludeByName": map[string]bool{"Time": true, "__name__": true, "instance": true, "job": true}}}

// dress gives a panel what all have.
func dress[B panelBuilder[B]](b B, p *Panel, id uint32, at dashboard.GridPos) B {
	b = b.Id(id).Title(p.Title).Description(p.Description).Unit(p.Unit).Datasource(source).GridPos(at).Targets(p.targets()).NoValue("—")
	if p.Link != "" {
		b = b.DataLinks([]cog.Builder[dashboard.DashboardLink]{dashboard.NewDashboardLinkBuilder("在控制台查看 Open in the console").Type(dashboard.DashboardLinkTypeLink).
			Url("${console}" + p.Link).TargetBlank(true)})
	}
	if p.Bad != nil {
		b = b.Thresholds(p.Bad.config())
	}
	return b
}

func (s *Steps) config() cog.Builder[dashboard.ThresholdsConfig] {
	colours := [3]string{"green", "yellow", "red"}
	low, high := s.Yellow, s.Red
	if s.Red < s.Yellow { // the less the worse
		colours = [3]string{"red", "yellow", "green"}
		low, high = s.Red, s.Yellow
	}
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps([]dashboard.Threshold{
		{Value: nil, Color: colours[0]}, {Value: &low, Color: colours[1]}, {Value: &high, Color: colours[2]}})
}
