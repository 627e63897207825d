// Package servicemissing is the check service-missing.
package servicemissing

import (
	"context"
	_ "embed"
	"fmt"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/entrance"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check service-missing.
var Check = inspect.NewCheck("service-missing", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(gather, look{})

var (
	// services are how entrances to services are called.
	services = words.Of("办事服务", "政务服务", "网上办事", "在线办事", "办事大厅", "服务大厅", "服务事项", "一网通办", "便民服务", "公共服务", "办事指南", "办事指引", "在线服务", "网上服务", "我要办", "个人办事", "法人办事", "网上办理", "办事", "审批服务", "网上审批", "行政审批")
	// others are what the same words call besides.
	others = words.Of("办事处", "办事员", "统计", "公示", "局", "管理办公室", "通知", "公告", "招标")
	// hosts are parts of the names under which provinces keep their services.
	hosts = words.Of("zwfw", "ywtb", "egov.service", "zwdt", "banshi")
)

// longest is how many letters the name of an entrance has; titles have more.
const longest = 14

// platform reports whether an address lies on a platform of services.
func platform(u string) bool { return hosts.In(inspect.Host(u)) }

func named(name, u string) bool {
	return platform(u) || utf8.RuneCountInString(name) <= longest && services.In(name) && !others.In(name)
}

// A look is what is kept of a page.
type look struct {
	Links []entrance.Link
	Guide bool
}

func gather(p *inspect.Pass) any {
	e, _ := entrance.Gather(p.Page, named).(entrance.Page)
	out := look{Links: e.Links, Guide: p.Page.Document == nil && p.Page.Parts().Kind == inspect.ServiceGuide}
	if len(out.Links) == 0 && !out.Guide {
		return nil
	}
	return out
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	var links []entrance.Link
	guides := 0
	for g := range p.Gathered {
		if x, ok := g.Kept.(look); ok {
			links = append(links, x.Links...)
			if x.Guide {
				guides++
			}
		}
	}
	state, faults := entrance.Judge(p, links)
	why := entrance.Why(p)
	f := inspect.Finding{URL: p.Site.Home, Locus: "services"}
	if home := p.Facts(p.Site.Home); home != nil {
		f.Evidence = home.Evidence
	}
	switch {
	case state == entrance.Open || hasColumn(p):
		return nil
	case why != "":
		f.Outcome, f.Message = inspect.Unknown, "办事服务未能判定："+why
	case state == entrance.Hidden:
		f.Outcome, f.Message = inspect.Unknown, fmt.Sprintf("办事服务未能判定：入口“%s”由脚本打开", links[0].Name)
	case state == entrance.Broken:
		t := faults[0]
		f.Class, f.Tentative, f.Evidence = "broken", true, inspect.Evidence{Status: t.Status, Fetched: t.Fetched, Digest: t.Digest}
		f.Message = fmt.Sprintf("办事服务入口打不开：“%s”（%s）%s", t.Text, inspect.Readable(t.URL), t.Cause.Chinese())
	case guides > 0:
		f.Outcome, f.Class, f.Value, f.Unit = inspect.Review, "scattered", float64(guides), "篇"
		f.Message = fmt.Sprintf("读到%d篇办事指南，但没有集中公开办事事项的栏目或入口，请人工确认", guides)
	default:
		f.Class, f.Message = "none", "没有找到办事服务的栏目、事项或政务服务平台入口"
		if !p.Site.Portal {
			f.Outcome = inspect.Review
			f.Message += "；是否有对外服务职能请人工确认"
		}
	}
	p.Report(f)
	return nil
}

// hasColumn reports whether a registered column of services was read.
func hasColumn(p *inspect.Pass) bool {
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		if f := p.Facts(c.URL); c.Genre == inspect.Service && f != nil && f.Verdict != inspect.Fault {
			return true
		}
	}
	return false
}
