package main

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/xunjian/xunjian/dashboards/grafana"
	"github.com/xunjian/xunjian/inspect"
)

// asked are the words that a page of the console understands; an address with
// others would show more than it promises.
var asked = map[string][]string{"/findings": {"site", "unit", "check", "stage", "severity", "overdue"}, "/ops": {"state"}}

// Where alerts and panels lead, the console has a page, and who is told may
// open it: sites are named there as metrics name them, by code.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d, `- {id: s00,`, `- {id: s00, code: "1499020001",`, "schedules:", "accounts:\n  - {id: wx-1, platform: wechat, name: 青岚发布, unit: edu, handle: qinglan}\nschedules:")
	h.plantUsual(t)
	chief, ops := h.enter(t, "li"), h.enter(t, "sun")
	lead := func(from string, who *visitor, path string) {
		t.Helper()
		status, body := who.get(t, path)
		if status == http.StatusForbidden && who == chief && strings.HasPrefix(path, "/ops") {
			status, body = ops.get(t, path)
		}
		if status != http.StatusOK {
			t.Errorf("%s: %s answers %d", from, path, status)
		}
		u, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		for word := range u.Query() {
			if !slices.Contains(asked[u.Path], word) {
				t.Errorf("%s: %s is asked for %s, which it does not know", from, path, word)
			}
		}
		if strings.Contains(path, "1499020001") && (!strings.Contains(body, "第1网站") || strings.Contains(body, officeCase)) {
			t.Errorf("%s: %s is not of the site", from, path)
		}
	}
	for _, dash := range grafana.All() {
		for _, row := range dash.Rows {
			for _, p := range row.Panels {
				if p.Link == "" {
					continue
				}
				for _, path := range paths(p.Link) {
					lead(dash.UID+" "+p.Title, chief, path)
				}
			}
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert               string
				Labels, Annotations map[string]string
			}
		}
	}
	b, err := os.ReadFile("../../dashboards/prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &rules); err != nil {
		t.Fatal(err)
	}
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			who := chief
			if r.Labels["audience"] == "ops" {
				who = ops
			}
			for _, path := range paths(r.Annotations["console_path"]) {
				lead(r.Alert, who, path)
			}
		}
	}
	round, err := h.st.Latest(t.Context(), "s00", "")
	if err != nil || round == nil {
		t.Fatalf("no inspection, %v", err)
	}
	if status, _ := chief.get(t, "/rounds/"+round.ID); status != http.StatusSeeOther {
		t.Errorf("an exemplar leads to %d", status)
	}
}

var label = regexp.MustCompile(`\$(?:\{__(?:data\.fields|field\.labels)\.)?([a-z]+)\}?|\{\{ \$labels\.([a-z]+) \}\}`)

// paths are the addresses that a template comes to; "" comes to none.
func paths(template string) (out []string) {
	if template == "" {
		return nil
	}
	values := map[string][]string{"site": {"1499020001"}, "agency": {url.QueryEscape("青岚区教育局")}, "account": {"wx-1"}, "check": {"link-broken"}}
	for _, s := range inspect.Stages {
		values["state"] = append(values["state"], string(s))
	}
	m := label.FindStringSubmatch(template)
	if m == nil {
		return []string{template}
	}
	for _, v := range values[m[1]+m[2]] {
		out = append(out, paths(strings.Replace(template, m[0], v, 1))...)
	}
	return out
}
