package paper

import (
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// selfcheck is what an office reports of its own site and accounts to the
// office above it.
func selfcheck(b *period.Bulletin, o Options) []*Paper {
	p := &Paper{Kind: "selfcheck", Name: "自查报告-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{o.Issuer, "关于" + b.Title + "政府网站和政务新媒体", "自查情况的报告"}
	w := &writer{b, p}
	s := b.Period.Span()
	w.write(Body, "按照上级关于政府网站和政务新媒体检查工作的要求，我们对{0}至{1}的情况进行了自查。现将有关情况报告如下。", chineseDay(s.From), chineseDay(s.To.Add(-time.Second)))
	w.write(Head1, "一、总体情况")
	w.write(Body, "我区（单位）现有政府网站{sites.registered}：{0}；政务新媒体账号{accounts.registered}：{1}。", named(names(b, inspect.Website), namesInText, "附件"), named(names(b, inspect.Account), namesInText, "附件"))
	w.write(Head1, "二、政府网站情况")
	w.write(Head2, "（一）信息发布")
	w.published()
	w.write(Head2, "（二）检查")
	w.population("sites", "网站", inspect.Website)
	w.write(Head2, "（三）整改")
	w.repairs()
	w.write(Head1, "三、政务新媒体情况")
	w.population("accounts", "账号", inspect.Account)
	w.posts()
	w.write(Head1, "四、下一步工作")
	w.write(Body, "一是继续整改期末未整改的{faults.open}，二是按期更新即将到期的{columns.soon}栏目，三是核实待确认的{pending.total}。")
	p.Annexes = filled(p.faults("问题清单", p.priced()), p.advised(), p.columns(), p.sites(), p.accounts(), p.figures())
	for i := range p.Annexes {
		p.Annexes[i].Detail = p.Annexes[i].Detail && p.Annexes[i].Title != "栏目发布情况表"
	}
	return []*Paper{p}
}

// names are those of all targets of a kind.
func names(b *period.Bulletin, kind inspect.Kind) (out []string) {
	for i := range b.Targets {
		if b.Targets[i].Kind == kind {
			out = append(out, b.Targets[i].Name)
		}
	}
	return out
}

// published says what columns published, by what they are for.
func (w *writer) published() {
	if w.b.Figures.N("volume.columns") == 0 {
		w.write(Body, "没有登记栏目，信息发布数量未监测。")
		return
	}
	var parts []string
	for _, g := range inspect.Genres {
		id := "volume.genre." + string(g)
		if w.b.Figures.N(id) > 0 {
			parts = append(parts, expand(period.GenreWord(g)+"{#}，占{#.rate}", id))
		}
	}
	form := "列表页标注日期在本期的信息至少{volume.items}"
	if len(parts) > 0 {
		form += "，其中" + strings.Join(parts, "；")
	}
	w.write(Body, form+"。转载数量未监测：信息的来源只在检查时读取，不入库。")
}

// posts says how much each account published.
func (w *writer) posts() {
	t := &Table{Caption: "各账号发布情况（" + w.b.Title + "）", Heads: []ColumnHead{{"序号", 8, Number, 0}, {"主办单位", 28, Words, 0}, {"账号名称", 28, Words, 0}, {"平台", 18, Words, 0}, {"发布条数", 18, Number, 0}}}
	sum := 0
	for i := range w.b.Targets {
		if x := &w.b.Targets[i]; x.Kind == inspect.Account {
			t.add(number(len(t.Rows)+1), words(x.Unit), words(x.Name), words(x.Platform.Chinese()), maybe(x.Posts, x.PostsKnown))
			sum += x.Posts
		}
	}
	if len(t.Rows) == 0 {
		return
	}
	t.Total = []Cell{{}, words("合计"), {}, {}, number(sum)}
	w.write(Body, "来源可读的账号{volume.posts_known}，本期发布{volume.posts}，其余账号的发布数量未监测。")
	w.p.Blocks = append(w.p.Blocks, Block{Table: t})
}

// ledger is the 整改台账: every fault of the period with its dates.
func ledger(b *period.Bulletin, o Options) []*Paper {
	p := &Paper{Kind: "ledger", Name: "整改台账-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{o.Issuer, b.Title + "政府网站和政务新媒体问题整改台账"}
	w := &writer{b, p}
	w.write(Body, "本期内存在过的已确认问题{problems.total}：新确认{faults.new}，整改到位{faults.fixed}，期末未整改{faults.open}，其中逾期{faults.overdue}。")
	p.Annexes = filled(p.faults("整改台账", b.Faults), p.lives())
	return []*Paper{p}
}

// lives is the ledger with every date.
func (p *Paper) lives() Annex {
	t := &Table{Heads: []ColumnHead{{"编号", 12, Words, 0}, {"责任单位", 14, Words, 0}, {"网站、账号", 14, Words, 0}, {"问题", 24, Words, 0}, {"首次发现", 10, Day, 0}, {"确认", 10, Day, 0}, {"交办", 10, Day, 0},
		{"整改时限", 10, Day, 0}, {"复核通过", 10, Day, 0}, {"整改天数", 8, Number, 0}, {"再次出现", 8, Number, 0}, {"状态", 10, Words, 0}, {"整改要求", 20, Words, 0}}}
	to := p.Source.Period.Span().To
	for i := range p.Source.Faults {
		f := &p.Source.Faults[i]
		closed := f.Closed
		if !closed.Before(to) {
			closed = time.Time{}
		}
		days := Cell{}
		if !closed.IsZero() {
			days = number(inspect.DaysBetween(f.Confirmed, closed))
		}
		t.add(words(f.Key()), words(f.Unit), words(f.Target), link(p.message(f), f.URL), day(f.Seen), day(f.Confirmed), day(f.Ordered), day(f.Due), day(closed), days, number(f.Relapse), words(f.State), words(f.Remedy))
	}
	return Annex{Title: "整改台账明细", Wide: true, Detail: true, Table: t}
}
