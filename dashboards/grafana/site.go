package grafana

func site() Dashboard {
	const me = `{site="$site"}`
	return Dashboard{UID: "xunjian-site", Title: "巡检·单个网站 One site", Description: "一个网站的可用性、评分、问题与栏目。", Filters: []filter{siteFilter}, Rows: []Row{
		{"现状 Now", []Panel{
			{Kind: Number, Title: "得分 Score", Unit: "short", Description: "最近一次完整检查扣分后的剩余分（满分100）；不适用扣分的网站没有。", Bad: &Steps{80, 60}, Link: "/sites/$site", Queries: []Query{{Expr: "xunjian_site_score" + me, Legend: "得分"}}, Quiet: true},
			{Kind: Number, Title: "单项否决 Vetoes", Unit: "short", Description: "成立的单项否决指标数。", Bad: &Steps{1, 1}, Link: "/findings?site=$site&severity=veto&stage=open", Queries: []Query{{Expr: "sum(xunjian_site_veto_open" + me + ")", Legend: "单项否决"}}},
			{Kind: Dial, Title: "完成度 Coverage", Unit: "percentunit", Description: "应做的检查中做成的比例。", Bad: &Steps{0.95, 0.8}, Queries: []Query{{Expr: "xunjian_site_coverage_ratio" + me}}},
			{Kind: Number, Title: "首页剩余 Home left", Unit: "s", Description: "首页距更新期限的时间（SV-3）；负数为已超过。", Bad: &Steps{172800, 0}, Link: "/sites/$site", Queries: []Query{{Expr: "xunjian_site_home_due_timestamp_seconds" + me + " - time()"}}},
			{Kind: Number, Title: "证书剩余 Certificate left", Unit: "s", Description: "首页证书到期前的时间；不用HTTPS的网站没有。", Bad: &Steps{1209600, 259200}, Link: "/sites/$site", Queries: []Query{{Expr: "xunjian_site_tls_not_after_timestamp_seconds" + me + " - time()"}}, Quiet: true},
			{Kind: Number, Title: "上次检查 Last round", Unit: "s", Description: "距最近一次完整的全站检查多久。", Bad: &Steps{691200, 1209600}, Link: "/sites/$site", Queries: []Query{{Expr: `time() - xunjian_site_last_success_timestamp_seconds{site="$site", scope="whole"}`}}},
		}},
		{"可用性 Availability", []Panel{
			{Kind: States, Title: "状态 Up", Unit: "short", Description: "首页是否打开（1或0）；空白是当时不能判断。", Link: "/sites/$site", Queries: []Query{{Expr: "xunjian_site_up" + me, Legend: "首页"}}},
			{Kind: Lines, Title: "可用率 Availability", Unit: "percentunit", Description: "最近7天、30天打开的比例；超过15秒计为未打开（SV-2）。", Queries: []Query{{Expr: "xunjian_site_availability_ratio" + me, Legend: "{{window}}"}}},
			{Kind: Lines, Title: "各阶段耗时 Phases", Unit: "s", Description: "最近一次访问：解析、连接、加密、首字节、全部。", Queries: []Query{{Expr: "xunjian_site_probe_duration_seconds" + me, Legend: "{{phase}}"}}},
			{Kind: Lines, Title: "状态码 Status", Unit: "none", Description: "首页最近一次访问的HTTP状态码，0为没有应答。", Queries: []Query{{Expr: "xunjian_site_http_status_code" + me, Legend: "状态码"}}},
		}},
		{"问题 Findings", []Panel{
			{Kind: Stack, Title: "按指标 By indicator", Unit: "short", Description: "计入的问题。", Link: "/findings?site=$site&stage=open", Queries: []Query{{Expr: "sum by (indicator) (xunjian_site_open_findings" + me + ")", Legend: "{{indicator}}"}}},
			{Kind: Stack, Title: "按类别与结果 By family and outcome", Unit: "short", Description: "fail 属实、review 待人工确认、suspected 待再次发现、unknown 未能判定。", Queries: []Query{{Expr: "sum by (family, outcome) (xunjian_site_findings" + me + ")", Legend: "{{family}} {{outcome}}"}}},
			{Kind: Lines, Title: "得分 Score", Unit: "short", Description: "每次完整检查后的得分。", Queries: []Query{{Expr: "xunjian_site_score" + me, Legend: "得分"}}, Quiet: true},
			{Kind: Lines, Title: "链接 Links", Unit: "short", Description: "损坏与未能判定的链接数。", Link: "/findings?site=$site&check=link-*&stage=open", Queries: []Query{{Expr: `xunjian_site_links{site="$site", result!="ok"}`, Legend: "{{result}}"}}},
		}},
		{"内容 Content", []Panel{
			{Kind: Bars, Title: "栏目 Columns", Unit: "short", Description: "各状态的栏目数：fresh 正常、due_soon 三日内到期、stale 超期、empty 空白、unknown 未能判定、exempt 不适用。", Link: "/sites/$site", Queries: []Query{{Expr: "sum by (state) (xunjian_site_columns" + me + ")", Legend: "{{state}}"}}},
			{Kind: Stack, Title: "页面 Pages", Unit: "short", Description: "每次完整检查读取的页面：有变化、未变化、失败、略过。", Queries: []Query{{Expr: "xunjian_site_pages" + me, Legend: "{{state}}"}}},
			{Kind: Number, Width: 8, Title: "答复中位数 Median reply", Unit: "none", Description: "留言到答复的中位工作日数；简单问题5个工作日（D-20）。没有可判断的留言则没有。", Bad: &Steps{4, 6}, Queries: []Query{{Expr: "xunjian_site_reply_median_workdays" + me}}, Quiet: true},
			{Kind: Bars, Width: 8, Title: "留言 Messages", Unit: "short", Description: "答复时间可判断的留言、超过时限的、未答复的、未能判定的。", Queries: []Query{{Expr: "sum by (state) (xunjian_site_messages" + me + ")", Legend: "{{state}}"}}},
			{Kind: Number, Width: 8, Title: "检查用时 Round", Unit: "s", Description: "最近一次完整检查从开始到结束的时间。", Queries: []Query{{Expr: "xunjian_site_round_duration_seconds" + me}}},
		}},
	}}
}
