// Package linkbroken is the check link-broken: targets that do not open.
package linkbroken

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check link-broken.
var Check = inspect.NewCheck("link-broken", rule, inspect.PerSite, struct{}{}, run).OfLinks()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	p.Due(p.Asked + len(p.Packed))
	for _, u := range p.Packed {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, URL: u, Locus: "…", Class: "inner", Message: "页面上的链接过多，没有全部检查"})
	}
	for l := range p.Links {
		if l.Cause == inspect.PrivateAddress && p.Site.Internal(inspect.Host(l.URL)) {
			continue // link-private-address says so
		}
		f := inspect.Finding{URL: l.First, Locus: l.URL, Class: "inner", Places: l.Pages, Message: message(l),
			Evidence: inspect.Evidence{Status: l.Status, Fetched: l.Fetched, Digest: l.Digest}}
		if l.Home || l.URL == p.Site.Home {
			f.Class = "home"
		}
		switch l.Verdict {
		case inspect.Fault:
			f.Outcome, f.Tentative = inspect.Fail, passing(l)
		case inspect.CouldNotTell:
			f.Outcome = inspect.Unknown
		case inspect.Suspected:
			f.Outcome = inspect.Review
		default:
			continue
		}
		p.Report(f)
	}
	return nil
}

// passing reports whether the fault may be gone tomorrow: what never answered,
// or answered that it failed, is often only tired. That something is not there
// a site says of itself; of others' sites a robot may be told so.
func passing(l *inspect.Linked) bool {
	switch l.Cause {
	case inspect.Status4xx, inspect.SoftNotFound, inspect.RedirectLoop:
		return !l.Own
	}
	return true
}

// message says what is linked, by what words, and why it does not open.
func message(l *inspect.Linked) string {
	var b strings.Builder
	b.WriteString(l.Kind.Chinese())
	if l.Text != "" {
		fmt.Fprintf(&b, "“%s”", l.Text)
	}
	switch l.Verdict {
	case inspect.CouldNotTell:
		b.WriteString("未能判定：")
	case inspect.Suspected:
		b.WriteString("疑似打不开：")
	default:
		b.WriteString("打不开：")
	}
	why := l.Cause.Chinese()
	if why == "" {
		why = "原因不明"
	}
	b.WriteString(why)
	if l.Status != 0 {
		fmt.Fprintf(&b, "（%d）", l.Status)
	}
	fmt.Fprintf(&b, "，%s", inspect.Readable(l.URL))
	return b.String()
}
