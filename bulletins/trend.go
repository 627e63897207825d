package bulletins

import (
	"cmp"
	"fmt"
	"slices"
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
	Rules   []trendRule
	Rounds  []trendRound // oldest first, this one last
}

// A trendRule is one rule: faults that are new, gone, still there, and those
// that could not be looked at again or wait for a person.
type trendRule struct {
	Title                    string
	New, Gone, Still, Unsaid int
}

// A trendRound is how many faults one inspection left standing.
type trendRound struct {
	At     time.Time
	Static int
	Deep   int
	Shown  int // pages in the browser; 0: none was used
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
			now.Faults = append(now.Faults, inspect.Trace{Check: f.Check, Class: f.Class, Fingerprint: f.Fingerprint})
		}
	}
	h := in.History[max(0, len(in.History)-HistoryRounds):]
	last := h[len(h)-1]
	t := &trend{Before: last.Now, Changed: last.Rules != now.Rules}
	for _, r := range append(slices.Clone(h), now) {
		t.Rounds = append(t.Rounds, roundOf(&r))
	}
	t.rules(in, &last, &now)
	return t
}

func roundOf(r *inspect.Round) trendRound {
	out := trendRound{At: r.Now, Shown: r.Counts.Shown}
	for _, f := range r.Faults {
		if f.Check == deepCheck {
			out.Deep++
		} else {
			out.Static++
		}
	}
	return out
}

// rules holds fault against fault. What a browser saw is held only against
// what a browser saw.
func (t *trend) rules(in *inspect.Inspection, last, now *inspect.Round) {
	deep := last.Counts.Shown > 0 && now.Counts.Shown > 0
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
		default:
			row(f).Gone++
		}
	}
	for _, f := range now.Faults {
		if !before[f.Fingerprint] && (f.Check != deepCheck || deep) {
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
	s := fmt.Sprintf("与上次检查（监测时间点 %s）相比", t.Before.In(inspect.Zone).Format(time.DateOnly))
	if t.Changed {
		s += "；两次所用指标版本不同，增减可能来自规则的变化"
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
		w.printf("%s 静态 %d 处", r.At.In(inspect.Zone).Format(time.DateOnly), r.Static)
		if r.Shown > 0 {
			w.printf("、浏览器 %s", r.Browser())
		}
	}
	w.printf("\n")
}
