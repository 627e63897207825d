// Package statistics finds the figures that a portal publishes of letters or
// of services, where no registered column says where they stand.
package statistics

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/entrance"
	"github.com/xunjian/xunjian/checks/loading"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A Subject is what figures are sought of.
type Subject struct {
	Name  string   // for people
	Words []string // of the names under which they stand, beside 统计 or 数据
	Genre inspect.Genre
	Plain *regexp.Regexp // a sentence that gives the figures
}

// Letters and Services are the subjects.
var (
	Letters = Subject{Name: "留言受理、办理统计数据", Genre: inspect.MessageStats,
		Words: []string{"留言", "信件", "来信", "互动", "咨询", "办理", "受理", "诉求", "信箱", "答复", "回复"},
		Plain: regexp.MustCompile(`(?:收到|受理|共有|办结|已回复|已答复|回复|答复)(?:网民|群众|市民)?(?:留言|来信|信件|咨询|诉求|信)?(?:总数|共|数|量)?:? ?\d+ ?(?:件|条|封)`)}
	Services = Subject{Name: "办事统计数据", Genre: inspect.ServiceStats,
		Words: []string{"办事", "办件", "政务服务", "服务事项", "审批", "办理", "服务"},
		Plain: regexp.MustCompile(`(?:办件总?[数量]|收件总?[数量]|受理总?[数量]|办结总?[数量])[^。\d]{0,6}\d+`)}
)

// figures are what the names of statistics say; others are of the land and its economy.
var (
	figures = words.Of("统计", "数据", "办件量", "办件公示")
	others  = []string{"统计局", "公报", "年鉴", "统计法", "统计调查", "经济", "国民", "统计信息", "政府数据", "数据开放", "数据局", "大数据", "管理局", "数据管理", "开放数据", "月报"}
)

func holds(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func (s *Subject) named(name, _ string) bool {
	return figures.In(name) && utf8.RuneCountInString(name) <= 40 && holds(name, s.Words) && !holds(name, others)
}

// A Page is what is kept of a page.
type Page struct {
	Links  []entrance.Link
	Self   bool // the page gives the figures
	Newest time.Time
	Script bool
}

// Gather keeps where figures stand and of which day they are.
func (s *Subject) Gather(p *inspect.Pass) any {
	if p.Page.Document != nil || !p.Page.Readable() || !s.judges(p.Site) {
		return nil
	}
	out := Page{}
	e, _ := entrance.Gather(p.Page, s.named).(entrance.Page)
	out.Links, out.Self = e.Links, e.Self.URL != ""
	if trail := p.Page.Trail(); !out.Self && len(trail) > 0 {
		out.Self = s.named(trail[len(trail)-1], "") || len(trail) > 1 && s.named(trail[len(trail)-2], "")
	}
	if !out.Self && !p.Page.Parts().Kind.IsContent() { // news gives figures too
		text := p.Page.Text()
		out.Self = strings.Contains(text, "件") && s.Plain.MatchString(text)
	}
	if out.Self {
		out.Newest, out.Script = newest(p.Page), loading.By(p.Page) != ""
	}
	if !out.Self && len(out.Links) == 0 {
		return nil
	}
	return out
}

// newest is the last day of which the page's own content speaks.
func newest(p *inspect.Page) (t time.Time) {
	later := func(d time.Time) {
		p.Hinge(d)
		if d.After(t) && inspect.DaysBetween(p.Now, d) <= 0 {
			t = d
		}
	}
	q := p.Parts()
	for _, it := range p.List(inspect.Selectors{}).Items {
		later(it.Date)
		each(it.Title, later)
	}
	later(q.Published())
	each(q.Heading, later)
	if q.Body != nil {
		each(p.BodyText(), later)
	}
	if t.IsZero() {
		for _, n := range p.Texts() {
			if !strings.Contains(n.Data, "今天") && len(n.Data) < 2000 {
				each(n.Data, later)
			}
		}
	}
	return t
}

var period = regexp.MustCompile(`(20\d\d) ?年度?(?:第?([一二三四1-4]) ?季度|(上|下)半年|(?:\d{1,2} ?月?[-至~—到])?(\d{1,2}) ?月)`)

// each tells the days in a text, and the last days of its periods.
func each(s string, f func(time.Time)) {
	s = zh.Fold(s)
	for _, m := range period.FindAllStringSubmatch(s, 50) {
		year, _ := strconv.Atoi(m[1])
		month := 0
		switch {
		case m[2] != "":
			month = 3 * (strings.Index("一二三四", m[2])/3 + 1)
			if n, err := strconv.Atoi(m[2]); err == nil {
				month = 3 * n
			}
		case m[3] == "上":
			month = 6
		case m[3] == "下":
			month = 12
		default:
			month, _ = strconv.Atoi(m[4])
		}
		if month >= 1 && month <= 12 {
			f(time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, inspect.Zone))
		}
	}
	for range 50 {
		t, end, ok := zh.DateAt(s)
		if !ok {
			return
		}
		f(t)
		s = s[end:]
	}
}

// Run judges what was gathered. Where a column of the figures is registered,
// column-stale speaks for it.
func (s *Subject) Run(p *inspect.Pass, stale inspect.Window) {
	if !s.judges(p.Site) {
		p.Due(0)
		return
	}
	f := inspect.Finding{URL: p.Site.Home, Locus: "statistics"}
	if home := p.Facts(p.Site.Home); home != nil {
		f.Evidence = home.Evidence
	}
	var best *inspect.Facts
	var at time.Time
	linked, script := "", false
	for g := range p.Gathered {
		x, ok := g.Kept.(Page)
		if !ok {
			continue
		}
		if x.Self {
			script = script || x.Script
			if best == nil || x.Newest.After(at) {
				best, at = g.Page, x.Newest
			}
		}
		if len(x.Links) > 0 && linked == "" {
			linked = x.Links[0].Name
		}
	}
	switch why := entrance.Why(p); {
	case best != nil && !at.IsZero() && inspect.DaysBetween(stale.Limit(at), p.Now) <= 0:
		return
	case best != nil && (at.IsZero() || script):
		f.Outcome, f.Message = inspect.Unknown, s.Name+"是否按期更新未能判定：页面没有标明日期或由脚本载入"
	case best != nil:
		f.Outcome, f.Class, f.URL, f.Evidence = inspect.Review, "stale", best.URL, best.Evidence
		f.Value, f.Unit = float64(inspect.DaysBetween(at, p.Now)), "天"
		f.Message = fmt.Sprintf("%s最新为%s，已超过%s未更新，请人工确认", s.Name, at.In(inspect.Zone).Format(time.DateOnly), stale.Chinese())
	case linked != "":
		f.Outcome, f.Message = inspect.Unknown, fmt.Sprintf("%s是否按期更新未能判定：没有读取到“%s”", s.Name, linked)
	case why != "":
		f.Outcome, f.Message = inspect.Unknown, s.Name+"是否公开未能判定："+why
	default:
		f.Outcome, f.Class, f.Message = inspect.Review, "absent", "没有找到"+s.Name+"，请人工确认"
	}
	p.Report(f)
}

// judges reports whether the site is judged here: a portal for which no column
// of these figures is registered.
func (s *Subject) judges(site *inspect.Site) bool {
	for i := range site.Columns {
		if site.Columns[i].Genre == s.Genre {
			return false
		}
	}
	return site.Portal
}
