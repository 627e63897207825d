// Package searchbroken is the check search-broken.
package searchbroken

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

type options struct {
	Titles int            `yaml:"titles"` // that are asked for
	Old    inspect.Window `yaml:"old"`    // pieces that are older are not asked for
	Fresh  int            `yaml:"fresh"`  // nor those of the last days, which an index may not have yet
}

// Check is the check search-broken.
var Check = inspect.NewCheck("search-broken", rule, inspect.PerSite, options{}, run).Timeless().Gathering(gather).Asking(ask)

// defaults are what ask goes by, which sees no options.
var defaults = options{Titles: 4, Old: inspect.Window{Months: 24}, Fresh: 14}

// A box is a search that a page offers.
type box struct {
	template string // of the address, with {q}; "" when only a script knows it
	charset  func(string) string
}

func gather(p *inspect.Pass) any {
	if p.Page.Document != nil || !p.Page.Home && p.Page.Depth > 1 {
		return nil
	}
	found := box{}
	any := false
	for _, f := range p.Page.Elements(atom.Form) {
		if t, ok := formOf(p.Page, f); ok {
			any = true
			if t != "" {
				found = box{t, p.Page.EncodeQuery}
				break
			}
		}
	}
	if !any {
		for _, n := range p.Page.Elements(atom.Input) {
			any = any || searches(n)
		}
	}
	if !any {
		return nil
	}
	return found
}

// searches reports whether a field is one to search with.
func searches(n *html.Node) bool {
	kind := strings.ToLower(inspect.Attr(n, "type"))
	if kind == "search" {
		return true
	}
	if kind != "" && kind != "text" {
		return false
	}
	s := strings.ToLower(inspect.Attr(n, "placeholder") + " " + inspect.Attr(n, "title") + " " + inspect.Attr(n, "value") + " " + inspect.Attr(n, "name") + " " + inspect.Attr(n, "id") + " " + inspect.Attr(n, "class"))
	for _, w := range []string{"搜索", "检索", "关键字", "关键词", "search", "keyword", "searchword"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// formOf reads a search form: the address that it would open, with {q} where
// the words go. A form that only a script sends, or that is posted, has none.
func formOf(p *inspect.Page, form *html.Node) (template string, ok bool) {
	var query []string
	field := ""
	for n := range form.Descendants() {
		name := inspect.Attr(n, "name")
		switch {
		case n.DataAtom != atom.Input:
			continue
		case searches(n):
			ok = true
			if name != "" && field == "" {
				field = name
				query = append(query, url.QueryEscape(name)+"={q}")
			}
		case name != "" && strings.EqualFold(inspect.Attr(n, "type"), "hidden"):
			query = append(query, url.QueryEscape(name)+"="+url.QueryEscape(inspect.Attr(n, "value")))
		}
	}
	action := inspect.Attr(form, "action")
	if !ok || field == "" || action == "" || strings.EqualFold(inspect.Attr(form, "method"), "post") || inspect.Attr(form, "onsubmit") != "" {
		return "", ok
	}
	u, scheme := inspect.NewBase(p.Landed()).Resolve(action)
	if scheme != inspect.HTTP {
		return "", ok
	}
	sep := "?"
	if strings.Contains(u, "?") {
		sep = "&"
	}
	return u + sep + strings.Join(query, "&"), ok
}

// find is how the site is searched: as registered, else by the first box.
func find(p *inspect.Pass) (b box, any bool) {
	if t := p.Site.Search.URL; t != "" {
		return box{template: t}, true
	}
	for g := range p.Gathered {
		if x, ok := g.Kept.(box); ok {
			any = true
			if b.template == "" {
				b = x
			}
		}
	}
	return b, any
}

// subjects are the pieces that are sought: one of each kind, then more.
func subjects(p *inspect.Pass, o options) (out []*inspect.Facts) {
	var all []*inspect.Facts
	for f := range p.Pages {
		n := len([]rune(f.Title))
		if !f.Kind.IsContent() || n < 8 || n > 40 || f.Published.IsZero() || inspect.DaysBetween(f.Published, p.Now) < o.Fresh ||
			inspect.DaysBetween(p.Now, o.Old.Limit(f.Published)) < 0 {
			continue
		}
		all = append(all, f)
	}
	kinds := map[inspect.PageKind]bool{}
	for _, f := range all {
		if !kinds[f.Kind] && len(out) < o.Titles {
			kinds[f.Kind] = true
			out = append(out, f)
		}
	}
	for _, f := range all {
		if len(out) < o.Titles && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}

// address is where a title is sought.
func (b box) address(title string) string {
	q := title
	if b.charset != nil {
		q = b.charset(q)
	}
	return strings.Replace(b.template, "{q}", url.QueryEscape(q), 1)
}

func ask(p *inspect.Pass) (out []inspect.Question) {
	b, _ := find(p)
	if b.template == "" || p.Site.Search.Off {
		return nil
	}
	for _, f := range subjects(p, defaults) {
		out = append(out, inspect.Question{URL: b.address(f.Title), Why: "站内搜索：" + f.Title})
	}
	return out
}

func run(_ context.Context, p *inspect.Pass, _ options) error {
	b, any := find(p)
	home := p.Facts(p.Site.Home)
	if home == nil || home.Kind != inspect.HomePage {
		unknown(p, "首页未能读取")
		return nil
	}
	switch {
	case !any && (home.Scripts > 0 || home.Loads != ""):
		unknown(p, "没有看到搜索框，可能由脚本生成")
	case !any:
		p.Report(inspect.Finding{Locus: "search", Class: "absent", Message: "首页没有站内搜索"})
	case p.Site.Search.Off:
		unknown(p, "登记为不询问站内搜索")
	case b.template == "":
		unknown(p, "搜索由脚本提交，可在配置中填写 search.url 后再查")
	default:
		results(p, b)
	}
	return nil
}

func unknown(p *inspect.Pass, why string) {
	p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "search", Message: "站内搜索未能判定：" + why})
}

// results holds each answer against what was sought. When nothing at all is
// found, the results are more likely written by a script than missing.
func results(p *inspect.Pass, b box) {
	subjects := subjects(p, defaults)
	var missing, faults []*inspect.Facts
	told, script := 0, false
	for _, f := range subjects {
		a := p.Answer(b.address(f.Title))
		switch {
		case a == nil || a.Verdict == inspect.CouldNotTell:
			continue
		case a.Verdict == inspect.Fault:
			faults = append(faults, f)
		case !holds(a, f):
			missing = append(missing, f)
			script = script || !p.Site.Search.JSON && len(a.Elements(atom.Script)) > 0
		}
		told++
	}
	switch {
	case told == 0:
		unknown(p, "没有得到搜索结果（没有合适的标题可搜，或搜索被拦截）")
		return
	case len(faults) == told:
		a := p.Answer(b.address(faults[0].Title))
		p.Report(inspect.Finding{Locus: "search", Class: "error", Tentative: true, Evidence: evidence(a),
			Message: fmt.Sprintf("站内搜索打不开：%s（%d）", a.Cause.Chinese(), a.Status)})
		return
	case len(missing) == told && script:
		unknown(p, "搜索结果页没有任何一条信息，结果可能由脚本载入")
		return
	}
	p.Due(told)
	for _, f := range missing {
		a := p.Answer(b.address(f.Title))
		p.Report(inspect.Finding{URL: p.Site.Home, Locus: f.URL, Class: "not-found", Outcome: inspect.Review, Evidence: evidence(a),
			Message: fmt.Sprintf("以标题“%s”搜索，结果第一页没有该信息（%s）", f.Title, inspect.Readable(f.URL))})
	}
}

func evidence(a *inspect.Page) inspect.Evidence {
	return inspect.Evidence{Status: a.Status, Fetched: a.Fetched, Digest: a.Digest}
}

// holds reports whether an answer shows a piece: a link to it, or its title
// outside the box in which it was asked for.
func holds(a *inspect.Page, f *inspect.Facts) bool {
	path := inspect.Path(f.URL)
	if strings.Contains(string(a.Body), path) && len(path) > 8 {
		return true
	}
	links := a.Links()
	for i := range links {
		if inspect.SamePage(links[i].URL, f.URL) || strings.Contains(zh.Compact(links[i].Text()), zh.Compact(f.Title)) {
			return true
		}
	}
	if !a.IsHTML() { // JSON, with marks around what was found
		plain := strings.NewReplacer("<em>", "", "</em>", "", "<b>", "", "</b>", "").Replace(string(a.Body))
		return strings.Contains(plain, f.Title)
	}
	return false
}
