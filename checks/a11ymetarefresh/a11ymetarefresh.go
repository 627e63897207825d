// Package a11ymetarefresh is the check a11y-meta-refresh: pages that reload or leave by themselves while somebody reads.
package a11ymetarefresh

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-meta-refresh.
var Check = inspect.NewCheck("a11y-meta-refresh", rule, inspect.PerPage, struct{}{}, run).Timeless()

// hours is the delay, in seconds, from which a reload is left to a person: 20
// hours, the exception that the criterion makes.
const hours = 72000

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	if _, err := p.Page.Doc(); err != nil {
		return err
	}
	for _, n := range p.Page.Elements(atom.Meta) {
		if !strings.EqualFold(strings.TrimSpace(inspect.Attr(n, "http-equiv")), "refresh") {
			continue
		}
		seconds, ok := delay(inspect.Attr(n, "content"))
		if !ok {
			continue
		}
		f := inspect.Finding{Locus: fmt.Sprintf("meta[http-equiv=refresh] %d", seconds), Template: true, Value: float64(seconds), Unit: "秒", Nodes: []*html.Node{n},
			Message: fmt.Sprintf("页面在%d秒后自动刷新或跳转", seconds)}
		if seconds > hours {
			f.Outcome = inspect.Review
		}
		if seconds > 0 {
			p.Report(f)
		}
		return nil // browsers follow the first one that they understand
	}
	p.Due(0)
	return nil
}

// delay reads the seconds as browsers do.
func delay(content string) (seconds int, ok bool) {
	s := strings.TrimLeft(content, " \t\n\f\r")
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		seconds = min(seconds*10+int(s[i]-'0'), 1<<30)
		i++
	}
	if i == 0 && !strings.HasPrefix(s, ".") {
		return 0, false
	}
	rest := strings.TrimLeft(s[i:], "0123456789.")
	if rest == "" || strings.IndexByte(" \t\n\f\r;,", rest[0]) >= 0 {
		return seconds, true
	}
	return 0, false
}
