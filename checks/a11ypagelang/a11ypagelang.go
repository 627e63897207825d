// Package a11ypagelang is the check a11y-page-lang.
package a11ypagelang

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/language"
)

//go:embed rule.md
var rule string

// Check is the check a11y-page-lang.
var Check = inspect.NewCheck("a11y-page-lang", rule, inspect.PerPage, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	roots := p.Page.Elements(atom.Html)
	if p.Page.Parts().Kind == inspect.RedirectPage || len(roots) == 0 {
		p.Due(0)
		return nil
	}
	lang := inspect.Attr(roots[0], "lang")
	switch {
	case accname.Blank(lang):
		p.Report(inspect.Finding{Locus: "html", Template: true, Message: "页面没有声明语言（html 元素缺少 lang）"})
	case !valid(lang):
		p.Report(inspect.Finding{Locus: fmt.Sprintf("html[lang=%q]", lang), Template: true, Message: fmt.Sprintf("页面声明的语言“%s”不是有效的语言代码", lang)})
	}
	return nil
}

// valid reports whether the primary subtag is a registered language in its
// shortest form. Some registered ones are, on Chinese pages, only mistakes.
func valid(lang string) bool {
	primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(lang)), "-")
	switch primary {
	case "zh", "en":
		return true
	case "chn", "cn", "und", "mul":
		return false
	}
	b, err := language.ParseBase(primary)
	return err == nil && b.String() == primary
}
