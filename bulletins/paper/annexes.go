package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// failingSites is annex 1 of a notice: sites that failed, and why.
func (p *Paper) failingSites() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 6, Number, 0}, {"网站标识码", 14, Words, 0}, {"网站名称", 24, Words, 0}, {"主办单位", 20, Words, 0}, {"不合格原因", 36, Words, 0}}}
	for i := range p.Source.Targets {
		if x := &p.Source.Targets[i]; x.Kind == inspect.Website && x.Verdict == inspect.Failed {
			t.add(number(len(t.Rows)+1), words(cmp.Or(x.Code, "未登记")), link(x.Name, x.Home), words(x.Unit), words(reason(x)))
		}
	}
	return Annex{Title: "不合格政府网站名单", Table: t}
}

// reason is why a target failed.
func reason(t *period.Target) string {
	if len(t.Vetoes) == 0 {
		return fmt.Sprintf("扣分指标 %.2f 分，低于及格线", t.Points)
	}
	return "单项否决：" + clauses(t.Vetoes)
}

// failingAccounts is annex 2.
func (p *Paper) failingAccounts() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 6, Number, 0}, {"账号名称", 24, Words, 0}, {"平台", 14, Words, 0}, {"主办单位", 22, Words, 0}, {"问题", 34, Words, 0}}}
	for i := range p.Source.Targets {
		if x := &p.Source.Targets[i]; x.Kind == inspect.Account && x.Verdict == inspect.Failed {
			t.add(number(len(t.Rows)+1), words(x.Name), words(x.Platform.Chinese()), words(x.Unit), words(reason(x)))
		}
	}
	return Annex{Title: "不合格政务新媒体名单", Table: t}
}

// faultHeads are those of every list of faults.
var faultHeads = []ColumnHead{{"序号", 5, Number, 0}, {"责任单位", 12, Words, 0}, {"网站、账号", 12, Words, 0}, {"监测栏目、页面", 17, Words, 0}, {"问题", 28, Words, 0},
	{"类别与条款", 16, Words, 0}, {"监测时间", 11, Day, 0}, {"整改时限", 11, Day, 0}, {"状态", 9, Words, 0}, {"编号", 11, Words, 0}}

// faults is a list of faults: annex 3, and the ledger.
func (p *Paper) faults(title string, list []period.Fault) Annex {
	t := &Table{Heads: faultHeads}
	for i := range list {
		f := &list[i]
		t.add(number(i+1), words(f.Unit), words(f.Target), link(place(f), f.URL), words(p.message(f)), words(strings.TrimSpace(severity(f.Severity)+" "+clauses(f.Items))),
			day(f.Seen), day(f.Due), words(f.State), words(short(f.Key())))
	}
	return Annex{Title: title, Wide: true, Table: t}
}

// short is what is printed of a fingerprint: enough to find it in the console.
func short(key string) string {
	print, life, again := strings.Cut(key, "#")
	print = print[:min(8, len(print))]
	if again {
		return print + "#" + life
	}
	return print
}

// severity is how grave a fault is, in print.
func severity(s inspect.Part) string {
	if s == inspect.Advice {
		return "建议"
	}
	return s.Chinese()
}

// place is where a fault stands: the column's name, or the address.
func place(f *period.Fault) string {
	named := strings.ContainsFunc(f.Locus, func(r rune) bool { return unicode.Is(unicode.Han, r) })
	if named && !strings.ContainsAny(f.Locus, "/:>") {
		return f.Locus
	}
	switch path := inspect.Path(f.URL); {
	case f.URL == "":
		return "整体"
	case path == "/" || path == "":
		return "首页"
	default:
		return inspect.Readable(path)
	}
}

// units is the table of units by rank, with its sums.
func (p *Paper) units() Annex {
	t := &Table{Heads: []ColumnHead{{"位次", 6, Number, 0}, {"单位", 22, Words, 0}, {"网站", 6, Number, 0}, {"账号", 6, Number, 0}, {"检查", 6, Number, 0}, {"合格", 6, Number, 0}, {"不合格", 7, Number, 0},
		{"未定", 6, Number, 0}, {"新确认", 7, Number, 0}, {"已整改", 7, Number, 0}, {"未整改", 7, Number, 0}, {"逾期", 6, Number, 0}, {"每百页新问题", 9, Number, 2}, {"得分", 8, Number, 2}}}
	var s period.Unit
	for i := range p.Source.Units {
		u := &p.Source.Units[i]
		t.add(maybe(u.Rank, u.Scored()), words(u.Name), number(u.Sites), number(u.Accounts), number(u.Checked), number(u.Passed), number(u.Failed), number(u.Undecided),
			number(u.New), number(u.Fixed), number(u.Open), number(u.Overdue), perHundred(u.New, u.Pages), Cell{N: u.Score, Some: u.Scored()})
		s.Sites, s.Accounts, s.Checked, s.Passed, s.Failed, s.Undecided = s.Sites+u.Sites, s.Accounts+u.Accounts, s.Checked+u.Checked, s.Passed+u.Passed, s.Failed+u.Failed, s.Undecided+u.Undecided
		s.New, s.Fixed, s.Open, s.Overdue, s.Pages = s.New+u.New, s.Fixed+u.Fixed, s.Open+u.Open, s.Overdue+u.Overdue, s.Pages+u.Pages
	}
	t.Total = []Cell{{}, words("合计"), number(s.Sites), number(s.Accounts), number(s.Checked), number(s.Passed), number(s.Failed), number(s.Undecided),
		number(s.New), number(s.Fixed), number(s.Open), number(s.Overdue), perHundred(s.New, s.Pages), {}}
	return Annex{Title: "各单位情况表", Wide: true, Table: t, After: []Text{{{Text: weightsNote(p.Source)}}}}
}

// perHundred is faults for each hundred pages read: large sites are not worse
// for being large.
func perHundred(n, pages int) Cell {
	if pages == 0 {
		return Cell{}
	}
	return Cell{N: int64((20000*n + pages) / (2 * pages)), Some: true}
}

// weightsNote says how units are scored.
func weightsNote(b *period.Bulletin) string {
	var parts []string
	for _, w := range b.Weights {
		parts = append(parts, fmt.Sprintf("%s %g（%s）", w.Name, w.Weight, w.Rule))
	}
	return "注：得分为各项之加权平均，满分 100；没有相应情形的项不计，其权重由其余各项按比例分担，单位大小不影响得分。权重为本系统所定，可由本机关另定：" + strings.Join(parts, "；") + "。"
}

// sites is what every site came to.
func (p *Paper) sites() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 5, Number, 0}, {"网站标识码", 11, Words, 0}, {"网站名称", 18, Words, 0}, {"主办单位", 16, Words, 0}, {"检查日", 10, Day, 0}, {"结论", 8, Words, 0}, {"得分", 7, Number, 2},
		{"覆盖率", 8, Share, 0}, {"页面", 7, Number, 0}, {"新确认", 6, Number, 0}, {"已整改", 6, Number, 0}, {"未整改", 6, Number, 0}, {"逾期", 6, Number, 0}, {"待确认", 6, Number, 0}, {"可用率", 8, Share, 0}}}
	for i := range p.Source.Targets {
		if x := &p.Source.Targets[i]; x.Kind == inspect.Website {
			t.add(number(len(t.Rows)+1), words(cmp.Or(x.Code, "未登记")), link(x.Name, x.Home), words(x.Unit), day(x.Checked), words(verdictWord(x)), Cell{N: int64(x.Points*100 + 0.5), Some: x.Scored},
				share(x.Due-x.Untold, x.Due), number(x.Pages), number(x.New), number(x.Fixed), number(x.Open), number(x.Overdue), number(x.Pending), share(x.Told-x.Failed, x.Told))
		}
	}
	return Annex{Title: "政府网站情况表", Wide: true, Detail: true, Table: t}
}

// accounts is what every account came to.
func (p *Paper) accounts() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 6, Number, 0}, {"账号名称", 20, Words, 0}, {"平台", 12, Words, 0}, {"主办单位", 18, Words, 0}, {"检查日", 10, Day, 0}, {"结论", 8, Words, 0}, {"发布条数", 8, Number, 0},
		{"条数完整", 8, Words, 0}, {"新确认", 7, Number, 0}, {"已整改", 7, Number, 0}, {"未整改", 7, Number, 0}, {"逾期", 6, Number, 0}, {"待确认", 7, Number, 0}}}
	for i := range p.Source.Targets {
		if x := &p.Source.Targets[i]; x.Kind == inspect.Account {
			whole := "否，为下限"
			switch {
			case !x.PostsKnown:
				whole = "未监测"
			case x.PostsWhole:
				whole = "是"
			}
			t.add(number(len(t.Rows)+1), words(x.Name), words(x.Platform.Chinese()), words(x.Unit), day(x.Checked), words(verdictWord(x)), maybe(x.Posts, x.PostsKnown), words(whole),
				number(x.New), number(x.Fixed), number(x.Open), number(x.Overdue), number(x.Pending))
		}
	}
	return Annex{Title: "政务新媒体情况表", Wide: true, Detail: true, Table: t}
}

// columns is what columns published.
func (p *Paper) columns() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 6, Number, 0}, {"主办单位", 18, Words, 0}, {"网站", 20, Words, 0}, {"栏目", 20, Words, 0}, {"类别", 12, Words, 0}, {"发布条数（下限）", 10, Number, 0}, {"最近更新", 12, Day, 0}, {"检查日剩余天数", 10, Number, 0}}}
	for i := range p.Source.Columns {
		x := &p.Source.Columns[i]
		left := Cell{}
		if x.Left != nil {
			left = number(*x.Left)
		}
		t.add(number(i+1), words(x.Unit), words(x.Target), words(x.Name), words(period.GenreWord(x.Genre)), number(x.Items), day(x.Newest), left)
	}
	return Annex{Title: "栏目发布情况表", Wide: true, Detail: true, Table: t}
}

// access is what was found of accessibility.
func (p *Paper) access() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 8, Number, 0}, {"主办单位", 24, Words, 0}, {"网站", 26, Words, 0}, {"规则", 9, Number, 0}, {"问题", 9, Number, 0}, {"页次", 9, Number, 0}, {"待判定", 9, Number, 0}, {"抽样页", 9, Number, 0}}}
	for i := range p.Source.Access {
		a := &p.Source.Access[i]
		t.add(number(i+1), words(a.Unit), words(a.Target), number(a.Rules), number(a.Faults), number(a.Places), number(a.Open), number(a.Sampled))
	}
	return Annex{Title: "无障碍情况表", Table: t, After: []Text{{{Text: "注：按规则页所列的 WCAG 成功准则检查，只供改进，不计入合格与否；“抽样页”为浏览器中检查的页面数。"}}}}
}

// excused is what was waived or found to be no fault.
func (p *Paper) excused() Annex {
	t := &Table{Heads: []ColumnHead{{"序号", 6, Number, 0}, {"责任单位", 18, Words, 0}, {"网站、账号", 18, Words, 0}, {"问题", 26, Words, 0}, {"结果", 10, Words, 0}, {"截止日", 14, Day, 0}, {"理由", 20, Words, 0}}}
	to := p.Source.Period.Span().To
	for i := range p.Source.Faults {
		if f := &p.Source.Faults[i]; f.Stage(to) == inspect.StageWaived {
			t.add(number(len(t.Rows)+1), words(f.Unit), words(f.Target), words(p.message(f)), words("豁免"), day(f.Waived), words(f.Why))
		}
	}
	for i := range p.Source.Dropped {
		f := &p.Source.Dropped[i]
		result := "不成立"
		if f.Appeal != "" {
			result = "申诉成立：" + f.Appeal
		}
		t.add(number(len(t.Rows)+1), words(f.Unit), words(f.Target), words(p.message(f)), words(result), Cell{}, words(f.Why))
	}
	return Annex{Title: "申诉与豁免情况表", Table: t}
}

// figures is every number of the paper with its derivation.
func (p *Paper) figures() Annex {
	t := &Table{Heads: []ColumnHead{{"数据项", 22, Words, 0}, {"名称", 22, Words, 0}, {"值", 10, Words, 0}, {"分子", 8, Number, 0}, {"分母", 8, Number, 0}, {"单位", 6, Words, 0}, {"怎样得出", 34, Words, 0}}}
	for i := range p.Source.Figures {
		f := &p.Source.Figures[i]
		t.add(words(f.ID), words(f.Name), words(f.Text()), Cell{N: f.N, Some: f.Known()}, Cell{N: f.D, Some: f.Known() && f.D != 0}, words(f.Unit), words(f.Rule))
	}
	return Annex{Title: "数据项及其来历", Wide: true, Detail: true, Table: t}
}

func (t *Table) add(cells ...Cell) { t.Rows = append(t.Rows, cells) }

// filled drops annexes without rows.
func filled(all ...Annex) []Annex {
	return slices.DeleteFunc(all, func(a Annex) bool { return len(a.Table.Rows) == 0 })
}
