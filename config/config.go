package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Config is a configuration file that was read, defaults filled in.
type Config struct {
	File        string // the file it was read from
	Rulebook    string // id of a built-in rulebook, or the path of a file
	Data        string // data directory
	Database    string // "": SQLite in the data directory; else postgres://…
	Crawl       Crawl  // for sites that say nothing of their own
	Resolve     map[string]string
	Units       []Unit
	Sites       []*inspect.Site
	Accounts    []*inspect.Site // of kind Account: those of the file, then those of accounts_file
	Schedules   []Schedule      // as written; see DefaultSchedules
	Maintenance []Maintenance
	Control     []string // by which our own line is tested
	Retention   Retention
	Repair      Repair
	Console     Console
	Bulletin    Bulletin
	Alerts      *Alerts // nil: nobody is told anything

	MediaSecrets map[string]MediaSecret // credentials of media_secrets_file, by name

	crawls map[string]Crawl // by site id
}

// A Crawl is how sites are asked. Zero is never a limit: -1 says "no limit".
type Crawl struct {
	Rate          float64        `yaml:"rate" jsonschema:"description=每台主机每秒请求数；-1 为不限"`
	Concurrency   int            `yaml:"concurrency" jsonschema:"description=每台主机同时进行的请求数"`
	MaxPages      int            `yaml:"max_pages" jsonschema:"description=每个网站最多读取的页面数；-1 为不限"`
	MaxDepth      int            `yaml:"max_depth" jsonschema:"description=距首页的最多层数；-1 为不限"`
	MaxTime       time.Duration  `yaml:"max_time" jsonschema:"description=每个网站最长检查时间，如 4h"`
	Timeout       time.Duration  `yaml:"timeout" jsonschema:"description=等待应答的时间，如 15s"`
	LinkAge       time.Duration  `yaml:"link_age" jsonschema:"description=上次检查中正常的链接，在此时间内问过的不再询问，如 360h；默认每次都问"`
	Robots        string         `yaml:"robots" jsonschema:"enum=obey,enum=ignore,description=是否遵守 robots.txt"`
	RobotsReason  string         `yaml:"robots_reason" jsonschema:"description=不遵守 robots.txt 的理由（如网站主办单位的书面同意）"`
	UserAgent     string         `yaml:"user_agent" jsonschema:"description=自称；空则用程序的默认值"`
	Contact       string         `yaml:"contact" jsonschema:"description=网站管理员可以联系的网址或邮箱"`
	AllowNetworks []netip.Prefix `yaml:"allow_networks" jsonschema:"description=允许访问的内部网段，如 10.1.0.0/16"`
}

// IgnoreRobots reports whether robots.txt is not obeyed.
func (c Crawl) IgnoreRobots() bool { return c.Robots == "ignore" }

// A Unit (责任单位) is an office that answers for sites and accounts.
type Unit struct {
	ID     string `yaml:"id" jsonschema:"required,description=单位代号"`
	Name   string `yaml:"name" jsonschema:"required,description=单位名称，通报中使用"`
	Region string `yaml:"region" jsonschema:"description=六位行政区划代码"`
}

// Default is what a file need not say.
func Default() *Config {
	return &Config{Rulebook: "guoban-2019", Data: "xunjian-data", Crawl: Crawl{Rate: 2, Concurrency: 4, MaxPages: 20000,
		MaxDepth: 20, MaxTime: 4 * time.Hour, Timeout: 15 * time.Second, Robots: "obey"}, Retention: defaultRetention, Repair: defaultRepair, Console: defaultConsole, Bulletin: defaultBulletin}
}

// CrawlFor is how a site is asked: the file's crawl with the site's own
// overrides; for a site that is not in the file, the file's crawl.
func (c *Config) CrawlFor(site *inspect.Site) Crawl {
	if site != nil {
		if own, ok := c.crawls[site.ID]; ok {
			return own
		}
	}
	return c.Crawl
}

// Site is the site with an id, or nil.
func (c *Config) Site(id string) *inspect.Site {
	for _, s := range c.Sites {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Load reads a configuration file. The error is [Errors] when the file has
// mistakes. Paths in the file are relative to the file.
func Load(file string) (*Config, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, unreadable("配置文件", file, err)
	}
	return load(file, data)
}

// unreadable words an error of the file system for a person.
func unreadable(what, file string, err error) error {
	why := "无法读取"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "不存在"
	case errors.Is(err, fs.ErrPermission):
		why = "没有读取权限"
	}
	return fmt.Errorf("%s %s %s：%w", what, file, why, err)
}

// load reads a configuration from bytes; file names it and roots its paths.
func load(file string, data []byte) (*Config, error) {
	root, err := parse(file, data)
	if err != nil {
		return nil, err
	}
	def := Default()
	raw := document{Rulebook: def.Rulebook, Data: def.Data, Crawl: def.Crawl, Retention: def.Retention, Repair: def.Repair, Console: def.Console, Bulletin: def.Bulletin}
	d := newDecoder(file)
	d.value(root, reflect.ValueOf(&raw).Elem(), "")
	b := &builder{decoder: d, raw: &raw, dir: filepath.Dir(file), out: &Config{File: file, crawls: map[string]Crawl{}}}
	b.build()
	if err := d.errs.orNil(); err != nil {
		return nil, err
	}
	return b.out, nil
}

// beside makes a path of the file relative to the file's folder.
func beside(dir, p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(dir, p)
}

// isFile reports whether a rulebook is named by path and not by id.
func isFile(s string) bool {
	return strings.ContainsAny(s, `/\`) || strings.HasSuffix(s, ".yaml") || strings.HasSuffix(s, ".yml")
}
