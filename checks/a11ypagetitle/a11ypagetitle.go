// Package a11ypagetitle is the check a11y-page-title.
package a11ypagetitle

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-page-title.
var Check = inspect.NewCheck("a11y-page-title", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if _, err := p.Page.Doc(); err != nil {
		return err
	}
	if p.Page.Parts().Kind == inspect.RedirectPage {
		p.Due(0)
		return nil
	}
	title := ""
	for _, n := range p.Page.Elements(atom.Title) {
		if n.Namespace == "" { // graphics have titles too
			title = inspect.TextOf(n)
			break
		}
	}
	switch {
	case !accname.Blank(title):
		if leftover(title) {
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "title", Template: true, Message: fmt.Sprintf("页面标题是编辑工具的默认标题“%s”", zh.Truncate(title, 30))})
		}
	case written(p.Page):
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "title", Template: true, Message: "页面标题为空，但可能由脚本写入，未能判定"})
	default:
		p.Report(inspect.Finding{Locus: "title", Template: true, Nodes: p.Page.Elements(atom.Html), Message: "页面没有标题（title）"})
	}
	return nil
}

// leftover reports whether a title is what an editor puts in by itself.
func leftover(title string) bool {
	switch strings.ToLower(zh.Compact(title)) {
	case "无标题文档", "无标题页", "untitled", "untitleddocument", "document", "newdocument", "新建网页1", "index":
		return true
	}
	return false
}

// written reports whether a script could set the title.
func written(p *inspect.Page) bool {
	for _, n := range p.Elements(atom.Script) {
		if n.FirstChild != nil && (strings.Contains(n.FirstChild.Data, "document.title") || strings.Contains(n.FirstChild.Data, "$(\"title\")")) {
			return true
		}
		if src := inspect.Attr(n, "src"); strings.Contains(src, "chunk") || strings.Contains(src, "bundle") || strings.Contains(src, "app.") {
			return true
		}
	}
	return false
}
