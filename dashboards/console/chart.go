package console

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A bar is a row of a bar chart; Width is its share of the longest, in
// hundredths, as SVG takes it.
type bar struct {
	Label, Path string
	N, Width    int
}

func scaled(bars []bar) []bar {
	most := 1
	for _, b := range bars {
		most = max(most, b.N)
	}
	for i := range bars {
		bars[i].Width = max(1, bars[i].N*100/most)
	}
	return bars
}

// A chart is a line over time, drawn here: browsers need no script for it. The
// same numbers stand in a table beside it.
type chart struct {
	Title       string
	Points      []point
	Line        string // of an SVG polyline
	Low, High   string // the ends of the axis
	First, Last string
}

type point struct {
	When  time.Time
	Value float64
	Text  string
	X, Y  float64
}

// The drawing's own measures.
const (
	chartWidth, chartHeight = 600, 120
	chartEdge               = 8
)

// newChart draws values over time; fewer than two are no line.
func newChart(title string, points []point, format string) *chart {
	if len(points) < 2 {
		return nil
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		low, high = min(low, p.Value), max(high, p.Value)
	}
	c := &chart{Title: title, Points: points, Low: fmt.Sprintf(format, low), High: fmt.Sprintf(format, high), First: day(points[0].When), Last: day(points[len(points)-1].When)}
	span := max(high-low, 1e-9)
	begin, whole := points[0].When, max(points[len(points)-1].When.Sub(points[0].When), 1)
	var line strings.Builder
	for i := range points {
		p := &points[i]
		p.Text = fmt.Sprintf(format, p.Value)
		p.X = chartEdge + (chartWidth-2*chartEdge)*float64(p.When.Sub(begin))/float64(whole)
		p.Y = chartHeight - chartEdge - (chartHeight-2*chartEdge)*(p.Value-low)/span
		fmt.Fprintf(&line, "%.1f,%.1f ", p.X, p.Y)
	}
	c.Line = strings.TrimSpace(line.String())
	return c
}

// roundCharts are how a target fared over its inspections, which come newest first.
func roundCharts(q *request, rounds []*inspect.Inspection) (out []*chart) {
	lines := []struct {
		title, format string
		value         func(*inspect.Inspection) (float64, bool)
	}{
		{"扣分指标得分", "%.1f", func(in *inspect.Inspection) (float64, bool) { return in.Grade.Points, in.Grade.Scored }},
		{"有问题的链接", "%.0f", func(in *inspect.Inspection) (float64, bool) {
			return float64(in.Counts.Broken), in.Counts.Asked > 0
		}},
		{"覆盖率（%）", "%.1f", func(in *inspect.Inspection) (float64, bool) { return 100 * in.Coverage(), in.Counts.Due > 0 }},
	}
	for _, l := range lines {
		var points []point
		for i := len(rounds) - 1; i >= 0; i-- {
			if v, ok := l.value(rounds[i]); ok {
				points = append(points, point{When: rounds[i].Now, Value: v})
			}
		}
		if c := newChart(q.tr(l.title), points, l.format); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// A beat is a day of visits, as a bar of the availability row.
type beat struct {
	desk.Day
	X     int
	Class string // good, some, bad, none
	Share string
}

const beatWidth = 6

// beats are the last days of visits, one bar a day, also where there were none.
func beats(days []desk.Day, now time.Time, n int) (out []beat) {
	by := map[string]desk.Day{}
	for _, d := range days {
		by[d.Day] = d
	}
	for i := range n {
		word := now.In(inspect.Zone).AddDate(0, 0, i-n+1).Format(time.DateOnly)
		b := beat{Day: by[word], X: i * beatWidth, Class: "none", Share: "—"}
		b.Day.Day = word
		if b.Told > 0 {
			share := 1 - float64(b.Failed)/float64(b.Told)
			b.Share = fmt.Sprintf("%.1f%%", math.Floor(1000*share)/10)
			switch {
			case b.Failed == 0:
				b.Class = "good"
			case b.Failed == b.Told:
				b.Class = "bad"
			default:
				b.Class = "some"
			}
		}
		out = append(out, b)
	}
	return out
}
