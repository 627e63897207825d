package api

import (
	"context"
	"net/http"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// proof is what proves a finding, but for the page itself.
type proof struct {
	Inspection string            `json:"inspection" doc:"发现它的最近一次检查"`
	Evidence   *inspect.Evidence `json:"evidence,omitempty"`
	Page       *saved            `json:"page,omitempty"`
	Sensitive  bool              `json:"sensitive,omitempty" doc:"含不得扩散的内容，查看记入审计"`
	Masked     bool              `json:"masked,omitempty" doc:"您的角色看不到内容"`
}

type saved struct {
	URL     string      `json:"url"`
	Final   string      `json:"final,omitempty"`
	Status  int         `json:"status"`
	Fetched time.Time   `json:"fetched,omitzero"`
	Header  http.Header `json:"header,omitempty"`
	Digest  string      `json:"digest,omitempty"`
	Text    string      `json:"text,omitempty" doc:"页面源码，按文本；不得当作网页打开"`
}

// maxText is how much of a page an answer holds.
const maxText = 1 << 20

func (a *api) evidence() {
	get(a, "get-finding-evidence", "/findings/{fingerprint}/evidence", "证据", func(ctx context.Context, in *Ref) (*body[proof], error) {
		e, err := a.Desk.Evidence(ctx, who(ctx), in.Fingerprint)
		if err != nil {
			return nil, err
		}
		return &body[proof]{proofOf(e)}, nil
	})
}

func proofOf(e *desk.Evidence) proof {
	p := proof{Inspection: e.Case.Inspection, Sensitive: e.Sensitive, Masked: e.Masked}
	if f := e.Finding; f != nil {
		p.Evidence = &f.Evidence
	}
	if g := e.Page; g != nil {
		text := g.Body
		p.Page = &saved{URL: g.URL, Final: g.Final, Status: g.Status, Fetched: g.Fetched, Header: g.Header, Digest: g.Digest, Text: string(text[:min(len(text), maxText)])}
	}
	return p
}
