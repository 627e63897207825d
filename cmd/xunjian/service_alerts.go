package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// incidentsRead are how many of the newest incidents are held for news.
const incidentsRead = 100

// newAlerts is the engine as the configuration has it; nil when nobody is to
// be told anything.
func newAlerts(cfg *config.Config, st *store.Store, log *slog.Logger) (*alerts.Engine, error) {
	if cfg.Alerts == nil {
		return nil, nil
	}
	channels, err := channelsOf(cfg.Alerts)
	if err != nil {
		return nil, err
	}
	policy, err := policyOf(cfg)
	if err != nil {
		return nil, err
	}
	e := &alerts.Engine{Policy: policy, Book: st, Queue: st, Channels: channels, Pacers: map[string]alerts.Pacer{}, Clock: time.Now, Log: log}
	for _, c := range cfg.Alerts.Channels {
		k, _ := alerts.KindOf(c.Kind) // it was made
		e.Pacers[c.ID] = alerts.NewPacer(k.Rates)
	}
	e.Incidents = func(ctx context.Context) ([]alerts.Incident, error) {
		all, err := st.Incidents(ctx, incidentsRead)
		out := make([]alerts.Incident, len(all))
		for i, x := range all {
			out[i] = alerts.Incident{ID: x.ID, Kind: x.Kind, Detail: x.Detail, Begun: x.Begun, Ended: x.Ended}
		}
		return out, err
	}
	e.Clocks = func(ctx context.Context) ([]alerts.Clock, error) { return clocksOf(ctx, st, cfg) }
	t := &trouble{st: st, log: log, failed: map[string]int{}}
	e.Trouble = t.tell
	return e, nil
}

// channelsOf makes the channels; all their mistakes are told at once.
func channelsOf(a *config.Alerts) (map[string]alerts.Channel, error) {
	out := map[string]alerts.Channel{}
	var errs []error
	for i := range a.Channels {
		c := &a.Channels[i]
		made, err := alerts.New(alerts.Options{ID: c.ID, Kind: c.Kind, URL: c.URL, Console: a.Console, Allow: c.AllowNetworks, Roots: c.Roots, Secret: alertSecret(c),
			From: c.From, Host: c.Server, TLS: c.TLS, Method: c.Method, Header: c.Header, Body: c.Body, Expect: c.Expect, Sign: c.Sign})
		out[c.ID], errs = made, append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, usageError{err, "密钥写在 alerts.secrets_file，或环境变量 XUNJIAN_ALERTS_<渠道>_KEY、_SIGN、_USER、_PASSWORD"}
	}
	return out, nil
}

// alertSecret is what the file of secrets says of a channel, else the
// environment: XUNJIAN_ALERTS_<ID>_KEY, _SIGN, _USER and _PASSWORD.
func alertSecret(c *config.AlertChannel) alerts.Secret {
	of := func(written, name string) string {
		return cmp.Or(written, os.Getenv("XUNJIAN_ALERTS_"+environment(c.ID)+"_"+name))
	}
	s := c.Secret
	return alerts.Secret{Key: of(s.Key, "KEY"), Sign: of(s.Sign, "SIGN"), User: of(s.User, "USER"), Password: of(s.Password, "PASSWORD")}
}

// policyOf is the section alerts in the terms of the engine: what is not
// written has its default.
func policyOf(cfg *config.Config) (alerts.Policy, error) {
	a, p := cfg.Alerts, alerts.DefaultPolicy
	p.Console = a.Console
	p.Gather, p.Window, p.Fresh, p.GiveUp = cmp.Or(a.Gather, p.Gather), cmp.Or(a.Window, p.Window), cmp.Or(a.Fresh, p.Fresh), cmp.Or(a.GiveUp, p.GiveUp)
	p.Flood = cmp.Or(a.Flood, p.Flood)
	p.Shares, p.Before, p.Overdue = written(a.Shares, p.Shares), written(a.Before, p.Before), written(a.Overdue, p.Overdue)
	var errs []error
	if a.Quiet != nil {
		p.Quiet = nil
		for _, q := range a.Quiet {
			s, err := alerts.ParseSpan(q)
			p.Quiet, errs = append(p.Quiet, s), append(errs, err)
		}
	}
	if a.Digest != "" {
		var err error
		p.Digest, err = alerts.ParseMinute(a.Digest)
		errs = append(errs, err)
	}
	for _, c := range a.Contacts {
		x := alerts.Contact{ID: c.ID, Name: c.Name, Roles: c.Roles, Units: c.Units}
		for _, r := range c.Reach {
			x.Reach = append(x.Reach, alerts.Reach(r))
		}
		p.Contacts = append(p.Contacts, x)
	}
	for i, r := range a.Routes {
		p.Routes = append(p.Routes, alerts.Route{To: r.To, Kinds: r.Kinds, Severity: r.Severity, Units: r.Units, Sites: r.Sites, Checks: r.Checks, Channels: r.Channels, When: alerts.When(r.When)})
		for _, c := range r.Checks {
			if !anyCheck(c) {
				errs = append(errs, fmt.Errorf("alerts.routes[%d]：没有检查 %q", i, c))
			}
		}
	}
	p.Machines, p.Sites, p.Offices = map[string]bool{}, map[string]*inspect.Site{}, map[string]string{}
	for _, c := range a.Channels {
		k, _ := alerts.KindOf(c.Kind)
		p.Machines[c.ID] = k.Machine
	}
	for _, s := range slices.Concat(cfg.Sites, cfg.Accounts) {
		p.Sites[s.ID] = s
	}
	for _, u := range cfg.Units {
		p.Offices[u.ID] = u.Name
	}
	if err := errors.Join(errs...); err != nil {
		return p, usageError{err: err}
	}
	return p, nil
}

// written is a list of the file, or the default where none is written.
func written[T any](list, otherwise []T) []T {
	if list == nil {
		return otherwise
	}
	return list
}

// anyCheck reports whether a check, or one of a family, is there.
func anyCheck(pattern string) bool {
	f, many := strings.CutSuffix(pattern, "*")
	return slices.ContainsFunc(checks.All, func(c *inspect.Check) bool { return c.ID == pattern || many && strings.HasPrefix(c.ID, f) })
}

// clocksOf are the clocks of all columns and accounts, as their last look saw
// them, what falls first first.
func clocksOf(ctx context.Context, st *store.Store, cfg *config.Config) (out []alerts.Clock, err error) {
	for _, s := range slices.Concat(cfg.Sites, cfg.Accounts) {
		var last *store.Summary
		for _, scope := range []store.Scope{store.Whole, store.Lists} {
			h, err := st.Latest(ctx, s.ID, scope)
			if err != nil {
				return nil, err
			}
			if h != nil && (last == nil || h.Now.After(last.Now)) {
				last = h
			}
		}
		if last == nil {
			continue
		}
		for _, c := range last.Clocks {
			out = append(out, alerts.Clock{Site: s, At: last.Now, Clock: c})
		}
	}
	alerts.Sort(out)
	return out, nil
}

// A trouble knows which channels fail. One message may fail for reasons of its
// own; a channel that fails so often in a row is an incident.
type trouble struct {
	st  *store.Store
	log *slog.Logger

	mu     sync.Mutex
	failed map[string]int // attempts in a row
}

const channelFails = 3

func (t *trouble) tell(ctx context.Context, channel string, err error) {
	t.mu.Lock()
	before, known := t.failed[channel]
	t.failed[channel] = 0
	if err != nil {
		t.failed[channel] = before + 1
	}
	n := t.failed[channel]
	t.mu.Unlock()
	var kept error
	switch {
	case n >= channelFails:
		_, kept = t.st.OpenIncident(ctx, "channel:"+channel, err.Error(), time.Now())
	case n == 0 && (before > 0 || !known): // an earlier process may have left it open
		_, kept = t.st.EndIncident(ctx, "channel:"+channel, time.Now())
	}
	if kept != nil {
		t.log.Warn("incident not kept", "error", kept)
	}
}
