// Package api is the desk as JSON under /api/v1, for programs: the same rights
// as the console, since neither has any of its own. What it can do, and in
// which shapes, says /api/v1/openapi.json, which is made of the types here.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/words"
	"github.com/xunjian/xunjian/inspect"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// A Config is what the API is handed.
type Config struct {
	Desk    *desk.Desk
	Answers Answers      // nil: no Idempotency-Key is heeded
	Review  http.Handler // POST /api/v1/review; nil: there is none
	Event   any          // what the channel "webhook" posts, for the document to describe; nil: nothing
	Version string
	Log     *slog.Logger
}

type api struct {
	Config
	huma.API
	pace *pace
}

// Handler serves the API.
func Handler(c Config) http.Handler {
	mux := http.NewServeMux()
	h := huma.DefaultConfig("巡检 Xunjian", c.Version)
	h.OpenAPIPath, h.DocsPath, h.SchemasPath = Prefix+"/openapi", "", ""
	h.CreateHooks = nil // answers hold what was asked for and no links to schemas
	h.Info.Description = "网站与政务新媒体巡检：问题、整改、网站与账号。按令牌的角色与单位授权；无权查看的，与不存在一样应答 404。"
	h.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "xunjian users token"}}
	h.Security = []map[string][]string{{"token": {}}}
	a := &api{Config: c, API: humago.New(mux, h), pace: newPace(c.Desk.Now)}
	a.findings()
	a.acts()
	a.evidence()
	a.queues()
	a.targets()
	a.clocks()
	a.exports()
	a.bulletins()
	a.rules()
	a.house()
	a.told()
	if c.Review != nil {
		a.review()
		mux.Handle("POST "+Prefix+"/review", c.Review)
	}
	mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "none", words.In(words.Asked(r), desk.ErrNone.Error()))
	})
	// A page elsewhere cannot make a visitor's browser decide.
	return http.NewCrossOriginProtection().Handler(harmless(a.enter(a.once(mux))))
}

// harmless keeps browsers from taking an answer for anything but data.
func harmless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

type (
	whoKey      struct{}
	languageKey struct{}
)

// language is the one that problems are told in.
func language(ctx context.Context) string {
	lang, _ := ctx.Value(languageKey{}).(string)
	return lang
}

// who is who asks. The middleware let nobody else through.
func who(ctx context.Context) *inspect.Person { return ctx.Value(whoKey{}).(*inspect.Person) }

// enter lets in who has a token, at a bounded pace. What the API can do anybody
// may read.
func (a *api) enter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, Prefix+"/openapi") {
			next.ServeHTTP(w, r)
			return
		}
		lang := words.Asked(r)
		refuse := func(w http.ResponseWriter, status int, kind, text string) {
			refuse(w, status, kind, words.In(lang, text))
		}
		p, err := a.person(r)
		switch {
		case strings.Contains(r.URL.Path, "\x00") || strings.Contains(r.URL.RawQuery, "%00"): // no database takes it
			refuse(w, http.StatusBadRequest, "address", "地址中有不能用的字符")
		case err != nil:
			a.Log.ErrorContext(r.Context(), "api: nobody can be let in", "error", err)
			refuse(w, http.StatusServiceUnavailable, "unavailable", "暂时无法核对身份，请稍后再试")
		case p == nil:
			w.Header().Set("WWW-Authenticate", `Bearer realm="xunjian"`)
			refuse(w, http.StatusUnauthorized, "token", "需要有效的令牌：Authorization: Bearer …（由管理员用 xunjian users token 发放）")
		case !a.pace.allow(p.ID):
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, "pace", "请求过于频繁")
		default:
			ctx := context.WithValue(context.WithValue(r.Context(), whoKey{}, p), languageKey{}, lang)
			next.ServeHTTP(w, r.WithContext(ctx))
		}
	})
}

// person is whose token a request has; nil: nobody's.
func (a *api) person(r *http.Request) (*inspect.Person, error) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, nil
	}
	return a.Desk.Program(r.Context(), strings.TrimSpace(key))
}

// refuse answers what no operation was asked.
func refuse(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(problem(status, kind, text))
}

// refusals are what a desk says no with, as HTTP says it. What is in no line is
// our own trouble.
var refusals = []struct {
	err    error
	status int
	kind   string
}{
	{desk.ErrNone, http.StatusNotFound, "none"}, {desk.ErrForbidden, http.StatusForbidden, "forbidden"}, {desk.ErrChanged, http.StatusPreconditionFailed, "changed"},
	{desk.ErrCursor, http.StatusBadRequest, "cursor"}, {desk.ErrSoon, http.StatusTooManyRequests, "soon"}, {desk.ErrUser, http.StatusUnprocessableEntity, "user"},
}

// answer makes of an error what the API answers.
func (a *api) answer(ctx context.Context, err error) error {
	var no *inspect.Refusal
	if errors.As(err, &no) {
		status := map[inspect.RefusalKind]int{inspect.NotYours: http.StatusForbidden, inspect.NotNow: http.StatusConflict, inspect.Incomplete: http.StatusUnprocessableEntity}[no.Why]
		return problem(status, string(no.Why), words.Refusal(language(ctx), no))
	}
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			return problem(r.status, r.kind, words.In(language(ctx), r.err.Error()))
		}
	}
	a.Log.ErrorContext(ctx, "api: request failed", "error", err)
	return problem(http.StatusInternalServerError, "internal", words.In(language(ctx), "程序内部出错，已记入日志，请稍后再试"))
}

// problem is an answer by RFC 9457. Its type tells programs what its text tells
// people.
func problem(status int, kind, text string) error {
	return &huma.ErrorModel{Type: "urn:xunjian:problem:" + kind, Title: http.StatusText(status), Status: status, Detail: text}
}

// get registers a question.
func get[I, O any](a *api, id, path, summary string, do func(context.Context, *I) (*O, error)) {
	register(a, huma.Operation{OperationID: id, Method: http.MethodGet, Path: Prefix + path, Summary: summary, Errors: []int{400, 403, 404, 422}}, do)
}

// post registers an act.
func post[I, O any](a *api, id, path, summary string, do func(context.Context, *I) (*O, error)) {
	register(a, huma.Operation{OperationID: id, Method: http.MethodPost, Path: Prefix + path, Summary: summary, Errors: []int{400, 403, 404, 412, 422}}, do)
}

func register[I, O any](a *api, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	op.Errors = append(op.Errors, 401, 413, 429, 500, 503)
	if op.Method == http.MethodPost {
		op.Errors = append(op.Errors, 409)
		op.Parameters = append(op.Parameters, keyed)
	}
	op.Tags = []string{strings.Split(strings.TrimPrefix(op.Path, Prefix+"/"), "/")[0]}
	huma.Register(a.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, a.answer(ctx, err)
		}
		return out, nil
	})
}

// A body is an answer that is nothing but its JSON.
type body[T any] struct{ Body T }

// listed is an answer that is a list, which is empty rather than null.
func listed[T any](all []T, err error) (*body[[]T], error) {
	if all == nil {
		all = []T{}
	}
	return &body[[]T]{all}, err
}
