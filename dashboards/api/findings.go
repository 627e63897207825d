package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A Choice is how findings are chosen; every field narrows.
type Choice struct {
	State    []string  `query:"state" doc:"阶段，可多个，以逗号分隔" enum:"suspected,confirmed,ordered,claimed,masked,appealed,waived,verified,refuted,lapsed"`
	Severity []string  `query:"severity" doc:"单项否决、扣分、提示" enum:"veto,deduction,advice"`
	Check    []string  `query:"check" doc:"检查项；以 * 结尾为一类，如 column-*"`
	Site     []string  `query:"site" doc:"网站或账号的代号"`
	Unit     []string  `query:"unit" doc:"责任单位的代号；责任单位只看得到自己的"`
	Kind     string    `query:"kind" enum:"website,account"`
	Order    string    `query:"order" doc:"整改单编号"`
	Assignee string    `query:"assignee"`
	Text     string    `query:"q" maxLength:"200" doc:"问题、网址或位置中的文字"`
	Overdue  bool      `query:"overdue" doc:"只看超过整改期限的"`
	Relapsed bool      `query:"relapsed" doc:"只看整改后复发的"`
	From     time.Time `query:"from" doc:"首次发现不早于"`
	To       time.Time `query:"to" doc:"首次发现早于"`
}

func (c *Choice) query(now time.Time) inspect.CaseQuery {
	q := inspect.CaseQuery{Units: c.Unit, Sites: c.Site, Checks: c.Check, Kind: inspect.Kind(c.Kind), Order: c.Order, Assignee: c.Assignee, Text: c.Text,
		Relapsed: c.Relapsed, From: c.From, To: c.To}
	for _, s := range c.State {
		q.Stages = append(q.Stages, inspect.Stage(s))
	}
	for _, s := range c.Severity {
		q.Severities = append(q.Severities, inspect.Part(s))
	}
	if c.Overdue {
		q.Due = inspect.Day(now)
	}
	return q
}

type list struct {
	Choice
	Sort   string `query:"sort" enum:"due,first" doc:"不写：最近变化的在前，按首次发现的日期选择时同 first；due：最早到期的在前；first：最近发现的在前"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
	Cursor string `query:"cursor" maxLength:"200" doc:"上一页的 next"`
	Origin
}

type page struct {
	Link string `header:"Link" doc:"rel=next：下一页"`
	Body struct {
		Items []inspect.Case `json:"items"`
		Next  string         `json:"next,omitempty" doc:"下一页的 cursor；没有即到末尾"`
	}
}

// page is a page of the findings that a query takes.
func (a *api) page(ctx context.Context, q inspect.CaseQuery) (*page, error) {
	items, next, err := a.Desk.List(ctx, who(ctx), q)
	if err != nil {
		return nil, err
	}
	out := &page{}
	out.Body.Items, out.Body.Next = append([]inspect.Case{}, items...), next
	return out, nil
}

// A Ref names a finding in a path. Types that stand in others are exported:
// huma passes over the fields of those that are not.
type Ref struct {
	Fingerprint string `path:"fingerprint" maxLength:"64"`
}

// tagged is a finding with the version that a decision on it is held against.
type tagged struct {
	ETag string `header:"ETag"`
	Body inspect.Case
}

func tag(c *inspect.Case) *tagged {
	return &tagged{ETag: `"` + strconv.FormatInt(c.Version, 10) + `"`, Body: *c}
}

func (a *api) findings() {
	get(a, "list-findings", "/findings", "问题列表", func(ctx context.Context, in *list) (*page, error) {
		q := in.query(a.Desk.Now())
		q.Sort, q.Limit, q.After = inspect.CaseSort(in.Sort), in.Limit, in.Cursor
		if q.Sort == inspect.ByChange && !(q.From.IsZero() && q.To.IsZero()) {
			q.Sort = inspect.ByFirst
		}
		out, err := a.page(ctx, q)
		if err == nil && out.Body.Next != "" {
			out.Link = next(in.url, out.Body.Next)
		}
		return out, err
	})
	type count struct {
		Choice
		By string `query:"by" default:"stage" enum:"stage,severity,unit,site,check,order"`
	}
	get(a, "count-findings", "/stats/findings", "问题计数", func(ctx context.Context, in *count) (*body[inspect.CaseCounts], error) {
		n, err := a.Desk.Count(ctx, who(ctx), in.query(a.Desk.Now()), in.By)
		return &body[inspect.CaseCounts]{n}, err
	})
	get(a, "get-finding", "/findings/{fingerprint}", "一个问题", func(ctx context.Context, in *Ref) (*tagged, error) {
		c, err := a.Desk.Case(ctx, who(ctx), in.Fingerprint)
		if err != nil {
			return nil, err
		}
		return tag(c), nil
	})
	get(a, "get-finding-history", "/findings/{fingerprint}/history", "一个问题的经过", func(ctx context.Context, in *Ref) (*body[[]inspect.Step], error) {
		return listed(a.Desk.History(ctx, who(ctx), in.Fingerprint))
	})
}

// A Decision is what a person's act says besides its name. Which of it an act
// needs, its refusal tells.
type Decision struct {
	Why      string         `json:"why,omitempty" maxLength:"4000" doc:"理由"`
	Until    string         `json:"until,omitempty" format:"date" doc:"截止日期：交办、延期、豁免、认定不成立"`
	Ground   inspect.Ground `json:"ground,omitempty" enum:"misjudged,not-ours,not-the-rule,already-fixed" doc:"申诉事由"`
	Assignee string         `json:"assignee,omitempty" maxLength:"64"`
}

func (d *Decision) step(act inspect.Act) (inspect.Step, error) {
	s := inspect.Step{Act: act, Why: d.Why, Ground: d.Ground, Assignee: d.Assignee}
	if d.Until == "" {
		return s, nil
	}
	var err error
	if s.Until, err = time.ParseInLocation(time.DateOnly, d.Until, inspect.Zone); err != nil {
		return s, &inspect.Refusal{Why: inspect.Incomplete, Msg: "until 应为日期，如 2026-12-31"}
	}
	return s, nil
}

// people's acts, each a resource under the finding.
var people = []inspect.Act{inspect.ActConfirm, inspect.ActRefute, inspect.ActOrder, inspect.ActExtend, inspect.ActAcknowledge, inspect.ActClaim, inspect.ActAppeal,
	inspect.ActUphold, inspect.ActReject, inspect.ActWaive, inspect.ActApprove, inspect.ActRevoke, inspect.ActAccept, inspect.ActDeny, inspect.ActAssign, inspect.ActComment}

func (a *api) acts() {
	type act struct {
		Ref
		IfMatch string `header:"If-Match" maxLength:"64" doc:"看到的版本（ETag）；已有变化则应答 412"`
		Body    Decision
	}
	for _, x := range people {
		post(a, string(x)+"-finding", "/findings/{fingerprint}/"+string(x), x.Chinese(), func(ctx context.Context, in *act) (*tagged, error) {
			s, err := in.Body.step(x)
			if err != nil {
				return nil, err
			}
			version, err := matched(in.IfMatch)
			if err != nil {
				return nil, err
			}
			done, err := a.Desk.Act(ctx, who(ctx), s, desk.Decision{Case: in.Fingerprint, Version: version})
			if err != nil {
				return nil, err
			}
			return tag(&done[0]), nil
		})
	}
	type bulk struct {
		Body struct {
			Decision
			Act inspect.Act `json:"act"`
			On  []struct {
				Fingerprint string `json:"fingerprint"`
				Version     int64  `json:"version,omitempty"`
			} `json:"on" minItems:"1" maxItems:"500"`
		}
	}
	post(a, "act-on-findings", "/findings/bulk", "对多个问题作同一操作，要么全部，要么全不", func(ctx context.Context, in *bulk) (*body[[]inspect.Case], error) {
		s, err := in.Body.step(in.Body.Act)
		if err != nil {
			return nil, err
		}
		var on []desk.Decision
		for _, x := range in.Body.On {
			on = append(on, desk.Decision{Case: x.Fingerprint, Version: x.Version})
		}
		return listed(a.Desk.Act(ctx, who(ctx), s, on...))
	})
	type asked struct {
		Asked bool `json:"asked" doc:"false：已有同样的复查在等候"`
	}
	register(a, huma.Operation{OperationID: "recheck-finding", Method: http.MethodPost, Path: Prefix + "/findings/{fingerprint}/recheck", Summary: "立即复查",
		DefaultStatus: http.StatusAccepted, Errors: []int{400, 403, 404, 422}}, func(ctx context.Context, in *Ref) (*body[asked], error) {
		ok, err := a.Desk.Recheck(ctx, who(ctx), in.Fingerprint)
		return &body[asked]{asked{ok}}, err
	})
}

// matched is the version that an If-Match header names; 0 when it names none.
func matched(header string) (int64, error) {
	header = strings.Trim(strings.TrimPrefix(strings.TrimSpace(header), "W/"), `"`)
	if header == "" || header == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(header, 10, 64)
	if err != nil || n < 1 {
		return 0, desk.ErrChanged
	}
	return n, nil
}
