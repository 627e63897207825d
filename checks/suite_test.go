package checks

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/checks/folders"
	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/inspect"
)

// neverFails are the checks that only ever say that they could not tell.
var neverFails = []string{"column-unreadable", "account-collector"}

func TestListIsFresh(t *testing.T) {
	list, err := folders.List(".")
	if err != nil {
		t.Fatal(err)
	}
	want, err := folders.Source(list)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("all.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("all.go is stale: run go generate ./checks")
	}
	if err := inspect.Validate(All); err != nil {
		t.Error(err)
	}
}

func TestRulePages(t *testing.T) {
	list, err := folders.List(".")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range list {
		t.Run(f.Page.ID, func(t *testing.T) {
			checkPage(t, f, All[i])
			checkCases(t, f)
		})
	}
}

func checkPage(t *testing.T, f folders.Folder, c *inspect.Check) {
	page := f.Page
	if page.ID != c.ID || folders.Name(page.ID) != f.Name {
		t.Errorf("rule page says %s, check says %s, folder is %s", page.ID, c.ID, f.Name)
	}
	if han := strings.ContainsFunc(page.Title, func(r rune) bool { return r >= 0x4E00 }); !han {
		t.Errorf("title %q is not Chinese", page.Title)
	}
	if page.Source == "" || page.Family == "" || !slices.Contains([]string{"page", "site", "column", "account", "probe"}, page.Scope) {
		t.Errorf("source %q, family %q or scope %q is not filled in", page.Source, page.Family, page.Scope)
	}
	for _, s := range rulepage.Sections {
		if page.Section(s) == "" {
			t.Errorf("section %q is missing or empty", s)
		}
	}
	if rule := strings.HasPrefix(c.ID, "a11y-"); rule != (len(page.WCAG) > 0) || len(page.ACT) > 0 && !rule {
		t.Error("accessibility rules, and only they, name WCAG criteria and, where there are any, ACT rules")
	}
	if (page.Impact != "") != (len(page.Axe) > 0) || page.Impact != "" && !slices.Contains([]string{"minor", "moderate", "serious", "critical"}, page.Impact) {
		t.Errorf("impact %q of %q", page.Impact, page.Axe)
	}
	if _, err := c.Bind(page.Decoder(nil)); err != nil {
		t.Errorf("its own options do not bind: %v", err)
	}
	if _, err := c.Bind(page.Decoder(map[string]any{"no_such_option": 1})); err == nil {
		t.Error("an unknown option binds")
	}
}

func checkCases(t *testing.T, f folders.Folder) {
	for _, k := range folders.Kinds {
		if k == "fails" && slices.Contains(neverFails, f.Page.ID) {
			continue
		}
		if m, _ := filepath.Glob(filepath.Join(f.Name, "testdata", k+"*.txtar")); len(m) == 0 {
			t.Errorf("no case %s*.txtar", k)
		}
	}
}

// sinceCatalogue are the checks that came after the catalogue was drawn up.
var sinceCatalogue = []string{"elder-page"}

// TestCatalogue holds the rule pages against the catalogue of checks.
func TestCatalogue(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(sharedDir(), "catalogue.tsv"))
	if err != nil {
		t.Skip("no catalogue here: set XUNJIAN_SHARED")
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string][]string{}
	for _, row := range rows[1:] {
		byID[row[0]] = row
	}
	for _, c := range All {
		page, err := rulepage.Parse(c.Rule)
		if err != nil {
			t.Fatal(err)
		}
		row := byID[c.ID]
		if strings.HasPrefix(c.ID, "a11y-") {
			row = byID["a11y-*"]
		}
		if row == nil && slices.Contains(sinceCatalogue, c.ID) {
			continue
		}
		if row == nil {
			t.Errorf("%s stands not in the catalogue", c.ID)
			continue
		}
		items := strings.Join(page.Items, " ")
		if page.Scope != row[1] || page.Family != row[2] || row[0] == c.ID && items != strings.Trim(row[3], "-") {
			t.Errorf("%s: scope %s, family %s, items %q; catalogue: %q", c.ID, page.Scope, page.Family, items, row[1:4])
		}
	}
}

// TestOneSpeaksForAColumn runs the checks of columns together: of no column do
// two of them speak.
func TestOneSpeaksForAColumn(t *testing.T) {
	var four []*inspect.Check
	for _, c := range All {
		if strings.HasPrefix(c.ID, "column-") {
			four = append(four, c)
		}
	}
	files, err := filepath.Glob("column*/testdata/*.txtar")
	if err != nil || len(files) < 16 {
		t.Fatalf("only %d cases of columns: %v", len(files), err)
	}
	for _, name := range files {
		said := map[string]string{}
		for _, f := range checktest.Inspect(t, name, four...).Findings {
			if before := said[f.Locus]; before != "" {
				t.Errorf("%s: %s and %s both speak for %s", name, before, f.Check, f.Locus)
			}
			said[f.Locus] = f.Check
		}
	}
}

// sharedDir is where real pages and the catalogue lie.
func sharedDir() string {
	if dir := os.Getenv("XUNJIAN_SHARED"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "shared")
}

func TestLayANewCheck(t *testing.T) {
	dir := t.TempDir()
	if err := folders.Lay(dir, "new-thing"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"rule.md", "newthing.go", "newthing_test.go", "testdata/fails.txtar", "testdata/passes.txtar",
		"testdata/boundary.txtar", "testdata/unknown.txtar", "../all.go"} {
		if _, err := os.Stat(filepath.Join(dir, "newthing", name)); err != nil {
			t.Error(err)
		}
	}
	src, err := os.ReadFile(filepath.Join(dir, "all.go"))
	if err != nil || !bytes.Contains(src, []byte("newthing.Check")) {
		t.Errorf("the list lacks the new check: %v\n%s", err, src)
	}
	if err := folders.Lay(dir, "new-thing"); err == nil {
		t.Error("a check is laid over another")
	}
	if err := folders.Lay(dir, "../x"); err == nil {
		t.Error("an id that is none lays a folder")
	}
}
