package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// rule is what a check says of itself.
type rule struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Family string   `json:"family"`
	Source string   `json:"source,omitempty"`
	Items  []string `json:"items,omitempty" doc:"指标"`
	Prose  string   `json:"prose,omitempty"`
}

func (a *api) rules() {
	ruleOf := func(p *desk.RulePage) rule {
		r := rule{ID: p.ID, Title: p.Title, Family: p.Family, Source: p.Source}
		for _, it := range a.Desk.Items(p.ID) {
			r.Items = append(r.Items, it.ID)
		}
		return r
	}
	get(a, "list-rules", "/rules", "检查项", func(context.Context, *struct{}) (*body[[]rule], error) {
		out := []rule{}
		for i := range a.Desk.Pages {
			out = append(out, ruleOf(&a.Desk.Pages[i]))
		}
		return &body[[]rule]{out}, nil
	})
	type named struct {
		ID string `path:"id" maxLength:"100"`
	}
	get(a, "get-rule", "/rules/{id}", "一个检查项的说明", func(_ context.Context, in *named) (*body[rule], error) {
		p, err := a.Desk.RulePage(in.ID)
		if err != nil {
			return nil, err
		}
		r := ruleOf(p)
		r.Prose = p.Prose
		return &body[rule]{r}, nil
	})
}

// house is what keeps the program and its users.
func (a *api) house() {
	get(a, "get-me", "/me", "我是谁", func(ctx context.Context, _ *struct{}) (*body[*inspect.Person], error) {
		return &body[*inspect.Person]{who(ctx)}, nil
	})
	a.jobs()
	a.tokens()
	type entries struct {
		Subject string `query:"subject" maxLength:"200"`
		Before  int64  `query:"before" minimum:"0" doc:"只看此号之前的"`
		Limit   int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
	}
	get(a, "list-audit", "/audit", "审计记录，新的在前", func(ctx context.Context, in *entries) (*body[[]desk.Entry], error) {
		return listed(a.Desk.AuditLog(ctx, who(ctx), in.Subject, in.Before, in.Limit))
	})
	type verified struct {
		Broken int64 `json:"broken" doc:"被改动的第一条；0 为完好"`
	}
	get(a, "verify-audit", "/audit/verify", "核对审计记录是否完好", func(ctx context.Context, _ *struct{}) (*body[verified], error) {
		n, err := a.Desk.VerifyAudit(ctx, who(ctx))
		return &body[verified]{verified{n}}, err
	})
}

type job struct {
	ID      int64     `json:"id"`
	Kind    string    `json:"kind"`
	Target  string    `json:"target,omitempty"`
	State   string    `json:"state"`
	Due     time.Time `json:"due,omitzero"`
	Begun   time.Time `json:"begun,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	Attempt int       `json:"attempt"`
	Error   string    `json:"error,omitempty"`
}

type incident struct {
	Kind   string    `json:"kind"`
	Detail string    `json:"detail"`
	Begun  time.Time `json:"begun"`
	Ended  time.Time `json:"ended,omitzero"`
}

func (a *api) jobs() {
	type choose struct {
		State []string `query:"state" enum:"available,scheduled,running,retryable,completed,cancelled,discarded"`
		Limit int      `query:"limit" default:"100" minimum:"1" maximum:"1000"`
	}
	get(a, "list-jobs", "/jobs", "任务，新的在前", func(ctx context.Context, in *choose) (*body[[]job], error) {
		all, err := a.Desk.Jobs(ctx, who(ctx), in.State, in.Limit)
		out := []job{}
		for _, j := range all {
			out = append(out, job{j.ID, j.Kind, j.Target, j.State, j.Due, j.Begun, j.Ended, j.Attempt, j.Error})
		}
		return &body[[]job]{out}, err
	})
	get(a, "list-incidents", "/incidents", "检查端自身的异常，未结束的在前", func(ctx context.Context, _ *struct{}) (*body[[]incident], error) {
		all, err := a.Desk.Troubles(ctx, who(ctx), 100)
		out := []incident{}
		for _, i := range all {
			out = append(out, incident(i))
		}
		return &body[[]incident]{out}, err
	})
	type named struct {
		ID int64 `path:"id"`
	}
	for name, do := range map[string]func(context.Context, *inspect.Person, int64) error{"retry": a.Desk.Retry, "cancel": a.Desk.Cancel} {
		post(a, name+"-job", "/jobs/{id}/"+name, map[string]string{"retry": "立即重试", "cancel": "取消"}[name], func(ctx context.Context, in *named) (*struct{}, error) {
			return nil, do(ctx, who(ctx), in.ID)
		})
	}
}

func (a *api) tokens() {
	get(a, "list-tokens", "/tokens", "令牌", func(ctx context.Context, _ *struct{}) (*body[[]inspect.Token], error) {
		return listed(a.Desk.Tokens(ctx, who(ctx)))
	})
	type wanted struct {
		Body struct {
			ID   string       `json:"id" minLength:"2" maxLength:"64"`
			Role inspect.Role `json:"role" enum:"supervisor,agency,operations,auditor,admin"`
			Unit string       `json:"unit,omitempty" doc:"责任单位的令牌须有"`
			Days int          `json:"days" minimum:"1" maximum:"3660"`
		}
	}
	type made struct {
		Key string `json:"key" doc:"只显示这一次"`
	}
	register(a, huma.Operation{OperationID: "add-token", Method: http.MethodPost, Path: Prefix + "/tokens", Summary: "发放令牌", DefaultStatus: http.StatusCreated,
		Errors: []int{400, 403, 422}}, func(ctx context.Context, in *wanted) (*body[made], error) {
		key, err := a.Desk.AddToken(ctx, who(ctx), in.Body.ID, in.Body.Role, in.Body.Unit, in.Body.Days)
		return &body[made]{made{key}}, err
	})
	type named struct {
		ID string `path:"id" maxLength:"64"`
	}
	register(a, huma.Operation{OperationID: "end-token", Method: http.MethodDelete, Path: Prefix + "/tokens/{id}", Summary: "收回令牌", Errors: []int{400, 403, 404, 422}},
		func(ctx context.Context, in *named) (*struct{}, error) {
			return nil, a.Desk.EndToken(ctx, who(ctx), in.ID)
		})
}
