// Package a11ypagelang is the check a11y-page-lang.
package a11ypagelang

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/langtag"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-page-lang.
var Check = inspect.NewCheck("a11y-page-lang", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if _, err := p.Page.Doc(); err != nil {
		return err
	}
	roots := p.Page.Elements(atom.Html)
	if p.Page.Parts().Kind == inspect.RedirectPage || len(roots) == 0 {
		p.Due(0)
		return nil
	}
	lang := inspect.Attr(roots[0], "lang")
	switch {
	case accname.Blank(lang):
		p.Report(inspect.Finding{Locus: "html", Template: true, Nodes: roots, Message: "页面没有声明语言（html 元素缺少 lang）"})
	case !langtag.Valid(lang):
		p.Report(inspect.Finding{Locus: fmt.Sprintf("html[lang=%q]", lang), Template: true, Nodes: roots, Message: fmt.Sprintf("页面声明的语言“%s”不是有效的语言代码", lang)})
	}
	return nil
}
