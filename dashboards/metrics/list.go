package metrics

import "slices"

// A Tier says how many series a metric has.
type Tier int

// The tiers.
const (
	Engine  Tier = iota // of this program and of all sites together: some two thousand
	PerSite             // a few for each site or account
	PerItem             // three for each column; on a page of its own
)

// A Metric is one name that is exported, prefixed by xunjian_.
type Metric struct {
	Name   string
	Type   string // gauge, counter, histogram
	Tier   Tier
	Labels []string
	Help   string
	Series string // how many there are at most: a number, or one for each of something
}

// Prefix begins every name.
const Prefix = "xunjian_"

// List is every metric. What is not here is not exported.
var List = []Metric{
	{"build_info", "gauge", Engine, []string{"version", "revision", "go_version"}, "Build of the running program, always 1.", "1"},
	{"ruleset_info", "gauge", Engine, []string{"ruleset", "version"}, "Rulebook in force, always 1.", "1"},

	// The sites and accounts together.
	{"findings", "gauge", Engine, []string{"check", "outcome"}, "Findings of the last complete inspections of all sites and accounts, by check.", "4 a check"},
	{"incidents_open", "gauge", Engine, []string{"kind"}, "Open incidents of our own, such as a line that is not well; while one is open nobody is accused for it.", "4"},
	{"media_source_last_success_timestamp_seconds", "gauge", Engine, []string{"platform"}, "When a source of an account of the platform last gave an answer.", "9"},
	{"fleet_snapshot_timestamp_seconds", "gauge", Engine, nil, "When the metrics of sites and accounts were last made.", "1"},
	{"fleet_snapshot_duration_seconds", "gauge", Engine, nil, "How long making them took.", "1"},
	{"fleet_snapshot_errors_total", "counter", Engine, nil, "Times that they could not be made.", "1"},
	{"metrics_series_dropped_total", "counter", Engine, []string{"tier"}, "Series left out because there would be more than allowed, at each snapshot and each scrape of columns.", "2"},

	// A website.
	{"site_info", "gauge", PerSite, []string{"site", "name", "agency", "region", "portal"}, "Registered website, always 1.", "1 a site"},
	{"site_up", "gauge", PerSite, []string{"site"}, "Whether the last visit to the home page that told something found it open (0 or 1).", "1 a site"},
	{"site_probe_timestamp_seconds", "gauge", PerSite, []string{"site"}, "When that visit was made.", "1 a site"},
	{"site_http_status_code", "gauge", PerSite, []string{"site"}, "Status of that visit, 0 if no answer came.", "1 a site"},
	{"site_probe_duration_seconds", "gauge", PerSite, []string{"site", "phase"}, "How long that visit took, by phase; phases that were not reached are left out.", "5 a site"},
	{"site_availability_ratio", "gauge", PerSite, []string{"site", "window"}, "Share of visits of the last days that found the home page open within the rule's time; visits that could not be told count neither way.", "2 a site"},
	{"site_tls_not_after_timestamp_seconds", "gauge", PerSite, []string{"site"}, "When the certificate of the home page runs out.", "1 a site"},
	{"site_home_last_publish_timestamp_seconds", "gauge", PerSite, []string{"site"}, "Newest date by which the home page shows that it is kept.", "1 a site"},
	{"site_home_due_timestamp_seconds", "gauge", PerSite, []string{"site"}, "When the home page's time runs out, if nothing new comes.", "1 a site"},
	{"site_last_success_timestamp_seconds", "gauge", PerSite, []string{"site", "scope"}, "End of the last complete inspection, of the whole site or of its columns.", "2 a site"},
	{"site_round_duration_seconds", "gauge", PerSite, []string{"site"}, "From begin to end of the last complete inspection of the whole site.", "1 a site"},
	{"site_score", "gauge", PerSite, []string{"site"}, "Points left of 100; of sites to which the deduction part applies.", "1 a site"},
	{"site_coverage_ratio", "gauge", PerSite, []string{"site"}, "Share of due measurements that could be made in the last complete inspection.", "1 a site"},
	{"site_compliant", "gauge", PerSite, []string{"site"}, "Whether the site passed (1) or failed (0); left out while that is undecided.", "1 a site"},
	{"site_verdict", "gauge", PerSite, []string{"site", "verdict"}, "The verdict: 1 for the one that holds, 0 for the others.", "3 a site"},
	{"site_veto_open", "gauge", PerSite, []string{"site", "indicator"}, "Whether a veto item is true (0 or 1).", "8 a site"},
	{"site_open_findings", "gauge", PerSite, []string{"site", "indicator", "severity"}, "Findings that an item of the rulebook prices and that count; left out where there is none.", "1 a site and item that is hit"},
	{"site_findings", "gauge", PerSite, []string{"site", "family", "outcome"}, "Findings by family of checks and outcome; left out where there is none.", "4 a site and family at most"},
	{"site_links", "gauge", PerSite, []string{"site", "result"}, "Link targets of the last complete inspection.", "3 a site"},
	{"site_pages", "gauge", PerSite, []string{"site", "state"}, "Pages of the last complete inspection.", "4 a site"},
	{"site_columns", "gauge", PerSite, []string{"site", "state"}, "Watched columns: due_soon has less than 3 days left (ours), or its time ran out and nobody has looked since; exempt ones have no window or are excused.", "6 a site"},
	{"site_accessibility_violations", "gauge", PerSite, []string{"site", "impact"}, "Findings of the accessibility rules by what a fault does to people; deep ones, of the browser, are not rated.", "5 a site"},
	{"site_interpretations", "gauge", PerSite, []string{"site", "state"}, "Policy documents that are due to be interpreted, and what is wrong with their interpretations.", "6 a site"},
	{"site_messages", "gauge", PerSite, []string{"site", "state"}, "Messages of the public whose answer could be judged, and those late.", "4 a site"},
	{"site_reply_median_workdays", "gauge", PerSite, []string{"site"}, "Median of working days from a message to its answer.", "1 a site"},

	// A new-media account.
	{"media_account_info", "gauge", PerSite, []string{"account", "name", "agency", "region", "platform"}, "Registered account, always 1.", "1 an account"},
	{"media_last_publish_timestamp_seconds", "gauge", PerSite, []string{"account"}, "Newest post.", "1 an account"},
	{"media_due_timestamp_seconds", "gauge", PerSite, []string{"account"}, "When the account's time runs out, if no post comes.", "1 an account"},
	{"media_compliant", "gauge", PerSite, []string{"account"}, "Whether the account passed (1) or failed (0); left out while that is undecided.", "1 an account"},
	{"media_last_success_timestamp_seconds", "gauge", PerSite, []string{"account"}, "When one of its sources last gave an answer.", "1 an account"},
	{"media_open_findings", "gauge", PerSite, []string{"account", "indicator", "severity"}, "Findings that an item of the rulebook prices and that count; left out where there is none.", "1 an account and item that is hit"},

	// Repairs. A case is the life of one fault.
	{"rectifications", "gauge", PerSite, []string{"agency", "severity", "state"}, "Cases by the stage where they stand.", "10 an agency and severity at most"},
	{"rectifications_overdue", "gauge", PerSite, []string{"agency"}, "Cases that are ordered to be repaired and past the last day.", "1 an agency"},
	{"rectification_events_total", "counter", Engine, []string{"event"}, "What became of cases, as this process saw or did it.", "13"},
	{"rectification_duration_seconds", "histogram", Engine, []string{"severity"}, "From the order, or where there is none the first look, to the look that verified the repair.", "3 × 12"},
	{"waivers", "gauge", Engine, []string{"state"}, "Waivers that hold, and of these those that end within 14 days; expired ones wait for the program to end them.", "3"},

	// A column; on /metrics/columns.
	{"column_info", "gauge", PerItem, []string{"site", "column", "name", "kind"}, "Watched column, always 1.", "1 a column"},
	{"column_last_publish_timestamp_seconds", "gauge", PerItem, []string{"site", "column"}, "Newest date in the column.", "1 a column"},
	{"column_due_timestamp_seconds", "gauge", PerItem, []string{"site", "column"}, "When the column's time runs out, if nothing new comes.", "1 a column"},

	// The crawler.
	{"crawler_fetches_total", "counter", Engine, []string{"outcome", "class"}, "Addresses asked, by what came of it and whose hosts they lie on.", "20"},
	{"crawler_fetch_duration_seconds", "histogram", Engine, []string{"kind"}, "Time of one fetch, waiting for its turn included.", "6 × 12"},
	{"crawler_fetch_bytes_total", "counter", Engine, []string{"kind"}, "Bytes of bodies as received.", "6"},
	{"crawler_pages_total", "counter", Engine, []string{"state"}, "Pages looked at: new, unchanged (the same bytes as last time), reused (and not parsed again), failed.", "4"},
	{"crawler_skips_total", "counter", Engine, []string{"reason"}, "Pages left out.", "23"},
	{"crawler_retries_total", "counter", Engine, []string{"reason"}, "Requests made once more, by what came of the first.", "10"},
	{"crawler_queue_urls", "gauge", Engine, []string{"class"}, "Addresses that crawls under way have yet to ask, by kind of job.", "11"},
	{"crawler_hosts_throttled", "gauge", Engine, nil, "Hosts that asked to be left alone and are.", "1"},
	{"browser_pages_total", "counter", Engine, []string{"outcome"}, "Pages that a browser was to show.", "2"},

	// Jobs. Class is the kind of job.
	{"crawler_queue_oldest_timestamp_seconds", "gauge", Engine, []string{"class"}, "Since when the oldest job that can begin waits; left out where none does.", "11"},
	{"queue_jobs", "gauge", Engine, []string{"class", "state"}, "Jobs that are not done.", "55"},
	{"crawler_workers", "gauge", Engine, []string{"queue", "state"}, "Slots for jobs of this process.", "6"},
	{"jobs_total", "counter", Engine, []string{"class", "ending"}, "Attempts at jobs by how they ended.", "55"},
	{"job_duration_seconds", "histogram", Engine, []string{"class"}, "Time of one attempt at a job.", "11 × 12"},
	{"schedule_last_success_timestamp_seconds", "gauge", Engine, []string{"class"}, "When a job of the kind was last done, by any process.", "11"},

	// Checks.
	{"parse_duration_seconds", "histogram", Engine, nil, "Time to take one page apart.", "9"},
	{"check_duration_seconds", "histogram", Engine, []string{"check"}, "Time of one run of a check, on a page or on the site.", "8 a check"},
	{"check_results_total", "counter", Engine, []string{"check", "result"}, "Runs of checks by their gravest outcome; error: the check itself failed.", "5 a check"},

	// Storage and output.
	{"db_operation_duration_seconds", "histogram", Engine, []string{"op"}, "Time of one statement of the store.", "5 × 10"},
	{"db_errors_total", "counter", Engine, []string{"op"}, "Statements of the store that failed.", "5"},
	{"storage_bytes", "gauge", Engine, []string{"kind"}, "What is stored.", "2"},
	{"storage_free_bytes", "gauge", Engine, nil, "What the volume of the data directory still takes.", "1"},
	{"reports_total", "counter", Engine, []string{"kind", "format", "result"}, "Documents made.", "8"},
	{"report_duration_seconds", "histogram", Engine, []string{"format"}, "Time to make one.", "4 × 8"},
	{"notifications_total", "counter", Engine, []string{"channel", "result"}, "Attempts at messages; dropped ones were given up for good.", "5 a channel"},
	{"notifications_queued", "gauge", Engine, []string{"channel"}, "Messages that wait to be sent.", "1 a channel"},
	{"http_requests_total", "counter", Engine, []string{"handler", "code"}, "Requests to the console and the API.", "some a page"},
	{"http_request_duration_seconds", "histogram", Engine, []string{"handler"}, "Time of one request.", "10 a page"},
}

// buckets of histograms, in seconds.
var buckets = map[string][]float64{
	"crawler_fetch_duration_seconds": {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60},
	"job_duration_seconds":           {0.1, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600},
	"rectification_duration_seconds": {3600, 86400, 3 * 86400, 5 * 86400, 10 * 86400, 15 * 86400, 30 * 86400, 60 * 86400, 90 * 86400},
	"parse_duration_seconds":         {0.0005, 0.002, 0.01, 0.05, 0.2, 1},
	"check_duration_seconds":         {0.0001, 0.001, 0.01, 0.1, 1},
	"db_operation_duration_seconds":  {0.0005, 0.002, 0.01, 0.05, 0.2, 1, 5},
	"report_duration_seconds":        {0.01, 0.1, 1, 10, 60},
	"http_request_duration_seconds":  {0.005, 0.02, 0.1, 0.5, 1, 2.5, 10},
}

// named is the metric of a name, without the prefix.
func named(name string) *Metric {
	i := slices.IndexFunc(List, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		panic("metric " + name + " is not in the list")
	}
	return &List[i]
}
