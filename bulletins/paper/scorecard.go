package paper

import (
	"fmt"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// scorecards are one card for each unit.
func scorecards(b *period.Bulletin, o Options) (out []*Paper) {
	for i := range b.Units {
		out = append(out, scorecard(b, &b.Units[i], o))
	}
	return out
}

func scorecard(b *period.Bulletin, u *period.Unit, o Options) *Paper {
	p := &Paper{Kind: "scorecard", Of: u.Name, Name: "评分卡-" + u.Name + "-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{u.Name, b.Title + "政府网站和政务新媒体评分卡"}
	w := &writer{b, p}
	w.write(Head1, "一、得分")
	p.Blocks = append(p.Blocks, Block{Table: shares(b, u)}, Block{Style: Note, Text: Text{{Text: weightsNote(b)}}})
	w.write(Head1, "二、网站和账号")
	t := &Table{Heads: []ColumnHead{{"名称", 26, Words, 0}, {"类型", 14, Words, 0}, {"检查日", 13, Day, 0}, {"结论", 10, Words, 0}, {"得分", 9, Number, 2}, {"覆盖率", 10, Share, 0}, {"新确认", 9, Number, 0}, {"未整改", 9, Number, 0}, {"逾期", 8, Number, 0}}}
	for i := range b.Targets {
		x := &b.Targets[i]
		if x.Unit != u.Name {
			continue
		}
		kind := "网站"
		if x.Kind == inspect.Account {
			kind = x.Platform.Chinese()
		}
		t.add(words(x.Name), words(kind), day(x.Checked), words(verdictWord(x)), Cell{N: int64(x.Points*100 + 0.5), Some: x.Scored}, share(x.Due-x.Untold, x.Due), number(x.New), number(x.Open), number(x.Overdue))
	}
	p.Blocks = append(p.Blocks, Block{Table: t})
	var mine []period.Fault
	for _, f := range b.Faults {
		if f.Unit == u.Name {
			mine = append(mine, f)
		}
	}
	p.Annexes = filled(p.faults("问题清单", mine))
	return p
}

// shares is how a unit's score comes about.
func shares(b *period.Bulletin, u *period.Unit) *Table {
	t := &Table{Caption: "得分构成", Heads: []ColumnHead{{"项目", 20, Words, 0}, {"怎样计算", 34, Words, 0}, {"分子", 10, Number, 0}, {"分母", 10, Number, 0}, {"比率", 13, Share, 0}, {"权重", 13, Words, 0}}}
	for i, w := range b.Weights {
		s := u.Shares[i]
		t.add(words(w.Name), words(w.Rule), number(s.N), number(s.D), share(s.N, s.D), words(fmt.Sprintf("%g", w.Weight)))
	}
	rank := "未监测，不参加排序"
	if u.Scored() {
		rank = fmt.Sprintf("%s 分，第 %d 位，共 %d 个单位", u.ScoreText(), u.Rank, len(b.Units))
	}
	t.Total = []Cell{words("综合得分"), words(rank), {}, {}, {}, {}}
	return t
}

// appraisal is the yearly ranking of units with its evidence.
func appraisal(b *period.Bulletin, o Options) []*Paper {
	p := &Paper{Kind: "appraisal", Name: "考评-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{o.Issuer, "关于" + b.Title + "政府网站和政务新媒体", "考评情况的通报"}
	w := &writer{b, p}
	w.opening()
	w.write(Head1, "一、考评办法")
	w.write(Body, "对{units.total}按合格率、更新及时率、按期整改率、首页可用率加权评分，只比各自的比率，不比数量；没有相应情形的项不计。")
	w.write(Head1, "二、考评结果")
	t := &Table{Caption: b.Title + "考评得分", Heads: []ColumnHead{{"位次", 8, Number, 0}, {"单位", 28, Words, 0}, {"得分", 12, Number, 2}}}
	for _, x := range b.Weights {
		t.Heads = append(t.Heads, ColumnHead{x.Name, 13, Share, 0})
	}
	for i := range b.Units {
		u := &b.Units[i]
		row := []Cell{maybe(u.Rank, u.Scored()), words(u.Name), {N: u.Score, Some: u.Scored()}}
		for _, s := range u.Shares {
			row = append(row, share(s.N, s.D))
		}
		t.add(row...)
	}
	p.Blocks = append(p.Blocks, Block{Table: t}, Block{Style: Note, Text: Text{{Text: weightsNote(b)}}})
	w.write(Head1, "三、全年情况")
	w.population("sites", "网站", inspect.Website)
	w.population("accounts", "账号", inspect.Account)
	w.repairs()
	w.chart()
	p.Annexes = filled(p.units(), p.failingSites(), p.failingAccounts(), p.faults("问题清单", p.priced()), p.advised(), p.excused(), p.sites(), p.accounts(), p.figures())
	return []*Paper{p}
}
