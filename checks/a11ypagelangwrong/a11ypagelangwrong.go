// Package a11ypagelangwrong is the check a11y-page-lang-wrong.
package a11ypagelangwrong

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-page-lang-wrong.
var Check = inspect.NewCheck("a11y-page-lang-wrong", rule, inspect.PerPage, struct{}{}, run).Timeless()

// How much text must be seen, how much is enough, and which shares of Han
// letters decide.
const (
	fewest = 200
	enough = 2000
	mostly = 0.70
	hardly = 0.05
)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if _, err := p.Page.Doc(); err != nil {
		return err
	}
	roots := p.Page.Elements(atom.Html)
	if len(roots) == 0 {
		p.Due(0)
		return nil
	}
	lang := strings.ToLower(strings.TrimSpace(inspect.Attr(roots[0], "lang")))
	primary, _, _ := strings.Cut(lang, "-")
	if len(primary) < 2 || len(primary) > 3 { // absent or malformed: a11y-page-lang says so
		return nil
	}
	han, all, other := share(p.Page, chinese(primary))
	if all < fewest {
		return nil
	}
	part := float64(han) / float64(all)
	switch {
	case !chinese(primary) && part >= mostly && !(primary == "ja" && other > 0) && !(primary == "ko" && other > 0):
		p.Report(inspect.Finding{Locus: fmt.Sprintf("html[lang=%q]", lang), Template: true, Message: fmt.Sprintf("页面正文为中文，声明的语言却是“%s”", lang)})
	case chinese(primary) && part < hardly:
		p.Report(inspect.Finding{Locus: fmt.Sprintf("html[lang=%q]", lang), Template: true, Message: fmt.Sprintf("页面声明的语言为“%s”，正文却不是中文", lang)})
	}
	return nil
}

// chinese reports whether a primary subtag is a variety of Chinese.
func chinese(primary string) bool {
	switch primary {
	case "zh", "cmn", "yue", "wuu", "nan", "hak", "gan", "hsn", "cdo", "cjy", "lzh", "mnp", "cpx", "czh", "czo", "chn":
		return true
	}
	return false
}

// share counts the Han letters, all letters, and those of kana and hangul, of
// the visible text that no inner element gives another language. For a page
// that calls itself Chinese, enough Han letters end the count early.
func share(p *inspect.Page, chinese bool) (han, all, other int) {
	for _, n := range p.Texts() {
		if inner(n) || strings.Contains(n.Data, "://") || strings.Contains(n.Data, "www.") { // addresses are no language
			continue
		}
		h, k := zh.Han(n.Data)
		han, all = han+h, all+k
		if !chinese {
			other += scripts(n.Data)
		}
		if all >= enough || chinese && han > hardly*enough {
			break
		}
	}
	return han, all, other
}

// inner reports whether the text stands in an element with a language of its own.
func inner(n *html.Node) bool {
	for n = n.Parent; n != nil && n.DataAtom != atom.Html; n = n.Parent {
		for i := range n.Attr {
			if n.Attr[i].Key == "lang" {
				return true
			}
		}
	}
	return false
}

// scripts counts kana and hangul.
func scripts(s string) (n int) {
	for _, r := range s {
		if r >= 0x3041 && r <= 0x30FF || r >= 0xAC00 && r <= 0xD7A3 {
			n++
		}
	}
	return n
}
