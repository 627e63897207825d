package desk

import (
	"time"

	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// CaseColumns are those of a list of cases; tr is a word in the language of
// whoever reads it.
func (d *Desk) CaseColumns(tr func(string) string) []sheet.Column[*inspect.Case] {
	type c = *inspect.Case
	due := func(x c) time.Time {
		if x.Order == nil {
			return time.Time{}
		}
		return x.Order.Due
	}
	return []sheet.Column[c]{
		sheet.Of("fingerprint", "指纹", func(x c) any { return x.Fingerprint }),
		sheet.Of("stage", "状态", func(x c) any { return tr("状态|" + x.Stage.Chinese()) }),
		sheet.Of("severity", "性质", func(x c) any { return tr(x.Severity.Chinese()) }),
		sheet.Of("unit", "责任单位", func(x c) any { return d.UnitName(x.Unit) }),
		sheet.Of("site", "网站或账号", func(x c) any { return d.TargetName(x.Site) }),
		sheet.Of("check", "检查项", func(x c) any { return d.CheckTitle(x.Check) }),
		sheet.Of("items", "指标", func(x c) any { return x.Items }),
		sheet.Of("message", "问题", func(x c) any { return x.Message }),
		sheet.Of("url", "网址", func(x c) any { return x.URL }),
		sheet.Of("locus", "位置", func(x c) any { return x.Locus }),
		sheet.Of("places", "处数", func(x c) any { return x.Places }),
		sheet.Of("first", "首次发现", func(x c) any { return x.First }),
		sheet.Of("last", "最近发现", func(x c) any { return x.Last }),
		sheet.Of("due", "整改期限", func(x c) any { return due(x) }),
		sheet.Of("relapses", "回潮次数", func(x c) any { return x.Relapses }),
	}
}

// TargetColumns are those of a list of sites or accounts.
func (d *Desk) TargetColumns(tr func(string) string) []sheet.Column[Standing] {
	type s = Standing
	of := func(value func(*inspect.Inspection) any) func(s) any {
		return func(x s) any {
			if x.Last == nil {
				return ""
			}
			return value(x.Last)
		}
	}
	return []sheet.Column[s]{
		sheet.Of("id", "代号", func(x s) any { return x.Site.ID }),
		sheet.Of("name", "名称", func(x s) any { return x.Site.Name }),
		sheet.Of("home", "网址", func(x s) any { return x.Site.Home }),
		sheet.Of("unit", "责任单位", func(x s) any { return x.Site.Unit }),
		sheet.Of("region", "区划", func(x s) any { return x.Site.Region }),
		sheet.Of("verdict", "结论", of(func(in *inspect.Inspection) any { return tr(DecisionWord(in.Grade.Verdict)) })),
		sheet.Of("points", "得分", of(func(in *inspect.Inspection) any {
			if !in.Grade.Scored {
				return ""
			}
			return in.Grade.Points
		})),
		sheet.Of("coverage", "覆盖率", of(func(in *inspect.Inspection) any { return in.Coverage() })),
		sheet.Of("inspected", "检查于", of(func(in *inspect.Inspection) any { return in.Finished })),
		sheet.Of("open", "未了结问题", func(x s) any { return x.Open }),
		sheet.Of("first_due", "最先到期", func(x s) any {
			if c := x.First(); c != nil {
				return c.Name
			}
			return ""
		}),
		sheet.Of("days_left", "剩余天数", func(x s) any {
			if c := x.First(); c != nil {
				return c.Left
			}
			return ""
		}),
	}
}

// OrderColumns are those of a list of orders.
func (d *Desk) OrderColumns() []sheet.Column[inspect.OrderSheet] {
	type o = inspect.OrderSheet
	return []sheet.Column[o]{
		sheet.Of("order", "整改单", func(x o) any { return x.ID }),
		sheet.Of("unit", "责任单位", func(x o) any { return d.UnitName(x.Unit) }),
		sheet.Of("cases", "问题数", func(x o) any { return x.Cases }),
		sheet.Of("open", "未整改", func(x o) any { return x.Open }),
		sheet.Of("due", "整改期限", func(x o) any { return x.Due }),
	}
}

// ClockColumns are those of a list of clocks.
func (d *Desk) ClockColumns() []sheet.Column[Clock] {
	type k = Clock
	return []sheet.Column[k]{
		sheet.Of("target", "代号", func(x k) any { return x.Site.ID }),
		sheet.Of("name", "网站或账号", func(x k) any { return d.TargetName(x.Site.ID) }),
		sheet.Of("unit", "责任单位", func(x k) any { return x.Site.Unit }),
		sheet.Of("column", "栏目", func(x k) any { return x.Name }),
		sheet.Of("url", "网址", func(x k) any { return x.URL }),
		sheet.Of("newest", "最近更新", func(x k) any { return dayText(x.Newest) }),
		sheet.Of("limit", "到期日", func(x k) any { return dayText(x.Limit) }),
		sheet.Of("days_left", "剩余天数", func(x k) any { return x.Left }),
		sheet.Of("unsure", "已到期，待查", func(x k) any { return x.Unsure }),
		sheet.Of("at", "检查于", func(x k) any { return x.At }),
	}
}

func dayText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(inspect.Zone).Format(time.DateOnly)
}

// DecisionWord is a verdict as people read it.
func DecisionWord(d inspect.Decision) string {
	switch d {
	case inspect.Failed:
		return "不合格"
	case inspect.Passed:
		return "未发现不合格情形"
	}
	return "未定"
}
