// Package tlsexpiring is the check tls-expiring.
package tlsexpiring

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/visits"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

type options struct {
	// Days before the end from which it is said.
	Days int `yaml:"days"`
}

// Check is the check tls-expiring.
var Check = inspect.NewCheck("tls-expiring", rule, inspect.PerSite, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	v := visits.Secure(p)
	switch {
	case v == nil:
		p.Due(0)
		return nil
	case v.TLS == nil:
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "certificate", Message: "加密连接未能建立，证书有效期未能判定", Evidence: visits.Evidence(v)})
		return nil
	case v.TLS.Problem == "expired": // tls-invalid says so
		return nil
	}
	if left := inspect.DaysBetween(p.Now, v.TLS.NotAfter); left <= o.Days {
		p.Report(inspect.Finding{Locus: "certificate", Value: float64(left), Unit: "天", Evidence: visits.Evidence(v),
			Message: fmt.Sprintf("首页证书将于%s到期，还有%d天", v.TLS.NotAfter.In(inspect.Zone).Format(time.DateOnly), left)})
	}
	return nil
}
