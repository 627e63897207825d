package grafana

func clocks() Dashboard {
	const account = ` * on (account) group_left (name, agency, platform) xunjian_media_account_info{agency=~"$agency", platform=~"$platform"}`
	return Dashboard{UID: "xunjian-clocks", Title: "巡检·栏目与账号时钟 Columns and accounts", Description: "栏目、首页与政务新媒体账号距更新期限还有多久。期限取自检查指标；读不到日期的为未能判定，不算超期。",
		Filters: []filter{agencyFilter, regionFilter, platformFilter}, Rows: []Row{
			{"栏目 Columns", []Panel{
				{Kind: Number, Width: 6, Title: "超期栏目 Stale", Unit: "short", Description: "超过期限未更新的栏目（SV-4、D-04、D-05 等）。", Bad: &Steps{1, 10}, Queries: []Query{{Expr: `sum(xunjian_site_columns{state="stale"}` + of + ")"}}},
				{Kind: Number, Width: 6, Title: "空白栏目 Empty", Unit: "short", Description: "没有内容的栏目（SV-4c）。", Bad: &Steps{1, 5}, Queries: []Query{{Expr: `sum(xunjian_site_columns{state="empty"}` + of + ")"}}},
				{Kind: Number, Width: 6, Title: "三日内到期 Due soon", Unit: "short", Description: "距期限不足3天的栏目（3天是我们定的）。", Bad: &Steps{1, 20}, Queries: []Query{{Expr: `sum(xunjian_site_columns{state="due_soon"}` + of + ")"}}},
				{Kind: Number, Width: 6, Title: "未能判定 Unknown", Unit: "short", Description: "没有读到日期的栏目，不算超期。", Bad: &Steps{10, 50}, Queries: []Query{{Expr: `sum(xunjian_site_columns{state="unknown"}` + of + ")"}}},
				{Kind: Stack, Title: "状态趋势 States", Unit: "short", Description: "全部网站各状态的栏目数。", Queries: []Query{{Expr: "sum by (state) (xunjian_site_columns" + of + ")", Legend: "{{state}}"}}},
				{Kind: List, Title: "超期最多的网站 Worst sites", Unit: "short", Description: "超期栏目最多的20个网站。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: `topk(20, xunjian_site_columns{state="stale"}` + info + " > 0)"}}, Quiet: true},
				{Kind: List, Title: "超期最久的栏目 Longest overdue", Unit: "s", Description: "超过期限最久的50个栏目（来自 /metrics/columns）。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "topk(50, (time() - xunjian_column_due_timestamp_seconds > 0) * on (site, column) group_left (name, kind) xunjian_column_info" + of + ")"}}, Quiet: true},
				{Kind: List, Title: "即将到期的栏目 Next due", Unit: "s", Description: "三日内到期的栏目（来自 /metrics/columns）。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "bottomk(50, (xunjian_column_due_timestamp_seconds - time() > 0 < 259200) * on (site, column) group_left (name, kind) xunjian_column_info" + of + ")"}}, Quiet: true},
			}},
			{"首页 Home pages", []Panel{
				{Kind: List, Title: "首页期限 Home pages left", Unit: "s", Description: "首页距更新期限最近的30个网站（SV-3）；负数为已超过。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "bottomk(30, (xunjian_site_home_due_timestamp_seconds - time())" + info + ")"}}},
				{Kind: Lines, Title: "首页最短剩余 Least left", Unit: "s", Description: "全部首页中距期限最近者的剩余时间。", Queries: []Query{{Expr: "min((xunjian_site_home_due_timestamp_seconds - time())" + of + ")", Legend: "最短 least"}}},
			}},
			{"政务新媒体 New media", []Panel{
				{Kind: Bars, Width: 8, Title: "账号数 Accounts", Unit: "short", Description: "登记在册的账号，按平台。", Link: "/media", Queries: []Query{{Expr: `count by (platform) (xunjian_media_account_info{agency=~"$agency", platform=~"$platform"})`, Legend: "{{platform}}"}}},
				{Kind: Bars, Width: 8, Title: "合格率 Compliant", Unit: "percentunit", Description: "已有结论账号的合格率，按平台。", Queries: []Query{{Expr: "avg by (platform) (xunjian_media_compliant" + account + ")", Legend: "{{platform}}"}}},
				{Kind: Number, Width: 8, Title: "两日内到期 Due soon", Unit: "short", Description: "距更新期限不足2天或已超过的账号（2天是我们定的）。", Bad: &Steps{1, 5}, Queries: []Query{{Expr: "count((xunjian_media_due_timestamp_seconds - time())" + account + " < 172800) or vector(0)"}}},
				{Kind: List, Title: "账号期限 Accounts left", Unit: "s", Description: "距更新期限最近的30个账号；负数为已超过。", Link: "/media/${__data.fields.account}", Queries: []Query{{Expr: "bottomk(30, (xunjian_media_due_timestamp_seconds - time())" + account + ")"}}},
				{Kind: List, Title: "采集 Sources", Unit: "s", Description: "各平台最近一次成功采集距今多久：采集失败不等于账号不更新。", Link: "/ops", Queries: []Query{{Expr: "time() - max by (platform) (xunjian_media_source_last_success_timestamp_seconds)"}}},
				{Kind: Bars, Title: "账号问题 Findings of accounts", Unit: "short", Description: "账号计入的问题，按指标。", Queries: []Query{{Expr: "sum by (indicator) (xunjian_media_open_findings)", Legend: "{{indicator}}"}}, Quiet: true},
				{Kind: List, Title: "最久未采集的账号 Longest unread", Unit: "s", Description: "30个最久没有成功采集的账号。", Link: "/media/${__data.fields.account}", Queries: []Query{{Expr: "topk(30, (time() - xunjian_media_last_success_timestamp_seconds)" + account + ")"}}},
			}},
		}}
}
