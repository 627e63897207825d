package checks

import (
	"encoding/json"
	"fmt"
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
	Name     string `json:"ruleName"`
	ID       string `json:"testcaseId"`
	File     string `json:"file"`
	Expected string `json:"expected"`
}

// held reports whether a case belongs to those that nobody looks at while the
// checks are written.
func (c *actCase) held() bool { return c.ID != "" && c.ID[0] >= 'a' }

// decidable are the rules that the source alone decides, once it is known what
// is hidden: on these the checks must find what there is to find.
var decidable = strings.Fields(`5f99a7 bf051a b5c3f8 2779a5 bc659a bisz58 b4f0c3 6a7281 97a4e1 46ca7f 6cfa84 de46e4 307n5z 4e8ab6 e086e5
	a25f45 59796f 23a2a8 c487ae m6b1q3 8fc3b6 674b10 7d6734 2t702h 73f2c2 kb1m8s ff89c9 bc4a75 5c01ea ffd0e9 cae760`)

// The bars: of the failures of decidable rules, and of all failures.
const (
	barDecidable = 0.97
	barHeld      = 0.94
	barAll       = 185.0 / 393
)

// A score counts what came of cases.
type score struct{ failed, found, passed, wrongPassed, inapplicable, wrongInapplicable, elsewhere int }

func (s *score) add(expected string, accused, elsewhere bool) {
	switch expected {
	case "failed":
		s.failed++
		if accused {
			s.found++
		}
	case "passed":
		s.passed++
		if accused && !elsewhere {
			s.wrongPassed++
		}
	default:
		s.inapplicable++
		if accused && !elsewhere {
			s.wrongInapplicable++
		}
	}
	if accused && elsewhere && expected != "failed" {
		s.elsewhere++
	}
}

func (s *score) wrong() int { return s.wrongPassed + s.wrongInapplicable }

func (s *score) recall() float64 { return part(s.found, s.failed) }

func (s *score) String() string {
	return fmt.Sprintf("%4d of %4d failures, %2d wrong on %4d passed, %2d wrong on %4d inapplicable, precision %.3f, recall %.3f",
		s.found, s.failed, s.wrongPassed, s.passed, s.wrongInapplicable, s.inapplicable, part(s.found, s.found+s.wrong()), s.recall())
}

func part(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// TestACT runs the accessibility checks over the published cases of their
// rules: none may be accused that passes or does not apply, and of the rules
// that the source decides nearly all failures must be found.
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
	measuring := byACT(t)
	rules := map[string]*score{}
	names := map[string]string{}
	totals := map[string]*score{}
	for _, k := range []string{"all", "decidable", "dev", "held", "dev decidable", "held decidable"} {
		totals[k] = &score{}
	}
	for i := range cases {
		x := &cases[i]
		accused, elsewhere := accusedBy(t, measuring, dir, x)
		kinds := []string{"all", "dev"}
		if x.held() {
			kinds[1] = "held"
		}
		if slices.Contains(decidable, x.Rule) {
			kinds = append(kinds, "decidable", kinds[1]+" decidable")
		}
		for _, k := range kinds {
			totals[k].add(x.Expected, accused, elsewhere)
		}
		if rules[x.Rule] == nil {
			rules[x.Rule] = &score{}
			names[x.Rule] = x.Name
		}
		rules[x.Rule].add(x.Expected, accused, elsewhere)
		if accused && !elsewhere && x.Expected != "failed" {
			t.Errorf("%s: accuses %s case %s", x.Rule, x.Expected, x.File)
		}
		if x.Expected == "failed" && !accused && (slices.Contains(decidable, x.Rule)) {
			t.Logf("%s: misses %s", x.Rule, x.File)
		}
	}
	tell(t, rules, names, measuring)
	for _, k := range []string{"dev decidable", "held decidable", "decidable", "dev", "held", "all"} {
		t.Logf("%-14s %s", k, totals[k])
	}
	bars(t, totals)
}

// byACT is which checks measure each ACT rule.
func byACT(t *testing.T) map[string][]*inspect.Check {
	out := map[string][]*inspect.Check{}
	for _, c := range All {
		page, err := rulepage.Parse(c.Rule)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.ACT {
			out[r] = append(out[r], c)
		}
	}
	return out
}

// accusedBy reports whether a check of the case's rule accuses it, and whether
// that is by another rule of the same check.
func accusedBy(t *testing.T, measuring map[string][]*inspect.Check, dir string, x *actCase) (yes, elsewhere bool) {
	checks := measuring[x.Rule]
	if len(checks) == 0 || strings.HasSuffix(x.File, ".svg") || strings.HasSuffix(x.File, ".xml") {
		return false, false
	}
	body, err := os.ReadFile(filepath.Join(dir, x.File))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if accused(t, c, body) {
			return true, otherRule(c, x)
		}
	}
	return false, false
}

// tell writes a line for each rule, those that are measured first.
func tell(t *testing.T, rules map[string]*score, names map[string]string, measuring map[string][]*inspect.Check) {
	ids := make([]string, 0, len(rules))
	for id := range rules {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if cs := measuring[id]; len(cs) > 0 {
			t.Logf("%s %-26s %s  %s", id, cs[0].ID, rules[id], names[id])
		}
	}
	var none []string
	for _, id := range ids {
		if len(measuring[id]) == 0 {
			none = append(none, id)
		}
	}
	t.Logf("not measured: %s", strings.Join(none, " "))
}

func bars(t *testing.T, totals map[string]*score) {
	for _, b := range []struct {
		kind string
		bar  float64
	}{{"decidable", barDecidable}, {"held decidable", barHeld}, {"all", barAll}} {
		if r := totals[b.kind].recall(); r < b.bar {
			t.Errorf("%s: recall %.3f is under %.3f", b.kind, r, b.bar)
		}
	}
}

// otherRule reports whether a case that does not apply to one rule of a check
// is a failure under another rule of the same check: "no lang" does not apply
// to the rule on its value.
func otherRule(c *inspect.Check, x *actCase) bool {
	return c.ID == "a11y-page-lang" && x.Rule == "bf051a" && x.Expected == "inapplicable"
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
