// Package linkprivateaddress is the check link-private-address: public pages
// that link to addresses which only an internal network knows.
package linkprivateaddress

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"
	"strings"

	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check link-private-address.
var Check = inspect.NewCheck("link-private-address", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	links := p.Page.Links()
	last := "" // hosts come in runs
	for i := range links {
		l := &links[i]
		if l.URL == "" {
			continue
		}
		host := inspect.Host(l.URL)
		if host == last {
			continue
		}
		if !p.Site.InScope(l.URL) && internal(p.Site, host) {
			p.Report(finding(p.Page, l))
			continue
		}
		last = host
	}
	return nil
}

// carrierNAT is shared address space, RFC 6598.
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// internal reports whether a host, with its port, is no public one.
func internal(s *inspect.Site, host string) bool {
	name := host
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, ']') {
		name = name[:i]
	}
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	if a, err := netip.ParseAddr(name); err == nil {
		a = a.Unmap().WithZone("")
		return !s.AllowedAddr(a) && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || carrierNAT.Contains(a))
	}
	return name != "" && (!strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost"))
}

func finding(p *inspect.Page, l *inspect.Link) inspect.Finding {
	text := l.Text()
	if text != "" {
		text = "“" + text + "”"
	}
	return inspect.Finding{Locus: l.URL, Template: !locus.InBody(p, l.Node),
		Message: fmt.Sprintf("%s%s指向内部地址：%s", l.Kind.Chinese(), text, inspect.Readable(l.URL))}
}
