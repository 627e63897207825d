// Package ipv6missing is the check ipv6-missing.
package ipv6missing

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/visits"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check ipv6-missing.
var Check = inspect.NewCheck("ipv6-missing", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	six, any := visits.Home(p, "tcp6"), visits.Home(p, "tcp")
	f := inspect.Finding{Locus: "ipv6", Outcome: inspect.Unknown}
	switch {
	case six == nil:
		f.Message = "本次没有以 IPv6 访问首页，未能判定"
	case six.Verdict == inspect.Fine || six.Verdict == inspect.Information:
		return nil
	case six.Verdict != inspect.Fault:
		f.Message = "IPv6 访问情况未能判定：" + six.Cause.Chinese()
		if six.Detail != "" {
			f.Message = "IPv6 访问情况未能判定：" + six.Detail
		}
	case any == nil || any.Verdict != inspect.Fine && any.Verdict != inspect.Information:
		f.Message = "首页本身未能打开，IPv6 访问情况未能判定"
	case six.Cause == inspect.DNS:
		f.Outcome, f.Class, f.Message = inspect.Fail, "no-address", "域名没有 IPv6 地址（AAAA 记录），首页不能以 IPv6 访问"
	default:
		f.Outcome, f.Class, f.Message, f.Tentative = inspect.Fail, "no-answer", "首页以 IPv6 打不开："+six.Cause.Chinese()+"（IPv4 可以打开）", true
	}
	if six != nil {
		f.Evidence = visits.Evidence(six)
	}
	p.Report(f)
	return nil
}
