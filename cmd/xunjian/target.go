package main

import (
	"net/netip"
	"regexp"
	"slices"
	"time"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/inspect"
)

// targetFlags say what is inspected and how; several commands share them.
type targetFlags struct {
	URL      string         `arg:"" optional:"" name:"url" help:"网站首页网址；不给则用 -c 的配置"`
	Config   string         `short:"c" placeholder:"FILE" help:"配置文件（单位、网站、栏目、规则）"`
	Site     string         `placeholder:"ID" help:"只检查配置中的这个网站"`
	Account  string         `placeholder:"ID" help:"只检查配置中的这个政务新媒体账号；all 为全部账号"`
	Rules    string         `placeholder:"ID|FILE" help:"检查指标：内置编号或文件（默认 guoban-2019）"`
	Data     string         `placeholder:"DIR" help:"数据目录（默认 xunjian-data）"`
	Database string         `placeholder:"URL" help:"postgres://…；默认用数据目录中的 SQLite"`
	Now      string         `placeholder:"DATE" help:"监测时间点，期限从这一天往回数（默认今天）"`
	Rate     float64        `placeholder:"N" help:"每台主机每秒请求数，-1 不限（默认 2）"`
	Parallel int            `placeholder:"N" help:"每台主机同时请求数（默认 4）"`
	MaxPages int            `placeholder:"N" help:"最多读取页面数，-1 不限（默认 20000）"`
	MaxTime  time.Duration  `placeholder:"DUR" help:"最长检查时间（默认 4h）"`
	Allow    []netip.Prefix `placeholder:"CIDR" help:"允许访问的内部网段，如 127.0.0.0/8"`
	Portal   bool           `help:"按政府门户网站评分（默认按域名判断）"`
	NoRobots string         `placeholder:"REASON" help:"不遵守 robots.txt，并记下理由"`
}

// A plan is what the flags and the configuration come to.
type plan struct {
	cfg   *config.Config
	rules *inspect.Rulebook
	sites []*inspect.Site
	now   time.Time
	flags *targetFlags
	auto  bool // the site came from a URL: its columns are not known
	watch crawler.Watcher

	client    *crawler.Client // of accounts; all share its pace
	source    *media.Source   // of accounts at sourceNow
	sourceNow time.Time
}

func (t *targetFlags) plan() (*plan, error) {
	p, err := t.read()
	if err != nil {
		return nil, err
	}
	return p, p.chooseSites()
}

// read is the plan without what is inspected.
func (t *targetFlags) read() (*plan, error) {
	p := &plan{cfg: config.Default(), flags: t}
	var err error
	if p.now, err = parseNow(t.Now); err != nil {
		return nil, err
	}
	if t.Config != "" {
		if p.cfg, err = config.Load(t.Config); err != nil {
			return nil, usageError{err: err}
		}
	}
	if t.Rules != "" {
		p.cfg.Rulebook = t.Rules
	}
	if t.Data != "" {
		p.cfg.Data = t.Data
	}
	if t.Database != "" {
		p.cfg.Database = t.Database
	}
	if p.rules, err = config.LoadRules(p.cfg.Rulebook, checks.All); err != nil {
		return nil, usageError{err: err}
	}
	return p, nil
}

func (p *plan) chooseSites() error {
	t := p.flags
	switch {
	case t.URL != "":
		home, ok := inspect.Normal(t.URL)
		if !ok {
			return usage("例：xunjian inspect https://www.example.gov.cn/", "%q 不是网址", t.URL)
		}
		for _, s := range p.cfg.Sites {
			if inspect.SamePage(s.Home, home) {
				p.sites = []*inspect.Site{s}
				return nil
			}
		}
		p.auto = true
		p.sites = []*inspect.Site{{ID: inspect.Host(home), Kind: inspect.Website, Home: home, Portal: t.Portal || portalHost.MatchString(inspect.Host(home))}}
	case t.Site != "":
		s := p.cfg.Site(t.Site)
		if s == nil {
			return usage("xunjian check-config "+t.Config, "配置中没有编号为 %q 的网站", t.Site)
		}
		p.sites = []*inspect.Site{s}
	case t.Account == "all":
		p.sites = p.cfg.Accounts
	case t.Account != "":
		s := p.cfg.Account(t.Account)
		if s == nil {
			return usage("xunjian accounts -c "+t.Config+" 列出全部账号", "配置中没有编号为 %q 的账号", t.Account)
		}
		p.sites = []*inspect.Site{s}
	default:
		p.sites = slices.Concat(p.cfg.Sites, p.cfg.Accounts)
	}
	if len(p.sites) == 0 {
		return usage("例：xunjian inspect https://www.example.gov.cn/，或 xunjian inspect -c site.yaml", "没有给出要检查的网站")
	}
	for _, s := range p.sites {
		s.Allow = append(s.Allow, t.Allow...)
	}
	return nil
}

// portalHost is the shape that the rules give a portal's name (G-05).
var portalHost = regexp.MustCompile(`^www\.[a-z0-9-]+\.gov\.cn$`)

// options are the crawl policy for a site: flags over configuration over defaults.
func (p *plan) options(s *inspect.Site) crawler.Options {
	c, t := p.cfg.CrawlFor(s), p.flags
	o := crawler.Options{Agent: c.UserAgent, Rate: c.Rate, PerHost: c.Concurrency, MaxPages: c.MaxPages, MaxDepth: c.MaxDepth,
		MaxTime: c.MaxTime, Timeout: c.Timeout, Robots: !c.IgnoreRobots() && t.NoRobots == "", Resolve: p.cfg.Resolve, Watch: p.watch}
	if o.Agent == "" && c.Contact != "" {
		o.Agent = "Mozilla/5.0 (compatible; Xunjian/1.0; +" + c.Contact + ")"
	}
	if t.Rate != 0 {
		o.Rate = t.Rate
	}
	if t.Parallel != 0 {
		o.PerHost = t.Parallel
		o.Workers = max(32, t.Parallel)
	}
	if t.MaxPages != 0 {
		o.MaxPages = t.MaxPages
	}
	if t.MaxTime != 0 {
		o.MaxTime = t.MaxTime
	}
	return o
}
