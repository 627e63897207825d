package console

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// A sitesView is the list of sites, or of accounts.
type sitesView struct {
	Desk      *desk.Desk
	Query     desk.TargetQuery
	All       []desk.Standing // of this page of the list
	Total     int
	Prev      string
	Next      string
	Units     []desk.Unit
	Platforms []inspect.Platform
	Media     bool
}

const sitesPage = 100

func (c *console) sites(q *request) error { return q.targets(inspect.Website) }

func (c *console) media(q *request) error { return q.targets(inspect.Account) }

func (q *request) targets(kind inspect.Kind) error {
	f := q.r.URL.Query()
	v := sitesView{Desk: q.desk, Media: kind == inspect.Account, Platforms: inspect.Platforms,
		Query: desk.TargetQuery{Kind: kind, Unit: q.desk.UnitID(f.Get("unit")), Region: f.Get("region"), Platform: f.Get("platform"), Verdict: inspect.Decision(f.Get("verdict")), Text: f.Get("q")}}
	all, err := q.desk.Targets(q.r.Context(), q.who(), v.Query)
	if err != nil {
		return err
	}
	if f.Get("sort") == "due" {
		slices.SortStableFunc(all, func(a, b desk.Standing) int { return cmp.Compare(leftOf(&a), leftOf(&b)) })
	}
	name, title := "sites", "网站"
	if v.Media {
		name, title = "media", "新媒体"
	}
	if q.exported() != "" {
		return export(q, name, q.desk.TargetColumns(q.words), sheet.List(all))
	}
	from, to := q.span(len(all), sitesPage)
	v.All, v.Total = all[from:to], len(all)
	v.Prev, v.Next = q.around(from, to, len(all), sitesPage)
	v.Units, _ = q.choices()
	return q.show(http.StatusOK, "sites", q.tr(title), v)
}

// leftOf sorts what has no clock last.
func leftOf(x *desk.Standing) int {
	if c := x.First(); c != nil {
		return c.Left
	}
	return 1 << 30
}

// A siteView is a site's or an account's own page.
type siteView struct {
	*desk.Card
	Desk    *desk.Desk
	Stages  []tab
	Checks  []bar
	Access  []bar // of accessibility
	Charts  []*chart
	Beats   []beat
	Width   int
	Visited desk.Day // all days together
}

func (c *console) site(q *request) error {
	card, err := c.desk.Card(q.r.Context(), q.who(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	id := card.Site.ID
	if media := strings.HasPrefix(q.r.URL.Path, "/media/"); media != (card.Site.Account != nil) {
		return desk.ErrNone
	}
	v := siteView{Card: card, Desk: c.desk, Charts: roundCharts(q, card.Rounds)}
	for _, s := range inspect.Stages {
		if n := card.Stages[string(s)]; n > 0 {
			v.Stages = append(v.Stages, tab{Label: q.tr("状态|" + s.Chinese()), Path: "/findings?site=" + id + "&stage=" + string(s), N: n, Count: q.tr("%d", n)})
		}
	}
	for _, check := range slices.Sorted(maps.Keys(card.Checks)) {
		b := bar{Label: c.desk.CheckTitle(check), Path: "/findings?site=" + id + "&stage=open&check=" + check, N: card.Checks[check]}
		v.Checks = append(v.Checks, b)
		if strings.HasPrefix(check, "a11y-") {
			v.Access = append(v.Access, b)
		}
	}
	for _, bars := range [][]bar{v.Checks, v.Access} {
		slices.SortStableFunc(bars, func(a, b bar) int { return cmp.Compare(b.N, a.N) })
		scaled(bars)
	}
	if len(card.Days) > 0 {
		v.Beats = beats(card.Days, c.desk.Now(), 90)
		v.Width = len(v.Beats) * beatWidth
		for _, d := range card.Days {
			v.Visited.Visited += d.Visited
			v.Visited.Told += d.Told
			v.Visited.Failed += d.Failed
		}
	}
	return q.show(http.StatusOK, "site", cmp.Or(card.Site.Name, card.Site.ID), v)
}

// round leads from an inspection, as exemplars and logs name it, to its site.
func (c *console) round(q *request) error {
	in, err := c.desk.Rounds.Round(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if in == nil {
		return desk.ErrNone
	}
	t, err := c.desk.Target(q.who(), in.Site.ID)
	if err != nil {
		return err
	}
	if t.Account != nil {
		return q.see("/media/"+t.ID, "")
	}
	return q.see("/sites/"+t.ID, "")
}

// A compareView holds two inspections against each other.
type compareView struct {
	*desk.Comparison
	Desk  *desk.Desk
	Lists []faults
}

// A faults is some of the faults that a comparison tells of.
type faults struct {
	Title string
	N     int
	All   []inspect.Finding // the first of them
}

const comparedShown = 200

func (c *console) compare(q *request) error {
	id := q.r.PathValue("id")
	x, err := c.desk.Compare(q.r.Context(), q.who(), id, q.r.FormValue("a"), q.r.FormValue("b"))
	if err != nil {
		return err
	}
	v := compareView{Comparison: x, Desk: c.desk}
	for _, l := range []faults{{Title: "新增", All: x.New}, {Title: "消除", All: x.Gone}, {Title: "仍在", All: x.Still}, {Title: "未能判定", All: x.Untold}} {
		l.N, l.All = len(l.All), l.All[:min(len(l.All), comparedShown)]
		v.Lists = append(v.Lists, l)
	}
	return q.show(http.StatusOK, "compare", q.tr("两次检查对照"), v)
}
