package checktest

import (
	"cmp"
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
		Portal: y.Portal, Hosts: y.Hosts, Known: map[string][]inspect.ListItem{}}
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
	return s, nil
}
