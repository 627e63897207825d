package config_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
)

// No clause of the standard is built in; a person may fill the table, strictly.
func TestClauses(t *testing.T) {
	t.Parallel()
	img := inspect.NewCheck("a11y-img-alt", "---\nid: a11y-img-alt\ntitle: 题\nscope: page\nfamily: f\nsource: s\nitems: [X]\n---\n", inspect.PerPage, struct{}{},
		func(context.Context, *inspect.Pass, struct{}) error { return nil })
	link := inspect.NewCheck("link-broken", strings.Replace(img.Rule, "id: a11y-img-alt", "id: link-broken", 1), inspect.PerPage, struct{}{},
		func(context.Context, *inspect.Pass, struct{}) error { return nil })
	elder := inspect.NewCheck("elder-page", strings.Replace(strings.Replace(img.Rule, "id: a11y-img-alt", "id: elder-page", 1), "family: f", "family: accessibility", 1), inspect.PerPage, struct{}{},
		func(context.Context, *inspect.Pass, struct{}) error { return nil })
	all := []*inspect.Check{img, elder, link}
	built, err := config.LoadRules("guoban-2019", all)
	if err != nil || built.Clauses != nil {
		t.Fatalf("built in: %v, %v", built.Clauses, err)
	}
	load := func(rows string) (*inspect.Rulebook, error) {
		file := filepath.Join(t.TempDir(), "local.yaml")
		if err := os.WriteFile(file, []byte("id: local\nversion: \"1\"\nextends: guoban-2019\nclauses:\n"+rows), 0o644); err != nil {
			t.Fatal(err)
		}
		return config.LoadRules(file, all)
	}
	const row = "  - {check: a11y-img-alt, indicator: 指标甲, clause: 条甲, level: 一级, read: 某人 2026-11-24}\n"
	rb, err := load(row)
	if err != nil {
		t.Fatal(err)
	}
	want := []inspect.Clause{{Check: "a11y-img-alt", Indicator: "指标甲", Clause: "条甲", Level: "一级", Read: "某人 2026-11-24"}}
	if diff := cmp.Diff(want, rb.Clauses); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := load(strings.Replace(row, "a11y-img-alt", "elder-page", 1)); err != nil {
		t.Errorf("a check of the family: %v", err)
	}
	for _, bad := range []struct{ name, rows, want string }{
		{"unknown check", strings.Replace(row, "img-alt", "img-alto", 1), `没有检查 "a11y-img-alto"`},
		{"not of accessibility", row + strings.Replace(row, "a11y-img-alt", "link-broken", 1), `local.yaml:6:13: clauses[1].check: 检查 "link-broken" 与无障碍无关`},
		{"level", strings.Replace(row, "一级", "A", 1), "应为 一级、二级、三级"},
		{"nobody read it", strings.Replace(row, ", read: 某人 2026-11-24", "", 1), "缺少 read"},
		{"unknown key", strings.Replace(row, "read:", "reader:", 1), "未知的键"},
		{"twice", row + row, "重复"},
	} {
		if _, err := load(bad.rows); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v", bad.name, err)
		}
	}
}
