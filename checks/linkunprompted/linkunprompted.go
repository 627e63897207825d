// Package linkunprompted is the check link-unprompted.
package linkunprompted

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/hosts"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check link-unprompted.
var Check = inspect.NewCheck("link-unprompted", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(gather, look{})

// A look is what one page shows of links to others.
type look struct {
	Links  int    // to others that are no government, and that are followed at once
	First  string // the first of them
	Prompt bool   // something on the page may show a notice
	Script bool   // script files could show one too
}

// notices are the words of a notice, or of the script that shows one.
var notices = words.Of("即将离开", "离开本站", "离开本网站", "您访问的链接", "跳转提示", "外部链接提示", "非本网站", "将访问的链接", "您将离开", "正在离开")

func gather(p *inspect.Pass) any {
	if p.Page.Document != nil {
		return nil
	}
	var l look
	here := inspect.Host(p.Page.URL)
	links := p.Page.Links()
	for i := range links {
		x := &links[i]
		if x.Kind != inspect.Anchor || x.URL == "" || inspect.Host(x.URL) == here || p.Site.InScope(x.URL) || hosts.Government(x.URL) || hosts.SameOwner(inspect.Host(x.URL), here) {
			continue
		}
		if x.Node != nil && inspect.Attr(x.Node, "onclick") != "" {
			continue // a script of its own takes the click
		}
		l.Links++
		if l.First == "" {
			l.First = x.URL
		}
	}
	if l.Links == 0 {
		return nil
	}
	l.Prompt = notices.InBytes(p.Page.Body)
	for _, s := range p.Page.Elements(atom.Script) {
		l.Script = l.Script || inspect.Attr(s, "src") != ""
	}
	return l
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	pages, links := 0, 0
	var f inspect.Finding
	script := false
	for g := range p.Gathered {
		l, ok := g.Kept.(look)
		if !ok || l.Prompt {
			continue
		}
		if pages == 0 {
			f = inspect.Finding{URL: g.Page.URL, Locus: "notice", Evidence: g.Page.Evidence, Message: inspect.Readable(l.First)}
		}
		pages++
		links += l.Links
		script = script || l.Script
	}
	if pages == 0 {
		return nil
	}
	f.Outcome, f.Value, f.Unit = inspect.Review, float64(links), "处"
	f.Message = fmt.Sprintf("%d个页面上有%d处链接直接指向非党政机关网站（如%s），没有看到离开本站的提示，请点击确认", pages, links, f.Message)
	if script {
		f.Message += "；页面引用的脚本文件可能会弹出提示"
	}
	p.Report(f)
	return nil
}
