package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a container has none

	"github.com/xunjian/xunjian/inspect"
)

// A Schedule is when something runs, in the rules' zone.
type Schedule struct {
	Kind   string        `yaml:"kind" jsonschema:"required,enum=probe,enum=columns,enum=crawl,enum=links,enum=accounts,enum=deep,enum=confirm,enum=bulletin,enum=prune,enum=canary"`
	Cron   string        `yaml:"cron" jsonschema:"description=分 时 日 月 周，如 0 2 * * 1"`
	Sites  []string      `yaml:"sites" jsonschema:"description=网站（accounts 为账号）代号；空则全部"`
	Jitter time.Duration `yaml:"jitter" jsonschema:"description=各网站错开的最长时间，如 2h；每个网站每次错开的时间固定"`
	Quiet  []string      `yaml:"quiet" jsonschema:"description=每天不开始的时段，如 22:00-06:30"`
	Zone   string        `yaml:"zone" jsonschema:"description=cron 与 quiet 的时区，如 Asia/Urumqi；空则为北京时间"`
	Off    bool          `yaml:"off" jsonschema:"description=不运行"`

	Place *time.Location `yaml:"-" jsonschema:"-"` // nil: the rules' zone
}

// A Maintenance is announced maintenance: nothing begins while it lasts, and a
// crawl of the site pauses.
type Maintenance struct {
	Sites  []string `yaml:"sites" jsonschema:"description=网站代号；空则全部"`
	From   string   `yaml:"from" jsonschema:"required,description=开始，如 2026-12-05 22:00"`
	To     string   `yaml:"to" jsonschema:"required,description=结束，如 2026-12-06 02:00"`
	Reason string   `yaml:"reason" jsonschema:"required,description=原因（维护公告）"`

	Begin, End time.Time `yaml:"-" jsonschema:"-"`
}

// ScheduleKinds is the closed set, in display order; perTarget are those that
// run once for each site or account.
var (
	ScheduleKinds = []string{"probe", "columns", "crawl", "links", "accounts", "deep", "confirm", "bulletin", "prune", "canary"}
	perTarget     = []string{"probe", "columns", "crawl", "accounts", "deep", "confirm"}
)

// DefaultSchedules run where the file says nothing of their kind.
var DefaultSchedules = []Schedule{
	{Kind: "probe", Cron: "*/15 * * * *", Jitter: 14 * time.Minute}, // 96 visits a day; the rule asks for 20
	{Kind: "columns", Cron: "0 6 * * *", Jitter: 2 * time.Hour},
	{Kind: "crawl", Cron: "0 20 * * 5", Jitter: 24 * time.Hour},
	{Kind: "links", Cron: "30 1 * * *"},
	{Kind: "accounts", Cron: "0 9 * * *", Jitter: 2 * time.Hour}, // WeChat knows of yesterday after 8:00
	{Kind: "deep", Cron: "0 20 1 * *", Jitter: 48 * time.Hour},
	{Kind: "confirm", Cron: "0 14 * * *", Jitter: 2 * time.Hour},
	{Kind: "bulletin", Cron: "0 8 1 * *"},
	{Kind: "prune", Cron: "30 3 * * *"},
	{Kind: "canary", Cron: "0 4 * * *"},
}

// DefaultControl are the hosts by which our own line is tested where the file
// names none: one that answers anything at all will do.
var DefaultControl = []string{"https://www.gov.cn/", "https://www.news.cn/", "https://www.people.com.cn/"}

func (b *builder) schedules() {
	for i := range b.raw.Schedules {
		s := &b.raw.Schedules[i]
		path := fmt.Sprintf("schedules[%d]", i)
		if !slices.Contains(ScheduleKinds, s.Kind) {
			b.fault(join(path, "kind"), "没有任务 %q，可用：%s", s.Kind, strings.Join(ScheduleKinds, "、"))
			s.Kind = ""
		}
		switch {
		case s.Off && s.Cron != "":
			b.fault(join(path, "cron"), "off 时不写 cron")
		case !s.Off && strings.TrimSpace(s.Cron) == "":
			b.fault(join(path, "cron"), "缺少 cron")
		case !s.Off && !cronOK(s.Cron):
			b.fault(join(path, "cron"), "%q 不是五段式时间：分 时 日 月 周", s.Cron)
		}
		if s.Jitter < 0 {
			b.fault(join(path, "jitter"), "不能小于 0")
		}
		b.quiet(s, path)
		if len(s.Sites) > 0 && s.Kind != "" && !slices.Contains(perTarget, s.Kind) {
			b.fault(join(path, "sites"), "%s 不分网站", s.Kind)
		}
		b.targets(s.Sites, s.Kind == "accounts", path)
	}
	b.out.Schedules = b.raw.Schedules
	b.maintenance()
	b.control()
}

// quiet checks the quiet hours of a line and the zone in which they are said.
func (b *builder) quiet(s *Schedule, path string) {
	free := 24 * 60
	var taken [24 * 60]bool
	for j, q := range s.Quiet {
		if !spanOK(q) {
			b.fault(fmt.Sprintf("%s.quiet[%d]", path, j), "%q 不是时段，应如 22:00-06:30", q)
			continue
		}
		var h1, m1, h2, m2 int
		fmt.Sscanf(q, "%d:%d-%d:%d", &h1, &m1, &h2, &m2)
		for m := h1*60 + m1; m%(24*60) != (h2*60+m2)%(24*60) || m == h1*60+m1; m++ {
			if t := &taken[m%(24*60)]; !*t {
				*t = true
				free--
			}
		}
	}
	if free == 0 {
		b.fault(join(path, "quiet"), "全天都不开始，等于不运行；不运行请写 off: true")
	}
	if s.Zone == "" {
		return
	}
	var err error
	if s.Place, err = time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
		b.fault(join(path, "zone"), "没有时区 %q，应如 Asia/Urumqi", s.Zone)
	}
}

// targets checks ids of sites, or of accounts.
func (b *builder) targets(ids []string, accounts bool, path string) {
	for j, id := range ids {
		switch p := fmt.Sprintf("%s.sites[%d]", path, j); {
		case accounts && b.out.Account(id) == nil:
			b.fault(p, "accounts 中没有账号 %q", id)
		case !accounts && !slices.ContainsFunc(b.raw.Sites, func(e siteEntry) bool { return e.ID == id }):
			b.fault(p, "sites 中没有网站 %q", id)
		}
	}
}

func (b *builder) maintenance() {
	for i := range b.raw.Maintenance {
		m := &b.raw.Maintenance[i]
		path := fmt.Sprintf("maintenance[%d]", i)
		b.need(m.Reason, path, "reason")
		b.targets(m.Sites, false, path)
		var ok1, ok2 bool
		if m.Begin, ok1 = minute(m.From); !ok1 {
			b.fault(join(path, "from"), "%q 不是时间，应如 2026-12-05 22:00", m.From)
		}
		if m.End, ok2 = minute(m.To); !ok2 {
			b.fault(join(path, "to"), "%q 不是时间，应如 2026-12-06 02:00", m.To)
		} else if ok1 && !m.End.After(m.Begin) {
			b.fault(join(path, "to"), "应在 from 之后")
		}
	}
	b.out.Maintenance = b.raw.Maintenance
}

func (b *builder) control() {
	for i, u := range b.raw.Control {
		if p, err := url.Parse(u); err != nil || p.Host == "" || p.Scheme != "http" && p.Scheme != "https" {
			b.fault(fmt.Sprintf("control[%d]", i), "%q 不是网址", u)
		}
	}
	b.out.Control = b.raw.Control
	if len(b.out.Control) == 0 {
		b.out.Control = DefaultControl
	}
}

func minute(s string) (time.Time, bool) {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, inspect.Zone)
	return t, err == nil
}

// spanOK reports whether s is a part of the day, such as 22:00-06:30.
func spanOK(s string) bool {
	from, to, ok := strings.Cut(s, "-")
	clock := func(s string) bool {
		_, err := time.Parse("15:04", s)
		return err == nil && len(s) == 5 || s == "24:00"
	}
	return ok && clock(from) && clock(to) && from != to
}
