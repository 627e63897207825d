package render_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/xunjian/xunjian/crawler/render"
)

// An actCase is one published case of an accessibility rule.
type actCase struct {
	Rule     string `json:"ruleId"`
	Name     string `json:"ruleName"`
	ID       string `json:"testcaseId"`
	File     string `json:"file"`
	Expected string `json:"expected"`
}

// A tally is what one way of looking came to on one rule.
type tally struct{ found, wrong, none int }

// TestACTDeep holds the deep mode against axe-core alone, which is loaded into
// every frame and runs in the page's own world, on the published cases. It is
// run by make act: it takes minutes.
func TestACTDeep(t *testing.T) {
	if os.Getenv("XUNJIAN_ACT_DEEP") == "" {
		t.Skip("run by make act")
	}
	dir := os.Getenv("XUNJIAN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(dir, "act", "cases.json"))
	if err != nil {
		t.Skip("no ACT cases here: set XUNJIAN_SHARED")
	}
	var cases []actCase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(filepath.Join(dir, "act"))))
	assets := "/WAI/content-assets/wcag-act-rules/test-assets/"
	mux.Handle(assets, http.StripPrefix(assets, http.FileServer(http.Dir(filepath.Join(dir, "act", "test-assets")))))
	srv := httptest.NewServer(mux)
	defer srv.Close()

	deep, err := render.New(render.Options{Fetch: fetchLoopback(srv.URL), PageTime: 15 * time.Second, Quiet: 150 * time.Millisecond})
	if err != nil {
		t.Skip(err)
	}
	defer deep.Close()
	alone := newAlone(t)
	ours, theirs := map[string]*tally{}, map[string]*tally{}
	names, failed := map[string]string{}, map[string]int{}
	n := 0
	for _, c := range cases {
		if !strings.HasSuffix(c.File, ".html") {
			continue
		}
		n++
		names[c.Rule] = c.Name
		if c.Expected == "failed" {
			failed[c.Rule]++
		}
		u := srv.URL + "/" + c.File
		shown, err := deep.Render(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		var rules []string
		for _, v := range shown.Violations {
			rules = append(rules, v.Rule)
		}
		count(ours, c, alone.accused(rules, c.Rule), shown.Problem != "")
		rules, err = alone.run(u)
		count(theirs, c, alone.accused(rules, c.Rule), err != nil)
	}
	var all, axe tally
	total := 0
	for _, rule := range slices.Sorted(maps.Keys(names)) {
		o, a := get(ours, rule), get(theirs, rule)
		if o.found+a.found+o.wrong+a.wrong > 0 {
			fmt.Printf("  %-7s %-58.58s %2d failed: deep %2d+%d, axe alone %2d+%d\n", rule, names[rule], failed[rule], o.found, o.wrong, a.found, a.wrong)
		}
		all.found, all.wrong, all.none = all.found+o.found, all.wrong+o.wrong, all.none+o.none
		axe.found, axe.wrong, axe.none = axe.found+a.found, axe.wrong+a.wrong, axe.none+a.none
		total += failed[rule]
		if o.found < a.found {
			t.Errorf("%s %s: deep finds %d, axe alone %d", rule, names[rule], o.found, a.found)
		}
	}
	say := func(name string, x tally) {
		fmt.Printf("%s: %d of %d failed cases found, %d false positives, precision %.3f, recall %.3f, no result %d\n", name, x.found, total, x.wrong,
			float64(x.found)/float64(max(1, x.found+x.wrong)), float64(x.found)/float64(total), x.none)
	}
	fmt.Printf("%d cases\n", n)
	say("deep mode", all)
	say("axe alone", axe)
}

func get(m map[string]*tally, rule string) *tally {
	if m[rule] == nil {
		m[rule] = &tally{}
	}
	return m[rule]
}

func count(m map[string]*tally, c actCase, accused, none bool) {
	x := get(m, c.Rule)
	switch {
	case none:
		x.none++
	case accused && c.Expected == "failed":
		x.found++
	case accused:
		x.wrong++
	}
}

// fetchLoopback answers requests for the test's own server and no other.
func fetchLoopback(base string) func(context.Context, string) (*render.Response, error) {
	return func(ctx context.Context, u string) (*render.Response, error) {
		if rest, ok := strings.CutPrefix(u, "https://www.w3.org/"); ok { // assets of the cases
			u = base + "/" + rest
		}
		if !strings.HasPrefix(u, base) {
			return nil, fmt.Errorf("%s is not loopback", u)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
		if err != nil {
			return nil, err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		return &render.Response{Status: res.StatusCode, Header: res.Header, Body: body}, err
	}
}

// An alone is axe-core in Chromium and nothing of ours.
type alone struct {
	ctx  context.Context
	acts map[string][]string // ACT rules by axe rule
}

func newAlone(t *testing.T) *alone {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium-headless-shell", "chromium"} {
		if p, err := exec.LookPath(name); err == nil && browser == "" {
			browser = p
		}
	}
	src, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.UserDataDir(t.TempDir()))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: string(src)}); err != nil {
		t.Fatal(err)
	}
	a := &alone{ctx: ctx}
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string](string(src)+";JSON.stringify(Object.fromEntries(axe.getRules().map(r=>[r.ruleId,r.actIds||[]])))"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(raw), &a.acts); err != nil {
		t.Fatal(err)
	}
	return a
}

// run is the rules that axe alone finds broken.
func (a *alone) run(u string) (rules []string, err error) {
	ctx, cancel := context.WithTimeout(a.ctx, 15*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(u), chromedp.Sleep(150*time.Millisecond)); err != nil {
		return nil, err
	}
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[string]("axe.run(document,{resultTypes:['violations']}).then(r=>JSON.stringify(r.violations.map(v=>v.id)))", chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, err
	}
	return rules, json.Unmarshal([]byte(raw), &rules)
}

// accused reports whether one of the rules speaks for an ACT rule.
func (a *alone) accused(rules []string, act string) bool {
	return slices.ContainsFunc(rules, func(r string) bool { return slices.Contains(a.acts[r], act) })
}
