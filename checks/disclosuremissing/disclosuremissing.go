// Package disclosuremissing is the check disclosure-missing.
package disclosuremissing

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/entries"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check disclosure-missing.
var Check = inspect.NewCheck("disclosure-missing", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(entries.Gather, new(entries.Page))

// duties are what every site must offer, and how its entry is called.
var duties = []struct {
	class, name string
	words       []string
}{
	{"guide", "政府信息公开指南", []string{"公开指南"}},
	{"system", "政府信息公开制度", []string{"公开制度", "公开规定", "信息公开条例", "公开法规"}},
	{"catalogue", "法定主动公开内容（信息公开目录）", []string{"法定主动公开", "主动公开", "公开目录", "公开内容"}},
	{"report", "政府信息公开年报", []string{"公开年报", "年度报告", "公开工作年报"}},
	{"application", "依申请公开渠道", []string{"依申请公开", "申请公开", "公开申请"}},
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	home := p.Facts(p.Site.Home)
	seen := entries.Read(p)
	why := ""
	switch {
	case home == nil || home.Status/100 != 2 || home.Kind != inspect.HomePage:
		why = "首页未能读取"
	case home.Loads != "" || home.List.Script != "":
		why = "首页有脚本加载内容，入口可能由脚本生成"
	case seen.Pages < 2:
		why = "本次只读取了首页"
	}
	p.Due(len(duties))
	for _, d := range duties {
		if seen.Has(d.words...) {
			continue
		}
		f := inspect.Finding{Locus: d.class, Class: d.class, Message: "没有找到" + d.name + "的栏目或入口"}
		if seen.Mentions(d.words...) {
			f.Outcome, f.Message = inspect.Review, "页面上有“"+d.name+"”的字样，但没有链接，能否打开请人工确认"
		} else if why != "" {
			f.Outcome, f.Message = inspect.Unknown, d.name+"是否公开未能判定："+why
		} else if !strings.HasSuffix(inspect.Host(p.Site.Home), ".gov.cn") {
			f.Outcome = inspect.Review // not every body that runs a site discloses on it
		}
		p.Report(f)
	}
	return nil
}
