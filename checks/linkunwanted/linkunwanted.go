// Package linkunwanted is the check link-unwanted.
package linkunwanted

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/hosts"
	"github.com/xunjian/xunjian/checks/illegalcontent"
	"github.com/xunjian/xunjian/checks/lexicon"
	"github.com/xunjian/xunjian/checks/prose"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Hosts are known to be taken over or unfit, whatever they show.
	Hosts []string `yaml:"hosts"`
	// Packs are local word lists, laid over those of illegal-content.
	Packs []lexicon.Pack `yaml:"packs"`
}

// Check is the check link-unwanted.
var Check = &inspect.Check{ID: "link-unwanted", Rule: rule, Scope: inspect.PerSite, Bind: func(decode func(any) error) (inspect.Run, error) {
	var o options
	if err := decode(&o); err != nil {
		return nil, fmt.Errorf("check link-unwanted: %w", err)
	}
	l, err := lexicon.New("illegal-content", o.Packs)
	if err != nil {
		return nil, fmt.Errorf("check link-unwanted: %w", err)
	}
	return func(_ context.Context, p *inspect.Pass) error { return run(p, l, o) }, nil
}}

// maxTitles is how many titles the next inspection needs to know.
const maxTitles = 3000

func run(p *inspect.Pass, l *lexicon.Lexicon, o options) error {
	due := 0
	var before map[string]string
	p.Recall(&before)
	now := map[string]string{}
	for t := range p.Outbound {
		due++
		if t.Title != "" && len(now) < maxTitles {
			now[t.URL] = t.Title
		}
		if class, why := o.judge(l, t, before[t.URL]); class != "" {
			f := finding(t, class, why)
			if class == "listed" {
				f.Outcome = inspect.Fail
			}
			p.Report(f)
		}
	}
	for t := range p.Links { // dead ones have no title, but the list of hosts knows them
		if !t.Own && hosts.In(t.Landed(), o.Hosts) {
			due++
			f := finding(t, "listed", "列入不良域名名单")
			f.Outcome = inspect.Fail
			p.Report(f)
		}
	}
	p.Due(due)
	for u, t := range before { // what could not be read this time is not forgotten
		if _, ok := now[u]; !ok && len(now) < maxTitles {
			now[u] = t
		}
	}
	p.Keep(now)
	return nil
}

func finding(t *inspect.Linked, class, why string) inspect.Finding {
	words := ""
	if t.Text != "" {
		words = "“" + t.Text + "”"
	}
	return inspect.Finding{Outcome: inspect.Review, URL: t.First, Locus: t.URL, Class: class, Places: t.Pages,
		Message:  fmt.Sprintf("外部链接%s指向%s：%s", words, inspect.Readable(t.URL), why),
		Evidence: inspect.Evidence{Status: t.Status, Fetched: t.Fetched}}
}

// parked are the words of pages that stand where nobody lives any more.
var parked = []string{"域名出售", "域名转让", "此域名可", "该域名可", "域名已过期", "域名到期", "域名停放", "购买此域名", "domain is for sale", "buy this domain", "domain parking", "domain has expired", "is parked"}

// judge says what is unfit about a target.
func (o options) judge(l *lexicon.Lexicon, t *inspect.Linked, before string) (class, why string) {
	if hosts.In(t.Landed(), o.Hosts) {
		return "listed", "列入不良域名名单"
	}
	said := t.Title + "\n" + t.Opening
	r := lexicon.Read(prose.Plain(said))
	if w := illegalcontent.Telling(r.Text, l.Hits(r)); len(w) > 0 {
		return w[0].Entry.Kind, "页面含有疑似违法推广用语（" + lexicon.Blur(w[0].Entry.Wrong) + "），请人工确认"
	}
	low := strings.ToLower(said)
	for _, w := range parked {
		if strings.Contains(low, w) && len([]rune(t.Opening)) < 300 {
			return "parked", "域名疑似已停用或待售，可能被他人注册利用"
		}
	}
	if before != "" && t.Title != "" && !hosts.Government(t.URL) && !alike(before, t.Title) && moved(t) {
		return "changed", fmt.Sprintf("上次检查时标题为“%s”，现转到%s，标题为“%s”，是否已被他人接管请人工确认", before, inspect.Host(t.Landed()), t.Title)
	}
	return "", ""
}

// moved reports whether the target now leads to another owner's host.
func moved(t *inspect.Linked) bool {
	return !hosts.SameOwner(inspect.Host(t.URL), inspect.Host(t.Landed()))
}

// alike reports whether two titles share a pair of letters: a site that only
// renewed its front page keeps part of its name.
func alike(a, b string) bool {
	pairs := map[[2]rune]bool{}
	each(a, func(p [2]rune) { pairs[p] = true })
	found := false
	each(b, func(p [2]rune) { found = found || pairs[p] })
	return found
}

func each(s string, f func([2]rune)) {
	var last rune
	for _, r := range strings.ToLower(s) {
		if last > ' ' && r > ' ' {
			f([2]rune{last, r})
		}
		last = r
	}
}
