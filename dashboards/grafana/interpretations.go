package grafana

func interpretations() Dashboard {
	const share = `1 - sum(xunjian_site_interpretations{state="missing"}` + of + `) / (sum(xunjian_site_interpretations{state="due"}` + of + ") > 0)"
	return Dashboard{UID: "xunjian-interpretations", Title: "巡检·政策解读与回应 Interpretations", Description: "政策文件的解读覆盖与留言答复。是否需要解读由人工确认，这里是机器所见。", Filters: []filter{agencyFilter, regionFilter}, Rows: []Row{
		{"解读 Interpretations", []Panel{
			{Kind: Dial, Title: "解读覆盖率 Covered", Unit: "percentunit", Description: "近12个月以本单位名义印发的文件中找到解读的比例（D-08、TM-2；期限取自检查指标）。", Bad: &Steps{0.9, 0.6}, Queries: []Query{{Expr: share}}},
			{Kind: Number, Title: "应有解读 Due", Unit: "short", Description: "纳入判断的文件数。", Queries: []Query{{Expr: `sum(xunjian_site_interpretations{state="due"}` + of + ")"}}},
			{Kind: Number, Title: "未找到 Missing", Unit: "short", Description: "没有找到解读、待人工确认的文件数。", Bad: &Steps{1, 20}, Link: "/findings?check=interpretation-missing", Queries: []Query{{Expr: `sum(xunjian_site_interpretations{state="missing"}` + of + ")"}}},
			{Kind: Number, Title: "发布迟 Late", Unit: "short", Description: "解读没有与文件同步发布（TM-2）。", Bad: &Steps{1, 20}, Link: "/findings?check=interpretation-late", Queries: []Query{{Expr: `sum(xunjian_site_interpretations{state="late"}` + of + ")"}}},
			{Kind: Number, Title: "未关联 Unlinked", Unit: "short", Description: "文件与解读没有相互链接（D-09、TM-3）。", Bad: &Steps{1, 20}, Link: "/findings?check=interpretation-unlinked", Queries: []Query{{Expr: `sum(xunjian_site_interpretations{state="unlinked"}` + of + ")"}}},
			{Kind: Number, Title: "内容单薄 Thin", Unit: "short", Description: "解读内容过少，待人工确认（D-08）。", Bad: &Steps{1, 20}, Link: "/findings?check=interpretation-thin", Queries: []Query{{Expr: `sum(xunjian_site_interpretations{state="thin"}` + of + ")"}}},
			{Kind: Lines, Title: "覆盖率趋势 Trend", Unit: "percentunit", Description: "全部网站合计的解读覆盖率。", Queries: []Query{{Expr: share, Legend: "覆盖率 covered"}}},
			{Kind: List, Title: "缺解读最多的网站 Worst sites", Unit: "short", Description: "没有找到解读的文件最多的20个网站。", Link: "/findings?site=${__data.fields.site}&check=interpretation-missing", Queries: []Query{{Expr: `topk(20, xunjian_site_interpretations{state="missing"}` + info + " > 0)"}}},
			{Kind: List, Title: "未能判定的网站 Could not tell", Unit: "short", Description: "解读栏目没有读到，解读情况未能判定。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: `xunjian_site_interpretations{state="unknown"}` + info + " > 0"}}, Quiet: true},
		}},
		{"留言答复 Replies", []Panel{
			{Kind: Dial, Title: "按时答复率 In time", Unit: "percentunit", Description: "答复时间可判断的留言中没有超过简单问题时限的比例（D-20、IN-1）。", Bad: &Steps{0.95, 0.8}, Queries: []Query{{Expr: `1 - sum(xunjian_site_messages{state="late"}` + of + `) / (sum(xunjian_site_messages{state="due"}` + of + ") > 0)"}}},
			{Kind: Number, Title: "未答复 Unanswered", Unit: "short", Description: "没有答复的留言（SV-5b）。", Bad: &Steps{1, 5}, Link: "/findings?check=message-unanswered", Queries: []Query{{Expr: `sum(xunjian_site_messages{state="unanswered"}` + of + ")"}}},
			{Kind: List, Width: 16, Title: "答复最慢的网站 Slowest", Unit: "none", Description: "留言到答复的中位工作日数最大的20个网站。", Link: "/sites/${__data.fields.site}", Queries: []Query{{Expr: "topk(20, xunjian_site_reply_median_workdays" + info + ")"}}},
		}},
	}}
}
