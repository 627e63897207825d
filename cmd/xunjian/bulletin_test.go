package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/bulletins/paper"
	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// ordered runs the program on the data of a made-up past, and returns what it
// printed and how it ended.
func ordered(t *testing.T, data string, args ...string) (string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), append(args, "--data", data), strings.NewReader(""), &out, &errs)
	return out.String() + errs.String(), code
}

// A draft goes to the units, an objection that is right takes its fault out,
// and what is locked says nothing of it.
func TestBulletinCommands(t *testing.T) {
	t.Parallel()
	h := newHistory(t, 42)
	b, err := (&press{st: h.st, rules: h.rules}).compile(t.Context(), period.Of(period.Month, historyStart.AddDate(0, 4, 0)), &wish{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	// Of one that is open and of one that was repaired the unit says that there was none.
	find := func(stage inspect.Stage) *period.Fault {
		t.Helper()
		i := slices.IndexFunc(b.Faults, func(f period.Fault) bool { return f.Stage(time.Now()) == stage && f.Relapse == 0 })
		if i < 0 {
			t.Fatalf("the past has no fault that is %s", stage)
		}
		return &b.Faults[i]
	}
	open, repaired := find(inspect.StageConfirmed), find(inspect.StageVerified)
	now := []string{"--now", "2026-11-02"}
	must := func(want string, code int, args ...string) {
		t.Helper()
		got, c := ordered(t, h.dir, append(append([]string{"bulletin"}, args...), now...)...)
		if c != code || !strings.Contains(got, want) {
			t.Errorf("%v: %d, %s; want %d, %s", args, c, got, code, want)
		}
	}
	must("notice-2026-10", exitOK, "draft", "--month", "2026-10", "--issuer", "区政府办")
	must("还没有预告", exitUsage, "lock", "notice-2026-10", "--number", "1号", "--leave-unconfirmed")
	must("不在异议期内", exitUsage, "object", "notice-2026-10", "--unit", "教育局", "--why", "早")
	must("2026-11-05 23:59:59", exitOK, "preview", "notice-2026-10")
	must("没有这个问题", exitUsage, "object", "notice-2026-10", "--unit", "教育局", "--case", "none", "--why", "x")
	must("不是该单位的问题", exitUsage, "object", "notice-2026-10", "--unit", "别的局", "--case", open.Fingerprint, "--why", "x")
	must("第 1 条异议", exitOK, "object", "notice-2026-10", "--unit", open.Unit, "--case", open.Fingerprint, "--why", "当日已更新")
	must("第 2 条异议", exitOK, "object", "notice-2026-10", "--unit", repaired.Unit, "--case", repaired.Fingerprint, "--why", "从来没有")
	must("异议期还没有结束", exitUsage, "lock", "notice-2026-10", "--number", "1号", "--leave-unconfirmed")
	now[1] = "2026-11-06"
	must("还有异议没有裁定", exitUsage, "lock", "notice-2026-10", "--number", "1号", "--leave-unconfirmed")
	must("", exitOK, "settle", "notice-2026-10", "1", "--uphold", "--why", "属实")
	must("", exitOK, "settle", "notice-2026-10", "2", "--uphold", "--why", "属实")
	must("没有这条异议", exitUsage, "settle", "notice-2026-10", "2", "--uphold", "--why", "属实")
	must("已定稿：1号，sha256:", exitOK, "lock", "notice-2026-10", "--number", "1号", "--leave-unconfirmed")
	must("已经定稿", exitUsage, "preview", "notice-2026-10")
	must("notice-2026-10-2", exitOK, "draft", "--month", "2026-10", "--issuer", "区政府办")
	must("没有这份通报", exitUsage, "show", "notice-2020-01")
	dir := t.TempDir()
	must("成立：属实", exitOK, "show", "notice-2026-10", "-o", dir)
	raw, err := os.ReadFile(filepath.Join(dir, "通报-2026-10.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), `"draft": false`) || !strings.Contains(string(raw), `"number": "1号"`) {
		t.Error("what is locked is a draft, or has no number")
	}
	for _, f := range []*period.Fault{open, repaired} {
		if n := strings.Count(string(raw), `"fingerprint": "`+f.Fingerprint+`"`); n != 1 { // among those refuted
			t.Errorf("the locked bulletin speaks of %s %d times", f.Fingerprint, n)
		}
	}
	if got, code := ordered(t, h.dir, "bulletin", "list"); code != exitOK || !strings.Contains(got, "notice-2026-10-2") || !strings.Contains(got, "定稿") {
		t.Errorf("list: %d, %s", code, got)
	}
}

// Mistakes on the command line say how it goes.
func TestBulletinMistakes(t *testing.T) {
	t.Parallel()
	data, figures := t.TempDir(), filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(figures, []byte("数据项,数值,填报人\nerrors.received,12,张三\nsites.failed,0,张三\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"不是时段", []string{"--month", "2026-13"}},
		{"不是时段", []string{"--quarter", "2026"}},
		{"只能写一个", []string{"--month", "2026-10", "--year", "2026"}},
		{"没有格式", []string{"--format", "odt"}},
		{"权重", []string{"--weights", "luck=3"}},
		{"没有可填报的数据项 \"sites.failed\"", []string{"--figures", figures}},
	} {
		if got, code := ordered(t, data, append([]string{"bulletin"}, c.args...)...); code != exitUsage || !strings.Contains(got, c.want) {
			t.Errorf("%v: %d, %s", c.args, code, got)
		}
	}
}

// What people filled in is printed with their name; each figure says how it
// came about.
func TestBulletinTrace(t *testing.T) {
	t.Parallel()
	h := newHistory(t, 7)
	figures := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(figures, []byte("\ufefferrors.received,12,张三\nerrors.closed,11,张三\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, code := ordered(t, h.dir, "bulletin", "--month", "2026-09", "--trace", "--figures", figures)
	for _, want := range []string{"人工填报：张三", "91.67%", "errors.closed ÷ errors.received（11 ÷ 12）", "sites.registered", "s0 s1"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if code != exitOK {
		t.Error(code)
	}
}

// As of a moment, what came later is not counted: the same question has the
// same answer for ever.
func TestBulletinAsOf(t *testing.T) {
	t.Parallel()
	h := newHistory(t, 5)
	d := &press{st: h.st, rules: h.rules, register: h.sites}
	p, then := period.Of(period.Month, historyStart.AddDate(0, 1, 0)), historyStart.AddDate(0, 1, 14)
	figures := func() period.Figures {
		t.Helper()
		b, err := d.compile(t.Context(), p, &wish{}, then)
		if err != nil {
			t.Fatal(err)
		}
		return b.Figures
	}
	before := figures()
	if n := before.N("visits.made"); n == 0 || n != h.ask(t.Context(), "SELECT COUNT(*) FROM probes WHERE network = 'tcp' AND at >= ? AND at < ?", p.Span().From.UnixNano(), then.UnixNano()) {
		t.Errorf("%d visits", n)
	}
	for k := range 3 {
		h.visit(h.sites[0], then.Add(time.Duration(k)*time.Minute))
		h.inspect(h.sites[0], then.Add(time.Duration(k)*time.Hour))
	}
	if diff := cmp.Diff(before, figures()); diff != "" {
		t.Error(diff)
	}
}

// Every kind of paper of every period writes in every format of ours.
func TestBulletinKinds(t *testing.T) {
	t.Parallel()
	h := newHistory(t, 3)
	d := &press{st: h.st, rules: h.rules, register: h.sites}
	for _, x := range []string{"2026-08", "2026Q3", "2026"} {
		p, err := period.Parse(x)
		if err != nil {
			t.Fatal(err)
		}
		b, err := d.compile(t.Context(), p, &wish{}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range paper.Kinds {
			papers := k.Make(b, paper.Options{})
			if len(papers) == 0 {
				t.Errorf("%s of %s: nothing", k.Name, x)
			}
			for _, f := range paper.Formats {
				if f.Name == "pdf" {
					continue
				}
				if files, err := f.Files(t.Context(), papers[0]); err != nil || len(files) == 0 {
					t.Errorf("%s of %s in %s: %d files, %v", k.Name, x, f.Name, len(files), err)
				}
			}
		}
	}
}

// A bulletin's page has no fault of accessibility that axe-core finds.
func TestBulletinPassesAxe(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	h := newHistory(t, 11)
	b, err := (&press{st: h.st, rules: h.rules, register: h.sites}).compile(t.Context(), period.Of(period.Quarter, historyStart.AddDate(0, 2, 0)), &wish{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"notice", "appraisal", "scorecard"} {
		var page bytes.Buffer
		p := paper.KindOf(kind).Make(b, paper.Options{Issuer: "区政府办", Draft: true, To: "各单位"})[0]
		for i := range p.Annexes { // one row is as good as a hundred, and quicker
			p.Annexes[i].Table.Rows = p.Annexes[i].Table.Rows[:min(3, len(p.Annexes[i].Table.Rows))]
		}
		if err := paper.HTML(t.Context(), &page, p); err != nil {
			t.Fatal(err)
		}
		r.passes(t, kind, page.Bytes())
	}
}
