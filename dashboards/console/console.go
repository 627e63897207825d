// Package console is the house's web pages: server-rendered, without scripts,
// Chinese first and English. What is shown and decided is the desk's; here is
// only how. One file a page, one template beside it.
package console

import (
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A Config is what a console is handed.
type Config struct {
	Desk    *desk.Desk
	Title   string         // of all pages; "": 巡检
	Secure  bool           // browsers reach it by https
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	OIDC    *OIDC          // nil: users log in by password alone
	Status  *Status        // nil: no public status page
	Log     *slog.Logger
}

// A console serves the pages.
type console struct {
	Config
	desk  *desk.Desk
	views map[string]views // by language
}

// everyone is whoever is logged in.
var everyone = inspect.Roles

// Who reads findings, and who decides on them.
var (
	readers  = []inspect.Role{inspect.Supervisor, inspect.Agency, inspect.Auditor}
	deciders = []inspect.Role{inspect.Supervisor, inspect.Agency}
)

// A route is a page, or what a form of it does.
type route struct {
	pattern string
	roles   []inspect.Role // nil: who is not logged in too
	serve   func(*request) error
}

// routes is the list; one more page is one line and one file.
func (c *console) routes() []route {
	return []route{
		{"GET /login", nil, c.loginPage},
		{"POST /login", nil, c.login},
		{"GET /login/oidc", nil, c.oidcBegin},
		{"GET /login/oidc/callback", nil, c.oidcEnd},
		{"POST /language", nil, c.language},
		{"GET /status", nil, c.status},
		{"POST /logout", everyone, c.logout},
		{"GET /account", everyone, c.account},
		{"POST /account", everyone, c.changeAccount},
		{"GET /help", everyone, c.help},
		{"GET /{$}", everyone, c.home},
		{"GET /sites", readers, c.sites},
		{"GET /sites/{id}", readers, c.site},
		{"GET /sites/{id}/compare", readers, c.compare},
		{"GET /rounds/{id}", readers, c.round},
		{"GET /media", readers, c.media},
		{"GET /media/{id}", readers, c.site},
		{"GET /clocks", readers, c.clocks},
		{"GET /findings", readers, c.findings},
		{"POST /findings", deciders, c.decideMany},
		{"GET /findings/{id}", readers, c.finding},
		{"POST /findings/{id}", deciders, c.decide},
		{"POST /findings/{id}/recheck", deciders, c.recheck},
		{"GET /findings/{id}/page", readers, c.savedPage},
		{"GET /findings/{id}/page/raw", readers, c.savedBytes},
		{"GET /findings/{id}/picture", readers, c.picture},
		{"GET /orders", readers, c.orders},
		{"GET /orders/{id}", readers, c.order},
		{"GET /appeals", readers, c.appeals},
		{"GET /waivers", readers, c.waivers},
		{"GET /interpretations", readers, c.interpretations},
		{"GET /bulletins", readers, c.bulletins},
		{"GET /bulletins/{id}", readers, c.bulletin},
		{"POST /bulletins/{id}", deciders, c.changeBulletin},
		{"GET /bulletins/{id}/files/{name}", readers, c.bulletinFile},
		{"GET /scorecards/{month}/{id}", readers, c.scorecard},
		{"GET /rules", everyone, c.rules},
		{"GET /rules/{id}", everyone, c.rule},
		{"GET /ops", []inspect.Role{inspect.Operations, inspect.Admin, inspect.Auditor}, c.ops},
		{"POST /ops/jobs/{id}", []inspect.Role{inspect.Operations}, c.changeJob},
		{"GET /admin/users", []inspect.Role{inspect.Admin, inspect.Auditor}, c.users},
		{"POST /admin/users", []inspect.Role{inspect.Admin}, c.changeUsers},
		{"GET /audit", []inspect.Role{inspect.Supervisor, inspect.Auditor}, c.audit},
		{"POST /audit/verify", []inspect.Role{inspect.Supervisor, inspect.Auditor}, c.verifyAudit},
	}
}

// New makes the handler of all pages.
func New(cfg Config) (http.Handler, error) {
	if cfg.Title == "" {
		cfg.Title = "巡检"
	}
	c := &console{Config: cfg, desk: cfg.Desk}
	var err error
	if c.views, err = parseViews(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", static())
	for _, r := range c.routes() {
		mux.Handle(r.pattern, c.handler(r))
	}
	mux.Handle("/", c.handler(route{roles: everyone, serve: func(*request) error { return desk.ErrNone }}))
	return armoured(http.NewCrossOriginProtection().Handler(mux)), nil
}

// maxForm is how large a form may be.
const maxForm = 1 << 20

// handler serves a route to whoever may have it.
func (c *console) handler(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		q, err := c.request(w, r)
		if err == nil {
			err = q.admit(rt.roles)
		}
		if err == nil && (strings.Contains(r.URL.Path, "\x00") || strings.Contains(r.URL.RawQuery, "%00")) {
			err = desk.ErrNone // no database takes it, so nothing is called that
		}
		if err == nil {
			err = rt.serve(q)
		}
		if err != nil {
			q.fail(err)
		}
	})
}

// admit lets a request pass whose user has one of some roles.
func (q *request) admit(roles []inspect.Role) error {
	switch {
	case roles == nil:
		return nil
	case q.user == nil:
		return errLogin
	case !slices.Contains(roles, q.user.Role):
		return desk.ErrForbidden
	}
	return nil
}

// errLogin sends a browser to the login page.
var errLogin = errors.New("请先登录")

// statusOf is the answer's status for what went wrong, and whether its text is
// for whoever asked.
func statusOf(err error) (status int, told bool) {
	var refusal *inspect.Refusal
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, true
	case errors.As(err, &refusal):
		return map[inspect.RefusalKind]int{inspect.NotYours: http.StatusForbidden, inspect.NotNow: http.StatusConflict, inspect.Incomplete: http.StatusUnprocessableEntity}[refusal.Why], true
	}
	for _, x := range []struct {
		err    error
		status int
	}{{desk.ErrNone, 404}, {desk.ErrForbidden, 403}, {desk.ErrChanged, 409}, {desk.ErrCursor, 400}, {desk.ErrSoon, 429}, {desk.ErrMany, 429}, {desk.ErrLogin, 401},
		{desk.ErrPassword, 422}, {desk.ErrUser, 422}, {desk.ErrKnown, 409}, {errForm, 400}} {
		if errors.Is(err, x.err) {
			return x.status, true
		}
	}
	return http.StatusInternalServerError, false
}
