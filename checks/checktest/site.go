package checktest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/xunjian/xunjian/inspect"
)

// readSite reads site.yaml strictly; addresses may be relative to the home page.
func readSite(text string) (*inspect.Site, error) {
	var y siteYAML
	if err := yaml.UnmarshalWithOptions([]byte(text), &y, yaml.Strict()); err != nil {
		return nil, err
	}
	home, ok := inspect.Normal(cmp.Or(y.Home, "http://www.example.gov.cn/"))
	if !ok {
		return nil, fmt.Errorf("home %q is no address", y.Home)
	}
	s := &inspect.Site{ID: cmp.Or(y.ID, "site"), Kind: inspect.Website, Name: y.Name, Home: home, Unit: y.Unit, Code: y.Code, Region: y.Region,
		Portal: y.Portal, Search: y.Search, Hosts: y.Hosts, Known: map[string][]inspect.ListItem{}}
	for _, a := range y.Allow {
		p, err := netip.ParsePrefix(a)
		if err != nil {
			return nil, err
		}
		s.Allow = append(s.Allow, p)
	}
	base := inspect.NewBase(home)
	for _, c := range y.Columns {
		u, scheme := base.Resolve(c.URL)
		if scheme != inspect.HTTP {
			return nil, fmt.Errorf("column %s: %q is no address", c.Name, c.URL)
		}
		col := inspect.Column{Name: c.Name, URL: u, Genre: c.Genre, Selectors: c.Selectors, TopLevel: c.TopLevel}
		if c.Window != "" {
			w, err := inspect.ParseWindow(c.Window)
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
			col.Window = w
		}
		if c.Excused != nil {
			until, err := time.ParseInLocation(time.DateOnly, c.Excused.Until, inspect.Zone)
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
			col.Excused = &inspect.Excuse{Reason: c.Excused.Reason, Approver: c.Excused.Approver, Until: until}
		}
		s.Columns = append(s.Columns, col)
	}
	for name, rows := range y.Known {
		for _, k := range rows {
			u, _ := base.Resolve(k.URL)
			it := inspect.ListItem{Title: k.Title, URL: u}
			if k.Date != "" {
				d, err := time.ParseInLocation(time.DateOnly, k.Date, inspect.Zone)
				if err != nil {
					return nil, err
				}
				it.Date = d
			}
			s.Known[name] = append(s.Known[name], it)
		}
	}
	if err := y.Account.into(s); err != nil {
		return nil, err
	}
	return s, y.Past.into(s)
}

// into gives the site a past.
func (y *pastYAML) into(s *inspect.Site) error {
	if y == nil {
		return nil
	}
	at, err := time.ParseInLocation(time.DateOnly, y.At, inspect.Zone)
	if err != nil {
		return fmt.Errorf("past: %w", err)
	}
	s.Past = &inspect.Past{At: at, Kept: map[string]json.RawMessage{}}
	for id, v := range y.Kept {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("past: %w", err)
		}
		s.Past.Kept[id] = b
	}
	s.Past.Probes, err = probesOf(y.Probes, s, at)
	return err
}

// probesOf makes visits of what is written of them.
func probesOf(ys []probeYAML, s *inspect.Site, now time.Time) (out []inspect.Probe, err error) {
	for _, y := range ys {
		at := now
		if y.At != "" {
			if at, err = time.Parse(time.RFC3339, y.At); err != nil {
				return nil, err
			}
		}
		p := inspect.Probe{URL: cmp.Or(y.URL, s.Home), Network: cmp.Or(y.Network, "tcp"), Status: y.Status, Final: y.Final,
			Verdict: cmp.Or(y.Verdict, inspect.Fine), Cause: y.Cause, Detail: y.Detail, Whole: inspect.Millis(y.Whole)}
		if y.TLS != nil {
			p.TLS = &inspect.TLS{Version: cmp.Or(y.TLS.Version, "1.3"), Problem: y.TLS.Problem}
			if p.TLS.NotAfter, err = time.ParseInLocation(time.DateOnly, y.TLS.NotAfter, inspect.Zone); err != nil {
				return nil, err
			}
		}
		for i := range max(1, y.Repeat) {
			p.At = at.Add(time.Duration(i*y.Every) * time.Minute).UTC()
			out = append(out, p)
		}
	}
	return out, nil
}
