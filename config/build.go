package config

import (
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

var (
	idForm     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	codeForm   = regexp.MustCompile(`^([0-9]{10}|bm[0-9]{8})$`)
	regionForm = regexp.MustCompile(`^[0-9]{6}$`)
)

// A builder turns a document into a Config and notes what does not hold.
type builder struct {
	*decoder
	raw *document
	dir string
	out *Config
}

func (b *builder) build() {
	r, o := b.raw, b.out
	o.Rulebook, o.Data = r.Rulebook, beside(b.dir, r.Data)
	if r.Data == "" {
		b.fault("data", "数据目录不能为空")
	}
	b.rulebook()
	b.database()
	b.crawl(&r.Crawl, "crawl")
	o.Crawl = r.Crawl
	b.resolves()
	b.units()
	b.sites()
	b.accounts()
	b.schedules()
	b.retention()
	b.repair()
	b.console()
	b.bulletin()
	b.alerts()
}

func (b *builder) rulebook() {
	if isFile(b.raw.Rulebook) {
		b.out.Rulebook = beside(b.dir, b.raw.Rulebook)
		if _, err := os.Stat(b.out.Rulebook); err != nil {
			b.fault("rulebook", "规则文件不存在或无法读取")
		}
	} else if !slices.Contains(Rulebooks(), b.raw.Rulebook) {
		b.fault("rulebook", "没有内置规则 %q，可用：%s", b.raw.Rulebook, strings.Join(Rulebooks(), "、"))
	}
}

// database reads the address; its secrets never stand in a message.
func (b *builder) database() {
	r := b.raw
	path, address := "database", strings.TrimSpace(r.Database)
	if r.DatabaseFile != "" {
		path = "database_file"
		if address != "" {
			b.fault(path, "不能与 database 同时填写")
			return
		}
		data, err := os.ReadFile(beside(b.dir, r.DatabaseFile))
		if err != nil {
			b.fault(path, "密码文件不存在或无法读取")
			return
		}
		if address = strings.TrimSpace(string(data)); address == "" {
			b.fault(path, "密码文件是空的")
			return
		}
	}
	if address != "" && !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		b.fault(path, "应以 postgres:// 开头；使用 SQLite 时留空")
	}
	b.out.Database = address
}

// crawl checks a policy; only what is written under path is told.
func (b *builder) crawl(c *Crawl, path string) {
	check := func(key string, ok bool, message string) {
		if p := join(path, key); !ok && b.has(p) {
			b.fault(p, "%s", message)
		}
	}
	check("rate", c.Rate > 0 || c.Rate == -1, "应大于 0；-1 为不限")
	check("concurrency", c.Concurrency > 0 && c.Concurrency <= 256, "应在 1 到 256 之间")
	check("max_pages", c.MaxPages > 0 || c.MaxPages == -1, "应大于 0；-1 为不限")
	check("max_depth", c.MaxDepth > 0 || c.MaxDepth == -1, "应大于 0；-1 为不限")
	check("max_time", c.MaxTime > 0, "应大于 0")
	check("timeout", c.Timeout > 0, "应大于 0")
	check("link_age", c.LinkAge >= 0, "不能小于 0；0 为每次都问")
	check("robots", c.Robots == "obey" || c.Robots == "ignore", "应为 obey 或 ignore")
	check("robots", c.Robots != "ignore" || strings.TrimSpace(c.RobotsReason) != "", "不遵守 robots.txt 须在 robots_reason 写明理由")
	check("user_agent", !strings.ContainsAny(c.UserAgent, "\r\n"), "不能换行")
	check("contact", !strings.ContainsAny(c.Contact, "\r\n"), "不能换行")
}

func (b *builder) resolves() {
	b.out.Resolve = b.raw.Resolve
	for from, to := range b.raw.Resolve {
		path := join("resolve", from)
		host, port := from, "80"
		if strings.Contains(from, ":") {
			h, p, err := net.SplitHostPort(from)
			if err != nil {
				h = ""
			}
			host, port = h, p
		}
		if host == "" || !isPort(port) {
			b.fault(path, "左边应为 主机 或 主机:端口")
			continue
		}
		if h, p, err := net.SplitHostPort(to); err != nil || h == "" || !isPort(p) {
			b.fault(path, "%q 应为 地址:端口", to)
		}
	}
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n > 0 && n < 65536
}

// id checks an identifier and that it is the first of its kind.
func (b *builder) id(seen map[string]bool, id, path string) {
	switch {
	case id == "":
		b.fault(join(path, "id"), "缺少 id")
	case !idForm.MatchString(id):
		b.fault(join(path, "id"), "只能由字母、数字和 . _ - 组成，不超过 64 个字符")
	case seen[id]:
		b.fault(join(path, "id"), "%q 重复", id)
	}
	seen[id] = true
}

func (b *builder) need(value, path, key string) {
	if strings.TrimSpace(value) == "" {
		b.fault(join(path, key), "缺少 %s", key)
	}
}

func (b *builder) region(s, path string) {
	if s != "" && !regionForm.MatchString(s) {
		b.fault(join(path, "region"), "%q 不是六位行政区划代码", s)
	}
}

func (b *builder) units() {
	seen, names := map[string]bool{}, map[string]bool{}
	for i, u := range b.raw.Units {
		path := fmt.Sprintf("units[%d]", i)
		b.id(seen, u.ID, path)
		b.need(u.Name, path, "name")
		if names[u.Name] && u.Name != "" { // papers and objections go by it
			b.fault(join(path, "name"), "%q 重复，请写全称", u.Name)
		}
		names[u.Name] = true
		b.region(u.Region, path)
	}
	b.out.Units = b.raw.Units
}

// unit is the unit of an id; an empty id is none.
func (b *builder) unit(id, path string) Unit {
	for _, u := range b.raw.Units {
		if u.ID == id && id != "" {
			return u
		}
	}
	if id != "" {
		b.fault(join(path, "unit"), "units 中没有单位 %q", id)
	}
	return Unit{}
}

// cronParser reads five fields; "@every" and time zones have no place here.
var cronParser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// cronOK reports whether five fields are well formed and ever come. The parser reads a time
// zone before the fields and may panic there, so a "=" never gets to it.
func cronOK(s string) bool {
	if strings.ContainsAny(s, "=@") {
		return false
	}
	x, err := cronParser.Parse(s)
	return err == nil && !x.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() // such as the 31st of February
}
