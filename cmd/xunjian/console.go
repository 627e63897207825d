package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/checks/workdays"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/dashboards/console"
	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// sensitive are the checks whose evidence shows what must not be shown.
var sensitive = []string{"personal-information", "secrecy-mark"}

// desk makes the desk of this service.
func (s *service) desk() (*desk.Desk, error) {
	pages, err := rulePages()
	if err != nil {
		return nil, err
	}
	cfg := s.p.cfg
	b := book{s.st}
	c := desk.Config{Cases: b, Rounds: b, People: b, Queue: queue{s.engine}, Papers: papers{cfg.Data}, Press: deskPress{pressOf(s.p, s.st), s}, Targets: slices.Concat(cfg.Sites, cfg.Accounts),
		Rules: s.p.rules, Pages: pages, Terms: cfg.Repair.Terms(), Sensitive: sensitive, Workday: workday, Now: s.now, Log: s.log, Life: cfg.Console.Session, Idle: cfg.Console.Idle}
	for _, u := range cfg.Units {
		c.Units = append(c.Units, desk.Unit{ID: u.ID, Name: u.Name})
	}
	return desk.New(c), nil
}

// console makes the web console of this service.
func (s *service) console(d *desk.Desk) (http.Handler, error) {
	o := s.p.cfg.Console
	c := console.Config{Desk: d, Title: o.Title, Secure: o.Secure(), Proxies: o.Proxies, Log: s.log}
	if o.OIDC.Issuer != "" {
		c.OIDC = &console.OIDC{Name: o.OIDC.Name, Issuer: o.OIDC.Issuer, ClientID: o.OIDC.ClientID, ClientSecret: o.OIDC.Secret, Claim: o.OIDC.Claim,
			Redirect: strings.TrimSuffix(o.URL, "/") + "/login/oidc/callback"}
	}
	if len(o.Status.Sites) > 0 {
		c.Status = &console.Status{Title: o.Status.Title, Sites: o.Status.Sites}
	}
	return console.New(c)
}

// rulePages are what the checks say of themselves, by id.
func rulePages() (out []desk.RulePage, err error) {
	for _, k := range checks.All {
		f, prose, err := config.ReadFront(k)
		if err != nil {
			return nil, err
		}
		out = append(out, desk.RulePage{ID: f.ID, Title: f.Title, Family: f.Family, Source: f.Source, Prose: prose})
	}
	return out, nil
}

// workday is the n-th working day after a day. While the holidays of its year
// are not out, Saturdays and Sundays are taken for all there are.
func workday(from time.Time, n int) (time.Time, bool) {
	if day, known := workdays.Add(from, n); known {
		return day, true
	}
	day := inspect.Day(from)
	for n > 0 {
		if day = day.AddDate(0, 0, 1); day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			n--
		}
	}
	return day, false
}

// A book is the store as the desk reads and writes it.
type book struct{ *store.Store }

func (b book) Cases(ctx context.Context, q inspect.CaseQuery) ([]inspect.Case, string, error) {
	page, next, err := b.Store.Cases(ctx, q)
	return page, next, deskError(err)
}

func (b book) Case(ctx context.Context, fingerprint string) (*inspect.Case, error) {
	c, err := b.Store.Case(ctx, fingerprint)
	return c, deskError(err)
}

func (b book) Decide(ctx context.Context, step inspect.Step, t inspect.Terms, on ...desk.Decision) ([]inspect.Case, error) {
	all := make([]store.Decision, len(on))
	for i, d := range on {
		all[i] = store.Decision(d)
	}
	out, err := b.Store.Decide(ctx, step, t, all...)
	return out, deskError(err)
}

// deskError says what the store refuses as the desk does.
func deskError(err error) error {
	for was, is := range map[error]error{store.ErrNoCase: desk.ErrNone, store.ErrChanged: desk.ErrChanged, store.ErrCursor: desk.ErrCursor, store.ErrKnown: desk.ErrKnown} {
		if errors.Is(err, was) {
			return is
		}
	}
	return err
}

func (b book) Round(ctx context.Context, id string) (*inspect.Inspection, error) {
	h, err := b.Inspection(ctx, id)
	if err != nil || h == nil {
		return nil, err
	}
	return h.Inspection(), nil
}

// Fetched is a page with its body as text. One whose body is damaged has none.
func (b book) Fetched(ctx context.Context, round, url string) (*inspect.Page, error) {
	p, err := b.Store.Fetched(ctx, round, url)
	if errors.Is(err, store.ErrDamaged) {
		return nil, nil
	}
	if p != nil && p.Raw != nil {
		crawler.Decode(p, p.Charset)
	}
	return p, err
}

func (b book) ProbeDays(ctx context.Context, site string, since time.Time) ([]desk.Day, error) {
	all, err := b.Store.ProbeDays(ctx, site, since)
	var out []desk.Day
	for _, d := range all {
		if d.Network != "tcp6" {
			out = append(out, desk.Day{Day: d.Day, Visited: d.Visited, Told: d.Told, Failed: d.Failed, Median: d.Median})
		}
	}
	return out, err
}

func (b book) Incidents(ctx context.Context, limit int) ([]desk.Incident, error) {
	all, err := b.Store.Incidents(ctx, limit)
	out := make([]desk.Incident, len(all))
	for i, x := range all {
		out[i] = desk.Incident{Kind: x.Kind, Detail: x.Detail, Begun: x.Begun, Ended: x.Ended}
	}
	return out, err
}

func (b book) AddUser(ctx context.Context, u *inspect.User, e desk.Entry) error {
	return deskError(b.Store.AddUser(ctx, u, store.Entry(e)))
}

func (b book) ChangeUser(ctx context.Context, u *inspect.User, e desk.Entry) error {
	return b.Store.ChangeUser(ctx, u, store.Entry(e))
}

func (b book) BeginSession(ctx context.Context, x *inspect.Session, e desk.Entry) error {
	return b.Store.BeginSession(ctx, x, store.Entry(e))
}

func (b book) EndSession(ctx context.Context, hash, login string, e desk.Entry) error {
	return b.Store.EndSession(ctx, hash, login, store.Entry(e))
}

func (b book) AddToken(ctx context.Context, t *inspect.Token, e desk.Entry) error {
	return deskError(b.Store.AddToken(ctx, t, store.Entry(e)))
}

func (b book) EndToken(ctx context.Context, id string, e desk.Entry) error {
	return b.Store.EndToken(ctx, id, store.Entry(e))
}

func (b book) Audit(ctx context.Context, e desk.Entry) error {
	return b.Store.Audit(ctx, store.Entry(e))
}

func (b book) AuditLog(ctx context.Context, subject string, before int64, limit int) ([]desk.Entry, error) {
	all, err := b.Store.AuditLog(ctx, subject, before, limit)
	out := make([]desk.Entry, len(all))
	for i, e := range all {
		out[i] = desk.Entry(e)
	}
	return out, err
}

// A queue is the engine as the desk asks it.
type queue struct{ *schedule.Engine }

func (q queue) Recheck(ctx context.Context, site, fingerprint string) (bool, error) {
	_, asked, err := q.Ask(ctx, schedule.Recheck, site, fingerprint)
	return asked, err
}

func (q queue) Jobs(ctx context.Context, states []string, limit int) ([]desk.Job, error) {
	all, err := q.List(ctx, states, nil, limit)
	out := make([]desk.Job, len(all))
	for i, s := range all {
		out[i] = desk.Job{ID: s.ID, Kind: string(s.Kind), Target: s.Target, Note: s.Note, State: s.State, Due: s.Due, Begun: s.Begun, Ended: s.Ended,
			Attempt: s.Attempt, Worker: s.Worker, Error: s.Error}
	}
	return out, err
}

func (q queue) Retry(ctx context.Context, id int64) error {
	_, err := q.Engine.Retry(ctx, id)
	return jobError(err)
}

func (q queue) Cancel(ctx context.Context, id int64) error {
	_, err := q.Engine.Cancel(ctx, id)
	return jobError(err)
}

func jobError(err error) error {
	if errors.Is(err, schedule.ErrNoJob) {
		return desk.ErrNone
	}
	if errors.Is(err, schedule.ErrDone) {
		return desk.ErrChanged
	}
	return err
}

// papers are the scorecards that the bulletin job lays down.
type papers struct{ data string }

func (p papers) Papers(context.Context) (out []desk.Paper, err error) {
	files, err := filepath.Glob(filepath.Join(p.data, "bulletins", "*", "*.html"))
	for _, f := range slices.Backward(files) {
		out = append(out, desk.Paper{Month: filepath.Base(filepath.Dir(f)), Target: strings.TrimSuffix(filepath.Base(f), ".html")})
	}
	return out, err
}

// Paper reads a scorecard. The target is one of the configuration; the month
// is whatever an address says.
func (p papers) Paper(_ context.Context, month, target string) ([]byte, error) {
	if _, err := time.Parse("2006-01", month); err != nil {
		return nil, nil
	}
	page, err := os.ReadFile(filepath.Join(p.data, "bulletins", month, target+".html"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("scorecard: %w", err)
	}
	return page, nil
}
