package bulletins

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// A family is all findings of one check, as a report shows them.
type family struct {
	Check     string
	Title     string
	Items     []string
	Findings  []*inspect.Finding
	Fail      int
	Unknown   int
	Review    int
	Suspected int // failures that were seen once
	Places    int
	Part      inspect.Part // the gravest part that prices it
}

// families groups an inspection's findings by check, gravest first.
func families(in *inspect.Inspection) []*family {
	by := map[string]*family{}
	var out []*family
	for i := range in.Findings {
		f := &in.Findings[i]
		g := by[f.Check]
		if g == nil {
			g = &family{Check: f.Check, Title: titleOf(in, f.Check), Part: inspect.Advice}
			by[f.Check] = g
			out = append(out, g)
		}
		g.add(in, f)
	}
	order := make(map[string]int, len(in.Rules.Items))
	for i := range in.Rules.Items {
		order[in.Rules.Items[i].ID] = i
	}
	for _, g := range out {
		slices.SortFunc(g.Items, func(a, b string) int { return cmp.Compare(order[a], order[b]) })
	}
	slices.SortStableFunc(out, func(a, b *family) int {
		return cmp.Or(cmp.Compare(rank(a.Part), rank(b.Part)), cmp.Compare(b.Fail, a.Fail), cmp.Compare(a.Check, b.Check))
	})
	return out
}

func (g *family) add(in *inspect.Inspection, f *inspect.Finding) {
	g.Findings = append(g.Findings, f)
	g.Places += f.Places
	switch {
	case suspected(f):
		g.Suspected++
	case f.Outcome == inspect.Fail:
		g.Fail++
	case f.Outcome == inspect.Unknown:
		g.Unknown++
	default:
		g.Review++
	}
	for _, id := range f.Items {
		if !slices.Contains(g.Items, id) {
			g.Items = append(g.Items, id)
		}
		for i := range in.Rules.Items {
			if it := &in.Rules.Items[i]; it.ID == id && rank(it.Part) < rank(g.Part) && f.Outcome != inspect.Unknown {
				g.Part = it.Part
			}
		}
	}
}

func rank(p inspect.Part) int {
	return slices.Index([]inspect.Part{inspect.Veto, inspect.Deduction, inspect.Bonus, inspect.Advice}, p)
}

// titleOf is a check's title, from its rule page.
func titleOf(in *inspect.Inspection, id string) string { return Title(in.Rules, id) }

// section is a part of a check's rule page, by its heading.
func section(in *inspect.Inspection, id, heading string) string {
	return Section(in.Rules, id, heading)
}

// Title is what a check is called in print: its id, if the rulebook does not
// have it.
func Title(rb *inspect.Rulebook, check string) string {
	for line := range strings.Lines(rulePage(rb, check)) {
		if t, ok := strings.CutPrefix(line, "title:"); ok {
			return strings.Trim(strings.TrimSpace(t), `"'`)
		}
	}
	return check
}

// Section is a part of a check's rule page, by its heading.
func Section(rb *inspect.Rulebook, check, heading string) string {
	_, rest, _ := strings.Cut(rulePage(rb, check), "\n## "+heading+"\n")
	text, _, _ := strings.Cut(rest, "\n## ")
	return strings.TrimSpace(text)
}

func rulePage(rb *inspect.Rulebook, check string) string {
	for i := range rb.Checks {
		if rb.Checks[i].Check.ID == check {
			return rb.Checks[i].Check.Rule
		}
	}
	return ""
}

// suspected reports whether a failure was seen once and waits to be seen again.
func suspected(f *inspect.Finding) bool {
	return f.Outcome == inspect.Fail && f.State == inspect.SeenOnce
}

// outcomeWord is a finding's outcome as reports print it.
func outcomeWord(f *inspect.Finding) string {
	switch {
	case suspected(f):
		return "疑似（待复查）"
	case f.Outcome == inspect.Fail:
		return "问题"
	case f.Outcome == inspect.Unknown:
		return "未能判定"
	}
	return "待人工确认"
}

// decision is the verdict as reports print it.
func decision(g *inspect.Grade) string {
	switch g.Verdict {
	case inspect.Failed:
		return "不合格"
	case inspect.Passed:
		return "未发现不合格情形"
	}
	return "未定（有待人工确认或未能判定的事项）"
}

// scoreLine says the score and how sure its prices are.
func scoreLine(in *inspect.Inspection) string {
	g := &in.Grade
	if in.Site.Account != nil {
		return "扣分指标不适用于政务新媒体"
	}
	if !g.Scored {
		return "扣分指标只适用于政府门户网站，本站不计分"
	}
	s := fmt.Sprintf("扣分指标 %.2f 分（满分 %.0f）", g.Points, in.Rules.Full)
	if g.Unverified {
		s += "，所依分值未经核实，仅供参考"
	}
	return s
}

// item is the rulebook's item with an id, or nil.
func item(in *inspect.Inspection, id string) *inspect.Item {
	for i := range in.Rules.Items {
		if in.Rules.Items[i].ID == id {
			return &in.Rules.Items[i]
		}
	}
	return nil
}

// percent is a share, rounded down: 100 % is only what is whole.
func percent(x float64) string { return fmt.Sprintf("%.1f%%", math.Floor(1000*x+1e-9)/10) }

// counts says how many findings of each outcome a family has.
func (g *family) counts() string {
	var out []string
	for _, c := range []struct {
		word string
		n    int
	}{{"问题", g.Fail}, {"疑似（待复查）", g.Suspected}, {"待确认", g.Review}, {"未能判定", g.Unknown}} {
		if c.n > 0 {
			out = append(out, fmt.Sprintf("%s %d", c.word, c.n))
		}
	}
	return strings.Join(out, "，")
}

// partWord names the kind of items that price a family: it is no verdict.
func partWord(p inspect.Part) string {
	if p == inspect.Advice {
		return "提示，不计分"
	}
	return p.Chinese() + "指标"
}

// daysLeft says how long a column may still stay silent.
func daysLeft(n int) string {
	switch {
	case n < 0:
		return fmt.Sprintf("超 %d 天", -n)
	case n == 0:
		return "今天到期"
	}
	return fmt.Sprintf("剩 %d 天", n)
}

// undecidedWords adds an item's title to a reason that begins with its id.
func undecidedWords(in *inspect.Inspection, why string) string {
	id, rest, ok := strings.Cut(why, "：")
	if it := item(in, id); ok && it != nil && it.Title != "" {
		return id + " " + it.Title + "：" + rest
	}
	return why
}
