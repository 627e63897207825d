// Package documentstatus is the check document-status.
package documentstatus

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

// Check is the check document-status.
var Check = inspect.NewCheck("document-status", rule, inspect.PerPage, struct{}{}, run).Timeless()

// marks are the words by which a page says whether its document is in force.
var marks = []string{"有效性", "时效性", "效力状态", "有效状态", "时效状态", "是否有效", "文件状态", "文件有效", "现行有效", "已失效", "失效日期", "废止日期", "已废止", "有效期", "宣布失效"}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	q := p.Page.Parts()
	if q.Kind != inspect.PolicyPage || !normative(p.Page) {
		p.Due(0)
		return nil
	}
	text := zh.Compact(p.Page.Text())
	for _, x := range []struct {
		class, name string
		there       bool
	}{
		{"status", "有效性标注（有效、失效、废止）", holdsAny(text, marks...)},
		{"number", "发文字号", q.DocNumber != ""},
		{"date", "成文日期或发布日期", !q.Document.IsZero() || !q.Published().IsZero()},
		{"issuer", "发文机关", holdsAny(text, "发文机关", "发布机构", "制定机关", "发文机构", "发文单位", "公开机构", "信息来源", "来源：", "主办单位：") || strings.Contains(q.Heading, "关于")},
	} {
		if !x.there {
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: x.class, Class: x.class, Message: "规范性文件页面没有标明" + x.name + "，请人工确认"})
		}
	}
	return nil
}

// normative reports whether the page stands in a column of normative
// documents: what else is one, no program can tell.
func normative(p *inspect.Page) bool {
	place := strings.Join(p.Trail(), " ") + " " + p.Labels().Get("ColumnName")
	return strings.Contains(place, "规范性文件")
}

func holdsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
