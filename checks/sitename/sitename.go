// Package sitename is the check site-name.
package sitename

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check site-name.
var Check = inspect.NewCheck("site-name", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if !p.Page.Home {
		p.Due(0)
		return nil
	}
	q := p.Page.Parts()
	label := p.Page.Labels().Get("SiteName")
	name := zh.Compact(p.Site.Name)
	if name == "" {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "title", Message: "网站名称是否规范未能判定：没有登记网站名称"})
		return nil
	}
	if label != "" && zh.Compact(label) != name {
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "label", Class: "label", Template: true, Message: fmt.Sprintf("页面标签中的网站名称“%s”与登记的“%s”不一致", label, p.Site.Name)})
	}
	title := zh.Compact(q.Title)
	if !strings.Contains(title, name) {
		f := inspect.Finding{Locus: "title", Class: "title", Template: true, Message: fmt.Sprintf("首页标题“%s”中没有网站名称“%s”", q.Title, p.Site.Name)}
		if title != "" && core(title) != "" && strings.Contains(name, core(title)) || strings.Contains(title, core(name)) {
			f.Outcome = inspect.Review // a short form, or a longer one
		}
		p.Report(f)
	}
	return nil
}

// core is a name without the words that many leave out.
func core(s string) string {
	for _, w := range []string{"人民政府门户网站", "人民政府网站", "政府门户网站", "人民政府网", "人民政府", "政府网站", "政府网", "门户网站", "官方网站", "网站", "首页", "办公室", "欢迎访问"} {
		s = strings.ReplaceAll(s, w, "")
	}
	return strings.Trim(s, "-_|·—:： ")
}
