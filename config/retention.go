package config

// A Retention says for how many days things are kept; -1 is for ever.
type Retention struct {
	Probes    int `yaml:"probes" jsonschema:"description=逐次的首页访问；此后按网站和日期汇总，长期保存,default=100"`
	Crawl     int `yaml:"crawl" jsonschema:"description=全站检查,default=400"`
	Accounts  int `yaml:"accounts" jsonschema:"description=账号检查,default=150"`
	Columns   int `yaml:"columns" jsonschema:"description=栏目检查,default=60"`
	Pages     int `yaml:"pages" jsonschema:"description=对个别页面的复查,default=60"`
	Links     int `yaml:"links" jsonschema:"description=外部链接的共用结论，自最后一次有网站链接它算起,default=30"`
	Incidents int `yaml:"incidents" jsonschema:"description=检查端自身的异常，自结束算起,default=400"`
	Messages  int `yaml:"messages" jsonschema:"description=通知的发送记录，自发出算起,default=400"`
}

// defaultRetention: long enough for a year's bulletin, and for an objection.
var defaultRetention = Retention{Probes: 100, Crawl: 400, Accounts: 150, Columns: 60, Pages: 60, Links: 30, Incidents: 400, Messages: 400}

func (b *builder) retention() {
	r := &b.raw.Retention
	for _, x := range []struct {
		key   string
		days  int
		least int // what the program itself still reads
	}{{"probes", r.Probes, 10}, {"crawl", r.Crawl, 30}, {"accounts", r.Accounts, 30}, {"columns", r.Columns, 7}, {"pages", r.Pages, 7}, {"links", r.Links, 2}, {"incidents", r.Incidents, 7}, {"messages", r.Messages, 7}} {
		if x.days != -1 && x.days < x.least {
			b.fault(join("retention", x.key), "应为天数，至少 %d；-1 为永久保存", x.least)
		}
	}
	b.out.Retention = *r
}
