package main

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
)

// fill opens the form of an act on a finding's page, fills it in and sends it.
func (b *browser) fill(t *testing.T, act string, fields ...string) {
	t.Helper()
	form := "details:has(input[value='" + act + "'])"
	steps := []chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS(form + " summary")), chromedp.WaitVisible(chromedp.CSS(form + " button"))}
	for i := 0; i+1 < len(fields); i += 2 {
		steps = append(steps, chromedp.SetValue(chromedp.CSS(form+" [name="+fields[i]+"]"), fields[i+1]))
	}
	b.do(t, steps...)
	b.press(t, form+" button", ".notice, .wrong")
}

// A fault from its finding to its repair, as people see it: the supervisor
// filters, opens and orders; the unit sees it on its work list, acknowledges,
// repairs and says so; another look closes it. One that is no fault is appealed
// against and refuted by another supervisor; one that must wait is waived.
func TestConsoleInBrowser(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 30, 0)
	defer d.Close()
	h := newHouse(t, d)
	b := h.browse(t)
	must(t, h.do(t, schedule.Crawl, "s00", ""), "completed")
	must(t, h.do(t, schedule.Crawl, "s01", ""), "completed")
	broken := h.broken(t, "s00")
	if len(broken) < 4 {
		t.Fatalf("only %d broken links", len(broken))
	}
	repaired, appealed, waived := broken[0], broken[1], broken[2]

	b.screen(t, 1280, "light")
	b.logIn(t, "li")
	b.picture(t, "home")
	b.see(t, "/findings?stage=confirmed")
	b.do(t, chromedp.SetValue(chromedp.CSS("select[name=check]"), "link-broken"), chromedp.SetValue(chromedp.CSS("select[name=site]"), "s00"))
	b.press(t, "form.filter button", "table.list")
	if at := ask[string](t, b, "location.search"); !strings.Contains(at, "check=link-broken") || !strings.Contains(at, "site=s00") || !strings.Contains(at, "stage=confirmed") {
		t.Errorf("the filter is not in the address: %s", at)
	}
	if text := b.text(t); !strings.Contains(text, "第1网站") || strings.Contains(ask[string](t, b, "document.querySelector('table.list').innerText"), "第2网站") {
		t.Errorf("the filter takes others:\n%.600s", text)
	}
	b.picture(t, "findings")
	b.press(t, "a[href='/findings/"+repaired.Fingerprint+"']", ".acts")
	b.fill(t, "order")
	for _, c := range []inspect.Case{appealed} {
		b.see(t, "/findings/"+c.Fingerprint)
		b.fill(t, "order", "until", h.now().AddDate(0, 1, 0).Format(time.DateOnly))
	}
	b.see(t, "/findings/"+waived.Fingerprint)
	b.fill(t, "waive", "why", "主办单位停机维护", "until", h.now().AddDate(0, 1, 0).Format(time.DateOnly))
	stage(t, h, waived.Fingerprint, inspect.StageWaived)

	b.logIn(t, "zhao")
	if text := b.text(t); !strings.Contains(text, "整改中") || strings.Contains(text, "第2网站") {
		t.Errorf("the unit's work list:\n%.600s", text)
	}
	b.see(t, "/findings/"+h.broken(t, "s01")[0].Fingerprint)
	if text := b.text(t); !strings.Contains(text, "没有这一项") {
		t.Errorf("another unit's finding is shown:\n%.600s", text)
	}
	b.see(t, "/findings/"+repaired.Fingerprint)
	b.savedPage(t)
	b.picture(t, "finding")
	b.fill(t, "acknowledge")
	d.mu.Lock()
	d.fixed = true
	d.mu.Unlock()
	b.see(t, "/findings/"+repaired.Fingerprint)
	b.fill(t, "claim", "why", "已恢复附件")
	await(t, "the look that verifies the repair", func() bool {
		c, err := h.st.Case(t.Context(), repaired.Fingerprint)
		return err == nil && c.Stage == inspect.StageVerified
	})
	b.see(t, "/findings/"+repaired.Fingerprint)
	if text := b.text(t); !strings.Contains(text, "已整改") {
		t.Errorf("the page does not say that it is repaired:\n%.600s", text)
	}
	b.see(t, "/findings/"+appealed.Fingerprint)
	b.fill(t, "appeal", "ground", "not-ours", "why", "附件由上级网站存放")

	b.logIn(t, "li") // who ordered does not judge the appeal
	b.see(t, "/findings/"+appealed.Fingerprint)
	if ask[bool](t, b, "!!document.querySelector('input[value=uphold]')") {
		t.Error("who ordered is offered to judge the appeal")
	}
	b.logIn(t, "wang")
	b.see(t, "/appeals")
	b.press(t, "a[href='/findings/"+appealed.Fingerprint+"']", ".acts")
	b.fill(t, "uphold", "why", "情况属实")
	stage(t, h, appealed.Fingerprint, inspect.StageRefuted)
	b.telephone(t, repaired.Fingerprint)
	h.exports(t)
}

// savedPage looks at the saved page in its cage: the place is marked, no script
// ran, and it has no origin.
func (b *browser) savedPage(t *testing.T) {
	t.Helper()
	b.framed(t)
	if got := ask[string](t, b, `document.querySelector('iframe').getAttribute('sandbox')`); got != "" {
		t.Errorf("the cage lets %q", got)
	}
	if ask[bool](t, b, `(()=>{try{return !!document.querySelector('iframe').contentDocument}catch{return false}})()`) {
		t.Error("the saved page is of the console's origin")
	}
	b.do(t, chromedp.ScrollIntoView(chromedp.CSS("iframe")))
	b.picture(t, "saved")
	src := ask[string](t, b, `document.querySelector('iframe').getAttribute('src')`)
	back := ask[string](t, b, "location.pathname")
	b.see(t, src)
	if got := ask[string](t, b, `document.getElementById('xunjian-place').outerHTML`); !strings.Contains(got, "附件") || strings.Contains(got, "href") {
		t.Errorf("the place is %s", got)
	}
	if got := ask[string](t, b, "origin"); got != "null" {
		t.Errorf("the saved page is of origin %s", got)
	}
	b.see(t, back)
}

// framed waits until the frame of a page shows what it holds.
func (b *browser) framed(t *testing.T) {
	t.Helper()
	ask[bool](t, b, `new Promise(done=>{const f=document.querySelector('iframe');f.onload=()=>done(true);f.loading='eager';f.closest('details').open=true;f.setAttribute('src',f.getAttribute('src'))})`)
}

// telephone looks at pages on a small screen, by night.
func (b *browser) telephone(t *testing.T, print string) {
	t.Helper()
	b.screen(t, 375, "dark")
	for name, path := range map[string]string{"phone-findings": "/findings", "phone-finding": "/findings/" + print, "phone-site": "/sites/s00", "phone-clocks": "/clocks"} {
		b.see(t, path)
		b.picture(t, name)
	}
	b.screen(t, 1280, "light")
	b.see(t, "/sites/s00")
	b.picture(t, "site")
}

// exports takes a filtered list in each format: the rows of the page, no more.
func (h *house) exports(t *testing.T) {
	t.Helper()
	v := h.enter(t, "zhao")
	status, body := v.get(t, "/findings?check=link-broken&format=csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
	if err != nil || status != http.StatusOK || !strings.HasPrefix(body, "\uFEFF") {
		t.Fatalf("%d %v\n%.300s", status, err, body)
	}
	if want := len(h.all(t, "s00", "link-broken")); len(rows) != want+1 {
		t.Errorf("%d rows are exported, %d are listed", len(rows)-1, want)
	}
	for _, r := range rows[1:] {
		if r[3] != "青岚区教育局" {
			t.Errorf("another unit's row: %q", r)
		}
	}
}

func (h *house) all(t *testing.T, site, check string, stages ...inspect.Stage) []inspect.Case {
	t.Helper()
	all, _, err := h.st.Cases(t.Context(), inspect.CaseQuery{Sites: []string{site}, Checks: []string{check}, Stages: stages, Sort: inspect.ByFirst})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (h *house) broken(t *testing.T, site string) []inspect.Case {
	t.Helper()
	return h.all(t, site, "link-broken", inspect.StageConfirmed)
}

func stage(t *testing.T, h *house, print string, want inspect.Stage) {
	t.Helper()
	c, err := h.st.Case(t.Context(), print)
	if err != nil || c.Stage != want {
		t.Errorf("%s is %s, want %s: %v", print, c.Stage, want, err)
	}
}
