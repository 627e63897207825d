package config

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// An accountEntry is a new-media account (政务新媒体) as it is written.
type accountEntry struct {
	ID          string            `yaml:"id" jsonschema:"required,description=账号代号，不可重复使用，也不与网站重复"`
	Name        string            `yaml:"name" jsonschema:"required,description=账号名称，以登记为准"`
	Platform    string            `yaml:"platform" jsonschema:"required,enum=wechat,enum=weibo,enum=douyin,enum=toutiao,enum=kuaishou,enum=bilibili,enum=app,enum=miniprogram,enum=other"`
	Handle      string            `yaml:"handle" jsonschema:"description=平台上的账号编号：公众号原始编号、微博 uid、应用编号"`
	Unit        string            `yaml:"unit" jsonschema:"description=责任单位的代号"`
	URL         string            `yaml:"url" jsonschema:"description=账号公开地址"`
	Body        string            `yaml:"body" jsonschema:"description=平台认证的主体"`
	Verified    *bool             `yaml:"verified" jsonschema:"description=已经平台认证；不写为不知道"`
	Filed       *bool             `yaml:"filed" jsonschema:"description=已在全国政务新媒体信息报送系统备案；不写为不知道"`
	Opened      string            `yaml:"opened" jsonschema:"description=开设日期，如 2020-01-31"`
	State       string            `yaml:"state" jsonschema:"description=运行、关停中、已注销、已迁移；不写为运行,enum=running,enum=closing,enum=closed,enum=migrated"`
	Since       string            `yaml:"since" jsonschema:"description=状态开始的日期"`
	To          string            `yaml:"to" jsonschema:"description=已迁移：接续账号的代号"`
	Window      inspect.Window    `yaml:"window" jsonschema:"description=本账号自己的更新期限，如 10d"`
	Interaction *interactionEntry `yaml:"interaction" jsonschema:"description=人工核查的互动功能"`
	Sources     []sourceEntry     `yaml:"sources" jsonschema:"description=内容来源，最可信的在前"`
}

type interactionEntry struct {
	Comments *bool  `yaml:"comments" jsonschema:"description=评论可用"`
	Messages *bool  `yaml:"messages" jsonschema:"description=私信（留言）可用"`
	Menu     *bool  `yaml:"menu" jsonschema:"description=菜单或咨询入口可用"`
	Checked  string `yaml:"checked" jsonschema:"required,description=核查日期"`
}

type sourceEntry struct {
	Kind      string            `yaml:"kind" jsonschema:"required,enum=feed,enum=wechat,enum=weibo,enum=itunes,enum=page,enum=list"`
	Name      string            `yaml:"name" jsonschema:"description=来源名称；空则为 kind"`
	URL       string            `yaml:"url" jsonschema:"description=地址；接口类来源空则用平台公布的地址"`
	Key       string            `yaml:"key" jsonschema:"description=密钥的名称，密钥本身在 media_secrets_file 或环境变量中"`
	Official  bool              `yaml:"official" jsonschema:"description=订阅源由账号主办单位自己提供，而不是第三方转制"`
	Selectors inspect.Selectors `yaml:"selectors" jsonschema:"description=列表页的 CSS 选择器"`
}

// A MediaSecret is what a platform's API asks for. It never prints.
type MediaSecret struct {
	AppID  string `yaml:"appid" json:"-"`
	Secret string `yaml:"secret" json:"-"`
	Token  string `yaml:"token" json:"-"`
}

// String hides the secret from every message.
func (MediaSecret) String() string { return "（密钥）" }

// GoString hides it from %#v too.
func (MediaSecret) GoString() string { return "（密钥）" }

// LogValue hides it from logs.
func (MediaSecret) LogValue() slog.Value { return slog.StringValue("（密钥）") }

var platformNames = func() string {
	var out []string
	for _, p := range inspect.Platforms {
		out = append(out, string(p))
	}
	return strings.Join(out, "、")
}()

func (b *builder) accounts() {
	seen := map[string]bool{}
	for i := range b.raw.Sites {
		seen[b.raw.Sites[i].ID] = true
	}
	for i := range b.raw.Accounts {
		e := &b.raw.Accounts[i]
		path := fmt.Sprintf("accounts[%d]", i)
		b.id(seen, e.ID, path)
		b.account(e, b.unit(e.Unit, path), path)
	}
	b.register(seen)
	b.kin()
	b.secrets()
}

// account takes one account of the file.
func (b *builder) account(e *accountEntry, u Unit, path string) {
	b.need(e.Name, path, "name")
	m := &inspect.MediaAccount{Platform: inspect.Platform(e.Platform), Handle: e.Handle, Body: e.Body, Verified: e.Verified, Filed: e.Filed,
		Standing: inspect.Standing(e.State), To: e.To, Window: e.Window}
	if !slices.Contains(inspect.Platforms, m.Platform) {
		b.fault(join(path, "platform"), "没有平台 %q，可用：%s", e.Platform, platformNames)
	}
	if e.State != "" && !slices.Contains(inspect.Standings, m.Standing) {
		b.fault(join(path, "state"), "没有状态 %q，可用：running、closing、closed、migrated", e.State)
	}
	s := &inspect.Site{ID: e.ID, Kind: inspect.Account, Name: e.Name, Unit: u.Name, UnitID: u.ID, Region: u.Region, Allow: b.raw.Crawl.AllowNetworks, Account: m}
	if e.URL != "" {
		home, ok := inspect.Normal(e.URL)
		if !ok {
			b.fault(join(path, "url"), "%q 不是网址", e.URL)
		}
		s.Home = home
	}
	m.Opened = b.date(e.Opened, join(path, "opened"))
	m.Since = b.date(e.Since, join(path, "since"))
	if (m.Standing == inspect.Closed || m.Standing == inspect.Migrated || m.Standing == inspect.Closing) && e.Since == "" {
		b.fault(join(path, "since"), "状态为%s时须填写开始的日期", m.Standing.Chinese())
	}
	if m.To != "" && m.Standing != inspect.Migrated {
		b.fault(join(path, "to"), "只有 state 为 migrated 时才有接续账号")
	}
	if i := e.Interaction; i != nil {
		b.need(i.Checked, join(path, "interaction"), "checked")
		m.Interaction = &inspect.Interaction{Comments: i.Comments, Messages: i.Messages, Menu: i.Menu, Checked: b.date(i.Checked, join(path, "interaction.checked"))}
	}
	names := map[string]bool{}
	for j := range e.Sources {
		b.source(m, &e.Sources[j], names, fmt.Sprintf("%s.sources[%d]", path, j))
	}
	b.out.Accounts = append(b.out.Accounts, s)
}

// date reads a day; an empty one is none.
func (b *builder) date(s, path string) time.Time {
	if strings.TrimSpace(s) == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, s, inspect.Zone)
	if err == nil {
		return t
	}
	if t, ok := zh.Date(s); ok {
		return inspect.Day(t)
	}
	b.fault(path, "%q 不是日期，应如 2026-12-31", s)
	return time.Time{}
}

func (b *builder) source(m *inspect.MediaAccount, e *sourceEntry, names map[string]bool, path string) {
	s := inspect.MediaSource{Name: cmp.Or(e.Name, e.Kind), Kind: inspect.SourceKind(e.Kind), Key: e.Key, Official: e.Official, Selectors: e.Selectors}
	if !slices.Contains(inspect.SourceKinds, s.Kind) {
		b.fault(join(path, "kind"), "没有来源类型 %q，可用：feed、wechat、weibo、itunes、page、list", e.Kind)
	}
	if names[s.Name] {
		b.fault(join(path, "name"), "来源 %q 重复，请用 name 区分", s.Name)
	}
	names[s.Name] = true
	if e.URL != "" {
		u, ok := inspect.Normal(e.URL)
		if !ok {
			b.fault(join(path, "url"), "%q 不是网址", e.URL)
		}
		s.URL = u
	}
	switch s.Kind {
	case inspect.FromFeed, inspect.FromPage, inspect.FromList:
		b.need(e.URL, path, "url")
	case inspect.FromWeChat, inspect.FromWeibo:
		b.need(e.Key, path, "key")
	case inspect.FromITunes:
		if e.URL == "" && m.Handle == "" {
			b.fault(path, "须在 handle 填写应用编号，或填写 url")
		}
	}
	for _, x := range [][2]string{{"item", e.Selectors.Item}, {"title", e.Selectors.Title}, {"date", e.Selectors.Date}} {
		if _, err := cascadia.ParseGroup(x[1]); x[1] != "" && err != nil {
			b.fault(join(path, "selectors."+x[0]), "%q 不是 CSS 选择器", x[1])
		}
	}
	m.Sources = append(m.Sources, s)
}

// kin tells each account of the unit's others on its platform, and whether the
// one it migrated to is registered.
func (b *builder) kin() {
	known := map[string]bool{}
	for _, s := range b.out.Accounts {
		known[s.ID] = true
	}
	type place struct {
		unit     string
		platform inspect.Platform
	}
	at := map[place][]*inspect.Site{}
	for _, s := range b.out.Accounts {
		m := s.Account
		m.ToKnown = m.To != "" && known[m.To]
		// Apps are many programs, not many accounts of one; "other" is many platforms.
		if s.Unit == "" || m.Platform.Installed() || m.Platform == inspect.OtherPlatform || m.Standing == inspect.Closed || m.Standing == inspect.Migrated {
			continue
		}
		p := place{s.Unit, m.Platform}
		at[p] = append(at[p], s)
	}
	for _, all := range at {
		for _, s := range all {
			for _, other := range all {
				if other != s {
					s.Account.Twins = append(s.Account.Twins, cmp.Or(other.Name, other.ID))
				}
			}
		}
	}
}

// secrets reads the file of credentials; its mistakes never show a value.
func (b *builder) secrets() {
	b.out.MediaSecrets, _ = secretsIn[MediaSecret](b, b.raw.MediaSecretsFile, "media_secrets_file", "名称: {appid: …, secret: …} 或 名称: {token: …}")
}

// Account is the account with an id, or nil.
func (c *Config) Account(id string) *inspect.Site {
	for _, s := range c.Accounts {
		if s.ID == id {
			return s
		}
	}
	return nil
}
