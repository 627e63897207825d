package api

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A ClockChoice is how clocks are chosen.
type ClockChoice struct {
	Unit string `query:"unit"`
	Kind string `query:"kind" enum:"website,account"`
	Text string `query:"q" maxLength:"200"`
}

func (c *ClockChoice) query() desk.TargetQuery {
	return desk.TargetQuery{Kind: inspect.Kind(c.Kind), Every: c.Kind == "", Unit: c.Unit, Text: c.Text}
}

// A Clock is how much time a column or an account has left.
type Clock struct {
	Target string `json:"target" doc:"网站或账号的代号"`
	Unit   string `json:"unit" doc:"责任单位的代号"`
	inspect.Clock
	At     time.Time `json:"at" doc:"读取它的检查的时间"`
	Unsure bool      `json:"unsure,omitempty" doc:"检查之后才到期：可能已经更新，不算超期"`
}

func clockOf(c *desk.Clock) Clock {
	return Clock{Target: c.Site.ID, Unit: c.Site.UnitID, Clock: c.Clock, At: c.At, Unsure: c.Unsure}
}

func (a *api) clocks() {
	type choose struct {
		ClockChoice
		Part
	}
	get(a, "list-clocks", "/clocks", "栏目与账号的更新期限，按今天计算，先到期的在前", func(ctx context.Context, in *choose) (*parted[Clock], error) {
		all, err := a.Desk.Clocks(ctx, who(ctx), in.query())
		out := []Clock{}
		for i := range all {
			out = append(out, clockOf(&all[i]))
		}
		return part(&in.Part, out), err
	})
}

// A Part is which part of a list that is made at once is answered.
type Part struct {
	Limit  int `query:"limit" default:"1000" minimum:"1" maximum:"5000"`
	Cursor int `query:"cursor" minimum:"0" doc:"上一页 Link 中的 cursor"`
	Origin
}

// An Origin is the address that was asked, of which the next page's is made.
type Origin struct{ url url.URL }

// Resolve keeps the address.
func (o *Origin) Resolve(ctx huma.Context) []error {
	o.url = ctx.URL()
	return nil
}

// next is the Link header of the page behind, which begins at a cursor.
func next(u url.URL, cursor string) string {
	v := u.Query()
	v.Set("cursor", cursor)
	u.RawQuery = v.Encode()
	return "<" + u.RequestURI() + `>; rel="next"`
}

// parted is a part of a list.
type parted[T any] struct {
	Link string `header:"Link" doc:"rel=next：下一页"`
	Body []T
}

func part[T any](p *Part, all []T) *parted[T] {
	from := min(p.Cursor, len(all))
	to := min(from+p.Limit, len(all))
	out := &parted[T]{Body: all[from:to]}
	if to < len(all) {
		out.Link = next(p.url, strconv.Itoa(to))
	}
	return out
}
