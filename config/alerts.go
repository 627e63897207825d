package config

import (
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// Alerts are who is told what, when and how. What is not written has the
// default of whoever tells; no rule of the state says any of the numbers.
type Alerts struct {
	Console     string         `yaml:"console" jsonschema:"description=通知中的链接所指的本系统地址，如 https://xunjian.example.gov.cn"`
	SecretsFile string         `yaml:"secrets_file" jsonschema:"description=内含各渠道密钥的文件，相对于本文件"`
	Channels    []AlertChannel `yaml:"channels" jsonschema:"description=通知渠道"`
	Contacts    []AlertContact `yaml:"contacts" jsonschema:"description=联系人，或一个机器人所在的群"`
	Routes      []AlertRoute   `yaml:"routes" jsonschema:"description=谁在何时收到什么，按顺序取第一条相符的；不写则用默认规则"`
	Quiet       []string       `yaml:"quiet" jsonschema:"description=每天不打扰的时段，如 22:00-07:00（默认）；[] 为没有"`
	Digest      string         `yaml:"digest" jsonschema:"description=每日汇总的时间,default=08:40"`
	Gather      time.Duration  `yaml:"gather" jsonschema:"description=等待多久以合并同时发生的通知，如 2m（默认）"`
	Window      time.Duration  `yaml:"window" jsonschema:"description=同一问题的同一种通知，在此时间内不重复，如 24h（默认）"`
	Flood       int            `yaml:"flood" jsonschema:"description=每个联系人每个渠道每小时最多几条，其余合并,default=20"`
	Fresh       time.Duration  `yaml:"fresh" jsonschema:"description=检查时间早于此的结果不作为新发现，如 48h（默认）"`
	GiveUp      time.Duration  `yaml:"give_up" jsonschema:"description=发不出去时重试多久，如 24h（默认）"`
	Shares      []float64      `yaml:"shares" jsonschema:"description=更新期限用去多少时提醒，如 [0.75，0.9]（默认）；[] 为不提醒"`
	Before      []int          `yaml:"before" jsonschema:"description=整改期限前几天提醒，如 [3，1]（默认）；[] 为不提醒"`
	Overdue     []int          `yaml:"overdue" jsonschema:"description=逾期几天时通知，第二个起为升级，如 [1，3，7]（默认）；[] 为不通知"`
}

// An AlertChannel is a way to reach people or programs.
type AlertChannel struct {
	ID            string            `yaml:"id" jsonschema:"required,description=渠道代号"`
	Kind          string            `yaml:"kind" jsonschema:"required,enum=email,enum=wecom,enum=dingtalk,enum=feishu,enum=webhook,enum=alertmanager,enum=sms"`
	URL           string            `yaml:"url" jsonschema:"description=地址；机器人一般不写（密钥在 secrets_file）"`
	AllowNetworks []netip.Prefix    `yaml:"allow_networks" jsonschema:"description=地址在内网时，允许的网段"`
	CAFile        string            `yaml:"ca_file" jsonschema:"description=本单位的根证书（PEM）；空则用系统的"`
	From          string            `yaml:"from" jsonschema:"description=email：发件人，如 巡检 <xunjian@example.gov.cn>"`
	Server        string            `yaml:"server" jsonschema:"description=email：主机:端口"`
	TLS           string            `yaml:"tls" jsonschema:"description=email：implicit（465 端口）、starttls（587 端口）或 none,enum=implicit,enum=starttls,enum=none"`
	Method        string            `yaml:"method" jsonschema:"description=sms：POST（默认）或 GET,enum=POST,enum=GET"`
	Header        map[string]string `yaml:"header" jsonschema:"description=sms：请求头，可含 {hmac}、{time} 等"`
	Body          string            `yaml:"body" jsonschema:"description=sms：请求正文，含 {mobile}、{text} 等"`
	Expect        string            `yaml:"expect" jsonschema:"description=sms：应答中表示成功的内容，如 code=0"`
	Sign          string            `yaml:"sign" jsonschema:"description=sms：签名，如 【示例区巡检】"`

	Roots  *x509.CertPool `yaml:"-" jsonschema:"-"` // of ca_file
	Secret AlertSecret    `yaml:"-" jsonschema:"-"` // of secrets_file
}

// An AlertSecret is what a channel's service asks for. It never prints.
type AlertSecret struct {
	Key      string `yaml:"key" json:"-"`
	Sign     string `yaml:"sign" json:"-"`
	User     string `yaml:"user" json:"-"`
	Password string `yaml:"password" json:"-"`
}

// String hides the secret from every message.
func (AlertSecret) String() string { return "（密钥）" }

// GoString hides it from %#v too.
func (AlertSecret) GoString() string { return "（密钥）" }

// LogValue hides it from logs.
func (AlertSecret) LogValue() slog.Value { return slog.StringValue("（密钥）") }

// An AlertContact is a person, or a group that one robot reaches.
type AlertContact struct {
	ID    string         `yaml:"id" jsonschema:"required,description=联系人代号"`
	Name  string         `yaml:"name" jsonschema:"description=姓名或群名"`
	Roles []inspect.Role `yaml:"roles" jsonschema:"required,description=角色：supervisor 监管员、agency 责任单位、operations 运维、auditor 审计员、admin 管理员"`
	Units []string       `yaml:"units" jsonschema:"description=只收这些单位的；责任单位的联系人须写，其他人空则全部"`
	Reach []AlertReach   `yaml:"reach" jsonschema:"required,description=经哪些渠道"`
}

// An AlertReach is a way to a contact.
type AlertReach struct {
	Channel string `yaml:"channel" jsonschema:"required,description=渠道代号"`
	Address string `yaml:"address" jsonschema:"description=email 的邮箱、sms 的手机号；其他渠道不写"`
}

// An AlertRoute says who is told of some alerts, when, and by which channels.
type AlertRoute struct {
	To       []string            `yaml:"to" jsonschema:"required,description=角色或联系人代号"`
	Kinds    []inspect.AlertKind `yaml:"kinds" jsonschema:"description=通知类别；空则全部"`
	Severity []inspect.Part      `yaml:"severity" jsonschema:"description=veto、deduction 或 advice；空则全部"`
	Units    []string            `yaml:"units" jsonschema:"description=单位代号；空则全部"`
	Sites    []string            `yaml:"sites" jsonschema:"description=网站或账号代号；空则全部"`
	Checks   []string            `yaml:"checks" jsonschema:"description=检查代号，或以 * 结尾的一类，如 column-*；空则全部"`
	Channels []string            `yaml:"channels" jsonschema:"description=只经这些渠道；空则联系人的全部渠道"`
	When     string              `yaml:"when" jsonschema:"required,description=always 随时（夜间也发）、now 随时但避开 quiet、digest 每日汇总、never 不发,enum=always,enum=now,enum=digest,enum=never"`
}

// An alertForm is what a kind of channel must and may have written.
type alertForm struct {
	kind      string
	direct    bool // a contact has an address there
	must, may []string
}

var alertForms = []alertForm{
	{"email", true, []string{"from", "server", "tls"}, []string{"ca_file"}},
	{"wecom", false, nil, []string{"url", "allow_networks", "ca_file"}},
	{"dingtalk", false, nil, []string{"url", "allow_networks", "ca_file"}},
	{"feishu", false, nil, []string{"url", "allow_networks", "ca_file"}},
	{"webhook", false, []string{"url"}, []string{"allow_networks", "ca_file"}},
	{"alertmanager", false, []string{"url"}, []string{"allow_networks", "ca_file"}},
	{"sms", true, []string{"url"}, []string{"allow_networks", "ca_file", "method", "header", "body", "expect", "sign"}},
}

// alertForm is the form of a kind, or nil.
func formOf(kind string) *alertForm {
	i := slices.IndexFunc(alertForms, func(f alertForm) bool { return f.kind == kind })
	if i < 0 {
		return nil
	}
	return &alertForms[i]
}

// alerts checks the section; without one, nobody is told anything.
func (b *builder) alerts() {
	a := b.raw.Alerts
	if a == nil {
		return
	}
	if a.Console != "" && !webAddress(a.Console) {
		b.fault("alerts.console", "%q 不是网址", a.Console)
	}
	b.alertChannels(a)
	b.alertSecrets(a)
	b.alertContacts(a)
	for i := range a.Routes {
		b.alertRoute(a, &a.Routes[i], fmt.Sprintf("alerts.routes[%d]", i))
	}
	b.alertTimes(a)
	b.out.Alerts = a
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func (b *builder) alertChannels(a *Alerts) {
	seen := map[string]bool{}
	for i := range a.Channels {
		c := &a.Channels[i]
		path := fmt.Sprintf("alerts.channels[%d]", i)
		b.id(seen, c.ID, path)
		f := formOf(c.Kind)
		if f == nil {
			b.fault(join(path, "kind"), "没有渠道类型 %q，可用：email、wecom、dingtalk、feishu、webhook、alertmanager、sms", c.Kind)
			continue
		}
		for _, key := range f.must {
			if !b.has(join(path, key)) {
				b.fault(join(path, key), "缺少 %s", key)
			}
		}
		for _, key := range []string{"url", "allow_networks", "from", "server", "tls", "method", "header", "body", "expect", "sign"} {
			if p := join(path, key); b.has(p) && !slices.Contains(f.must, key) && !slices.Contains(f.may, key) {
				b.fault(p, "%s 没有这一项", c.Kind)
			}
		}
		b.alertChannel(c, path)
	}
}

// alertChannel checks what is written of a channel. A robot's address with its
// key is a secret and has no place here.
func (b *builder) alertChannel(c *AlertChannel, path string) {
	if p := join(path, "url"); b.has(p) {
		u, err := url.Parse(c.URL)
		robot := slices.Contains([]string{"wecom", "dingtalk", "feishu"}, c.Kind)
		switch {
		case !webAddress(c.URL):
			b.fault(p, "应以 https:// 或 http:// 开头")
		case err == nil && u.User != nil, err == nil && robot && u.RawQuery != "":
			b.fault(p, "含有密钥；密钥应写在 secrets_file 中")
		}
	}
	if c.Kind == "email" {
		if _, err := mail.ParseAddress(c.From); b.has(join(path, "from")) && err != nil {
			b.fault(join(path, "from"), "应为 名称 <地址>")
		}
		if h, p, err := net.SplitHostPort(c.Server); b.has(join(path, "server")) && (err != nil || h == "" || !isPort(p)) {
			b.fault(join(path, "server"), "应为 主机:端口")
		}
		if b.has(join(path, "tls")) && !slices.Contains([]string{"implicit", "starttls", "none"}, c.TLS) {
			b.fault(join(path, "tls"), "应为 implicit、starttls 或 none")
		}
	}
	if all := c.URL + c.Body; c.Kind == "sms" && (!strings.Contains(all, "{mobile}") || !strings.Contains(all, "{text}")) {
		b.fault(join(path, "body"), "body 或 url 中须有 {mobile} 和 {text}")
	}
	if c.Method != "" && c.Method != "POST" && c.Method != "GET" {
		b.fault(join(path, "method"), "应为 POST 或 GET")
	}
	if c.CAFile != "" {
		pem, err := os.ReadFile(beside(b.dir, c.CAFile))
		c.Roots = x509.NewCertPool()
		if err != nil || !c.Roots.AppendCertsFromPEM(pem) {
			b.fault(join(path, "ca_file"), "证书文件不存在、无法读取或不是 PEM")
		}
	}
}

// alertSecrets reads the file of secrets; its mistakes never show a value.
func (b *builder) alertSecrets(a *Alerts) {
	secrets, ok := secretsIn[AlertSecret](b, a.SecretsFile, "alerts.secrets_file", "渠道代号: {key: …, sign: …} 或 渠道代号: {user: …, password: …}")
	if !ok {
		return
	}
	for i := range a.Channels {
		c := &a.Channels[i]
		c.Secret = secrets[c.ID]
		delete(secrets, c.ID)
	}
	if len(secrets) > 0 {
		b.fault("alerts.secrets_file", "密钥文件中有 %d 项不属于任何渠道", len(secrets))
	}
}

// secretsIn reads a file of secrets by name; ok is false when there is none.
func secretsIn[T any](b *builder, file, path, form string) (out map[string]T, ok bool) {
	if file == "" {
		return nil, false
	}
	data, err := os.ReadFile(beside(b.dir, file))
	if err != nil {
		b.fault(path, "密钥文件不存在或无法读取")
		return nil, false
	}
	root, err := parse(file, data)
	out = map[string]T{}
	if err == nil {
		d := newDecoder(file)
		d.value(root, reflect.ValueOf(&out).Elem(), "")
		err = d.errs.orNil()
	}
	if err != nil {
		b.fault(path, "密钥文件格式不正确，应为 %s", form)
		return nil, false
	}
	return out, true
}
