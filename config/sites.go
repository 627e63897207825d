package config

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/andybalholm/cascadia"

	"github.com/xunjian/xunjian/inspect"
)

func (b *builder) sites() {
	seen := map[string]bool{}
	for i := range b.raw.Sites {
		path := fmt.Sprintf("sites[%d]", i)
		b.id(seen, b.raw.Sites[i].ID, path)
		b.site(&b.raw.Sites[i], path)
	}
}

func (b *builder) site(e *siteEntry, path string) {
	u := b.unit(e.Unit, path)
	s := &inspect.Site{ID: e.ID, Kind: inspect.Website, Name: e.Name, Unit: u.Name, UnitID: u.ID, Code: e.Code, Region: e.Region, Portal: e.Portal}
	if s.Region == "" {
		s.Region = u.Region
	}
	b.region(e.Region, path)
	if e.Code != "" && !codeForm.MatchString(e.Code) {
		b.fault(join(path, "code"), "%q 不是网站标识码：应为十位数字，或 bm 加八位数字", e.Code)
	}
	home, ok := inspect.Normal(e.Home)
	switch {
	case strings.TrimSpace(e.Home) == "":
		b.fault(join(path, "home"), "缺少 home")
	case !ok:
		b.fault(join(path, "home"), "%q 不是网址", e.Home)
	}
	s.Home = home
	for j, h := range e.Hosts {
		u, ok := inspect.Normal("http://" + h)
		if !ok || inspect.Path(u) != "/" || strings.ContainsAny(h, "/?#@") {
			b.fault(fmt.Sprintf("%s.hosts[%d]", path, j), "%q 不是主机名", h)
		}
		s.Hosts = append(s.Hosts, inspect.Host(u))
	}
	s.Search = b.search(e.Search, home, join(path, "search"))
	c := b.raw.Crawl
	if e.Crawl.node != nil {
		p := join(path, "crawl")
		b.value(e.Crawl.node, reflect.ValueOf(&c).Elem(), p)
		b.crawl(&c, p)
	}
	s.Allow = c.AllowNetworks
	b.out.crawls[s.ID] = c
	b.columns(s, e.Columns, path)
	b.out.Sites = append(b.out.Sites, s)
}

func (b *builder) columns(s *inspect.Site, entries []columnEntry, path string) {
	names := map[string]bool{}
	for j, e := range entries {
		p := fmt.Sprintf("%s.columns[%d]", path, j)
		b.need(e.Name, p, "name")
		if e.Name != "" && names[e.Name] {
			b.fault(join(p, "name"), "栏目 %q 重复", e.Name)
		}
		names[e.Name] = true
		c := inspect.Column{Name: e.Name, Genre: e.Genre, Window: e.Window, Selectors: e.Selectors, TopLevel: e.firstLevel()}
		if c.Genre == "" {
			c.Genre = inspect.OtherGenre
		}
		if strings.TrimSpace(e.URL) == "" {
			b.fault(join(p, "url"), "缺少 url")
		} else {
			base := s.Home
			if base == "" { // that mistake is told; this one may be another
				base = "http://invalid.invalid/"
			}
			u, scheme := inspect.NewBase(base).Resolve(e.URL)
			if scheme != inspect.HTTP {
				b.fault(join(p, "url"), "%q 不是网址", e.URL)
			}
			c.URL = u
		}
		for _, x := range [][2]string{{"item", e.Selectors.Item}, {"title", e.Selectors.Title}, {"date", e.Selectors.Date}, {"asked", e.Selectors.Asked},
			{"answered", e.Selectors.Answered}, {"unit", e.Selectors.Unit}, {"question", e.Selectors.Question}, {"reply", e.Selectors.Reply}} {
			if _, err := cascadia.ParseGroup(x[1]); x[1] != "" && err != nil {
				b.fault(join(p, "selectors."+x[0]), "%q 不是 CSS 选择器", x[1])
			}
		}
		if s := e.Selectors; s.Item == "" && s != (inspect.Selectors{}) {
			b.fault(join(p, "selectors"), "填写 title 或 date 等时须填写 item")
		}
		c.Excused = b.excuse(e.Excused, join(p, "excused"))
		s.Columns = append(s.Columns, c)
	}
}

// excuse reads an entry of the register of columns with nothing to publish.
func (b *builder) excuse(e *excuseEntry, path string) *inspect.Excuse {
	if e == nil {
		return nil
	}
	b.need(e.Reason, path, "reason")
	b.need(e.Approver, path, "approver")
	until, err := time.ParseInLocation(time.DateOnly, e.Until, inspect.Zone)
	if err != nil {
		b.fault(join(path, "until"), "%q 不是日期，应如 2026-12-31；登记必须有到期日", e.Until)
	}
	return &inspect.Excuse{Reason: e.Reason, Approver: e.Approver, Until: until}
}

// search reads how a site's search is asked.
func (b *builder) search(s inspect.Search, home, path string) inspect.Search {
	if s.URL == "" {
		return s
	}
	if !strings.Contains(s.URL, "{q}") {
		b.fault(join(path, "url"), "%q 中没有 {q}：它标明搜索词的位置", s.URL)
		return s
	}
	before, after, _ := strings.Cut(s.URL, "{q}")
	u, scheme := inspect.NewBase(home).Resolve(before + "xunjian-q" + after)
	if scheme != inspect.HTTP {
		b.fault(join(path, "url"), "%q 不是网址", s.URL)
	}
	s.URL = strings.Replace(u, "xunjian-q", "{q}", 1)
	return s
}

// firstLevel says whether the column is a first-level one: as it is written,
// else yes for the genres of which rules count only those, since a register
// names its main columns.
func (e *columnEntry) firstLevel() bool {
	if e.TopLevel != nil {
		return *e.TopLevel
	}
	return e.Genre == inspect.Notice || e.Genre == inspect.Policy
}
