package config

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

type staleOptions struct {
	Windows map[inspect.Genre]inspect.Window `yaml:"windows"`
	Pinned  int                              `yaml:"pinned"`
}

// front is a rule page of a fake check.
func front(id, scope, more string) string {
	return "---\nid: " + id + "\ntitle: 试验\nscope: " + scope + "\nfamily: test\nsource: 试验规则\nitems: [D-04]\n" + more + "---\n\n## Clause\n\n试验。\n"
}

// fakes are checks of which one shows its options.
func fakes(seen *staleOptions) []*inspect.Check {
	none := func(context.Context, *inspect.Pass, struct{}) error { return nil }
	return []*inspect.Check{
		inspect.NewCheck("link-broken", front("link-broken", "site", ""), inspect.PerSite, struct{}{}, none),
		inspect.NewCheck("column-stale", front("column-stale", "column", "with:\n  windows: {news: 14d, policy: 6mo}\n"), inspect.PerSite, staleOptions{Pinned: 3},
			func(_ context.Context, _ *inspect.Pass, o staleOptions) error { *seen = o; return nil }),
		inspect.NewCheck("a11y-odd", front("a11y-odd", "page", ""), inspect.PerPage, struct{}{}, none),
		inspect.NewCheck("a11y-img-alt", front("a11y-img-alt", "page", ""), inspect.PerPage, struct{}{}, none),
	}
}

func itemOf(t *testing.T, rb *inspect.Rulebook, id string) *inspect.Item {
	t.Helper()
	i := slices.IndexFunc(rb.Items, func(it inspect.Item) bool { return it.ID == id })
	if i < 0 {
		t.Fatalf("rulebook %s has no item %s", rb.ID, id)
	}
	return &rb.Items[i]
}

// Every clause of the indicators stands in the built-in rulebook.
func TestGuobanComplete(t *testing.T) {
	t.Parallel()
	rb, err := LoadRules("guoban-2019", nil)
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields("SV-1a SV-1b SV-1c SV-1d SV-1e SV-1f SV-2 SV-3 SV-4a SV-4b SV-4c SV-5a SV-5b SV-6a SV-6b SV-6c MV-1 MV-2a MV-2b MV-3a MV-3b B-1 B-2 B-3 B-4 B-5 B-6")
	for n := 1; n <= 32; n++ {
		ids = append(ids, "D-"+string(rune('0'+n/10))+string(rune('0'+n%10)))
	}
	for _, id := range ids {
		it := itemOf(t, rb, id)
		if it.Title == "" || it.Text == "" || it.Mark == "" || len(it.Checks) != 0 {
			t.Errorf("item %+v", it)
		}
		if want := strings.HasPrefix(id, "D-") || strings.HasPrefix(id, "B-"); it.Portal != want {
			t.Errorf("%s: portal %v, want %v", id, it.Portal, want)
		}
	}
	// The only prices that a source states (regulations, 1.3).
	var verified []string
	for _, it := range rb.Items {
		if it.PointsMark == inspect.Verified {
			verified = append(verified, it.ID)
		}
	}
	if diff := cmp.Diff([]string{"D-05", "D-12", "D-18"}, verified); diff != "" {
		t.Errorf("verified points (-want +got):\n%s", diff)
	}
	if rb.Full != 100 || rb.PassAt != 60 || rb.BonusAbove != 80 {
		t.Errorf("bounds %v %v %v", rb.Full, rb.PassAt, rb.BonusAbove)
	}
}

func TestLoadRulesBinds(t *testing.T) {
	t.Parallel()
	var o staleOptions
	rb, err := LoadRules("guoban-2019", fakes(&o))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, b := range rb.Checks {
		ids = append(ids, b.Check.ID)
		if err := b.Run(context.Background(), &inspect.Pass{}); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([]string{"a11y-img-alt", "a11y-odd", "column-stale", "link-broken"}, ids); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	want := staleOptions{Pinned: 3, Windows: map[inspect.Genre]inspect.Window{inspect.News: {Days: 14}, inspect.Policy: {Months: 6}}}
	if diff := cmp.Diff(want, o); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	for id, want := range map[string][]string{"D-10": {"column-stale"}, "AX-01": {"a11y-img-alt"}, "AX": {"a11y-odd"}, "D-27": nil} {
		if diff := cmp.Diff(want, itemOf(t, rb, id).Checks); diff != "" {
			t.Errorf("checks of %s (-want +got):\n%s", id, diff)
		}
	}
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	local := filepath.Join(dir, "local.yaml")
	write(t, local, `id: yaodu
version: "2026-01"
extends: guoban-2019
items:
  - {id: D-04, points: 3, points_mark: verified}
  - {id: D-28, remove: true}
  - {id: L-1, title: 本地要求, text: 每周更新, part: advice, mark: verified, check: column-stale}
checks:
  column-stale:
    with: {windows: {news: 7d}}
`)
	var o staleOptions
	rb, err := LoadRules(local, fakes(&o))
	if err != nil {
		t.Fatal(err)
	}
	it := itemOf(t, rb, "D-04")
	if it.Points != 3 || it.PointsMark != inspect.Verified || it.Title != "动态要闻" || it.Classes[0] != "news" {
		t.Errorf("D-04 = %+v, want only points changed", it)
	}
	if slices.ContainsFunc(rb.Items, func(it inspect.Item) bool { return it.ID == "D-28" }) {
		t.Error("D-28 was not removed")
	}
	if it := itemOf(t, rb, "L-1"); len(it.Checks) != 1 {
		t.Errorf("L-1 = %+v", it)
	}
	for _, b := range rb.Checks {
		if err := b.Run(context.Background(), &inspect.Pass{}); err != nil {
			t.Error(err)
		}
	}
	if o.Windows[inspect.News] != (inspect.Window{Days: 7}) || o.Windows[inspect.Policy] != (inspect.Window{Months: 6}) || o.Pinned != 3 {
		t.Errorf("options = %+v, want news changed alone", o)
	}
	var again staleOptions // what another check is told of them
	stale := rb.Checks[slices.IndexFunc(rb.Checks, func(b inspect.Bound) bool { return b.Check.ID == "column-stale" })]
	if err := stale.Options(&again); err != nil || again.Windows[inspect.News] != (inspect.Window{Days: 7}) {
		t.Errorf("options = %+v, %v", again, err)
	}
	base, err := LoadRules("guoban-2019", fakes(&o))
	if err != nil || base.Digest == rb.Digest || !strings.HasPrefix(rb.Digest, "sha256:") {
		t.Errorf("digests %s and %s, %v", base.Digest, rb.Digest, err)
	}
	fewer, err := LoadRules("guoban-2019", fakes(&o)[1:])
	if err != nil || fewer.Digest == base.Digest {
		t.Errorf("a rule page less, the same digest %s, %v", base.Digest, err)
	}
}

func TestRulebookMistakes(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "bad.yaml")
	write(t, file, `id: bad
extends: guoban-2019
items:
  - {id: D-04, point: 3}
  - {id: X-1, remove: true}
  - {id: X-2, title: 甲, part: vetoo, mark: sure}
  - {id: D-05, check: colum-stale}
  - {id: D-05, points: -1}
  - {id: D-07, classes: [Policy@first]}
checks:
  column-stale:
    with: {windows: {nwes: 7d}, pined: 1}
  column-stole: {with: {}}
`)
	_, err := LoadRules(file, fakes(new(staleOptions)))
	var mistakes Errors
	if !errors.As(err, &mistakes) {
		t.Fatalf("LoadRules = %v", err)
	}
	var got []string
	for _, m := range mistakes {
		m.File = ""
		got = append(got, m.Error())
	}
	want := []string{
		":1:1: version: 缺少 version",
		":4:16: items[0].point: 未知的键，是否应为 points",
		`:5:10: items[1].id: 没有可去掉的指标 "X-1"`,
		":6:5: items[2]: 应有 check，或以 person: true 说明由人工判定",
		":6:31: items[2].part: 应为 veto、deduction、bonus、advice",
		":6:44: items[2].mark: 应为 verified、second-hand、memory",
		`:7:23: items[3].check: 没有检查 "colum-stale"`,
		`:8:10: items[4].id: "D-05" 重复`,
		":8:24: items[4].points: 不能小于 0",
		`:9:25: items[5].classes: "Policy@first" 不是类别`,
		`:12:22: checks.column-stale.with.windows.nwes: 没有栏目类型 "nwes"，可用：` + genreNames(),
		":12:33: checks.column-stale.with.pined: 未知的键，是否应为 pinned",
		`:13:17: checks.column-stole: 没有检查 "column-stole"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	for _, name := range []string{"no-such-book", filepath.Join(t.TempDir(), "none.yaml")} {
		if _, err := LoadRules(name, nil); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("LoadRules(%s) = %v, want one line", name, err)
		}
	}
	loop := filepath.Join(t.TempDir(), "loop.yaml")
	write(t, loop, "id: a\nversion: 1\nextends: "+loop+"\n")
	if _, err := LoadRules(loop, nil); err == nil || !strings.Contains(err.Error(), "相互引用") {
		t.Errorf("a rulebook that extends itself: %v", err)
	}
}

func TestReadFront(t *testing.T) {
	t.Parallel()
	check := func(rule string) *inspect.Check {
		return inspect.NewCheck("x-y", rule, inspect.PerSite, struct{}{}, func(context.Context, *inspect.Pass, struct{}) error { return nil })
	}
	f, prose, err := ReadFront(check(front("x-y", "site", "with: {a: [1, b]}\nwcag: [1.1.1]\n")))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(prose, "## Clause") || f.Title != "试验" || f.WCAG[0] != "1.1.1" {
		t.Errorf("front %+v, prose %q", f, prose)
	}
	_, _, err = ReadFront(check("---\nid: z\nscope: host\nfamily: f\nsorce: s\n---\n"))
	want := "checks/xy/rule.md:2:1: source: 缺少 source\nchecks/xy/rule.md:2:1: title: 缺少 title\nchecks/xy/rule.md:2:5: id: 应为 x-y\n" +
		"checks/xy/rule.md:3:8: scope: 应为 page、site、column、account 或 probe\nchecks/xy/rule.md:5:1: sorce: 未知的键，是否应为 source"
	if err == nil || err.Error() != want {
		t.Errorf("ReadFront = %v, want %s", err, want)
	}
	if _, err := LoadRules("guoban-2019", []*inspect.Check{check(front("x-y", "site", "with: {a: 1}\n"))}); err == nil || !strings.Contains(err.Error(), "checks/xy/rule.md:8:8: with.a: 未知的键") {
		t.Errorf("an option that the check does not have: %v", err)
	}
	rb, err := LoadRules("guoban-2019", []*inspect.Check{check(front("x-y", "site", "retired: 2026-01-01, 并入其他检查\n"))})
	if err != nil || len(rb.Checks) != 0 {
		t.Errorf("a retired check is bound: %v, %v", rb.Checks, err)
	}
}

// The public example through the built-in rulebook: a site's own report of
// 2019 Q2 lost 5 (D-05), 2 (D-12), 3 (D-18) and one point more, and had 89.
func TestGuobanExample(t *testing.T) {
	t.Parallel()
	rb, err := LoadRules("guoban-2019", fakes(new(staleOptions)))
	if err != nil {
		t.Fatal(err)
	}
	site := &inspect.Site{ID: "p", Kind: inspect.Website, Portal: true, Columns: []inspect.Column{
		{Name: "政策文件", Genre: inspect.Policy, TopLevel: true}, {Name: "部门文件", Genre: inspect.Policy}}}
	column := func(genre inspect.Genre, name string) inspect.Finding {
		return inspect.Finding{Check: "column-stale", Outcome: inspect.Fail, Class: string(genre), Locus: name}
	}
	findings := []inspect.Finding{column(inspect.Policy, "政策文件"), column(inspect.ServiceStats, "办件统计"), column(inspect.Messages, "信箱"),
		{Check: "link-broken", Outcome: inspect.Fail, Class: "home", Locus: "http://x.example.gov.cn/"}}
	g := inspect.Judge(site, rb, findings)
	if g.Points != 89 || g.Verdict != inspect.Passed || len(g.Vetoes) != 0 {
		t.Errorf("grade = %v points, %s, vetoes %v, want 89", g.Points, g.Verdict, g.Vetoes)
	}
	if diff := cmp.Diff([]string{"SV-4a", "D-05"}, findings[0].Items); diff != "" {
		t.Errorf("items of the stale policy column (-want +got):\n%s", diff)
	}
	lower := []inspect.Finding{column(inspect.Policy, "部门文件")}
	inspect.Judge(site, rb, lower)
	if diff := cmp.Diff([]string{"SV-4b", "D-10"}, lower[0].Items); diff != "" {
		t.Errorf("items of a stale lower column (-want +got):\n%s", diff)
	}
}

func FuzzReadFront(f *testing.F) {
	f.Add(front("x-y", "site", "with: {a: [1, b], pinned: 2}\n"))
	f.Add("---\nid: [\n---\n")
	f.Fuzz(func(t *testing.T, rule string) {
		c := inspect.NewCheck("x-y", "---\n"+rule, inspect.PerSite, staleOptions{}, func(context.Context, *inspect.Pass, staleOptions) error { return nil })
		front, _, err := ReadFront(c)
		rb, bindErr := LoadRules("guoban-2019", []*inspect.Check{c})
		if err == nil && front.ID != "x-y" || err != nil && bindErr == nil || (rb == nil) == (bindErr == nil) {
			t.Fatalf("front %+v, %v; rules %v, %v", front, err, rb, bindErr)
		}
	})
}

// A rulebook may want some checks only; the items of the others are a person's.
func TestOnly(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "some.yaml")
	if err := os.WriteFile(file, []byte("id: some\nversion: \"1\"\nextends: guoban-2019\nonly: [home-stale, \"column-*\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var all []*inspect.Check
	for _, id := range []string{"column-blank", "column-stale", "home-stale", "link-broken"} {
		c := inspect.NewCheck(id, "---\nid: "+id+"\ntitle: 题\nscope: site\nfamily: f\nsource: s\nitems: [X]\n---\n", inspect.PerSite, struct{}{},
			func(context.Context, *inspect.Pass, struct{}) error { return nil })
		all = append(all, c)
	}
	rb, err := LoadRules(file, all)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, b := range rb.Checks {
		ids = append(ids, b.Check.ID)
	}
	if got := strings.Join(ids, " "); got != "column-blank column-stale home-stale" {
		t.Errorf("checks that run: %s", got)
	}
	for _, it := range rb.Items {
		if it.ID == "D-25" && len(it.Checks) != 0 {
			t.Errorf("broken links are judged by %v, which do not run", it.Checks)
		}
	}
}
