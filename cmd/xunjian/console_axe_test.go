package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// axePages are all pages, by who sees the most of them.
var axePages = map[string][]string{
	"":     {"/login", "/status"},
	"li":   {"/", "/findings", "/findings?q=none&severity=veto&overdue=1", "/findings/" + eduCase, "/findings/" + secretCase, "/findings/none", "/sites", "/sites/s00", "/media", "/clocks", "/orders", "/orders/ZG1", "/appeals", "/waivers", "/waivers?pending=1", "/interpretations", "/bulletins", "/rules", "/rules/column-stale", "/audit", "/account", "/help"},
	"zhao": {"/", "/findings", "/findings/" + eduCase},
	"sun":  {"/", "/ops"},
	"wu":   {"/admin/users"},
}

// The console has no fault that axe-core finds, on any page, in either
// language, by day and by night, on a telephone and on a desk; and nothing of
// it has to be scrolled sideways.
func TestConsolePassesAxe(t *testing.T) {
	t.Parallel()
	engine, err := os.ReadFile("../../crawler/render/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("axe-core is not installed: make deps")
	}
	d := newDistrict(2, 9, 0)
	defer d.Close()
	h := newHouse(t, d)
	b := h.browse(t)
	h.lived(t)
	notice := h.noticed(t)
	runs := 0
	for login, pages := range axePages {
		if login == "li" || login == "zhao" {
			pages = append(slices.Clone(pages), notice)
		}
		v := h.enter(t, login)
		b.as(t, v)
		for _, lang := range []string{"zh", "en"} {
			v.post(t, "/language", "language", lang, "next", "/")
			b.as(t, v)
			for _, p := range pages {
				b.see(t, p)
				ask[int](t, b, string(engine)+";document.querySelectorAll('details').forEach(d=>d.open=true);1")
				for _, at := range []struct {
					width  int64
					scheme string
				}{{1280, "light"}, {375, "dark"}} {
					runs++
					b.screen(t, at.width, at.scheme)
					b.axe(t, fmt.Sprintf("%s of %q in %s, %d %s", p, login, lang, at.width, at.scheme))
					if wide := ask[int64](t, b, "document.documentElement.scrollWidth"); wide > at.width {
						t.Errorf("%s of %q in %s is %d wide on %d", p, login, lang, wide, at.width)
					}
				}
			}
		}
	}
	li := h.enter(t, "li")
	b.as(t, li)
	for name, width := range map[string]int64{"bulletin": 1280, "phone-bulletin": 375} {
		b.screen(t, width, "light")
		b.see(t, notice)
		b.framed(t)
		b.picture(t, name)
	}
	fmt.Printf("axe-core: %d runs\n", runs)
}

// axe runs axe-core on the page that the browser shows.
func (b *browser) axe(t *testing.T, what string) {
	t.Helper()
	raw := ask[string](t, b, "axe.run(document,{resultTypes:['violations'],iframes:false}).then(r=>JSON.stringify(r.violations))")
	var faults []struct {
		ID, Help string
		Nodes    []struct{ HTML string }
	}
	if err := json.Unmarshal([]byte(raw), &faults); err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("%s: %s (%s) at %d places, first %.200s", what, f.ID, f.Help, len(f.Nodes), f.Nodes[0].HTML)
	}
}

// lived plants cases and decides on them, so that every page has something.
func (h *house) lived(t *testing.T) {
	t.Helper()
	must(t, h.do(t, schedule.Crawl, "s00", ""), "completed")
	must(t, h.do(t, schedule.Crawl, "s00", ""), "completed")
	must(t, h.do(t, schedule.Probe, "s00", ""), "completed")
	h.plantUsual(t)
	if _, err := h.st.OpenIncident(t.Context(), "canary", "自检网站植入 10 处问题，漏报 1 处，多报 0 处", h.now()); err != nil {
		t.Fatal(err)
	}
	li, zhao, qian := houseUsers[0], houseUsers[2], houseUsers[3]
	day := h.now().AddDate(0, 0, 9)
	h.decided(t, eduCase, inspect.Step{Act: inspect.ActOrder, By: li, Order: "ZG1", Until: day})
	h.decided(t, eduCase, inspect.Step{Act: inspect.ActAcknowledge, By: zhao})
	h.decided(t, officeCase, inspect.Step{Act: inspect.ActAppeal, By: qian, Ground: inspect.NotOurs, Why: "栏目已移交"})
	broken, _, err := h.st.Cases(t.Context(), inspect.CaseQuery{Checks: []string{"link-broken"}, Sites: []string{"s00"}, Stages: []inspect.Stage{inspect.StageConfirmed}})
	if err != nil || len(broken) == 0 {
		t.Fatalf("%d broken links, %v", len(broken), err)
	}
	h.decided(t, broken[0].Fingerprint, inspect.Step{Act: inspect.ActWaive, By: li, Why: "主办单位停机维护", Until: day})
}

// noticed drafts this month's notice, shows it to units, has one object, and
// returns its address.
func (h *house) noticed(t *testing.T) string {
	t.Helper()
	month := period.Of(period.Month, h.now())
	h.p.cfg.Bulletin.Kinds = []string{"notice"}
	if err := h.drafts(t.Context(), month); err != nil {
		t.Fatal(err)
	}
	d, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	id := "notice-" + month.String()
	if err := errors.Join(d.PreviewBulletin(t.Context(), &houseUsers[0], id), d.ObjectTo(t.Context(), &houseUsers[2], id, "", "当日已恢复")); err != nil {
		t.Fatal(err)
	}
	return "/bulletins/" + id
}

func (h *house) decided(t *testing.T, print string, s inspect.Step) {
	t.Helper()
	s.At = h.now()
	if _, err := h.st.Decide(t.Context(), s, inspect.DefaultTerms, store.Decision{Case: print}); err != nil {
		t.Fatalf("%s: %v", s.Act, err)
	}
}
