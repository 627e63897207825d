// Package tlsinvalid is the check tls-invalid.
package tlsinvalid

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

// Check is the check tls-invalid.
var Check = inspect.NewCheck("tls-invalid", rule, inspect.PerSite, struct{}{}, run)

// problems are the words for what is wrong with a certificate.
var problems = map[string]string{
	"expired":          "证书已过期",
	"not-yet-valid":    "证书尚未生效",
	"wrong-host":       "证书与域名不符",
	"self-signed":      "证书为自签名",
	"untrusted":        "证书的签发机构不受信任",
	"incomplete-chain": "证书链不完整，部分浏览器会提示不安全",
}

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	v := visits.Secure(p)
	if v == nil {
		p.Due(0) // not reached over https://: https-missing says so
		return nil
	}
	if v.TLS == nil {
		p.Report(inspect.Finding{Outcome: inspect.Unknown, Locus: "certificate",
			Message: "加密连接未能建立，证书未能判定：" + v.Cause.Chinese() + "（只支持国密算法的网站也会如此）", Evidence: visits.Evidence(v)})
		return nil
	}
	if say, bad := problems[v.TLS.Problem]; bad {
		f := inspect.Finding{Locus: "certificate", Class: v.TLS.Problem, Evidence: visits.Evidence(v),
			Message: fmt.Sprintf("首页%s（有效期至%s）", say, v.TLS.NotAfter.In(inspect.Zone).Format(time.DateOnly))}
		if v.TLS.Problem == "untrusted" { // by our list of authorities, which is not every browser's
			f.Outcome = inspect.Review
		}
		p.Report(f)
	}
	if v.TLS.Version == "1.0" || v.TLS.Version == "1.1" {
		p.Report(inspect.Finding{Locus: "protocol", Class: "old-protocol", Evidence: visits.Evidence(v),
			Message: "首页只支持过时的加密协议 TLS " + v.TLS.Version + "，新版浏览器会拒绝打开"})
	}
	return nil
}
