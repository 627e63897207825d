package grafana

func accessibility() Dashboard {
	const grave = `sum by (site) (xunjian_site_accessibility_violations{impact=~"critical|serious"})`
	return Dashboard{UID: "xunjian-a11y", Title: "巡检·无障碍 Accessibility", Description: "静态无障碍规则与浏览器深度检查所见；影响程度 critical 严重、serious 较大、moderate 一般、minor 轻微，unrated 为浏览器所见，逐条分级见控制台。", Filters: []filter{agencyFilter, regionFilter}, Rows: []Row{
		{"现状 Now", []Panel{
			{Kind: Number, Width: 16, Title: "问题数 Violations", Unit: "short", Description: "按影响程度。", Link: "/findings?check=a11y-*&stage=open", Queries: []Query{{Expr: "sum by (impact) (xunjian_site_accessibility_violations" + of + ")", Legend: "{{impact}}"}}},
			{Kind: Dial, Width: 8, Title: "无严重问题的网站 Clean sites", Unit: "percentunit", Description: "没有严重、较大问题的网站占已检查网站的比例。", Bad: &Steps{0.9, 0.5}, Queries: []Query{{Expr: "(count(" + grave + " == 0) or vector(0)) / count(" + grave + ")"}}},
		}},
		{"趋势与排名 Trends and ranking", []Panel{
			{Kind: Stack, Title: "趋势 Trend", Unit: "short", Description: "按影响程度的问题数。", Queries: []Query{{Expr: "sum by (impact) (xunjian_site_accessibility_violations" + of + ")", Legend: "{{impact}}"}}},
			{Kind: List, Title: "问题最多的网站 Worst sites", Unit: "short", Description: "严重、较大问题最多的20个网站。", Link: "/findings?site=${__data.fields.site}&check=a11y-*&stage=open", Queries: []Query{{Expr: "topk(20, " + grave + info + ")"}}},
			{Kind: Bars, Title: "规则 By rule", Unit: "short", Description: "问题最多的20条规则（全部网站）。", Link: "/rules/${__field.labels.check}", Queries: []Query{{Expr: `topk(20, sum by (check) (xunjian_findings{check=~"a11y.*|elder.*", outcome=~"fail|review"}) > 0)`, Legend: "{{check}}"}}},
			{Kind: Bars, Title: "未能判定 Could not tell", Unit: "short", Description: "未能判定的规则，多为浏览器不可用或页面需要登录。", Queries: []Query{{Expr: `topk(20, sum by (check) (xunjian_findings{check=~"a11y.*|elder.*", outcome="unknown"}) > 0)`, Legend: "{{check}}"}}, Quiet: true},
		}},
		{"检查运行 Checks", []Panel{
			{Kind: Lines, Title: "运行结果 Results", Unit: "ops", Description: "无障碍规则每秒运行次数，按结果；error 是规则自身出错。", Queries: []Query{{Expr: `sum by (result) (rate(xunjian_check_results_total{check=~"a11y.*"}[$__rate_interval]))`, Legend: "{{result}}"}}},
			{Kind: Lines, Title: "浏览器页面 Browser pages", Unit: "ops", Description: "深度检查中浏览器打开的页面，按结果；没有安装 Chromium 时没有。", Queries: []Query{{Expr: "sum by (outcome) (rate(xunjian_browser_pages_total[$__rate_interval]))", Legend: "{{outcome}}"}}, Quiet: true},
		}},
	}}
}
