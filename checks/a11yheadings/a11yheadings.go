// Package a11yheadings is the check a11y-headings: headings that say nothing, and pages whose headings are out of order.
package a11yheadings

import (
	"context"
	_ "embed"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-headings.
var Check = inspect.NewCheck("a11y-headings", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	heads := tree.Playing("heading")
	before, first := 0, false
	for _, e := range heads {
		if !e.Exposed() {
			continue
		}
		if tree.Nameless(e) {
			empty(tree, g, e)
			continue
		}
		n := level(e)
		first = first || n == 1
		if before > 0 && n > before+1 {
			g.Doubt(e, "标题级别从%d级跳到%d级：%s", before, n, places.Shown(e))
		}
		if n > 0 {
			before = n
		}
	}
	if before > 0 && !first && len(tree.Named(atom.H1)) == 0 {
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "h1", Template: true, Message: "页面有标题，但没有一级标题（h1）"})
	}
	g.End()
	return nil
}

// empty is a fault unless a script may still write into the heading.
func empty(tree *accname.Tree, g *places.Gathering, e *accname.Element) {
	if tree.Fillable() && e.End == e.Index+1 && (e.Attr("id") != "" || e.Attr("class") != "") {
		g.Doubt(e, "标题为空，不能确定脚本是否填写：%s", places.Shown(e))
		return
	}
	g.Fault(e, "标题没有可读的内容：%s", places.Shown(e))
}

// level is the level of a heading, 0 if it says none.
func level(e *accname.Element) int {
	if n, err := strconv.Atoi(strings.TrimSpace(e.Attr("aria-level"))); err == nil {
		return n
	}
	if d := e.Node.Data; len(d) == 2 && d[0] == 'h' && e.Node.Namespace == "" {
		return int(d[1] - '0')
	}
	return 0
}
