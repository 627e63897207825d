package api

import (
	"context"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A Target is where a site or an account stands.
type Target struct {
	ID       string           `json:"id"`
	Kind     inspect.Kind     `json:"kind"`
	Name     string           `json:"name"`
	Home     string           `json:"home,omitempty"`
	Unit     string           `json:"unit" doc:"责任单位的代号"`
	Platform string           `json:"platform,omitempty"`
	Verdict  inspect.Decision `json:"verdict,omitempty" doc:"最近一次完整检查的结论；没有即尚未检查"`
	Points   *float64         `json:"points,omitempty" doc:"扣分部分的得分；不适用则没有"`
	Coverage *float64         `json:"coverage,omitempty" doc:"应测项中测得的比例，0 至 1"`
	Vetoes   []string         `json:"vetoes,omitempty"`
	Now      time.Time        `json:"now,omitzero" doc:"该次检查的时间"`
	Open     int              `json:"open" doc:"未了结的问题"`
	Left     *int             `json:"left,omitempty" doc:"最先到期的栏目或账号剩余的天数；负数为已超期"`
}

func targetOf(site *inspect.Site, last *inspect.Inspection, open int) Target {
	t := Target{ID: site.ID, Kind: site.Kind, Name: site.Name, Home: site.Home, Unit: site.UnitID, Open: open}
	if site.Account != nil {
		t.Platform = string(site.Account.Platform)
	}
	if last != nil {
		coverage := last.Coverage()
		t.Verdict, t.Vetoes, t.Now, t.Coverage = last.Grade.Verdict, last.Grade.Vetoes, last.Now, &coverage
		if last.Grade.Scored {
			t.Points = &last.Grade.Points
		}
	}
	return t
}

type card struct {
	Target
	Clocks []Clock            `json:"clocks" doc:"栏目或账号的期限，按今天计算，先到期的在前"`
	Stages inspect.CaseCounts `json:"stages"`
	Checks inspect.CaseCounts `json:"checks" doc:"未了结的问题，按检查项"`
	Rounds []round            `json:"rounds" doc:"历次检查，新的在前"`
	Days   []day              `json:"days" doc:"首页访问，按日"`
}

type round struct {
	ID       string           `json:"id"`
	Now      time.Time        `json:"now"`
	Complete bool             `json:"complete"`
	Verdict  inspect.Decision `json:"verdict"`
	Points   float64          `json:"points"`
	Coverage float64          `json:"coverage"`
}

type day struct {
	Day     string `json:"day"`
	Visited int    `json:"visited"`
	Told    int    `json:"told" doc:"能判断的次数"`
	Failed  int    `json:"failed"`
	Median  int64  `json:"median_ms"`
}

func cardOf(c *desk.Card) card {
	open := 0
	for _, n := range c.Checks {
		open += n
	}
	out := card{Target: targetOf(c.Site, c.Last, open), Stages: c.Stages, Checks: c.Checks, Clocks: []Clock{}, Rounds: []round{}, Days: []day{}}
	for i := range c.Clocks {
		out.Clocks = append(out.Clocks, clockOf(&c.Clocks[i]))
	}
	if len(out.Clocks) > 0 {
		out.Left = &out.Clocks[0].Left
	}
	for _, r := range c.Rounds {
		out.Rounds = append(out.Rounds, round{ID: r.ID, Now: r.Now, Complete: r.Complete, Verdict: r.Grade.Verdict, Points: r.Grade.Points, Coverage: r.Coverage()})
	}
	for _, d := range c.Days {
		out.Days = append(out.Days, day{d.Day, d.Visited, d.Told, d.Failed, int64(d.Median)})
	}
	return out
}

// A TargetChoice is how sites or accounts are chosen.
type TargetChoice struct {
	Unit     string `query:"unit"`
	Region   string `query:"region" doc:"行政区划代码，或其前几位"`
	Platform string `query:"platform"`
	Verdict  string `query:"verdict" enum:"pass,fail,undecided"`
	Text     string `query:"q" maxLength:"200"`
}

func (c *TargetChoice) query(kind inspect.Kind) desk.TargetQuery {
	return desk.TargetQuery{Kind: kind, Unit: c.Unit, Region: c.Region, Platform: c.Platform, Verdict: inspect.Decision(c.Verdict), Text: c.Text}
}

func (a *api) targets() {
	type choose struct {
		TargetChoice
		Part
	}
	type named struct {
		ID string `path:"id" maxLength:"200"`
	}
	for path, kind := range map[string]inspect.Kind{"sites": inspect.Website, "media": inspect.Account} {
		get(a, "list-"+path, "/"+path, map[string]string{"sites": "网站", "media": "政务新媒体账号"}[path], func(ctx context.Context, in *choose) (*parted[Target], error) {
			all, err := a.Desk.Targets(ctx, who(ctx), in.query(kind))
			out := []Target{}
			for i := range all {
				t := targetOf(all[i].Site, all[i].Last, all[i].Open)
				if f := all[i].First(); f != nil {
					t.Left = &f.Left
				}
				out = append(out, t)
			}
			return part(&in.Part, out), err
		})
		get(a, "get-"+path, "/"+path+"/{id}", "一个网站或账号", func(ctx context.Context, in *named) (*body[card], error) {
			site, err := a.Desk.Target(who(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			if k := site.Kind; k != kind && (k != "" || kind != inspect.Website) {
				return nil, desk.ErrNone
			}
			c, err := a.Desk.Card(ctx, who(ctx), in.ID)
			if err != nil {
				return nil, err
			}
			return &body[card]{cardOf(c)}, nil
		})
	}
	type unit struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	get(a, "list-units", "/units", "责任单位", func(ctx context.Context, _ *struct{}) (*body[[]unit], error) {
		out := []unit{}
		for _, u := range a.Desk.Units {
			if who(ctx).Reads(u.ID) {
				out = append(out, unit(u))
			}
		}
		return &body[[]unit]{out}, nil
	})
}
