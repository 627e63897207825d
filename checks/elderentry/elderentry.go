// Package elderentry is the check elder-entry: the entry to a version for the
// old or the disabled on the home page.
package elderentry

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/elder"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check elder-entry.
var Check = inspect.NewCheck("elder-entry", rule, inspect.PerPage, elder.Options{}, run)

func run(_ context.Context, p *inspect.Pass, o elder.Options) error {
	if !p.Page.Home {
		p.Due(0)
		return nil
	}
	s := o.Look(p.Page)
	f := inspect.Finding{Locus: "entry", Template: true}
	switch {
	case s.Wired && s.Keyboard:
		return nil
	case s.Wired:
		f.Outcome, f.Class, f.Message = inspect.Review, "keyboard", "适老或无障碍入口“"+s.Word+"”不是链接或按钮，键盘可能无法到达，请人工确认"
	case s.Word != "" && s.Tool:
		return nil // the words, and a tool whose script takes the click
	case s.Word != "":
		f.Outcome, f.Class, f.Message = inspect.Review, "claimed", "页面上有“"+s.Word+"”入口，但没有链接地址，也没有看到相应工具，能否使用请人工确认"
	case s.Tool:
		return nil // the tool bar writes its own entry
	case s.Scripts:
		f.Outcome, f.Class, f.Message = inspect.Review, "absent", "首页源代码中没有看到适老或无障碍版本入口，可能由脚本写入，请人工确认"
	default:
		f.Class, f.Message = "absent", "首页没有适老或无障碍版本入口"
	}
	p.Report(f)
	return nil
}
