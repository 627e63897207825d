package period

import (
	"fmt"
	"slices"

	"github.com/xunjian/xunjian/inspect"
)

// figures counts all that papers print.
func (c *compiler) figures() {
	c.population("sites", "网站", "家", func(t *Target) bool { return t.Kind == inspect.Website })
	c.population("accounts", "政务新媒体账号", "个", func(t *Target) bool { return t.Kind == inspect.Account })
	for _, p := range inspect.Platforms {
		on := func(t *Target) bool { return t.Kind == inspect.Account && t.Platform == p }
		if slices.ContainsFunc(c.b.Targets, func(t Target) bool { return on(&t) }) {
			c.population("accounts."+string(p), p.Chinese()+"账号", "个", on)
		}
	}
	f := &c.b.Figures
	f.change("sites.pass_rate.change", "网站合格率比上期", "sites.pass_rate", int64(c.before.Sites.Passed), int64(c.before.Sites.Judged()))
	f.change("accounts.pass_rate.change", "账号合格率比上期", "accounts.pass_rate", int64(c.before.Media.Passed), int64(c.before.Media.Judged()))
	c.scores()
	c.coverage()
	c.faultFigures()
	c.problems()
	c.lifeFigures()
	c.accessFigures()
	c.handed()
}

// keys are the ids of the targets that a claim takes.
func (c *compiler) keys(claim func(*Target) bool) (out []string) {
	for i := range c.b.Targets {
		if t := &c.b.Targets[i]; claim(t) {
			out = append(out, t.ID)
		}
	}
	return out
}

// population counts targets of a kind by what became of them.
func (c *compiler) population(id, name, unit string, of func(*Target) bool) {
	f := &c.b.Figures
	and := func(claim func(*Target) bool) []string {
		return c.keys(func(t *Target) bool { return of(t) && claim(t) })
	}
	verdict := func(d inspect.Decision) []string { return and(func(t *Target) bool { return t.Verdict == d }) }
	f.count(id+".registered", "登记"+name, unit, "登记在册、本期末没有注销的", and(func(*Target) bool { return true }))
	f.count(id+".checked", "检查"+name, unit, "本期有完整检查的", and(func(t *Target) bool { return t.Inspection != "" }))
	f.count(id+".unchecked", "未检查"+name, unit, "本期没有完整检查的", and(func(t *Target) bool { return t.Inspection == "" }))
	f.count(id+".passed", "合格"+name, unit, "本期最后一次完整检查合格的", verdict(inspect.Passed))
	f.count(id+".failed", "不合格"+name, unit, "本期最后一次完整检查不合格的", verdict(inspect.Failed))
	f.count(id+".undecided", "未定"+name, unit, "本期最后一次完整检查有未能判定或待人工确认的决定性问题的", verdict(inspect.Undecided))
	f.count(id+".judged", "有结论的"+name, unit, "合格的与不合格的，未定的不计", append(verdict(inspect.Passed), verdict(inspect.Failed)...))
	f.rate(id+".checked_rate", name+"检查比例", id+".checked", id+".registered")
	f.rate(id+".pass_rate", name+"合格率", id+".passed", id+".judged")
	f.count(id+".faulty", "有问题的"+name, unit, "本期末有已确认未整改问题的", and(func(t *Target) bool { return t.Open > 0 }))
}

// scores are of portals, whose deduction part is counted.
func (c *compiler) scores() {
	f := &c.b.Figures
	var sum int64
	var unverified int
	scored := c.keys(func(t *Target) bool { return t.Scored })
	for i := range c.b.Targets {
		if t := &c.b.Targets[i]; t.Scored {
			sum += int64(t.Points*100 + 0.5)
			if t.Unverified {
				unverified++
			}
		}
	}
	f.count("scores.counted", "计分的门户网站", "家", "适用扣分指标并有完整检查的", scored)
	f.sum("scores.unverified", "所依分值未经核实的门户网站", "家", "其得分所依分值有未经核实的", unverified)
	*f = append(*f, Figure{ID: "scores.mean", Name: "门户网站平均得分", Form: Mean, N: sum, D: 100 * int64(len(scored)), Unit: "分", Rule: "各家得分之和 ÷ scores.counted", Why: none(len(scored), "没有计分的门户网站")})
}

func none(n int, why string) string {
	if n == 0 {
		return why
	}
	return ""
}

// total adds up a number of all targets that a claim takes.
func (c *compiler) total(claim func(*Target) bool, of func(*Target) int) (n int) {
	for i := range c.b.Targets {
		if t := &c.b.Targets[i]; claim(t) {
			n += of(t)
		}
	}
	return n
}

func site(t *Target) bool    { return t.Kind == inspect.Website }
func account(t *Target) bool { return t.Kind == inspect.Account }
func each(*Target) bool      { return true }

// coverage is how much of what was due could be measured.
func (c *compiler) coverage() {
	f := &c.b.Figures
	due, untold := c.total(each, func(t *Target) int { return t.Due }), c.total(each, func(t *Target) int { return t.Untold })
	f.sum("coverage.due", "应判定项", "项", "各对象最后一次检查应判定的项数之和", due)
	f.sum("coverage.untold", "未能判定项", "项", "其中未能判定的，不扣分", untold)
	f.sum("coverage.told", "已判定项", "项", "coverage.due − coverage.untold", due-untold)
	f.rate("coverage.rate", "覆盖率", "coverage.told", "coverage.due")
	f.sum("pages.read", "读取页面", "个", "各网站最后一次检查读取的页面数之和", c.total(site, func(t *Target) int { return t.Pages }))
	f.sum("links.asked", "检查链接", "个", "各网站最后一次检查检查的链接数之和", c.total(site, func(t *Target) int { return t.Links }))
	f.sum("links.broken", "打不开的链接", "个", "其中打不开的", c.total(site, func(t *Target) int { return t.Broken }))
	f.rate("links.rate", "打不开的链接比例", "links.broken", "links.asked")
	f.sum("columns.watched", "有更新期限的栏目", "个", "各网站最后一次检查计时的栏目数之和", c.total(site, func(t *Target) int { return t.Watched }))
	f.sum("columns.soon", "即将到期的栏目", "个", fmt.Sprintf("其中距期限不超过 %d 天的（天数为本系统所定）", SoonDays), c.total(site, func(t *Target) int { return t.DueSoon }))
}

// faultFigures count confirmed faults: what came and went, and what stands.
func (c *compiler) faultFigures() {
	f := &c.b.Figures
	from, to := c.span.From, c.span.To
	isNew := func(x *Fault) bool { return c.span.Holds(x.Confirmed) }
	open := func(x *Fault) bool { return x.OpenAt(to) }
	c.pick("faults.new", "新确认问题", "本期确认的，后来查明不成立的不计", isNew)
	for _, s := range severities {
		c.pick("faults.new."+string(s), "新确认"+severityWord(s)+"问题", "本期确认的"+severityWord(s)+"问题", func(x *Fault) bool { return isNew(x) && x.Severity == s })
	}
	c.pick("faults.fixed", "本期整改到位", "本期复核通过的", func(x *Fault) bool { return c.span.Holds(x.Closed) })
	c.pick("faults.open", "期末未整改问题", "期末仍未复核通过、未豁免的", open)
	for _, s := range severities {
		c.pick("faults.open."+string(s), "期末未整改"+severityWord(s)+"问题", "期末未整改的"+severityWord(s)+"问题", func(x *Fault) bool { return open(x) && x.Severity == s })
	}
	c.pick("faults.overdue", "逾期未整改问题", "期末未整改、已过交办的整改期限而没有报告整改的", func(x *Fault) bool { return x.OverdueAt(to) })
	c.pick("faults.relapsed", "反复出现问题", "本期确认、此前曾整改到位的", func(x *Fault) bool { return isNew(x) && x.Relapse > 0 })
	c.pick("faults.waived", "豁免问题", "期末处于豁免期的", func(x *Fault) bool { return x.Stage(to) == inspect.StageWaived })
	c.pick("repairs.before", "上期遗留问题", "期初未整改的", func(x *Fault) bool { return x.OpenAt(from) })
	c.pick("repairs.fixed", "上期遗留已整改", "期初未整改、本期复核通过的", func(x *Fault) bool { return x.OpenAt(from) && c.span.Holds(x.Closed) })
	f.rate("repairs.rate", "上期遗留整改率", "repairs.fixed", "repairs.before")
	due, inTime := c.ordersDue()
	f.count("orders.due", "本期到期的整改", "条", "整改期限在本期内、到期时成立（没有豁免或认定不成立）的；到期前已报告整改而尚未复核的不计", due)
	f.count("orders.in_time", "按期整改", "条", "其中在期限内报告整改、后来复核通过的，或在期限内复核通过的", inTime)
	f.rate("orders.rate", "按期整改率", "orders.in_time", "orders.due")
	f.sum("faults.dropped", "经核实不成立", "条", "本期经核查或申诉认定不成立的", len(c.b.Dropped))
	f.sum("pending.total", "待确认", "条", "期末已发现而未确认的，不计入通报", len(c.b.Pending))
	f.count("units.faulty", "有未整改问题的单位", "个", "期末有已确认未整改问题的", distinct(c.b.Faults, func(x *Fault) (string, bool) { return x.Unit, open(x) }))
}

// ordersDue are the faults whose last day lies in the period, and those of them
// that were repaired by then, in the period or before.
func (c *compiler) ordersDue() (due, inTime []string) {
	for i := range c.orders {
		due = append(due, c.orders[i].Key())
		if c.orders[i].InTime() {
			inTime = append(inTime, c.orders[i].Key())
		}
	}
	return due, inTime
}

// severities are those that faults are counted by.
var severities = []inspect.Part{inspect.Veto, inspect.Deduction, inspect.Advice}

// severityWord is a severity in print.
func severityWord(p inspect.Part) string {
	if p == inspect.Advice {
		return "建议类"
	}
	return p.Chinese() + "类"
}

// pick counts the confirmed faults that a claim takes.
func (c *compiler) pick(id, name, rule string, claim func(*Fault) bool) {
	var keys []string
	for i := range c.b.Faults {
		if x := &c.b.Faults[i]; claim(x) {
			keys = append(keys, x.Key())
		}
	}
	c.b.Figures.count(id, name, "条", rule, keys)
}

func distinct(fs []Fault, of func(*Fault) (string, bool)) (out []string) {
	for i := range fs {
		if k, ok := of(&fs[i]); ok {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lifeFigures count what was published and visited.
func (c *compiler) lifeFigures() {
	f := &c.b.Figures
	items := 0
	for _, x := range c.b.Columns {
		items += x.Items
	}
	f.sum("volume.columns", "登记栏目", "个", "各网站登记的栏目数之和", len(c.b.Columns))
	f.sum("volume.items", "栏目发布信息", "条", "列表中读到的、标注日期在本期的信息；列表只读最新若干条，是下限", items)
	c.genres(items)
	f.sum("volume.posts", "账号发布信息", "条", "各账号来源中发布日期在本期的", c.total(account, func(t *Target) int { return t.Posts }))
	f.count("volume.posts_known", "来源可读的账号", "个", "本期至少有一个来源读得到的", c.keys(func(t *Target) bool { return account(t) && t.PostsKnown }))
	f.sum("visits.made", "访问首页", "次", "按时间表访问首页的次数", c.total(site, func(t *Target) int { return t.Visited }))
	told, failed := c.total(site, func(t *Target) int { return t.Told }), c.total(site, func(t *Target) int { return t.Failed })
	f.sum("visits.told", "能判定的访问", "次", "其中能判定成败的", told)
	f.sum("visits.opened", "成功访问", "次", "其中打得开的", told-failed)
	f.rate("visits.rate", "首页可用率", "visits.opened", "visits.told")
	docs, paired := 0, 0
	for _, x := range c.policy {
		docs, paired = docs+x.Documents, paired+x.Paired
	}
	if len(c.policy) == 0 {
		f.unknown("policy.documents", "发布政策文件", "件", "没有网站登记了政策文件栏目，或本期未读到其列表")
		f.unknown("policy.paired", "已有解读的政策文件", "件", "没有网站登记了政策文件栏目，或本期未读到其列表")
	} else {
		f.sum("policy.documents", "发布政策文件", "件", "政策文件栏目中标注日期在本期的", docs)
		f.sum("policy.paired", "已有解读的政策文件", "件", "其中与解读确定对应的", paired)
	}
	f.rate("policy.rate", "政策解读率", "policy.paired", "policy.documents")
	f.unknown("policy.forms", "解读形式", "种", "解读形式只在检查时判定，不入库")
	c.pick("letters.late", "留言答复超期", "本期确认的留言答复超期问题（message-late、message-unanswered）", func(x *Fault) bool {
		return c.span.Holds(x.Confirmed) && (x.Check == "message-late" || x.Check == "message-unanswered")
	})
	f.unknown("letters.days", "平均答复时间", "天", "只存超期的留言，不存每封留言的时间")
}

// genres counts what was published by what columns are for.
func (c *compiler) genres(total int) {
	f := &c.b.Figures
	for _, g := range inspect.Genres {
		n, columns := 0, 0
		for _, x := range c.b.Columns {
			if x.Genre == g {
				n, columns = n+x.Items, columns+1
			}
		}
		if columns > 0 {
			id := "volume.genre." + string(g)
			f.sum(id, GenreWord(g)+"栏目发布信息", "条", "volume.items 中"+GenreWord(g)+"类栏目的", n)
			f.rate(id+".rate", GenreWord(g)+"类占比", id, "volume.items")
		}
	}
}

// GenreWord is what a column is for, in print.
func GenreWord(g inspect.Genre) string {
	switch g {
	case inspect.News:
		return "动态要闻"
	case inspect.Notice:
		return "通知公告"
	case inspect.Policy:
		return "政策文件"
	case inspect.Interpretation:
		return "政策解读"
	case inspect.Messages:
		return "留言公开"
	case inspect.ServiceStats:
		return "办事统计"
	case inspect.MessageStats:
		return "留言统计"
	case inspect.Service:
		return "办事服务"
	case inspect.Survey:
		return "征集调查"
	case inspect.AnnualReport:
		return "信息公开年报"
	case inspect.Personnel:
		return "人事信息"
	case inspect.Planning:
		return "规划计划"
	case inspect.Topic:
		return "专题专栏"
	case inspect.Profile:
		return "概况机构"
	case inspect.Entrance:
		return "入口"
	}
	return "其他"
}

// problems counts the faults that annex 3 lists, by check.
func (c *compiler) problems() {
	listed := func(x *Fault) bool { return x.Stage(c.span.To) != inspect.StageWaived }
	c.pick("problems.total", "通报问题", "本期内存在过的已确认问题，期末处于豁免期的不列", listed)
	for _, s := range severities {
		c.pick("problems."+string(s), severityWord(s)+"通报问题", "其中"+severityWord(s)+"的", func(x *Fault) bool { return listed(x) && x.Severity == s })
	}
	for _, check := range c.b.Checks() {
		c.pick("problems."+check, check, "problems.total 中检查项 "+check+" 的", func(x *Fault) bool { return listed(x) && x.Check == check })
	}
}

// accessFigures are of the last inspections of sites.
func (c *compiler) accessFigures() {
	f := &c.b.Figures
	var with []string
	faults, places, sampled := 0, 0, 0
	for _, a := range c.b.Access {
		if a.Faults > 0 {
			with = append(with, a.Site)
		}
		faults, places, sampled = faults+a.Faults, places+a.Places, sampled+a.Sampled
	}
	f.count("access.sites", "有无障碍问题的网站", "家", "最后一次检查有无障碍问题的", with)
	f.sum("access.faults", "无障碍问题", "处", "各网站最后一次检查的无障碍问题数之和", faults)
	f.sum("access.places", "涉及页面", "页次", "其所在页面数之和", places)
	f.sum("access.sampled", "浏览器抽样页面", "个", "其中用浏览器抽样检查的页面", sampled)
}

// handedIDs are the numbers that only people know, with their names and units.
var handedIDs = []struct{ id, name, unit string }{
	{"errors.received", "网民找错留言", "条"}, {"errors.closed", "按期办结的找错留言", "条"}, {"errors.days", "找错留言平均办理天数", "天"},
}

// HandedIDs are the figures that people may fill in.
func HandedIDs() (out []string) {
	for _, x := range handedIDs {
		out = append(out, x.id)
	}
	return out
}

// CanHand reports whether people may fill a figure in.
func CanHand(id string) bool { return slices.Contains(HandedIDs(), id) }

// handed adds what people filled in, and says of the rest that nobody did.
func (c *compiler) handed() {
	f := &c.b.Figures
	for _, x := range handedIDs {
		i := slices.IndexFunc(c.b.Handed, func(h Handed) bool { return h.ID == x.id })
		if i < 0 {
			f.unknown(x.id, x.name, x.unit, "来自“政府网站找错”平台，本系统没有接入，也没有人填报")
			continue
		}
		h := c.b.Handed[i]
		*f = append(*f, Figure{ID: x.id, Name: x.name, Form: Count, N: h.Value, Unit: x.unit, Rule: "人工填报：" + h.By})
	}
	f.rate("errors.rate", "找错留言按期办结率", "errors.closed", "errors.received")
}
