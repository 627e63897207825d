package grafana

func rectification() Dashboard {
	const done, open = `sum(xunjian_rectifications{agency=~"$agency", state="verified"})`, `sum(xunjian_rectifications{agency=~"$agency", state=~"verified|ordered|claimed|masked|appealed"})`
	events := func(e string) string {
		return `sum(increase(xunjian_rectification_events_total{event=~"` + e + `"}[$__range]))`
	}
	return Dashboard{UID: "xunjian-rectification", Title: "巡检·整改 Rectification", Description: "问题从确认、交办到复查通过；误判、申诉与豁免。交办只依据经确认的问题。", Filters: []filter{agencyFilter}, Rows: []Row{
		{"现状 Now", []Panel{
			{Kind: Dial, Title: "整改率 Repaired", Unit: "percentunit", Description: "已复查通过的占已交办、待复核、位置消失、申诉中与已整改之和的比例。", Bad: &Steps{0.9, 0.7}, Queries: []Query{{Expr: "(" + done + " or vector(0)) / (" + open + " > 0)"}}, Quiet: true},
			{Kind: Number, Title: "逾期 Overdue", Unit: "short", Description: "已交办、超过期限仍未报告整改。", Bad: &Steps{1, 10}, Link: "/findings?overdue=1", Queries: []Query{{Expr: `sum(xunjian_rectifications_overdue{agency=~"$agency"}) or vector(0)`}}},
			{Kind: Number, Title: "待复核 Claimed", Unit: "short", Description: "单位报告已整改，等待复查。", Link: "/findings?stage=claimed", Queries: []Query{{Expr: `sum(xunjian_rectifications{agency=~"$agency", state="claimed"}) or vector(0)`}}},
			{Kind: Number, Title: "申诉中 Appealed", Unit: "short", Description: "等待另一名监管员决定。", Link: "/appeals", Queries: []Query{{Expr: `sum(xunjian_rectifications{agency=~"$agency", state="appealed"}) or vector(0)`}}},
			{Kind: Number, Width: 8, Title: "豁免 Waivers", Unit: "short", Description: "active 有效、expiring 14天内到期（我们定的）、expired 待程序收回。", Link: "/waivers", Queries: []Query{{Expr: "sum by (state) (xunjian_waivers)", Legend: "{{state}}"}}},
		}},
		{"分布 Breakdown", []Panel{
			{Kind: Bars, Title: "各阶段 Stages", Unit: "short", Description: "suspected 待确认、confirmed 已确认、ordered 已交办、claimed 待复核、masked 位置消失、appealed 申诉中、waived 豁免、verified 已整改、refuted 不成立、lapsed 未复现。", Link: "/findings?stage=${__field.labels.state}", Queries: []Query{{Expr: `sum by (state) (xunjian_rectifications{agency=~"$agency"})`, Legend: "{{state}}"}}},
			{Kind: List, Title: "逾期单位 Overdue agencies", Unit: "short", Description: "有逾期问题的单位。", Link: "/findings?unit=${__data.fields.agency}&overdue=1", Queries: []Query{{Expr: `sort_desc(xunjian_rectifications_overdue{agency=~"$agency"} > 0)`}}, Quiet: true},
			{Kind: Stack, Title: "未了问题 Unsettled", Unit: "short", Description: "按级别：已确认、已交办、待复核、位置消失、申诉中。", Queries: []Query{{Expr: `sum by (severity) (xunjian_rectifications{agency=~"$agency", state=~"confirmed|ordered|claimed|masked|appealed"})`, Legend: "{{severity}}"}}},
			{Kind: Bars, Title: "单位 Agencies", Unit: "short", Description: "未了问题最多的15个单位。", Link: "/findings?unit=${__field.labels.agency}&stage=open", Queries: []Query{{Expr: `topk(15, sum by (agency) (xunjian_rectifications{agency=~"$agency", state=~"confirmed|ordered|claimed|masked|appealed"}))`, Legend: "{{agency}}"}}},
		}},
		{"过程 Process", []Panel{
			{Kind: Stack, Title: "每日事件 Events a day", Unit: "short", Description: "问题每天的变化。", Queries: []Query{{Expr: "sum by (event) (increase(xunjian_rectification_events_total[1d]))", Legend: "{{event}}"}}},
			{Kind: Lines, Title: "整改用时 Time to repair", Unit: "s", Description: "从交办到复查通过的中位数与九成位。", Queries: []Query{
				{Expr: "histogram_quantile(0.5, sum by (le) (rate(xunjian_rectification_duration_seconds_bucket[30d])))", Legend: "P50"}, {Expr: "histogram_quantile(0.9, sum by (le) (rate(xunjian_rectification_duration_seconds_bucket[30d])))", Legend: "P90"}}, Quiet: true},
			{Kind: Number, Width: 8, Title: "复查不通过 Failed rechecks", Unit: "percentunit", Description: "报告已整改而复查仍在的比例（所选时间内）。", Queries: []Query{{Expr: events("failed") + " / (" + events("passed|failed") + " > 0)"}}, Quiet: true},
			{Kind: Number, Width: 8, Title: "误判 Misjudged", Unit: "percentunit", Description: "申诉成立占已决定申诉的比例（所选时间内）：衡量本系统的准确。", Bad: &Steps{0.05, 0.2}, Queries: []Query{{Expr: events("upheld") + " / (" + events("upheld|rejected") + " > 0)"}}, Quiet: true},
			{Kind: Number, Width: 8, Title: "回潮 Reopened", Unit: "short", Description: "已整改后又出现的问题（所选时间内）。", Bad: &Steps{1, 10}, Queries: []Query{{Expr: events("reopened")}}},
		}},
	}}
}
