// Package sitecode is the check site-code: a 网站标识码 that is malformed or
// does not agree with itself.
package sitecode

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/checks/labels"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check site-code.
var Check = inspect.NewCheck("site-code", rule, inspect.PerSite, struct{}{}, run)

// A seen is a code at one kind of place.
type seen struct {
	where string // locus: SiteIDCode, foot or entry
	words string
	code  string
	first *inspect.Facts
	pages int
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	home := p.Facts(p.Site.Home)
	if home == nil || home.Verdict != inspect.Fine && home.Verdict != inspect.Information {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "home", Message: "首页未能读取，未能判定网站标识码是否一致"})
		return nil
	}
	all := gather(p, home)
	want, basis := reference(p, all)
	for _, s := range all {
		why := ""
		switch {
		case !labels.ValidCode(s.code):
			why = fmt.Sprintf("%s为“%s”，不是10位数字或bm加8位数字", s.words, zh.Truncate(s.code, 30))
		case want != "" && !strings.EqualFold(s.code, want):
			why = fmt.Sprintf("%s为%s，与%s的%s不一致", s.words, s.code, basis, want)
		case !inRegion(p.Site, s.code):
			why = fmt.Sprintf("%s为%s，前6位不是登记的行政区划代码%s", s.words, s.code, p.Site.Region)
		default:
			continue
		}
		p.Report(inspect.Finding{URL: s.first.URL, Locus: s.where + " " + s.code, Places: s.pages, Message: why, Evidence: s.first.Evidence})
	}
	return nil
}

// gather lists the codes of labels, foot and entry, each value once.
func gather(p *inspect.Pass, home *inspect.Facts) []seen {
	var out []seen
	add := func(where, words, code string, f *inspect.Facts) {
		if code == "" || labels.Placeholder(code) {
			return
		}
		i := slices.IndexFunc(out, func(s seen) bool { return s.where == where && strings.EqualFold(s.code, code) })
		if i < 0 {
			out = append(out, seen{where, words, code, f, 1})
			return
		}
		if out[i].first != f {
			out[i].pages++
		}
	}
	fromLabels := func(f *inspect.Facts) {
		for _, l := range f.Labels {
			if l.Name == "SiteIDCode" {
				add("SiteIDCode", "标签 SiteIDCode ", l.Content, f)
			}
		}
	}
	fromLabels(home) // the home page's stands first
	for _, c := range home.Codes {
		if c.Where == "entry" {
			add("entry", "“我为政府网站找错”入口所带标识码", c.Code, home)
		} else {
			add("foot", "页面底部所列标识码", c.Code, home)
		}
	}
	for f := range p.Pages {
		if f != home {
			fromLabels(f)
		}
	}
	return out
}

// reference is the code that the others are held against: the registered one,
// else the first well-formed one on the home page.
func reference(p *inspect.Pass, all []seen) (code, basis string) {
	if p.Site.Code != "" {
		return p.Site.Code, "登记"
	}
	for _, s := range all {
		if labels.ValidCode(s.code) {
			return s.code, s.words
		}
	}
	return "", ""
}

// inRegion reports whether a code begins with the registered division; those
// of central bodies have none.
func inRegion(s *inspect.Site, code string) bool {
	return s.Region == "" || strings.HasPrefix(strings.ToLower(code), "bm") || strings.HasPrefix(code, s.Region)
}
