package console

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/words"
	"github.com/xunjian/xunjian/inspect"
)

var (
	called = regexp.MustCompile(`\bt "((?:[^"\\]|\\.)*)"`)
	han    = regexp.MustCompile(`\p{Han}`)
)

// Every text that a page shows of its own has English words for it, and as
// many places for values.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	keys := map[string]string{} // where it is used
	files, err := fs.Glob(templates, "templates/*.html")
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		page, err := fs.ReadFile(templates, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range called.FindAllSubmatch(page, -1) {
			keys[string(m[1])] = f
		}
	}
	for key, where := range literals(t) {
		keys[key] = where
	}
	for key, where := range refusals(t) {
		keys[key] = where
	}
	for _, w := range named() {
		keys[w] = "the vocabulary"
	}
	for key, where := range keys {
		if !han.MatchString(key) || slices.Contains([]string{"状态|", "操作|", "中文"}, key) {
			continue
		}
		en := words.In("en", key)
		if han.MatchString(en) && key != "巡检" {
			t.Errorf("%s: %q has no English", where, key)
		}
		if strings.Count(en, "%") != strings.Count(key, "%") {
			t.Errorf("%q has other values than %q", en, key)
		}
	}
}

// literals are the Chinese texts of this package's code.
func literals(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, "../desk/columns.go")
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for n := range ast.Preorder(file) {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				continue
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && han.MatchString(s) && !strings.Contains(s, "2006年") {
				out[s] = f
			}
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d texts found", len(out))
	}
	return out
}

// named are those that other rooms name things by.
func named() (out []string) {
	for _, s := range inspect.Stages {
		out = append(out, "状态|"+s.Chinese())
	}
	for _, f := range forms {
		out = append(out, "操作|"+f.Act.Chinese())
	}
	for _, a := range []inspect.Act{inspect.ActSeen, inspect.ActGone, inspect.ActVanished, inspect.ActUntold, inspect.ActExpire} {
		out = append(out, "操作|"+a.Chinese())
	}
	for _, r := range append(slices.Clone(inspect.Roles), inspect.Program) {
		out = append(out, r.Chinese())
	}
	for _, p := range []inspect.Part{inspect.Veto, inspect.Deduction, inspect.Bonus, inspect.Advice} {
		out = append(out, p.Chinese())
	}
	for _, g := range inspect.Grounds {
		out = append(out, g.Chinese())
	}
	for _, e := range []error{desk.ErrNone, desk.ErrForbidden, desk.ErrChanged, desk.ErrCursor, desk.ErrSoon, desk.ErrMany, desk.ErrLogin, desk.ErrPassword, desk.ErrUser, desk.ErrKnown, errForm} {
		out = append(out, e.Error())
	}
	return append(out, desk.Labels()...)
}

var (
	refused = regexp.MustCompile(`(?:refuse\(\w+, |Msg: |errors\.New\()"([^"]+)"`)
	refuse  = []string{"../../inspect/step.go", "../desk/bulletins.go", "../desk/cases.go", "../api/findings.go", "../../store/bulletins.go", "../../cmd/xunjian/bulletin_press.go"}
)

// refusals are the texts with which other rooms refuse what a form asks for.
func refusals(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range refuse {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range refused.FindAllSubmatch(text, -1) {
			out[string(m[1])] = f
		}
	}
	if len(out) < 30 {
		t.Fatalf("only %d refusals found", len(out))
	}
	return out
}

// A refusal is read in English with the words in it.
func TestRefusalInEnglish(t *testing.T) {
	t.Parallel()
	c := inspect.Case{Unit: "edu", Stage: inspect.StageVerified}
	_, _, err := c.After(inspect.Step{Act: inspect.ActOrder, By: inspect.Person{Role: inspect.Supervisor}}, inspect.DefaultTerms)
	var no *inspect.Refusal
	if !errors.As(err, &no) {
		t.Fatal(err)
	}
	if got := words.Refusal("en", no); han.MatchString(got) || !strings.Contains(got, words.In("en", "操作|交办")) || !strings.Contains(got, words.In("en", "状态|已整改")) {
		t.Errorf("%q", got)
	}
	if got := words.Refusal("zh", no); got != no.Error() {
		t.Errorf("%q", got)
	}
}
