package period_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, chinese, from, to, back string }{
		{"2026-10", "2026年10月", "2026-10-01", "2026-11-01", "2026-09"},
		{"2026-01", "2026年1月", "2026-01-01", "2026-02-01", "2025-12"},
		{"2026Q3", "2026年第三季度", "2026-07-01", "2026-10-01", "2026Q2"},
		{"2026Q1", "2026年第一季度", "2026-01-01", "2026-04-01", "2025Q4"},
		{"2026", "2026年度", "2026-01-01", "2027-01-01", "2025"},
	} {
		p, err := period.Parse(c.text)
		if err != nil {
			t.Fatal(err)
		}
		s := p.Span()
		got := []string{p.String(), p.Chinese(), s.From.Format(time.DateOnly), s.To.Format(time.DateOnly), p.Back(1).String()}
		if diff := cmp.Diff([]string{c.text, c.chinese, c.from, c.to, c.back}, got); diff != "" {
			t.Error(diff)
		}
		if len(p.Months()) != map[period.Length]int{period.Month: 1, period.Quarter: 3, period.Year: 12}[p.Length] || p.Months()[0].Span().From != s.From {
			t.Errorf("%s: months %v", c.text, p.Months())
		}
	}
	for _, bad := range []string{"", "2026-13", "2026-1", "2026Q5", "26", "2026-10-01", "二〇二六"} {
		if p, err := period.Parse(bad); err == nil {
			t.Errorf("%q is %v", bad, p)
		}
	}
}

// A rate is computed from counts, rounded half up; only what is whole prints
// 100, and only what is nothing 0. A real notice printed 99.96 % for 9 of 289.
func TestPercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, d int64
		want string
	}{
		{289 - 9, 289, "96.89%"}, {509, 510, "99.80%"}, {506, 510, "99.22%"}, {608, 609, "99.84%"}, {166, 183, "90.71%"}, {292, 309, "94.50%"},
		{8, 12, "66.67%"}, {1, 1, "100.00%"}, {0, 5, "0.00%"}, {99999, 100000, "99.99%"}, {1, 100000, "0.01%"}, {1, 8, "12.50%"}, {235, 590, "39.83%"}, {315, 590, "53.39%"}, {34, 590, "5.76%"},
	} {
		if got := period.Percent(c.n, c.d); got != c.want {
			t.Errorf("%d of %d is %s, want %s", c.n, c.d, got, c.want)
		}
	}
}

func day(n int) time.Time { return time.Date(2026, 10, n, 10, 0, 0, 0, inspect.Zone) }

// A case that comes back after its repair was verified lives again; one that
// was refuted accuses nobody, of whatever time.
func TestFaultsOf(t *testing.T) {
	t.Parallel()
	li := inspect.Person{ID: "li", Role: inspect.Supervisor}
	c := &inspect.Case{Fingerprint: "f00d", Site: "s", Check: "link-broken", Severity: inspect.Deduction, First: day(1), Items: []string{"D-1"}}
	steps := []inspect.Step{
		{Act: inspect.ActSeen, At: day(1), To: inspect.StageSuspected},
		{Act: inspect.ActConfirm, By: li, At: day(2), From: inspect.StageSuspected, To: inspect.StageConfirmed},
		{Act: inspect.ActOrder, By: li, At: day(3), From: inspect.StageConfirmed, To: inspect.StageOrdered, Until: inspect.Day(day(9))},
		{Act: inspect.ActClaim, At: day(8), From: inspect.StageOrdered, To: inspect.StageClaimed},
		{Act: inspect.ActGone, At: day(9), From: inspect.StageClaimed, To: inspect.StageVerified},
		{Act: inspect.ActSeen, At: day(12), From: inspect.StageVerified, To: inspect.StageConfirmed, Relapse: true},
		{Act: inspect.ActRefute, By: li, At: day(20), From: inspect.StageConfirmed, To: inspect.StageRefuted, Why: "误判"},
	}
	names := func(string) (string, string) { return "链接不可用", "修复" }
	lives := period.FaultsOf(c, steps, day(30), names)
	if len(lives) != 2 {
		t.Fatalf("%d lives", len(lives))
	}
	first, second := &lives[0], &lives[1]
	if first.Key() != "f00d" || second.Key() != "f00d#1" || !first.ByPerson || !first.InTime() || first.Title != "链接不可用" {
		t.Errorf("%+v\n%+v", first, second)
	}
	open := func(f *period.Fault) (out []int) {
		for n := 1; n < 30; n++ {
			if f.OpenAt(inspect.Day(day(n))) {
				out = append(out, n)
			}
		}
		return out
	}
	if diff := cmp.Diff([]int{3, 4, 5, 6, 7, 8, 9}, open(first)); diff != "" {
		t.Error(diff)
	}
	if got := open(second); got != nil {
		t.Errorf("refuted, and open on %v", got)
	}
	known := period.FaultsOf(c, steps, day(15), names)
	if got := open(&known[1]); len(got) == 0 || got[0] != 13 {
		t.Errorf("before it was refuted it was open on %v", got)
	}
	late := period.FaultsOf(c, steps[:3], day(30), names)[0]
	if late.OverdueAt(inspect.Day(day(9))) || !late.OverdueAt(inspect.Day(day(10))) {
		t.Error("an order is overdue on the day after its last one")
	}
}

// A unit is not late for the time that we took to look, nor for what waits for
// a person.
func TestInTime(t *testing.T) {
	t.Parallel()
	const dueDay = 9
	step := func(n int, act inspect.Act, from, to inspect.Stage) inspect.Step {
		return inspect.Step{Act: act, At: day(n), From: from, To: to}
	}
	claim := step(8, inspect.ActClaim, inspect.StageOrdered, inspect.StageClaimed)
	again := step(11, inspect.ActSeen, inspect.StageClaimed, inspect.StageOrdered)
	for name, c := range map[string]struct {
		steps                       []inspect.Step
		inTime, waits, overdue, due bool
	}{
		"nothing was done":                     {nil, false, false, true, true},
		"verified in time":                     {[]inspect.Step{step(9, inspect.ActGone, inspect.StageOrdered, inspect.StageVerified)}, true, false, false, true},
		"reported in time, verified later":     {[]inspect.Step{claim, step(14, inspect.ActGone, inspect.StageClaimed, inspect.StageVerified)}, true, false, false, true},
		"reported in time, not looked at":      {[]inspect.Step{claim}, false, true, false, false},
		"reported in time, its place gone":     {[]inspect.Step{claim, step(11, inspect.ActVanished, inspect.StageClaimed, inspect.StageMasked)}, false, true, false, false},
		"reported in time, and not true":       {[]inspect.Step{claim, again}, false, false, true, true},
		"true only the second time":            {[]inspect.Step{claim, again, step(12, inspect.ActClaim, inspect.StageOrdered, inspect.StageClaimed), step(13, inspect.ActGone, inspect.StageClaimed, inspect.StageVerified)}, false, false, false, true},
		"its place gone, nothing reported":     {[]inspect.Step{step(8, inspect.ActVanished, inspect.StageOrdered, inspect.StageMasked)}, false, false, true, true},
		"a waiver ended":                       {[]inspect.Step{step(8, inspect.ActWaive, inspect.StageOrdered, inspect.StageWaived), step(12, inspect.ActExpire, inspect.StageWaived, inspect.StageConfirmed)}, false, false, false, false},
		"refuted for a while, suspected again": {[]inspect.Step{step(4, inspect.ActRefute, inspect.StageOrdered, inspect.StageRefuted), step(6, inspect.ActExpire, inspect.StageRefuted, inspect.StageSuspected)}, false, false, false, false},
	} {
		steps := append([]inspect.Step{step(1, inspect.ActSeen, "", inspect.StageConfirmed), {Act: inspect.ActOrder, At: day(3), From: inspect.StageConfirmed, To: inspect.StageOrdered, Until: inspect.Day(day(dueDay))}}, c.steps...)
		f := period.FaultsOf(&inspect.Case{Fingerprint: "f", First: day(1)}, steps, day(30), func(string) (string, string) { return "", "" })[0]
		if f.InTime() != c.inTime || f.Waits() != c.waits || f.OverdueAt(inspect.Day(day(20))) != c.overdue || f.DueIn(inspect.Span{From: day(0), To: day(30)}) != c.due {
			t.Errorf("%s: in time %v, waits %v, overdue %v, due %v", name, f.InTime(), f.Waits(), f.OverdueAt(inspect.Day(day(20))), f.DueIn(inspect.Span{From: day(0), To: day(30)}))
		}
	}
}
