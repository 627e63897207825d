// Package checktest runs the cases of one check through the real loop.
//
// A case is a txtar archive in testdata. Its comment says what it shows; its
// files are
//
//	site.yaml               the register: name, code, home, columns, known items …
//	now                     the day of the check, RFC 3339
//	with                    options that replace those of rule.md (optional)
//	GET /path 200           a page of the site with its body
//	GET /path 403 blocked   a page that could not be read, with its cause
//	GET /path 200 truncated a page whose body was cut at our limit
//	LINK http://x/ 404      what became of a link target that is no page of the site;
//	                        "title=…" and "opening=…" are what a page of others shows
//	SKIP /path budget       a page that was not asked for
//	FILE /path 200          an attachment that was read: format, incomplete, parts
//	                        (name, hidden, text, tables, images), as YAML
//	ANSWER /path?q 200      the answer to a question of the check
//	SHOWN /path             the page in a browser: engine, violations …, as YAML
//	FEED wechat own-fault   what a source of an account gave: posts, complete, from, to,
//	                        sees, identity, interaction, as YAML; site.yaml has account
//	PROBE                   visits that were measured, as a YAML list
//	want                    one line a finding, then one a clock
//
// After the status may stand a cause (dns, timeout, blocked …), a verdict
// (fault, unknown, review …) and the address where the target landed.
// go test -update rewrites want.
package checktest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/inspect"
)

var update = flag.Bool("update", false, "rewrite the findings wanted in testdata/*.txtar")

// Run runs every case of the check in testdata.
func Run(t *testing.T, c *inspect.Check) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { runFile(t, c, name) })
	}
}

// Inspect runs several checks over one case file, with the options of their
// rule pages.
func Inspect(t *testing.T, name string, checks ...*inspect.Check) *inspect.Inspection {
	t.Helper()
	tc := load(t, name)
	tc.with = nil
	return inspectAll(t, tc, checks...)
}

func load(t *testing.T, name string) *testCase {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	tc, err := parse(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return tc
}

func runFile(t *testing.T, c *inspect.Check, name string) {
	tc := load(t, name)
	got := inspectCase(t, c, tc)
	// Pages come in any order; what is found must not depend on it.
	slices.Reverse(tc.events)
	if again := inspectCase(t, c, tc); again != got {
		t.Errorf("findings depend on the order of pages:\n%s\nthe other way round:\n%s", got, again)
	}
	if *update {
		if err := os.WriteFile(name, withWant(tc.ar, got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != tc.want {
		t.Errorf("findings:\n%s\nwant:\n%s", got, tc.want)
	}
	checkKind(t, filepath.Base(name), got)
}

// checkKind holds a case against what its name promises.
func checkKind(t *testing.T, name, got string) {
	switch {
	case strings.HasPrefix(name, "fails") && !strings.Contains(got, "fail ") && !strings.Contains(got, "review "):
		t.Error("a case named fails finds nothing")
	case strings.HasPrefix(name, "passes") && hasFinding(got):
		t.Error("a case named passes finds something")
	case strings.HasPrefix(name, "unknown") && strings.Contains(got, "fail "):
		t.Error("a case named unknown accuses")
	}
}

func hasFinding(got string) bool {
	for line := range strings.Lines(got) {
		if !strings.HasPrefix(line, "clock ") {
			return true
		}
	}
	return false
}

func withWant(ar *txtar.Archive, want string) []byte {
	files := slices.DeleteFunc(slices.Clone(ar.Files), func(f txtar.File) bool { return f.Name == "want" })
	return txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: append(files, txtar.File{Name: "want", Data: []byte(want)})})
}

func inspectAll(t *testing.T, tc *testCase, checks ...*inspect.Check) *inspect.Inspection {
	t.Helper()
	in := &inspect.Inspector{Source: source(tc.events), Rules: Rulebook(t, tc.with, checks...), Deadline: time.Minute,
		Clock: func() time.Time { return tc.now }}
	out, err := in.Inspect(t.Context(), "case", tc.site, tc.now)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// inspectCase runs the loop with a rulebook of the one check and writes what
// came of it.
func inspectCase(t *testing.T, c *inspect.Check, tc *testCase) string {
	t.Helper()
	out := inspectAll(t, tc, c)
	var b strings.Builder
	for i := range out.Findings {
		f := &out.Findings[i]
		if f.Outcome == inspect.Fail && f.Evidence.Fetched.IsZero() {
			t.Errorf("finding without evidence: %s", line(tc.site, f))
		}
		b.WriteString(line(tc.site, f))
	}
	for _, k := range out.Clocks {
		fmt.Fprintf(&b, "clock %s %d\n", k.Name, k.Left)
	}
	return b.String()
}

// Rulebook binds checks with the options of their rule pages, those of the
// override put in their place.
func Rulebook(t testing.TB, override map[string]any, checks ...*inspect.Check) *inspect.Rulebook {
	t.Helper()
	rb := &inspect.Rulebook{ID: "test", Version: "1"}
	for _, c := range checks {
		page, err := rulepage.Parse(c.Rule)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		decode := page.Decoder(override)
		run, err := c.Bind(decode)
		if err != nil {
			t.Fatal(err)
		}
		rb.Checks = append(rb.Checks, inspect.Bound{Check: c, Run: run, Options: decode})
	}
	return rb
}

// line is a finding as the cases write it:
//
//	outcome path locus value [class] ×places | message
//
// with - for what is empty; class and places are left out when there are none.
func line(s *inspect.Site, f *inspect.Finding) string {
	u := f.URL
	if inspect.Host(u) == inspect.Host(s.Home) {
		u = inspect.Path(u)
	}
	value := "-"
	if f.Value != 0 {
		value = fmt.Sprintf("%g%s", f.Value, f.Unit)
	}
	locus := strings.Join(strings.Fields(f.Locus), " ")
	if locus == "" {
		locus = "-"
	}
	rest := ""
	if f.Class != "" {
		rest += " [" + f.Class + "]"
	}
	if f.Places > 1 {
		rest += fmt.Sprintf(" ×%d", f.Places)
	}
	if f.State == inspect.SeenOnce {
		rest += " suspected"
	}
	return fmt.Sprintf("%s %s %s %s%s | %s\n", f.Outcome, u, locus, value, rest, f.Message)
}
