package grafana

func crawler() Dashboard {
	const p95 = "histogram_quantile(0.95, sum by (le, "
	return Dashboard{UID: "xunjian-crawler", Title: "巡检·抓取与队列 Crawler and queue", Description: "监测程序自身：抓取、任务队列、检查、存储、进程。", Rows: []Row{
		{"抓取 Fetches", []Panel{
			{Kind: Lines, Title: "抓取速率 Fetches", Unit: "reqps", Description: "每秒抓取，按结果；ok、not_modified 为成功，not_asked 为 robots、内部地址等没有去问。", Queries: []Query{{Expr: "sum by (outcome) (rate(xunjian_crawler_fetches_total[$__rate_interval])) > 0", Legend: "{{outcome}}"}}},
			{Kind: Lines, Title: "失败占比 Failures", Unit: "percentunit", Description: "超时、解析、连接、加密失败的比例，按主机归属。持续过半时疑为检查端线路。", Queries: []Query{{Expr: `sum by (class) (rate(xunjian_crawler_fetches_total{outcome=~"timeout|dns_error|tls_error|connect_error"}[$__rate_interval])) / (sum by (class) (rate(xunjian_crawler_fetches_total[$__rate_interval])) > 0)`, Legend: "{{class}}"}}},
			{Kind: Lines, Title: "耗时 P95 Fetch time", Unit: "s", Description: "含等待主机轮次的时间；点是样例，带检查编号 run_id。", Queries: []Query{{Expr: p95 + "kind) (rate(xunjian_crawler_fetch_duration_seconds_bucket[$__rate_interval])))", Legend: "{{kind}}", Exemplars: true}}},
			{Kind: Lines, Title: "下载量 Bytes", Unit: "Bps", Description: "每秒收到的正文字节（压缩后）。", Queries: []Query{{Expr: "sum by (kind) (rate(xunjian_crawler_fetch_bytes_total[$__rate_interval]))", Legend: "{{kind}}"}}},
			{Kind: Lines, Title: "页面 Pages", Unit: "ops", Description: "每秒处理的页面：new 有变化、unchanged 未变化、reused 沿用上次结果、failed 未能读取。", Queries: []Query{{Expr: "sum by (state) (rate(xunjian_crawler_pages_total[$__rate_interval]))", Legend: "{{state}}"}}},
			{Kind: Lines, Title: "缓存命中 Cache hits", Unit: "percentunit", Description: "内容未变化的页面占比。", Queries: []Query{{Expr: `sum(rate(xunjian_crawler_pages_total{state=~"unchanged|reused"}[$__rate_interval])) / (sum(rate(xunjian_crawler_pages_total[$__rate_interval])) > 0)`, Legend: "命中 hits"}}},
			{Kind: Lines, Title: "略过 Skips", Unit: "ops", Description: "每秒略过的页面，按原因。", Queries: []Query{{Expr: "sum by (reason) (rate(xunjian_crawler_skips_total[$__rate_interval]))", Legend: "{{reason}}"}}, Quiet: true},
			{Kind: Lines, Title: "重试 Retries", Unit: "ops", Description: "每秒重试的请求，按第一次的结果。", Queries: []Query{{Expr: "sum by (reason) (rate(xunjian_crawler_retries_total[$__rate_interval]))", Legend: "{{reason}}"}}, Quiet: true},
		}},
		{"队列 Queue", []Panel{
			{Kind: Stack, Title: "排队任务 Waiting jobs", Unit: "short", Description: "可以开始而在等待的任务，按类别。", Link: "/ops", Queries: []Query{{Expr: `max by (class) (xunjian_queue_jobs{state="available"})`, Legend: "{{class}}"}}},
			{Kind: Lines, Title: "队列滞后 Lateness", Unit: "s", Description: "最早一个等待的任务已等多久。没有任务等待则没有。", Link: "/ops", Queries: []Query{{Expr: "time() - min by (class) (xunjian_crawler_queue_oldest_timestamp_seconds)", Legend: "{{class}}"}}, Quiet: true},
			{Kind: Stack, Title: "工作槽 Slots", Unit: "short", Description: "各进程的工作槽：短任务、长任务，忙与闲。", Queries: []Query{{Expr: "sum by (queue, state) (xunjian_crawler_workers)", Legend: "{{queue}} {{state}}"}}},
			{Kind: Stack, Title: "待取网址 Waiting addresses", Unit: "short", Description: "正在进行的检查还要取的网址，按任务类别。", Queries: []Query{{Expr: "sum by (class) (xunjian_crawler_queue_urls)", Legend: "{{class}}"}}},
			{Kind: Lines, Title: "任务 Jobs", Unit: "ops", Description: "每秒结束的任务：done 完成、later 搁置、stopped 转由他处继续、failed 将重试、hopeless 放弃。", Queries: []Query{{Expr: "sum by (ending) (rate(xunjian_jobs_total[$__rate_interval]))", Legend: "{{ending}}"}}},
			{Kind: Lines, Title: "任务耗时 P95 Job time", Unit: "s", Description: "一次任务的时间，按类别。", Queries: []Query{{Expr: p95 + "class) (rate(xunjian_job_duration_seconds_bucket[$__rate_interval])))", Legend: "{{class}}", Exemplars: true}}},
			{Kind: List, Title: "最近完成 Last success", Unit: "s", Description: "各类任务最近一次完成距今多久，任何进程都算。", Queries: []Query{{Expr: "time() - max by (class) (xunjian_schedule_last_success_timestamp_seconds)"}}},
			{Kind: Number, Title: "退避主机 Throttled", Unit: "short", Description: "要求放慢、正在等待的主机数。", Bad: &Steps{10, 50}, Queries: []Query{{Expr: "sum(xunjian_crawler_hosts_throttled)"}}},
			{Kind: Number, Width: 8, Title: "自身异常 Incidents", Unit: "short", Description: "未结束的监测端异常。", Bad: &Steps{1, 2}, Link: "/ops", Queries: []Query{{Expr: "sum by (kind) (xunjian_incidents_open)", Legend: "{{kind}}"}}},
		}},
		{"检查 Checks", []Panel{
			{Kind: Lines, Title: "解析耗时 P95 Parsing", Unit: "s", Description: "解析一个页面的时间。", Queries: []Query{{Expr: "histogram_quantile(0.95, sum by (le) (rate(xunjian_parse_duration_seconds_bucket[$__rate_interval])))", Legend: "P95", Exemplars: true}}},
			{Kind: Bars, Title: "最费时的检查 Costliest checks", Unit: "s", Description: "一小时内每秒用于各检查项的时间，最多15项。", Queries: []Query{{Expr: "topk(15, sum by (check) (rate(xunjian_check_duration_seconds_sum[1h])))", Legend: "{{check}}"}}},
			{Kind: List, Title: "检查出错率 Check errors", Unit: "percentunit", Description: "检查项自身出错或超时的比例；出错记为未能判定。", Queries: []Query{{Expr: `sum by (check) (rate(xunjian_check_results_total{result="error"}[1h])) / sum by (check) (rate(xunjian_check_results_total[1h])) > 0`}}, Quiet: true},
			{Kind: Lines, Title: "通知 Notifications", Unit: "short", Description: "一小时内的通知，按渠道与结果：ok 送达、rejected 被拒绝、error 未送达、unclear 不知是否送达、dropped 已放弃。没有配置渠道则没有。", Queries: []Query{{Expr: "sum by (channel, result) (increase(xunjian_notifications_total[1h]))", Legend: "{{channel}} {{result}}"}}, Quiet: true},
			{Kind: Number, Width: 12, Title: "待发通知 Waiting messages", Unit: "short", Description: "等待发送的通知，按渠道。没有配置渠道则没有。", Bad: &Steps{10, 100}, Link: "/ops", Queries: []Query{{Expr: "sum by (channel) (xunjian_notifications_queued)", Legend: "{{channel}}"}}, Quiet: true},
			{Kind: Lines, Title: "文书 Reports", Unit: "short", Description: "一天内生成的文书，按结果。", Queries: []Query{{Expr: "sum by (format, result) (increase(xunjian_reports_total[1d]))", Legend: "{{format}} {{result}}"}}},
		}},
		{"存储与进程 Storage and process", []Panel{
			{Kind: Lines, Title: "数据库操作 P95 Database", Unit: "s", Description: "一条语句的时间，按种类。", Queries: []Query{{Expr: p95 + "op) (rate(xunjian_db_operation_duration_seconds_bucket[$__rate_interval])))", Legend: "{{op}}"}}},
			{Kind: Lines, Title: "数据库错误 Database errors", Unit: "ops", Description: "每秒失败的语句。", Queries: []Query{{Expr: "sum by (op) (rate(xunjian_db_errors_total[$__rate_interval]))", Legend: "{{op}}"}}},
			{Kind: Stack, Title: "存储 Storage", Unit: "bytes", Description: "数据库与证据的大小。", Queries: []Query{{Expr: "sum by (kind) (xunjian_storage_bytes)", Legend: "{{kind}}"}}},
			{Kind: Lines, Title: "剩余空间 Free space", Unit: "bytes", Description: "数据目录所在卷的剩余空间。", Queries: []Query{{Expr: "min(xunjian_storage_free_bytes)", Legend: "剩余 free"}}},
			{Kind: Lines, Title: "内存 Memory", Unit: "bytes", Description: "各进程的常驻内存。", Queries: []Query{{Expr: "process_resident_memory_bytes", Legend: "{{instance}}"}}},
			{Kind: Lines, Title: "CPU", Unit: "short", Description: "各进程占用的核数。", Queries: []Query{{Expr: "rate(process_cpu_seconds_total[$__rate_interval])", Legend: "{{instance}}"}}},
			{Kind: Lines, Title: "协程 Goroutines", Unit: "short", Description: "各进程的协程数；持续增长是泄漏。", Queries: []Query{{Expr: "go_goroutines", Legend: "{{instance}}"}}},
			{Kind: List, Title: "版本 Build", Unit: "short", Description: "运行中的程序版本与检查指标。", Queries: []Query{{Expr: "xunjian_build_info"}, {Expr: "xunjian_ruleset_info"}}},
			{Kind: Lines, Title: "接口请求 Requests", Unit: "reqps", Description: "控制台与接口每秒请求，按状态码。", Queries: []Query{{Expr: "sum by (code) (rate(xunjian_http_requests_total[$__rate_interval]))", Legend: "{{code}}"}}},
			{Kind: Lines, Title: "接口耗时 P95 Request time", Unit: "s", Description: "控制台与接口一次请求的时间。", Queries: []Query{{Expr: p95 + "handler) (rate(xunjian_http_request_duration_seconds_bucket[$__rate_interval])))", Legend: "{{handler}}"}}},
			{Kind: Lines, Title: "指标快照 Snapshot", Unit: "s", Description: "生成网站与账号指标所用的时间。", Queries: []Query{{Expr: "max(xunjian_fleet_snapshot_duration_seconds)", Legend: "用时 took"}}},
			{Kind: Number, Width: 12, Title: "被丢弃的序列 Dropped series", Unit: "short", Description: "一小时内因上限没有提供的序列数。", Bad: &Steps{1, 1000}, Queries: []Query{{Expr: "sum by (tier) (increase(xunjian_metrics_series_dropped_total[1h]))", Legend: "{{tier}}"}}},
		}},
	}}
}
