package bulletins

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// maxRounds is how many inspections a trend shows, this one among them.
const maxRounds = 12

// HistoryRounds is how many earlier inspections a report makes use of.
const HistoryRounds = maxRounds - 1

// AccessChecks are the checks of a rulebook whose history a report shows.
func AccessChecks(rb *inspect.Rulebook) (ids []string) {
	for i := range rb.Checks {
		if c := rb.Checks[i].Check; accessible(c) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// A trend holds this inspection's accessibility against earlier ones.
type trend struct {
	Before  time.Time // of the one that rules are held against
	Changed bool      // that one went by another rulebook
	Engines string    // why what the browser saw is not compared; "": it is, or there is none
	Limited string    // which of the two left pages out by its limits; "": none
	Rules   []trendRule
	Rounds  []trendRound // oldest first, this one last
}

// A trendRule is one rule: faults that are new, gone, still there, on pages
// that nothing links any more, and those that could not be looked at again or
// wait for a person.
type trendRule struct {
	Title                              string
	New, Gone, Still, Vanished, Unsaid int
}

// A trendRound is how many faults one inspection left standing.
type trendRound struct {
	At      time.Time
	When    string // day, with the time where days repeat
	Limited int    // pages that its limits left out
	Static  int
	Deep    int
	Shown   int // pages in the browser; 0: none was used
}

// trendOf makes it; nil without history.
func trendOf(in *inspect.Inspection) *trend {
	if len(in.History) == 0 {
		return nil
	}
	mine := map[string]bool{}
	for _, id := range AccessChecks(in.Rules) {
		mine[id] = true
	}
	now := inspect.Round{Now: in.Now, Rules: in.Rules.Digest, Counts: in.Counts}
	for i := range in.Findings {
		if f := &in.Findings[i]; mine[f.Check] && f.Stands() {
			now.Faults = append(now.Faults, inspect.Trace{Check: f.Check, Class: f.Class, Fingerprint: f.Fingerprint, Value: f.Value})
		}
	}
	h := in.History[max(0, len(in.History)-HistoryRounds):]
	last := h[len(h)-1]
	t := &trend{Before: last.Now, Changed: last.Rules != now.Rules, Limited: limited(&last, &now)}
	if last.Counts.Shown > 0 && now.Counts.Shown > 0 && (last.Counts.Engine != now.Counts.Engine || now.Counts.Engine == "") {
		t.Engines = fmt.Sprintf("两次所用浏览器检查程序不同（上次 %s，本次 %s），其结果不作比较", cmp.Or(last.Counts.Engine, "未记录"), cmp.Or(now.Counts.Engine, "未记录"))
	}
	days := map[string]int{}
	for _, r := range append(slices.Clone(h), now) {
		t.Rounds = append(t.Rounds, roundOf(&r))
		days[dayOf(r.Now)]++
	}
	for i := range t.Rounds {
		r := &t.Rounds[i]
		if r.When = dayOf(r.At); days[r.When] > 1 {
			r.When = r.At.In(inspect.Zone).Format("2006-01-02 15:04")
		}
	}
	t.rules(in, &last, &now)
	return t
}

func dayOf(t time.Time) string { return t.In(inspect.Zone).Format(time.DateOnly) }

// limited says which of two inspections did not read all that was due: pages
// come and go with the limit then.
func limited(last, now *inspect.Round) string {
	var out []string
	if n := last.Counts.Limited; n > 0 {
		out = append(out, fmt.Sprintf("上次有 %d 页", n))
	}
	if n := now.Counts.Limited; n > 0 {
		out = append(out, fmt.Sprintf("本次有 %d 页", n))
	}
	if out == nil {
		return ""
	}
	return strings.Join(out, "、") + "因限额没有读取，增减可能来自所读页面的不同"
}

func roundOf(r *inspect.Round) trendRound {
	out := trendRound{At: r.Now, Shown: r.Counts.Shown, Limited: r.Counts.Limited}
	for _, f := range r.Faults {
		if f.Check == deepCheck {
			out.Deep += elements(f.Check, f.Value)
		} else {
			out.Static++
		}
	}
	return out
}

// rules holds fault against fault. What a browser saw is held only against
// what the same version of its engine saw.
func (t *trend) rules(in *inspect.Inspection, last, now *inspect.Round) {
	deep := last.Counts.Shown > 0 && now.Counts.Shown > 0 && t.Engines == ""
	rows := map[string]*trendRule{}
	row := func(f inspect.Trace) *trendRule {
		key, title := f.Check, titleOf(in, f.Check)
		if f.Check == deepCheck {
			key, title = f.Check+" "+f.Class, "深度检查 "+f.Class
		}
		if rows[key] == nil {
			rows[key] = &trendRule{Title: title}
		}
		return rows[key]
	}
	before, here, open := map[string]bool{}, map[string]bool{}, unsaid(in)
	for _, f := range now.Faults {
		here[f.Fingerprint] = true
	}
	for _, f := range last.Faults {
		before[f.Fingerprint] = true
		switch {
		case f.Check == deepCheck && !deep:
		case here[f.Fingerprint]:
			row(f).Still++
		case open[f.Fingerprint]:
			row(f).Unsaid++
		case in.Missing[f.Fingerprint] == inspect.ActVanished:
			row(f).Vanished++
		default:
			row(f).Gone++
		}
	}
	known := earlier(in)
	for _, f := range now.Faults {
		switch {
		case before[f.Fingerprint] || f.Check == deepCheck && !deep:
		case known[f.Fingerprint]:
			row(f).Still++
		default:
			row(f).New++
		}
	}
	for _, r := range rows {
		t.Rules = append(t.Rules, *r)
	}
	slices.SortFunc(t.Rules, func(a, b trendRule) int {
		return cmp.Or(cmp.Compare(b.New+b.Gone, a.New+a.Gone), cmp.Compare(b.Still, a.Still), cmp.Compare(a.Title, b.Title))
	})
}

// earlier are the fingerprints of faults that were seen before, though the
// last inspection did not leave them standing: it could not look, or the
// browser overruled them, or one look did not prove them.
func earlier(in *inspect.Inspection) map[string]bool {
	out := map[string]bool{}
	for i := range in.Findings {
		if f := &in.Findings[i]; !f.First.IsZero() && f.First.Before(in.Now) {
			out[f.Fingerprint] = true
		}
	}
	return out
}

// unsaid are the fingerprints of what does not stand and is not gone: it could
// not be looked at, or waits for another look or for a person.
func unsaid(in *inspect.Inspection) map[string]bool {
	out := map[string]bool{}
	if in.Past != nil {
		for print := range in.Past.Findings {
			out[print] = true
		}
	}
	for i := range in.Findings {
		if f := &in.Findings[i]; !f.Stands() {
			out[f.Fingerprint] = true
		}
	}
	return out
}

// Head says what is held against what.
func (t *trend) Head() string {
	before := dayOf(t.Before)
	if n := len(t.Rounds); n > 1 {
		before = t.Rounds[n-2].When
	}
	s := fmt.Sprintf("与上次检查（监测时间点 %s）相比", before)
	if t.Changed {
		s += "；两次所用指标版本不同，增减可能来自规则的变化"
	}
	for _, why := range []string{t.Limited, t.Engines} {
		if why != "" {
			s += "；" + why
		}
	}
	return s
}

// Browser is what a round found in the browser, for print.
func (r trendRound) Browser() string {
	if r.Shown == 0 {
		return "未抽样"
	}
	return fmt.Sprintf("%d（%d 页）", r.Deep, r.Shown)
}

func textTrend(w sheet, t *trend) {
	if t == nil {
		return
	}
	w.printf("  变化：%s\n", t.Head())
	for i, r := range t.Rules {
		if i == topRules {
			w.printf("    …… 其余 %d 条规则见 --format html\n", len(t.Rules)-topRules)
			break
		}
		w.printf("    %s：新增 %d，消除 %d，仍在 %d", r.Title, r.New, r.Gone, r.Still)
		if r.Vanished > 0 {
			w.printf("，位置消失 %d", r.Vanished)
		}
		if r.Unsaid > 0 {
			w.printf("，未能再判定 %d", r.Unsaid)
		}
		w.printf("\n")
	}
	w.printf("  历次（最多 %d 次）：", maxRounds)
	for i, r := range t.Rounds {
		if i > 0 {
			w.printf("；")
		}
		w.printf("%s 静态 %d 处", r.When, r.Static)
		if r.Limited > 0 {
			w.printf("（%d 页因限额未读）", r.Limited)
		}
		if r.Shown > 0 {
			w.printf("、浏览器 %s", r.Browser())
		}
	}
	w.printf("\n")
}
