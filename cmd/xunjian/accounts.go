package main

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// media is the source of all accounts of a run as of a day.
func (p *plan) media(st *store.Store, now time.Time) *media.Source {
	if p.source != nil && p.sourceNow.Equal(now) {
		return p.source
	}
	if p.client == nil {
		o := p.options(nil)
		p.client = crawler.NewClient(o, &inspect.Site{Kind: inspect.Account, Allow: slices.Concat(p.cfg.Crawl.AllowNetworks, p.flags.Allow)})
	}
	p.sourceNow = now
	p.source = media.New(media.Options{Client: p.client, Now: now, Secret: secretsOf(p.cfg), Deposits: st.Deposits})
	return p.source
}

func (p *plan) close() {
	if p.client != nil {
		p.client.Close()
	}
}

// secretsOf finds credentials: in the file that the configuration names, else
// in XUNJIAN_MEDIA_<NAME>_APPID, _SECRET and _TOKEN.
func secretsOf(cfg *config.Config) func(string) (media.Secret, bool) {
	return func(key string) (media.Secret, bool) {
		if s, ok := cfg.MediaSecrets[key]; ok {
			return media.Secret{AppID: s.AppID, Secret: s.Secret, Token: s.Token}, true
		}
		name := environment(key)
		s := media.Secret{AppID: os.Getenv("XUNJIAN_MEDIA_" + name + "_APPID"), Secret: os.Getenv("XUNJIAN_MEDIA_" + name + "_SECRET"),
			Token: os.Getenv("XUNJIAN_MEDIA_" + name + "_TOKEN")}
		return s, s != media.Secret{}
	}
}

// environment is a name as variables of the environment have it.
func environment(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}

// accountsCmd lists accounts; its subcommands hand in what no source gives.
type accountsCmd struct {
	List   accountsListCmd   `cmd:"" default:"withargs" help:"账号一览：来源是否正常、最近更新、剩余天数、最长间隔、每月条数、各平台合格率"`
	Import accountsImportCmd `cmd:"" help:"导入单位报送的发布清单（.csv、.xlsx 或 .json）"`
	Stamp  accountsStampCmd  `cmd:"" help:"登记人工核查：看到的发布或互动功能，附证明"`
}

// accountFlags name the configuration and where data lies.
type accountFlags struct {
	Config   string `short:"c" required:"" placeholder:"FILE" help:"配置文件（含 accounts 或 accounts_file）"`
	Data     string `placeholder:"DIR" help:"数据目录（默认按配置）"`
	Database string `placeholder:"URL" help:"postgres://…；默认用数据目录中的 SQLite"`
	Now      string `placeholder:"DATE" help:"监测时间点（默认今天）"`
}

func (f *accountFlags) open(e *env) (*config.Config, *store.Store, time.Time, error) {
	now, err := parseNow(f.Now)
	if err != nil {
		return nil, nil, now, err
	}
	cfg, err := config.Load(f.Config)
	if err != nil {
		return nil, nil, now, usageError{err: err}
	}
	if len(cfg.Accounts) == 0 {
		return nil, nil, now, usage("在配置中加入 accounts，或用 accounts_file 指明登记表", "配置中没有政务新媒体账号")
	}
	st, err := store.Open(e.ctx, cmp.Or(f.Data, cfg.Data), cmp.Or(f.Database, cfg.Database))
	return cfg, st, now, err
}
