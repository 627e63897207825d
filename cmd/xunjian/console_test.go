package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
	"github.com/xunjian/xunjian/store"
)

// A house is a service with a console and a user of each role.
type house struct {
	*service
	*httptest.Server
}

const housePassword = "correct horse battery"

// houseUsers are one of each role, and a second of those of whom two are needed.
var houseUsers = []inspect.Person{
	{ID: "li", Name: "李监管", Role: inspect.Supervisor}, {ID: "wang", Name: "王复核", Role: inspect.Supervisor},
	{ID: "zhao", Name: "赵老师", Role: inspect.Agency, Unit: "edu"}, {ID: "qian", Name: "钱主任", Role: inspect.Agency, Unit: "office"},
	{ID: "sun", Name: "孙运维", Role: inspect.Operations}, {ID: "zhou", Name: "周审计", Role: inspect.Auditor}, {ID: "wu", Name: "吴管理", Role: inspect.Admin}}

const houseConfig = `units:
  - {id: edu, name: 青岚区教育局}
  - {id: office, name: 青岚区政府办公室}
console: {status: {title: 网站运行状况, sites: [s00]}}
`

// newHouse serves the console of a service over whose sites both units share;
// changes are pairs of what its configuration says and what it says instead.
func newHouse(t *testing.T, d *district, changes ...string) *house {
	t.Helper()
	yaml := strings.NewReplacer(changes...).Replace(withEmpty(d))
	for i, unit := range []string{"edu", "office"} {
		yaml = strings.Replace(yaml, fmt.Sprintf("{id: s%02d,", i), fmt.Sprintf("{id: s%02d, name: 第%d网站, unit: %s,", i, i+1, unit), 1)
	}
	s, _ := serving(t, yaml+houseConfig)
	s.work(t)
	desk, err := s.desk()
	if err != nil {
		t.Fatal(err)
	}
	admin := &inspect.Person{ID: "test", Role: inspect.Admin}
	for _, p := range houseUsers {
		if err := desk.AddUser(t.Context(), admin, inspect.User{Person: p}, housePassword); err != nil {
			t.Fatal(err)
		}
	}
	return s.serveHouse(t)
}

// serveHouse serves what a service answers.
func (s *service) serveHouse(t *testing.T) *house {
	t.Helper()
	web, err := s.http()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(web.Handler)
	t.Cleanup(srv.Close)
	return &house{s, srv}
}

// A visitor is a browser without scripts.
type visitor struct {
	*http.Client
	base string
}

// enter is a visitor who logged in; with "" he did not.
func (h *house) enter(t *testing.T, login string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h.URL}
	if login != "" {
		if status, body := v.post(t, "/login", "login", login, "password", housePassword); status != http.StatusSeeOther {
			t.Fatalf("%s was not let in: %d %s", login, status, body)
		}
	}
	return v
}

func (v *visitor) get(t *testing.T, path string) (int, string) {
	t.Helper()
	res, err := v.Get(v.base + path)
	return answered(t, res, err)
}

func (v *visitor) post(t *testing.T, path string, pairs ...string) (int, string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	res, err := v.PostForm(v.base+path, form)
	return answered(t, res, err)
}

func answered(t *testing.T, res *http.Response, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// planted records an inspection of a site that found some faults, each on a
// page that was saved.
func (h *house) planted(t *testing.T, site string, pages map[string]string, findings ...inspect.Finding) {
	t.Helper()
	target, err := h.site(site)
	if err != nil {
		t.Fatal(err)
	}
	at := h.now().Add(-time.Hour)
	id := site + "-" + fmt.Sprint(at.UnixNano())
	head := &store.Header{ID: id, Site: target, Now: at, Started: at, RulebookID: h.p.rules.ID, RulebookDigest: h.p.rules.Digest, Options: []byte("{}")}
	if err := h.st.Begin(t.Context(), head); err != nil {
		t.Fatal(err)
	}
	r := h.st.Recorder(id)
	for u, body := range pages {
		p := &inspect.Page{Target: inspect.Target{URL: u, Status: 200, Verdict: inspect.Fine, Fetched: at, Digest: digestOf(body), Header: http.Header{"Content-Type": {"text/html"}, "Server": {"<b>nginx"}}},
			Type: "text/html", Charset: "utf-8", Raw: []byte(body)}
		if err := r.Event(t.Context(), inspect.Event{Page: p}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range findings {
		f := &findings[i]
		f.Outcome, f.State, f.First, f.Places = inspect.Fail, inspect.Confirmed, at, max(f.Places, 1)
	}
	in := &inspect.Inspection{ID: id, Site: target, Rules: h.p.rules, Started: at, Finished: at, Now: at, Complete: true, Findings: findings,
		Grade: inspect.Judge(target, h.p.rules, findings), Counts: inspect.Counts{Fetched: len(pages), Due: 10}}
	if err := r.Finish(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// Prints by which tests know their cases.
const (
	eduCase    = "aaaaaaaaaaaaaaaaaaaaaaaa"
	officeCase = "bbbbbbbbbbbbbbbbbbbbbbbb"
	secretCase = "cccccccccccccccccccccccc"
)

func (h *house) plantUsual(t *testing.T) {
	t.Helper()
	page := "http://s00.district.gov.test/xw/1.html"
	body := `<!DOCTYPE html><html lang="zh-CN"><title>页</title><body><p>前文</p><a href="/gone.html">坏链接</a><p>身份证110101199003070000</p></body></html>`
	h.planted(t, "s00", map[string]string{page: body},
		inspect.Finding{Check: "link-broken", URL: page, Locus: "http://s00.district.gov.test/gone.html", Message: "链接打不开", Fingerprint: eduCase},
		inspect.Finding{Check: "personal-information", URL: page, Locus: "personal-information", Message: "疑似泄露个人信息", Fingerprint: secretCase})
	h.planted(t, "s01", map[string]string{"http://s01.district.gov.test/xw/": "<!DOCTYPE html><title>要闻</title><p>没有新的</p>"}, inspect.Finding{Check: "column-stale", URL: "http://s01.district.gov.test/xw/", Locus: "要闻", Message: "逾期未更新", Fingerprint: officeCase})
}

// who may see what: the status each page answers each role with, in the order
// nobody, li, zhao (edu), qian (office), sun, zhou, wu.
var matrix = []struct {
	path string
	want [7]int
}{
	{"/", [7]int{303, 200, 200, 200, 200, 200, 200}},
	{"/login", [7]int{200, 303, 303, 303, 303, 303, 303}},
	{"/status", [7]int{200, 200, 200, 200, 200, 200, 200}},
	{"/account", [7]int{303, 200, 200, 200, 200, 200, 200}},
	{"/help", [7]int{303, 200, 200, 200, 200, 200, 200}},
	{"/rules", [7]int{303, 200, 200, 200, 200, 200, 200}},
	{"/rules/link-broken", [7]int{303, 200, 200, 200, 200, 200, 200}},
	{"/rules/none", [7]int{303, 404, 404, 404, 404, 404, 404}},
	{"/sites", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/sites/s00", [7]int{303, 200, 200, 404, 403, 200, 403}},
	{"/sites/s01", [7]int{303, 200, 404, 200, 403, 200, 403}},
	{"/sites/s00/compare?a=x&b=y", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/rounds/none", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/clocks", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/clocks?format=csv", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/media", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/media/s00", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/findings", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/findings?format=csv", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/findings?stage=nonsense", [7]int{303, 400, 400, 400, 403, 400, 403}},
	{"/findings?after=nonsense", [7]int{303, 400, 400, 400, 403, 400, 403}},
	{"/findings/" + eduCase, [7]int{303, 200, 200, 404, 403, 200, 403}},
	{"/findings/" + officeCase, [7]int{303, 200, 404, 200, 403, 200, 403}},
	{"/findings/none", [7]int{303, 404, 404, 404, 403, 404, 403}},
	// The same page shows what an auditor may not see.
	{"/findings/" + eduCase + "/page", [7]int{303, 200, 200, 404, 403, 404, 403}},
	{"/findings/" + eduCase + "/page/raw", [7]int{303, 200, 200, 404, 403, 404, 403}},
	{"/findings/" + officeCase + "/page", [7]int{303, 200, 404, 200, 403, 200, 403}},
	{"/findings/" + officeCase + "/page/raw", [7]int{303, 200, 404, 200, 403, 200, 403}},
	{"/findings/" + eduCase + "/picture", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/findings/" + secretCase + "/page", [7]int{303, 200, 200, 404, 403, 404, 403}},
	{"/findings/" + secretCase + "/page/raw", [7]int{303, 200, 200, 404, 403, 404, 403}},
	{"/orders", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/orders/none", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/appeals", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/waivers", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/waivers?pending=1", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/interpretations", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/interpretations?site=s01", [7]int{303, 200, 404, 200, 403, 200, 403}},
	{"/bulletins", [7]int{303, 200, 200, 200, 403, 200, 403}},
	{"/bulletins/notice-2026-10", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/scorecards/2026-10/s00", [7]int{303, 404, 404, 404, 403, 404, 403}},
	{"/ops", [7]int{303, 403, 403, 403, 200, 200, 200}},
	{"/admin/users", [7]int{303, 403, 403, 403, 403, 200, 200}},
	{"/audit", [7]int{303, 200, 403, 403, 403, 200, 403}},
	{"/nowhere", [7]int{303, 404, 404, 404, 404, 404, 404}},
}

var matrixUsers = [7]string{"", "li", "zhao", "qian", "sun", "zhou", "wu"}

func TestConsoleMatrix(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	h.plantUsual(t)
	var visitors [7]*visitor
	for i, login := range matrixUsers {
		visitors[i] = h.enter(t, login)
		for _, m := range matrix {
			if status, body := visitors[i].get(t, m.path); status != m.want[i] {
				t.Errorf("%s of %q: %d, want %d\n%.300s", m.path, login, status, m.want[i], body)
			}
		}
	}
	// What others' lists hold is not told by a list either.
	for i, want := range map[int][2]bool{1: {true, true}, 2: {true, false}, 3: {false, true}, 5: {true, true}} {
		login, v := matrixUsers[i], visitors[i]
		for _, path := range []string{"/findings", "/findings?format=csv", "/findings?format=json", "/findings?unit=office&unit=edu", "/sites", "/sites?format=json", "/"} {
			_, body := v.get(t, path)
			for i, word := range []string{"第1网站", "第2网站"} {
				if strings.Contains(body, word) != want[i] && (want[i] && !strings.Contains(path, "unit=") && path != "/" || !want[i]) {
					t.Errorf("%s of %s tells of %s: %v, want %v", path, login, word, !want[i], want[i])
				}
			}
		}
	}
}

// Whatever stands in an address, the console has an answer to it.
func TestConsoleAddresses(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	h.plantUsual(t)
	v := h.enter(t, "li")
	for _, word := range oddities {
		for _, path := range []string{"/findings/%s", "/findings/%s/page", "/findings?q=%s", "/findings?site=%s&unit=%[1]s&check=%[1]s&stage=%[1]s", "/findings?after=%s", "/findings?from=%s&sort=%[1]s",
			"/sites/%s", "/sites/s00/compare?a=%s&b=%[1]s", "/media/%s", "/orders/%s", "/bulletins/%s", "/bulletins/%s/files/%[1]s", "/scorecards/%s/s00", "/rules/%s", "/audit?subject=%s", "/interpretations?site=%s", "/sites?region=%s&verdict=%[1]s"} {
			if status, body := v.get(t, fmt.Sprintf(path, url.QueryEscape(word))); status >= 500 {
				t.Errorf("%s with %.40q: %d %.300s", path, word, status, body)
			}
		}
	}
}

// Forms by their path and fields; who may send one is told by its status.
func TestConsoleForms(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	h.plantUsual(t)
	var visitors [7]*visitor
	for i, login := range matrixUsers {
		visitors[i] = h.enter(t, login)
	}
	version := func(print string) string {
		c, err := h.st.Case(t.Context(), print)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(c.Version)
	}
	for _, m := range []struct {
		path   string
		fields []string
		want   [7]int
	}{
		{"/findings/" + officeCase, []string{"act", "comment", "why", "x"}, [7]int{303, 303, 404, 303, 403, 403, 403}},
		{"/findings/" + officeCase, []string{"act", "seen"}, [7]int{303, 400, 400, 400, 403, 403, 403}},
		{"/findings/" + officeCase, []string{"act", "comment", "why", " "}, [7]int{303, 422, 404, 422, 403, 403, 403}},
		{"/findings/" + officeCase, []string{"act", "uphold", "why", "x"}, [7]int{303, 409, 404, 403, 403, 403, 403}},
		{"/findings/" + officeCase, []string{"act", "waive", "why", "x", "until", "soon"}, [7]int{303, 400, 400, 400, 403, 403, 403}},
		{"/findings/" + officeCase + "/recheck", nil, [7]int{303, 303, 404, 429, 403, 403, 403}},
		{"/findings", []string{"act", "comment", "why", "x", "case", officeCase + ".0"}, [7]int{303, 303, 404, 303, 403, 403, 403}},
		{"/findings", []string{"act", "comment", "why", "x", "case", "garbage"}, [7]int{303, 400, 400, 400, 403, 403, 403}},
		{"/admin/users", []string{"do", "add", "login", "x y", "role", "admin"}, [7]int{303, 403, 403, 403, 403, 403, 422}},
		{"/admin/users", []string{"do", "token", "login", "cms", "role", "agency", "unit", "edu", "days", "9"}, [7]int{303, 403, 403, 403, 403, 403, 200}},
		{"/ops/jobs/999", nil, [7]int{303, 403, 403, 403, 404, 403, 403}},
		{"/audit/verify", nil, [7]int{303, 303, 403, 403, 403, 303, 403}},
	} {
		for i, login := range matrixUsers {
			fields := append([]string{"version", version(officeCase)}, m.fields...)
			if status, body := visitors[i].post(t, m.path, fields...); status != m.want[i] {
				t.Errorf("%s %v of %q: %d, want %d\n%.300s", m.path, m.fields, login, status, m.want[i], body)
			}
		}
	}
	// What changed meanwhile is not decided on.
	if status, body := visitors[1].post(t, "/findings/"+officeCase, "act", "comment", "why", "x", "version", "1"); status != http.StatusConflict || !strings.Contains(body, "已有变化") {
		t.Errorf("an old version: %d %.200s", status, body)
	}
}

// A look that a person asks for is one job; asked again at once, it is refused.
func TestConsoleAsksForALook(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	h.plantUsual(t)
	v := h.enter(t, "zhao")
	first, _ := v.post(t, "/findings/"+eduCase+"/recheck")
	second, _ := v.post(t, "/findings/"+eduCase+"/recheck")
	if first != http.StatusSeeOther || second != http.StatusTooManyRequests {
		t.Errorf("%d, then %d", first, second)
	}
	all, err := h.engine.List(t.Context(), nil, []schedule.Kind{schedule.Recheck}, 10)
	if err != nil || len(all) != 1 || all[0].Note != eduCase {
		t.Errorf("%+v, %v", all, err)
	}
}

// digestOf is the digest of a body, by which the evidence knows it.
func digestOf(body string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(body))) }
