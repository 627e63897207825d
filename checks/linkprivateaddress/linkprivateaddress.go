// Package linkprivateaddress is the check link-private-address: public pages
// that link to addresses which only an internal network knows.
package linkprivateaddress

import (
	"context"
	_ "embed"
	"fmt"

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
		if !p.Site.InScope(l.URL) && p.Site.Internal(host) {
			p.Report(finding(p.Page, l))
			continue
		}
		last = host
	}
	return nil
}

func finding(p *inspect.Page, l *inspect.Link) inspect.Finding {
	text := l.Text()
	if text != "" {
		text = "“" + text + "”"
	}
	return inspect.Finding{Locus: l.URL, Template: !locus.InBody(p, l.Node),
		Message: fmt.Sprintf("%s%s指向内部地址：%s", l.Kind.Chinese(), text, inspect.Readable(l.URL))}
}
