package bulletins

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// topRules is how many accessibility rules the scorecard names.
const topRules = 8

// deepCheck reports what axe-core says: its rules are told apart by class.
const deepCheck = "a11y-deep"

// An access is what an inspection came to in accessibility.
type access struct {
	Ran                   int  // rules that a machine went by on every page
	Deep                  bool // axe-core looked at sampled pages
	Sampled, Shown, Pages int  // pages chosen for it, shown by it, read in all
	Rules                 []accessRule
	Compared              []compared // the static rules against the browser
	Annex                 *annex     // nil: not judged
	Trend                 *trend     // nil: nothing is known of earlier inspections
	Person                string     // what no machine says
}

// An accessRule is one rule of ours, or of axe-core, that something was found of.
type accessRule struct {
	Check, Title, Topic, Impact string
	WCAG                        []string
	Fail, Open, Places          int
	Cited                       bool // Topic names clauses
	Advice                      bool // good practice: no norm asks for it
}

// onlyPersons is what a person must check whatever was found. Clauses of the
// standard are not cited: nobody here has read their numbers.
const onlyPersons = "放大到 200% 和窄屏时内容是否完整，只用键盘能否走完全程、焦点是否看得见，读屏软件读得是否通顺，替代文本和链接文字是否贴切，" +
	"音视频的字幕，长者版是否好用。GB/T 37668-2019 的条款号未经核实，本报告以 WCAG 2.2 成功准则标注；列出条款号的，以所注核对人为准。"

// accessOf gathers it; nil where the rulebook has no such rule.
func accessOf(in *inspect.Inspection) *access {
	if in.Site.Account != nil {
		return nil // of web pages only
	}
	a := &access{Person: onlyPersons}
	mine := map[string]bool{}
	for i := range in.Rules.Checks {
		c := in.Rules.Checks[i].Check
		if !accessible(c) {
			continue
		}
		mine[c.ID] = true
		if c.Scope == inspect.PerPage && strings.HasPrefix(c.ID, "a11y-") {
			a.Ran++
		}
	}
	if len(mine) == 0 {
		return nil
	}
	c := &in.Counts
	a.Deep, a.Sampled, a.Shown, a.Pages = c.Sampled > 0, c.Sampled, c.Shown, c.Fetched
	rows := map[string]*accessRule{}
	for i := range in.Findings {
		f := &in.Findings[i]
		if !mine[f.Check] {
			continue
		}
		a.Deep = a.Deep || f.Check == deepCheck
		if f.Check == deepCheck && f.Class == "" { // the browser's own trouble
			continue
		}
		key := f.Check + " " + ruleClass(f)
		if rows[key] == nil {
			rows[key] = newAccessRule(in, f)
		}
		rows[key].add(f)
	}
	a.Annex, a.Compared, a.Trend = annexOf(in), comparedOf(in), trendOf(in)
	for _, r := range rows {
		a.Rules = append(a.Rules, *r)
	}
	slices.SortFunc(a.Rules, func(x, y accessRule) int {
		return cmp.Or(last(x.Advice)-last(y.Advice), cmp.Compare(y.Places, x.Places), cmp.Compare(y.Open, x.Open), cmp.Compare(x.Check, y.Check), cmp.Compare(x.Title, y.Title))
	})
	return a
}

// last sorts what is so behind what is not.
func last(so bool) int {
	if so {
		return 1
	}
	return 0
}

// accessible reports whether a check is of the family, by its rule page.
func accessible(c *inspect.Check) bool {
	return strings.HasPrefix(c.ID, "a11y-") || strings.Trim(frontOf(c, "family"), `"'`) == "accessibility"
}

func ruleClass(f *inspect.Finding) string {
	if f.Check == deepCheck {
		return f.Class
	}
	return ""
}

// pagesOf is the pages of a finding, as far as it names them.
func pagesOf(f *inspect.Finding) []string {
	if len(f.Examples) > 0 {
		return f.Examples
	}
	return []string{f.URL}
}

// newAccessRule is the row of a finding's rule: criteria and impact stand on
// the rule page, those of axe-core's rules with the finding.
func newAccessRule(in *inspect.Inspection, f *inspect.Finding) *accessRule {
	r := &accessRule{Check: f.Check, Title: titleOf(in, f.Check)}
	if f.Check == deepCheck {
		r.Title = "深度检查 " + f.Class
		if b := f.Browser; b != nil {
			r.WCAG, r.Impact, r.Advice = b.WCAG, impacts[b.Impact], len(b.WCAG) == 0
		}
		if r.Advice {
			r.Title = "最佳实践（建议） " + f.Class
		}
		if r.Cited = len(clauses(in.Rules, f.Check)) > 0; r.Cited {
			r.Topic = strings.Join(clauses(in.Rules, f.Check), "、")
		}
		return r
	}
	for i := range in.Rules.Checks {
		if c := in.Rules.Checks[i].Check; c.ID == f.Check {
			r.WCAG = frontList(c, "wcag")
			r.Topic = cited(in.Rules, c)
			r.Cited = len(clauses(in.Rules, c.ID)) > 0
			r.Impact = impacts[frontOf(c, "impact")]
		}
	}
	return r
}

func (r *accessRule) add(f *inspect.Finding) {
	if f.Stands() {
		r.Fail += elements(f.Check, f.Value)
		r.Places += max(1, f.Places)
		return
	}
	r.Open++
}

// cited is what stands of the Chinese standard behind a check: the clauses
// that a person filled in, else its topic alone.
func cited(rb *inspect.Rulebook, c *inspect.Check) string {
	if out := clauses(rb, c.ID); out != nil {
		return strings.Join(out, "、")
	}
	return topic(frontOf(c, "source"))
}

// elements is how many faults a finding is: the browser's engine has one for a
// rule on a page, and counts its elements.
func elements(check string, value float64) int {
	if check == deepCheck {
		return max(1, int(value))
	}
	return 1
}

// clauses are what a person filled in for a check.
func clauses(rb *inspect.Rulebook, id string) (out []string) {
	for _, x := range rb.Clauses {
		if x.Check == id {
			out = append(out, fmt.Sprintf("%s（%s，%s；%s）", x.Indicator, x.Clause, x.Level, x.Read))
		}
	}
	return out
}

// topic is what a rule page says of the Chinese standard: its topic, without a
// clause.
func topic(source string) string {
	_, rest, ok := strings.Cut(source, "GB/T 37668-2019 ")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "（")
	rest, _, _ = strings.Cut(rest, "；")
	return strings.TrimSpace(rest)
}

// frontOf is a line of a rule page's front matter.
func frontOf(c *inspect.Check, key string) string {
	front, _, _ := strings.Cut(strings.TrimPrefix(c.Rule, "---\n"), "\n---")
	for line := range strings.Lines(front) {
		if v, ok := strings.CutPrefix(line, key+":"); ok {
			return strings.TrimSpace(v)
		}
	}
	return ""
}

// frontList is a list of it that stands in one line.
func frontList(c *inspect.Check, key string) (out []string) {
	for v := range strings.SplitSeq(strings.Trim(frontOf(c, key), "[]"), ",") {
		if v = strings.Trim(strings.TrimSpace(v), `"'`); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Head says what was looked at.
func (a *access) Head() string {
	s := fmt.Sprintf("程序按 %d 条静态规则检查了每个能够读取的页面", a.Ran)
	if !a.Deep {
		return s + "；没有浏览器抽样的结果（--deep）。"
	}
	if a.Sampled == 0 {
		return s + "；另有浏览器和 axe-core 抽样检查的结果，抽样页数没有记录。"
	}
	s += fmt.Sprintf("；另以浏览器和 axe-core 抽样检查 %d 页，共 %d 页，方法：先取首页，再从每个目录的每类页面中轮流各取一页，其余按与内容无关的固定次序取，并取适老版入口所指的页面", a.Shown, a.Pages)
	if lost := a.Sampled - a.Shown; lost > 0 {
		s += fmt.Sprintf("；另有 %d 页抽中而浏览器未能显示", lost)
	}
	return s + "。"
}

// impacts are axe-core's words for what a fault does to people, for print.
var impacts = map[string]string{"critical": "严重", "serious": "较大", "moderate": "一般", "minor": "轻微"}

// Criteria is the rule's success criteria, for print.
func (r accessRule) Criteria() string { return strings.Join(r.WCAG, "、") }

func textAccess(w sheet, in *inspect.Inspection) {
	a := accessOf(in)
	if a == nil {
		return
	}
	w.printf("\n无障碍\n  %s\n", a.Head())
	for i, r := range a.Rules {
		if i == topRules {
			w.printf("    …… 其余 %d 条规则见 --format html\n", len(a.Rules)-topRules)
			break
		}
		w.printf("    %s（%s", r.Title, r.Check)
		if len(r.WCAG) > 0 {
			w.printf("，WCAG %s", r.Criteria())
		}
		if r.Cited {
			w.printf("，GB/T 37668-2019 %s", r.Topic)
		}
		if r.Impact != "" {
			w.printf("，影响%s", r.Impact)
		}
		w.printf("）：问题 %d 处，涉及 %d 页次", r.Fail, r.Places)
		if r.Open > 0 {
			w.printf("；待确认或未能判定 %d", r.Open)
		}
		w.printf("\n")
	}
	textAnnex(w, a.Annex)
	textCompared(w, a.Compared)
	textTrend(w, a.Trend)
	w.printf("  须由人检查：%s\n", a.Person)
}
