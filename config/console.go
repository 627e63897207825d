package config

import (
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"
)

// A Console is how the web console is reached, and who vouches for its users.
type Console struct {
	URL     string         `yaml:"url" jsonschema:"description=浏览器访问控制台的地址，如 https://xunjian.example.gov.cn；https 时 cookie 只经 https 发送"`
	Title   string         `yaml:"title" jsonschema:"description=页面上的名称,default=巡检"`
	Session time.Duration  `yaml:"session" jsonschema:"description=一次登录最长多久，如 12h"`
	Idle    time.Duration  `yaml:"idle" jsonschema:"description=多久没有操作须重新登录，如 1h"`
	Proxies []netip.Prefix `yaml:"proxies" jsonschema:"description=反向代理所在网段；只相信它们所说的来访地址"`
	OIDC    OIDC           `yaml:"oidc" jsonschema:"description=单点登录（OpenID Connect）；用户仍须先添加"`
	Status  StatusPage     `yaml:"status" jsonschema:"description=公开的运行状况页；不写则没有"`
}

// An OIDC is a provider that vouches for users.
type OIDC struct {
	Name       string `yaml:"name" jsonschema:"description=登录页上的名称,default=单点登录"`
	Issuer     string `yaml:"issuer" jsonschema:"description=提供方的地址（issuer）"`
	ClientID   string `yaml:"client_id" jsonschema:"description=在提供方登记的客户端编号"`
	SecretFile string `yaml:"client_secret_file" jsonschema:"description=内含客户端密钥的文件"`
	Claim      string `yaml:"claim" jsonschema:"description=作为登录名的声明,default=preferred_username"`

	Secret string `yaml:"-" jsonschema:"-"`
}

// A StatusPage is a page for everyone on how sites were reached.
type StatusPage struct {
	Title string   `yaml:"title" jsonschema:"description=标题"`
	Sites []string `yaml:"sites" jsonschema:"description=列出的网站代号"`
}

var defaultConsole = Console{Title: "巡检", Session: 12 * time.Hour, Idle: time.Hour, OIDC: OIDC{Name: "单点登录", Claim: "preferred_username"}}

// Secure reports whether browsers reach the console by https.
func (c *Console) Secure() bool { return strings.HasPrefix(c.URL, "https://") }

func (b *builder) console() {
	c := &b.raw.Console
	if c.URL != "" && !webOrigin(c.URL) {
		b.fault("console.url", "应为 https://主机 这样的地址，后面没有路径")
	}
	for key, d := range map[string]time.Duration{"session": c.Session, "idle": c.Idle} {
		if d < time.Minute || d > 31*24*time.Hour {
			b.fault("console."+key, "应为 1m 至 744h")
		}
	}
	for _, id := range c.Status.Sites {
		if b.out.Site(id) == nil {
			b.fault("console.status.sites", "没有网站 %q", id)
		}
	}
	b.oidc(&c.OIDC, c.URL)
	b.out.Console = *c
}

// oidc reads the secret; it never stands in a message.
func (b *builder) oidc(o *OIDC, console string) {
	if o.Issuer == "" {
		return
	}
	if u, err := url.Parse(o.Issuer); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		b.fault("console.oidc.issuer", "应为 https:// 开头的地址")
	}
	if console == "" {
		b.fault("console.oidc", "须同时填写 console.url：提供方要把用户送回那里")
	}
	if o.ClientID == "" {
		b.fault("console.oidc.client_id", "不能为空")
	}
	if o.SecretFile == "" {
		return // a public client has none
	}
	data, err := os.ReadFile(beside(b.dir, o.SecretFile))
	if o.Secret = strings.TrimSpace(string(data)); err != nil || o.Secret == "" {
		b.fault("console.oidc.client_secret_file", "密钥文件不存在、无法读取或是空的")
	}
}

func webOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
}
