package paper

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// namesInText is how many are named in a sentence; annexes name all.
const namesInText = 10

// notice is the 检查通报 of a month, a quarter or a year.
func notice(b *period.Bulletin, o Options) []*Paper {
	p := &Paper{Kind: "notice", Name: "通报-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{o.Issuer, "关于" + b.Title + "政府网站和政务新媒体", "检查情况的通报"}
	w := &writer{b, p}
	w.opening()
	w.situation()
	w.problems()
	w.demands()
	p.Annexes = filled(p.failingSites(), p.failingAccounts(), p.faults("问题清单", p.priced()), p.units(), p.access(), p.excused())
	if o.unconfirmed() {
		p.Annexes = append(p.Annexes, filled(p.faults("待确认问题（只供核对，不计入通报）", b.Pending))...)
	}
	p.Annexes = append(p.Annexes, filled(p.advised(), p.sites(), p.accounts(), p.columns(), p.figures())...)
	return []*Paper{p}
}

// opening names the rules and the time.
func (w *writer) opening() {
	r, s := w.b.Rulebook, w.b.Period.Span()
	basis := "现行检查指标"
	if r.Title != "" {
		basis = "《" + r.Title + "》（" + r.Source + "）"
	}
	w.write(Body, "根据{0}，我们对{1}至{2}的政府网站和政务新媒体运行情况进行了检查。检查以系统持续监测为主，须由人判断的事项经人工核实后计入。现将有关情况通报如下。",
		basis, chineseDay(s.From), chineseDay(s.To.Add(-time.Second)))
}

// situation is part one.
func (w *writer) situation() {
	w.write(Head1, "一、总体情况")
	w.write(Head2, "（一）政府网站")
	w.population("sites", "网站", inspect.Website)
	if w.b.Figures.N("scores.counted") > 0 {
		form := "计分的门户网站{scores.counted}，平均得分{scores.mean}"
		if w.b.Figures.N("scores.unverified") > 0 {
			form += "（其中{scores.unverified}所依分值未经核实，得分仅供参考）"
		}
		w.write(Body, form+"。")
	}
	w.write(Head2, "（二）政务新媒体")
	w.population("accounts", "账号", inspect.Account)
	w.platforms()
	w.write(Head2, "（三）整改情况")
	w.repairs()
	w.write(Head2, "（四）信息发布与互动回应")
	w.activity()
	w.write(Head2, "（五）监测质量")
	w.write(Body, "各对象最后一次检查应判定{coverage.due}，已判定{coverage.told}，覆盖率{coverage.rate}；未能判定{coverage.untold}，不计为问题。共读取页面{pages.read}，检查链接{links.asked}，其中打不开{links.broken}。期末另有{pending.total}待确认，未计入本通报。")
	w.chart()
}

// population says how sites or accounts stand.
func (w *writer) population(id, name string, kind inspect.Kind) {
	fs := w.b.Figures
	if fs.N(id+".registered") == 0 {
		w.write(Body, "没有登记的"+name+"。")
		return
	}
	form := expand("登记{#.registered}，检查{#.checked}，占{#.checked_rate}。", id)
	if fs.N(id+".judged") > 0 {
		form += expand("有结论的{#.judged}中，合格{#.passed}，不合格{#.failed}，合格率{#.pass_rate}", id) + w.than(id+".pass_rate.change") + "。"
	}
	if fs.N(id+".undecided") > 0 {
		form += expand("另有{#.undecided}因存在未能判定或待人工确认的事项，结论未定，不计入合格率。", id)
	}
	var names []string
	for i := range w.b.Targets {
		if t := &w.b.Targets[i]; t.Kind == kind && t.Verdict == inspect.Failed {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 {
		w.write(Body, form)
		return
	}
	where := "附件1"
	if kind == inspect.Account && fs.N("sites.failed") > 0 {
		where = "附件2"
	}
	w.write(Body, form+"不合格的"+name+"是：{0}。", named(names, namesInText, where))
}

// expand puts a population's id in a form for #.
func expand(form, id string) string { return strings.ReplaceAll(form, "#", id) }

// platforms says how the accounts of each platform stand.
func (w *writer) platforms() {
	var parts []string
	for _, x := range inspect.Platforms {
		id := "accounts." + string(x)
		if w.b.Figures.N(id+".checked") > 0 {
			parts = append(parts, expand(x.Chinese()+"检查{#.checked}，不合格{#.failed}", id))
		}
	}
	if len(parts) > 1 {
		w.write(Body, "按平台分，"+strings.Join(parts, "；")+"。")
	}
}

// repairs is what became of earlier faults and what came new.
func (w *writer) repairs() {
	fs := w.b.Figures
	if fs.N("repairs.before") == 0 {
		w.write(Body, "期初没有未整改的问题。")
	} else {
		w.write(Body, "期初未整改问题{repairs.before}，本期复核通过{repairs.fixed}，整改率{repairs.rate}。")
	}
	form := "本期新确认问题{faults.new}，其中单项否决类{faults.new.veto}，扣分类{faults.new.deduction}，建议类{faults.new.advice}；本期整改到位{faults.fixed}；期末未整改{faults.open}，其中逾期{faults.overdue}"
	if fs.N("faults.relapsed") > 0 {
		form += "；整改后又出现{faults.relapsed}"
	}
	if fs.N("faults.waived") > 0 {
		form += "；处于豁免期{faults.waived}"
	}
	if fs.N("faults.dropped") > 0 {
		form += "；经核查或申诉认定不成立{faults.dropped}，不计入"
	}
	w.write(Body, form+"。")
	if fs.N("orders.due") > 0 {
		w.write(Body, "整改期限在本期内的{orders.due}，按期整改{orders.in_time}，按期整改率{orders.rate}。")
	}
	if fs.Get("errors.received").Known() {
		w.write(Body, "收到网民找错留言{errors.received}，按期办结{errors.closed}，办结率{errors.rate}。")
	} else {
		w.write(Body, "网民找错留言{errors.received}：{0}。", fs.Get("errors.received").Why)
	}
}

// activity is what was published, interpreted and answered.
func (w *writer) activity() {
	fs := w.b.Figures
	w.write(Body, "登记栏目{volume.columns}，列表页标注日期在本期的信息至少{volume.items}；来源可读的账号{volume.posts_known}，本期发布{volume.posts}。")
	if fs.N("columns.soon") > 0 {
		w.write(Body, "距更新期限不超过{0}天的栏目{columns.soon}，有关单位应及时更新。", fmt.Sprint(period.SoonDays))
	}
	if fs.Get("policy.documents").Known() {
		w.write(Body, "政策文件栏目发布文件{policy.documents}，其中已有解读{policy.paired}，解读率{policy.rate}。")
	} else {
		w.write(Body, "政策解读情况{policy.documents}：{0}。", fs.Get("policy.documents").Why)
	}
	w.write(Body, "新确认留言答复超期问题{letters.late}。平均答复时间{letters.days}：{0}。", fs.Get("letters.days").Why)
	if fs.N("visits.told") > 0 {
		w.write(Body, "按时间表访问首页{visits.made}，能判定的{visits.told}，打得开的{visits.opened}，可用率{visits.rate}。")
	}
	if fs.N("access.faults") > 0 {
		w.write(Body, "有无障碍问题的网站{access.sites}，共{access.faults}、{access.places}，不影响合格与否，供改进。")
	}
}

// problems is part two: each class with who, where, since when.
func (w *writer) problems() {
	w.write(Head1, "二、主要问题")
	checks := w.b.Checks()
	if len(checks) == 0 {
		w.write(Body, "本期没有已确认的问题。")
		return
	}
	w.write(Body, "本期共通报问题{problems.total}，其中单项否决类{problems.veto}、扣分类{problems.deduction}，按类别列举如下，全部见附件“问题清单”；建议类{problems.advice}，供改进，见电子表格“建议改进事项”。")
	n := 0
	for _, check := range checks {
		if w.problem(n+1, check) {
			n++
		}
	}
}

// priced are the faults that cost something; advised those that do not.
func (p *Paper) priced() []period.Fault {
	return p.which(func(s inspect.Part) bool { return s != inspect.Advice })
}

func (p *Paper) advised() Annex {
	a := p.faults("建议改进事项", p.which(func(s inspect.Part) bool { return s == inspect.Advice }))
	a.Detail = true
	return a
}

func (p *Paper) which(claim func(inspect.Part) bool) (out []period.Fault) {
	to := p.Source.Period.Span().To
	for i := range p.Source.Faults {
		if f := &p.Source.Faults[i]; claim(f.Severity) && f.Stage(to) != inspect.StageWaived {
			out = append(out, *f)
		}
	}
	return out
}

// namedFaults is how many faults of a class the text names.
const namedFaults = 3

// problem tells of a class of faults that cost something, and reports whether
// it is one.
func (w *writer) problem(n int, check string) bool {
	var parts []string
	title, remedy := check, ""
	priced := w.p.priced()
	for i := range priced {
		f := &priced[i]
		if f.Check != check {
			continue
		}
		title, remedy = cmp.Or(f.Title, check), f.Remedy
		if len(parts) < namedFaults {
			parts = append(parts, fmt.Sprintf("%s“%s”（%s，%s）", f.Unit, f.Target, strings.TrimSuffix(w.p.message(f), "。"), f.State))
		}
	}
	if len(parts) == 0 {
		return false
	}
	w.write(Head2, "（"+chineseNumber(n)+"）{0}", title)
	form := "共{problems." + check + "}。如{0}。"
	if remedy != "" {
		form += "整改要求：{1}"
	}
	w.write(Body, form, strings.Join(parts, "；"), remedy)
	return true
}

// demands is part three.
func (w *writer) demands() {
	w.write(Head1, "三、工作要求")
	when := "整改单所列期限前"
	if !w.p.Options.Deadline.IsZero() {
		when = chineseDay(w.p.Options.Deadline) + "前"
	}
	w.write(Body, "（一）限期整改。有关单位要对照问题清单逐条核实，于{0}完成整改并在系统中报告，由系统复核；对认定有异议的，可说明理由申诉。", when)
	w.write(Body, "（二）举一反三。即将到期的栏目和账号要提前更新；整改后又出现的问题，要查明原因，完善制度。")
	w.write(Body, "（三）落实责任。严格执行信息发布审核制度，明确专人负责，确保网站和新媒体账号安全、准确、及时运行。")
}
