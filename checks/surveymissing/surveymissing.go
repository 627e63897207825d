// Package surveymissing is the check survey-missing.
package surveymissing

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/entrance"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

type options struct {
	Since  inspect.Window `yaml:"since"`  // in which the public must have been asked
	Settle inspect.Window `yaml:"settle"` // after the last day, until the result is looked for
}

// Check is the check survey-missing.
var Check = inspect.NewCheck("survey-missing", rule, inspect.PerSite, options{}, run).Timeless().Gathering(gather, look{})

var (
	// asking are how it is called when the public is asked.
	asking = []string{"征集", "问卷", "网上调查", "在线调查", "民意", "满意度调查", "满意度测评", "征求意见", "征求社会", "公开征求", "意见征求", "征询意见", "征询公众", "听证"}
	// other is what the same words call besides.
	other = []string{"线索", "征集令", "供应商", "志愿者", "作品", "史料", "征兵", "入库", "中介", "普查", "报名", "应聘", "招聘", "招标", "采购", "遴选"}
	// results are how what came of it is called.
	results = []string{"结果", "反馈", "采纳", "情况说明", "征集情况", "意见汇总", "情况公示", "调查报告", "调查分析"}
)

func holds(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func named(name, _ string) bool {
	return len([]rune(name)) <= 20 && (holds(name, asking) || strings.Contains(name, "调查")) && !holds(name, other)
}

// asks reports whether a title asks the public something, answers says what
// came of it.
func asks(title string) bool    { return holds(title, asking) && !holds(title, other) && !answers(title) }
func answers(title string) bool { return holds(title, asking) && holds(title, results) }

// A piece is one consultation, or a result.
type piece struct {
	Title  string
	Date   time.Time
	End    time.Time // the last day on which opinions are taken
	Result bool
	Shown  bool // a consultation that shows its own result
}

// A look is what is kept of a page.
type look struct {
	Links []entrance.Link
	Piece *piece
}

func gather(p *inspect.Pass) any {
	if !p.Site.Portal {
		return nil
	}
	e, _ := entrance.Gather(p.Page, named).(entrance.Page)
	out := look{Links: e.Links}
	if d := p.Page.Document; d == nil && p.Page.Readable() {
		q := p.Page.Parts()
		title := zh.Truncate(strings.Clone(zh.Compact(q.Heading)), 80)
		if q.Heading == "" {
			title = zh.Truncate(strings.Clone(zh.Compact(q.Title)), 80)
		}
		if q.Kind.IsContent() || q.Kind == inspect.SurveyPage {
			if asks(title) || answers(title) {
				x := &piece{Title: title, Date: q.Published(), Result: answers(title), End: lastDay(p.Page)}
				x.Shown = !x.Result && shown(p.Page)
				out.Piece = x
			}
		}
	}
	if out.Piece == nil && len(out.Links) == 0 {
		return nil
	}
	return out
}

// ends are what stands before the last day.
var ends = []string{"截止日期", "截止时间", "结束时间", "结束日期", "征集时间", "征求意见时间", "调查时间", "反馈时间", "意见反馈截止"}

// lastDay is the last day on which opinions are taken, zero if none is named.
func lastDay(p *inspect.Page) (last time.Time) {
	text := zh.Fold(p.Text())
	for _, w := range ends {
		for rest := text; ; {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				break
			}
			rest = after
			for n, s := 0, after[:min(len(after), 90)]; n < 2; n++ { // from and to
				t, end, ok := zh.DateAt(s)
				if !ok {
					break
				}
				if t.After(last) {
					last = t
				}
				s = s[end:]
				if to, ok := sameYear(s, t); ok && to.After(last) { // 2026年9月1日至9月30日
					last = to
				}
			}
		}
	}
	return last
}

var until = regexp.MustCompile(`^\s*(?:[0-9:：]*\s*)?(?:至|到|—+|-+|~|～)\s*(\d{1,2})\s*(?:月|\.|-|/)\s*(\d{1,2})`)

// sameYear reads the end of a span that does not repeat its year.
func sameYear(s string, from time.Time) (time.Time, bool) {
	m := until.FindStringSubmatch(s)
	if m == nil {
		return time.Time{}, false
	}
	month, _ := strconv.Atoi(m[1])
	day, _ := strconv.Atoi(m[2])
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}, false
	}
	year := from.Year()
	if time.Month(month) < from.Month() {
		year++
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, from.Location()), true
}

// shown reports whether a page names a result of its own: a part of it or a link.
func shown(p *inspect.Page) bool {
	for _, n := range p.Texts() {
		s := zh.Compact(n.Data)
		if len(s) <= 60 && holds(s, []string{"结果反馈", "征集结果", "调查结果", "采纳情况", "反馈情况", "结果公示", "结果公布", "反馈结果"}) && !strings.Contains(s, "截止") {
			return true
		}
	}
	return false
}

// A year is what was seen of consultations.
type year struct {
	links  []entrance.Link
	pieces []*piece
	on     map[*piece]*inspect.Facts
	sure   bool // a registered column of them was read, with dates
	newest time.Time
}

func read(p *inspect.Pass) *year {
	y := &year{on: map[*piece]*inspect.Facts{}}
	for g := range p.Gathered {
		x, ok := g.Kept.(look)
		if !ok {
			continue
		}
		y.links = append(y.links, x.Links...)
		if x.Piece != nil {
			y.add(p, x.Piece, g.Page)
		}
	}
	for f := range p.Pages {
		c := p.Site.ColumnAt(f.URL)
		registered := c != nil && c.Genre == inspect.Survey
		for _, it := range f.List.Items {
			switch title := zh.Compact(it.Title); {
			case registered, asks(title), answers(title):
				y.add(p, &piece{Title: title, Date: it.Date, Result: answers(title)}, f)
				y.sure = y.sure || registered && !it.Date.IsZero()
			}
		}
	}
	return y
}

func (y *year) add(p *inspect.Pass, x *piece, f *inspect.Facts) {
	y.pieces = append(y.pieces, x)
	y.on[x] = f
	for _, t := range []time.Time{x.Date, x.End} {
		if t.After(y.newest) && (t.Equal(x.End) || inspect.DaysBetween(p.Now, t) <= 1) {
			y.newest = t
		}
	}
}

func run(_ context.Context, p *inspect.Pass, o options) error {
	if !p.Site.Portal {
		p.Due(0)
		return nil
	}
	y := read(p)
	f := inspect.Finding{URL: p.Site.Home, Locus: "survey"}
	if home := p.Facts(p.Site.Home); home != nil {
		f.Evidence = home.Evidence
	}
	why := entrance.Why(p)
	switch {
	case len(y.links) == 0 && len(y.pieces) == 0 && why != "":
		f.Outcome, f.Message = inspect.Unknown, "网上征集调查渠道未能判定："+why
	case len(y.links) == 0 && len(y.pieces) == 0:
		f.Class, f.Message = "channel", "没有找到网上征集调查的栏目或入口"
	case y.newest.IsZero():
		f.Outcome, f.Message = inspect.Unknown, "征集调查开展情况未能判定：没有读到标明日期的征集调查"
	case inspect.DaysBetween(o.Since.Limit(y.newest), p.Now) > 0:
		f.Class, f.Value, f.Unit = "period", float64(inspect.DaysBetween(y.newest, p.Now)), "天"
		f.Message = fmt.Sprintf("最近一次征集调查为%s，近%s没有开展", y.newest.In(inspect.Zone).Format(time.DateOnly), o.Since.Chinese())
		if !y.sure {
			f.Outcome = inspect.Review
			f.Message += "，请人工确认"
		}
	default:
		y.feedback(p, o)
		return nil
	}
	p.Report(f)
	return nil
}

// feedback looks for what came of each consultation that is over. That none is
// seen is for a person: it may stand under another title.
func (y *year) feedback(p *inspect.Pass, o options) {
	due := 1
	for _, x := range y.pieces {
		if x.Result || x.Shown || x.End.IsZero() || inspect.DaysBetween(p.Now, o.Since.Limit(x.End)) < 0 || inspect.DaysBetween(o.Settle.Limit(x.End), p.Now) <= 0 {
			continue
		}
		due++
		if slices.ContainsFunc(y.pieces, func(r *piece) bool { return r.Result && sameSubject(x.Title, r.Title) }) {
			continue
		}
		f := y.on[x]
		p.Report(inspect.Finding{Outcome: inspect.Review, URL: f.URL, Locus: "result", Class: "result", Evidence: f.Evidence,
			Message: fmt.Sprintf("“%s”已于%s截止，没有找到结果反馈，请人工确认", zh.Truncate(x.Title, 40), x.End.In(inspect.Zone).Format(time.DateOnly))})
	}
	p.Due(due)
}

// sameSubject reports whether two titles share eight letters in a row besides
// the words that all of them have.
func sameSubject(a, b string) bool {
	r := []rune(core(a))
	n := min(8, len(r))
	if n < 4 {
		return false
	}
	b = core(b)
	for i := 0; i+n <= len(r); i++ {
		if strings.Contains(b, string(r[i:i+n])) {
			return true
		}
	}
	return false
}

func core(s string) string {
	for _, w := range append([]string{"关于", "公开", "社会", "公众", "网上", "意见建议", "意见", "建议", "的公告", "的通知", "公告", "面向", "向"}, append(asking, results...)...) {
		s = strings.ReplaceAll(s, w, "")
	}
	return strings.Trim(s, "《》“”\"的（）()")
}
