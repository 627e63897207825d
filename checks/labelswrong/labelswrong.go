// Package labelswrong is the check labels-wrong: labels that are there but
// malformed, left at their placeholder, or at odds with the page.
package labelswrong

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/labels"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check labels-wrong.
var Check = inspect.NewCheck("labels-wrong", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	k := p.Page.Parts().Kind
	required := labels.Required(k)
	if required == nil {
		p.Due(0)
		return nil
	}
	have := p.Page.Labels()
	for _, l := range required {
		v := have[l.Key].Content
		switch {
		case v == "":
		case labels.Placeholder(v):
			p.Report(inspect.Finding{Locus: l.Name, Class: l.Group, Template: true,
				Message: fmt.Sprintf("标签 %s 的内容是未替换的模板标记或提示语：%s", l.Name, zh.Truncate(v, 40))})
		default:
			judge(p, k, l, v)
		}
	}
	return nil
}

// judge holds one filled label against its form and against the page.
func judge(p *inspect.Pass, k inspect.PageKind, l labels.Label, v string) {
	switch l.Name {
	case "SiteName":
		siteName(p, v)
	case "SiteDomain":
		if !strings.Contains(v, ".") && !strings.Contains(v, "localhost") {
			p.Report(inspect.Finding{Locus: l.Name, Class: l.Group, Template: true, Message: "标签 SiteDomain 的内容不是域名：" + zh.Truncate(v, 40)})
		}
	case "SiteIDCode":
		if !labels.ValidCode(v) {
			p.Report(inspect.Finding{Locus: l.Name, Class: l.Group, Template: true,
				Message: "标签 SiteIDCode 的内容不是网站标识码（10位数字，或bm加8位数字）：" + zh.Truncate(v, 40)})
		}
	case "ColumnType":
		if k == inspect.HomePage && zh.Compact(v) != "首页" {
			p.Report(inspect.Finding{Locus: l.Name, Class: l.Group, Template: true, Message: "首页标签 ColumnType 的内容应为“首页”，实为：" + zh.Truncate(v, 40)})
		}
	case "ArticleTitle":
		articleTitle(p, v)
	case "PubDate":
		pubDate(p, v)
	}
}

// siteName holds the name against the register. Long and short forms of one
// name contain one another; a person decides about the rest.
func siteName(p *inspect.Pass, v string) {
	if p.Site.Name == "" {
		return
	}
	a, b := core(v), core(p.Site.Name)
	if strings.Contains(a, b) || strings.Contains(b, a) {
		return
	}
	p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "SiteName", Class: labels.Site, Template: true,
		Message: fmt.Sprintf("标签 SiteName 的内容“%s”与登记的网站名称“%s”不一致", zh.Truncate(v, 40), p.Site.Name)})
}

var (
	kinds    = strings.NewReplacer("门户网站", "", "网站", "", "官网", "", "网", "")
	entities = strings.NewReplacer("&nbsp;", "", "&quot;", "", "&amp;", "", "&ldquo;", "", "&rdquo;", "", "&middot;", "")
	dashes   = strings.NewReplacer("—", "-", "–", "-", "－", "-", "―", "-")
)

func core(name string) string { return kinds.Replace(letters(name)) }

// letters is s folded, without anything that is no letter or digit, so that
// marks and blanks that publishing systems add or drop do not count.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x80 && (r < 0x2000 || r > 0x303F) && (r < 0xFF00 || r > 0xFFEF):
			return r
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 32
		}
		return -1
	}, zh.Fold(s))
}

// articleTitle reports a title that the page prints nowhere.
func articleTitle(p *inspect.Pass, v string) {
	q := p.Page.Parts()
	want := letters(strip(v))
	if want == "" || q.Heading == "" && q.Title == "" {
		return
	}
	for _, t := range []string{q.Heading, q.Title} {
		if t := letters(t); t != "" && (strings.Contains(t, want) || len(t) >= 12 && strings.Contains(want, t)) {
			return
		}
	}
	if text := letters(p.Page.Text()); strings.Contains(text, want) {
		return
	}
	heading := q.Heading
	if heading == "" {
		heading = q.Title
	}
	p.Report(inspect.Finding{Locus: "ArticleTitle", Class: labels.Content,
		Message: fmt.Sprintf("标签 ArticleTitle 的内容“%s”与页面标题“%s”不一致", zh.Truncate(v, 40), zh.Truncate(heading, 40))})
}

// strip takes out mark-up and entities that a system wrote into the label as text,
// and the sign of a cut.
func strip(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "<")
		_, after, closed := strings.Cut(rest, ">")
		if !ok || !closed {
			break
		}
		s = before + after
	}
	return strings.TrimRight(entities.Replace(s), ".…")
}

func pubDate(p *inspect.Pass, v string) {
	t, ok := zh.Date(dashes.Replace(v))
	p.Page.Hinge(inspect.Day(t).AddDate(0, 0, -1))
	f := inspect.Finding{Locus: "PubDate", Class: labels.Content}
	printed := p.Page.Parts().Printed
	switch {
	case !ok:
		f.Message, f.Template = "标签 PubDate 的内容不是日期：", true
	case inspect.DaysBetween(p.Now, t) > 1:
		f.Message = "标签 PubDate 的日期晚于检查日："
	case !printed.IsZero() && !inspect.Day(printed).Equal(inspect.Day(t)) && !prints(p.Page, t):
		f.Message = fmt.Sprintf("页面显示的发布日期为%s，标签 PubDate 为：", printed.In(inspect.Zone).Format(time.DateOnly))
	default:
		return
	}
	f.Message += zh.Truncate(v, 40)
	p.Report(f)
}

// prints reports whether the page shows the day anywhere: a page prints more
// than one date, and ours may be the wrong one to compare.
func prints(p *inspect.Page, day time.Time) bool {
	for _, n := range p.Texts() {
		for s := n.Data; len(s) < 2000; {
			t, end, ok := zh.DateAt(s)
			if !ok {
				break
			}
			if inspect.Day(t).Equal(inspect.Day(day)) {
				return true
			}
			s = s[min(end, len(s)):]
		}
	}
	return false
}
