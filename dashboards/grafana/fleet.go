package grafana

// info joins the names of a site to its series.
const info = " * on (site) group_left (name, agency) xunjian_site_info{agency=~\"$agency\", region=~\"$region\"}"

// of narrows the series of sites to the agencies and regions that are chosen.
const of = " * on (site) group_left () xunjian_site_info{agency=~\"$agency\", region=~\"$region\"}"

func fleet() Dashboard {
	return Dashboard{UID: "xunjian-fleet", Title: "巡检·总览 Fleet", Description: "全部网站与账号的合格情况、问题与监测进度。", Filters: []filter{agencyFilter, regionFilter}, Rows: []Row{
		{"现状 Now", []Panel{
			{Kind: Number, Title: "监测网站 Sites", Unit: "short", Description: "登记在册的网站数。", Link: "/sites", Queries: []Query{{Expr: `count(xunjian_site_info{agency=~"$agency", region=~"$region"})`}}},
			{Kind: Dial, Title: "网站合格率 Compliant", Unit: "percentunit", Description: "最近一次完整检查合格的网站占已有结论网站的比例；未定的不计入。", Bad: &Steps{0.95, 0.9}, Queries: []Query{{Expr: "avg(xunjian_site_compliant" + of + ")"}}},
			{Kind: Number, Title: "打不开 Down now", Unit: "short", Description: "一小时内最近一次能判断的首页访问没有打开的网站数（SV-2）。检查端自身故障时的访问不计。", Bad: &Steps{1, 3}, Link: "/sites", Queries: []Query{{Expr: "count((xunjian_site_up and on (site) time() - xunjian_site_probe_timestamp_seconds < 3600)" + of + " == 0) or vector(0)"}}},
			{Kind: Number, Title: "有单项否决 With veto", Unit: "short", Description: "至少一项单项否决指标成立的网站数。", Bad: &Steps{1, 3}, Link: "/findings?severity=veto&stage=open", Queries: []Query{{Expr: "count(sum by (site) (xunjian_site_veto_open" + of + ") > 0) or vector(0)"}}},
			{Kind: Number, Title: "逾期整改 Overdue", Unit: "short", Description: "已交办、超过期限仍未报告整改的问题数。", Bad: &Steps{1, 10}, Link: "/findings?overdue=1", Queries: []Query{{Expr: `sum(xunjian_rectifications_overdue{agency=~"$agency"}) or vector(0)`}}},
			{Kind: Dial, Title: "账号合格率 Accounts", Unit: "percentunit", Description: "合格的政务新媒体账号占已有结论账号的比例；采集失败的为未定，不计入。", Bad: &Steps{0.95, 0.9}, Queries: []Query{{Expr: `avg(xunjian_media_compliant * on (account) group_left () xunjian_media_account_info{agency=~"$agency", region=~"$region"})`}}},
		}},
		{"趋势 Trends", []Panel{
			{Kind: Stack, Title: "结论 Verdicts", Unit: "short", Description: "合格、不合格与未定的网站数。", Queries: []Query{{Expr: "sum by (verdict) (xunjian_site_verdict" + of + ")", Legend: "{{verdict}}"}}},
			{Kind: Stack, Title: "计入的问题 Open findings", Unit: "short", Description: "按级别的问题数：veto 单项否决、deduct 扣分、advise 提示。未能判定与待确认的不在其中。", Queries: []Query{{Expr: "sum by (severity) (xunjian_site_open_findings" + of + ")", Legend: "{{severity}}"}}},
			{Kind: Lines, Title: "平均可用率 Availability", Unit: "percentunit", Description: "各网站最近7天首页可用率的平均与最低（SV-2 的线为95%）。", Queries: []Query{{Expr: `avg(xunjian_site_availability_ratio{window="7d"}` + of + ")", Legend: "平均 mean"}, {Expr: `min(xunjian_site_availability_ratio{window="7d"}` + of + ")", Legend: "最低 lowest"}}},
			{Kind: Stack, Title: "问题分类 By family", Unit: "short", Description: "按检查类别的问题数（属实）。", Queries: []Query{{Expr: `sum by (family) (xunjian_site_findings{outcome="fail"}` + of + ")", Legend: "{{family}}"}}},
		}},
		{"排名 Ranking", []Panel{
			{Kind: Bars, Title: "各单位问题数 By agency", Unit: "short", Description: "问题最多的15个责任单位。", Link: "/findings?unit=${__field.labels.agency}&stage=open", Queries: []Query{{Expr: "topk(15, sum by (agency) (xunjian_site_open_findings * on (site) group_left (agency) xunjian_site_info{agency=~\"$agency\", region=~\"$region\"}))", Legend: "{{agency}}"}}},
			{Kind: Bars, Title: "指标 By indicator", Unit: "short", Description: "问题最多的15项指标。", Link: "/rules", Queries: []Query{{Expr: "topk(15, sum by (indicator) (xunjian_site_open_findings" + of + "))", Legend: "{{indicator}}"}}},
			{Kind: List, Title: "得分最低 Lowest scores", Unit: "short", Description: "适用扣分的网站中得分最低的20个；部分分值未经核实，见评分卡。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "bottomk(20, xunjian_site_score" + info + ")"}}},
			{Kind: List, Title: "完成度最低 Lowest coverage", Unit: "percentunit", Description: "应做的检查中实际做成的比例最低的20个网站：未能判定的不扣分，但结论不完整。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "bottomk(20, xunjian_site_coverage_ratio" + info + ")"}}},
		}},
		{"监测进度 Progress", []Panel{
			{Kind: Dial, Title: "栏目检查24小时内 Columns in 24 h", Width: 6, Unit: "percentunit", Description: "24小时内完成栏目检查的网站比例（默认每天一次）。", Bad: &Steps{0.95, 0.8}, Queries: []Query{{Expr: `(count((time() - xunjian_site_last_success_timestamp_seconds{scope="columns"})` + of + ` < 86400) or vector(0)) / count(xunjian_site_info{agency=~"$agency", region=~"$region"})`}}},
			{Kind: Dial, Title: "全站检查8天内 Rounds in 8 d", Width: 6, Unit: "percentunit", Description: "8天内完成全站检查的网站比例（默认每周一次，含一天余量）。", Bad: &Steps{0.95, 0.8}, Queries: []Query{{Expr: `(count((time() - xunjian_site_last_success_timestamp_seconds{scope="whole"})` + of + ` < 691200) or vector(0)) / count(xunjian_site_info{agency=~"$agency", region=~"$region"})`}}},
			{Kind: Number, Title: "自身异常 Incidents", Width: 6, Unit: "short", Description: "未结束的监测端异常：line 线路、wave 同类故障潮、canary 自检、collector 采集。期间不指责任何网站。", Bad: &Steps{1, 2}, Link: "/ops", Queries: []Query{{Expr: "sum by (kind) (xunjian_incidents_open)", Legend: "{{kind}}"}}},
			{Kind: Number, Title: "指标刷新 Snapshot age", Width: 6, Unit: "s", Description: "网站与账号指标是多久以前生成的。", Bad: &Steps{120, 600}, Queries: []Query{{Expr: "time() - max(xunjian_fleet_snapshot_timestamp_seconds)"}}},
			{Kind: List, Title: "没有近况的网站 Not seen", Unit: "short", Description: "一小时内没有一次能判断的首页访问的网站：是否打得开现在不知道，不算打不开。维护时段内会出现。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "xunjian_site_info{agency=~\"$agency\", region=~\"$region\"} unless on (site) (time() - xunjian_site_probe_timestamp_seconds < 3600)"}}, Quiet: true},
		}},
	}}
}
