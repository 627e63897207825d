package api

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// As is how a list is written.
type As struct {
	Format string `query:"format" default:"csv" enum:"csv,xlsx,json"`
}

// exports are whole lists as files, with the rows and columns of the console's.
func (a *api) exports() {
	type findings struct {
		Choice
		As
	}
	exported(a, "findings", "问题，按同样的条件，全部为一个文件", func(ctx context.Context, in *findings) (*huma.StreamResponse, error) {
		return file(a, in.Format, "findings", a.Desk.CaseColumns(word), a.Desk.All(ctx, who(ctx), in.query(a.Desk.Now())))
	})
	type orders struct {
		OrderChoice
		As
	}
	exported(a, "orders", "整改单，全部为一个文件", func(ctx context.Context, in *orders) (*huma.StreamResponse, error) {
		return file(a, in.Format, "orders", a.Desk.OrderColumns(), a.Desk.AllOrders(ctx, who(ctx), in.query()))
	})
	type targets struct {
		TargetChoice
		As
	}
	for name, kind := range map[string]inspect.Kind{"sites": inspect.Website, "media": inspect.Account} {
		exported(a, name, "网站或账号，全部为一个文件", func(ctx context.Context, in *targets) (*huma.StreamResponse, error) {
			all, err := a.Desk.Targets(ctx, who(ctx), in.query(kind))
			if err != nil {
				return nil, err
			}
			return file(a, in.Format, name, a.Desk.TargetColumns(word), sheet.List(all))
		})
	}
	type clocks struct {
		ClockChoice
		As
	}
	exported(a, "clocks", "栏目与账号的更新期限，先到期的在前，全部为一个文件", func(ctx context.Context, in *clocks) (*huma.StreamResponse, error) {
		all, err := a.Desk.Clocks(ctx, who(ctx), in.query())
		if err != nil {
			return nil, err
		}
		return file(a, in.Format, "clocks", a.Desk.ClockColumns(), sheet.List(all))
	})
}

// word is a title without the mark that tells it from a like one.
func word(key string) string {
	_, plain, told := strings.Cut(key, "|")
	if told {
		return plain
	}
	return key
}

func exported[I any](a *api, name, summary string, do func(context.Context, *I) (*huma.StreamResponse, error)) {
	content := map[string]*huma.MediaType{}
	for f, kind := range sheet.Types {
		kind, _, _ = strings.Cut(kind, ";")
		content[kind] = &huma.MediaType{Schema: map[bool]*huma.Schema{true: {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject}}, false: {Type: huma.TypeString}}[f == "json"]}
	}
	register(a, huma.Operation{OperationID: "export-" + name, Method: http.MethodGet, Path: Prefix + "/exports/" + name, Summary: summary, Errors: []int{400, 403, 422},
		Responses: map[string]*huma.Response{"200": {Description: "文件", Content: content}}}, do)
}

// file answers with a list as a file. Its first row is asked for before anything
// is sent, so that a refusal is told as one.
func file[T any](a *api, format, name string, columns []sheet.Column[T], rows iter.Seq2[T, error]) (*huma.StreamResponse, error) {
	all, stop, err := sheet.Begun(rows)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer stop()
		ctx.SetHeader("Content-Type", sheet.Types[format])
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
		if err := sheet.Write(ctx.BodyWriter(), format, columns, word, all); err != nil {
			a.Log.ErrorContext(ctx.Context(), "api: export broke off", "error", err)
			sheet.Break()
		}
	}}, nil
}
