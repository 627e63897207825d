// Package domainnonconforming is the check domain-nonconforming.
package domainnonconforming

import (
	"context"
	_ "embed"
	"net/netip"
	"strings"

	"github.com/xunjian/xunjian/checks/hosts"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check domain-nonconforming.
var Check = inspect.NewCheck("domain-nonconforming", rule, inspect.PerSite, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	evidence := inspect.Evidence{}
	if f := p.Facts(p.Site.Home); f != nil {
		evidence = f.Evidence
	}
	say := func(class string, outcome inspect.Outcome, message string) {
		p.Report(inspect.Finding{Locus: class, Class: class, Outcome: outcome, Message: message, Evidence: evidence})
	}
	host, port := split(inspect.Host(p.Site.Home))
	switch {
	case local(host):
		say("suffix", inspect.Unknown, "域名是否合规未能判定：首页网址“"+host+"”不是互联网上的正式域名")
		return nil
	case isAddress(host):
		say("address", inspect.Fail, "首页网址使用IP地址“"+host+"”，没有使用政府网站域名")
		return nil
	case strings.HasSuffix(host, ".政务.cn"), strings.HasSuffix(host, ".政务"), strings.HasSuffix(host, ".xn--zfr164b"):
		return nil
	case !hosts.Government("http://" + host + "/"):
		say("suffix", outcomeOf(host), "首页域名“"+host+"”没有使用 .gov.cn 或 .政务 后缀")
		return nil
	}
	if port != "" {
		say("port", inspect.Fail, "首页网址带有端口号“"+port+"”")
	}
	labels := strings.Split(strings.TrimSuffix(host, ".gov.cn"), ".")
	if p.Site.Portal && (labels[0] != "www" || len(labels) < 2) {
		say("shape", inspect.Fail, "门户网站域名“"+host+"”不符合 www.□□□.gov.cn 的结构")
	}
	return nil
}

// outcomeOf: public institutions may use other suffixes of .cn; whether the
// site is one's, the register does not say.
func outcomeOf(host string) inspect.Outcome {
	if strings.HasSuffix(host, ".cn") || strings.HasSuffix(host, ".公益") {
		return inspect.Review
	}
	return inspect.Fail
}

func split(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.HasSuffix(host, "]") {
		return strings.Trim(host, "[]"), ""
	}
	return strings.Trim(host[:i], "[]"), host[i+1:]
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// local reports whether a host is one that only this machine or this test knows.
func local(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback() || a.IsPrivate()
	}
	for _, s := range []string{".test", ".localhost", ".invalid", ".local"} {
		if strings.HasSuffix(host, s) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}
