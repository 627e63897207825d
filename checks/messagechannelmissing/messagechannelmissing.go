// Package messagechannelmissing is the check message-channel-missing.
package messagechannelmissing

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/entrance"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check message-channel-missing.
var Check = inspect.NewCheck("message-channel-missing", rule, inspect.PerSite, struct{}{}, run).Timeless().Gathering(gather, entrance.Page{})

var (
	// ways are how entrances are called at which visitors ask.
	ways = words.Of("咨询", "信箱", "邮箱", "留言", "写信", "来信", "问政", "诉求", "互动", "12345", "提问", "你问我答", "在线问答", "我要问")
	// away are what rules do not count, and what only looks like an entrance.
	away = words.Of("信访", "举报", "纪检", "监察", "巡视", "扫黑", "找错", "纠错", "电话", "热线电话", "公司", "征集", "调查", "访谈", "招标", "公告")
	// shown are where letters are only shown.
	shown = []string{"选登", "公开", "统计", "结果", "查询", "列表", "反馈", "摘登", "公示"}
)

// longest is how many letters the name of an entrance has; titles have more.
const longest = 14

func holds(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// named reports whether a link is called like a way to ask or, with 投诉 alone,
// like one that might be.
func named(name, _ string) bool {
	return utf8.RuneCountInString(name) <= longest && (ways.In(name) || strings.Contains(name, "投诉")) && !away.In(name)
}

func gather(p *inspect.Pass) any { return entrance.Gather(p.Page, named) }

// A choice parts the entrances by what they are for.
type choice struct{ ask, complain, show []entrance.Link }

func (c *choice) add(l entrance.Link) {
	switch {
	case !ways.In(l.Name):
		c.complain = append(c.complain, l)
	case holds(l.Name, shown):
		c.show = append(c.show, l)
	default:
		c.ask = append(c.ask, l)
	}
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	var c choice
	for g := range p.Gathered {
		x, ok := g.Kept.(entrance.Page)
		if !ok {
			continue
		}
		if x.Form && x.Self.URL != "" {
			return nil // a page on which visitors write
		}
		for _, l := range x.Links {
			c.add(l)
		}
	}
	state, faults := entrance.Judge(p, c.ask)
	why := entrance.Why(p)
	f := inspect.Finding{URL: p.Site.Home, Locus: "channel"}
	if home := p.Facts(p.Site.Home); home != nil {
		f.Evidence = home.Evidence
	}
	switch {
	case state == entrance.Open:
		return nil
	case why != "":
		f.Outcome, f.Message = inspect.Unknown, "网上咨询渠道未能判定："+why
	case state == entrance.Hidden:
		f.Outcome, f.Message = inspect.Unknown, fmt.Sprintf("网上咨询渠道未能判定：入口“%s”由脚本打开", c.ask[0].Name)
	case state == entrance.Broken:
		t := faults[0]
		f.Class, f.Tentative, f.Evidence = "broken", true, inspect.Evidence{Status: t.Status, Fetched: t.Fetched, Digest: t.Digest}
		f.Message = fmt.Sprintf("网上咨询渠道打不开：“%s”（%s）%s", t.Text, inspect.Readable(t.URL), t.Cause.Chinese())
	case len(c.show) > 0:
		f.Outcome, f.Class, f.Message = inspect.Review, "shown-only", fmt.Sprintf("只看到公开来信的栏目“%s”，没有看到提交咨询的入口，请人工确认", c.show[0].Name)
	case len(c.complain) > 0:
		f.Outcome, f.Class, f.Message = inspect.Review, "complaint-only", fmt.Sprintf("只看到投诉渠道“%s”，没有看到咨询渠道，请人工确认", c.complain[0].Name)
	default:
		f.Class, f.Message = "absent", "没有找到网上咨询渠道（信访、举报渠道不算）"
	}
	p.Report(f)
	return nil
}
