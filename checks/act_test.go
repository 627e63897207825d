package checks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/inspect"
)

// actCase is one published case of an accessibility rule.
type actCase struct {
	Rule     string `json:"ruleId"`
	File     string `json:"file"`
	Expected string `json:"expected"`
}

// partly are the rules of which only some failures can be found without a
// statistic of letters; the others must be found in full.
var partly = []string{"ucwvc8"}

// TestACT runs the accessibility checks over the published cases of their
// rules: none may be accused that passes or does not apply.
func TestACT(t *testing.T) {
	dir := filepath.Join(sharedDir(), "act")
	b, err := os.ReadFile(filepath.Join(dir, "cases.json"))
	if err != nil {
		t.Skip("no accessibility cases here: set XUNJIAN_SHARED")
	}
	var cases []actCase
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range All {
		page, err := rulepage.Parse(c.Rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range page.ACT {
			actRule(t, dir, c, rule, cases)
		}
	}
}

func actRule(t *testing.T, dir string, c *inspect.Check, rule string, cases []actCase) {
	found, failed := 0, 0
	for _, x := range cases {
		if x.Rule != rule {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, x.File))
		if err != nil {
			t.Fatal(err)
		}
		got := accused(t, c, body)
		switch {
		case x.Expected == "failed":
			failed++
			if got {
				found++
			}
		case got && !otherRule(c, rule, x):
			t.Errorf("%s (%s): accuses %s case %s", c.ID, rule, x.Expected, x.File)
		}
	}
	t.Logf("%-22s %s: %d of %d failures found", c.ID, rule, found, failed)
	if failed == 0 || found < failed && !slices.Contains(partly, rule) {
		t.Errorf("%s (%s): %d of %d failures found", c.ID, rule, found, failed)
	}
}

// otherRule reports whether a case that does not apply to one rule of a check
// is a failure under another rule of the same check: "no lang" does not apply
// to the rule on its value.
func otherRule(c *inspect.Check, rule string, x actCase) bool {
	return c.ID == "a11y-page-lang" && rule == "bf051a" && x.Expected == "inapplicable"
}

func accused(t *testing.T, c *inspect.Check, body []byte) bool {
	t.Helper()
	p := &inspect.Page{Target: inspect.Target{URL: "http://act.test/a.html", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: body}
	for _, f := range onPage(t, c, p) {
		if f.Outcome == "" || f.Outcome == inspect.Fail {
			return true
		}
	}
	return false
}

// onPage is what one check reports on one page.
func onPage(t testing.TB, c *inspect.Check, p *inspect.Page) (out []inspect.Finding) {
	t.Helper()
	rb := checktest.Rulebook(t, nil, c)
	pass := &inspect.Pass{Site: &inspect.Site{Home: "http://act.test/"}, Now: time.Date(2024, 6, 1, 0, 0, 0, 0, inspect.Zone), Page: p,
		Report: func(f inspect.Finding) { out = append(out, f) }, Due: func(int) {}, Clock: func(inspect.Clock) {}}
	if err := rb.Checks[0].Run(t.Context(), pass); err != nil && !strings.Contains(err.Error(), "HTML") {
		t.Fatal(err)
	}
	return out
}
