package alerts

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// alertmanager hands alerts to a Prometheus Alertmanager, which groups and
// routes them by rules of its own.
type alertmanager struct {
	client  *http.Client
	address string
	header  http.Header
	console string
	clock   func() time.Time
}

func newAlertmanager(o Options) (Channel, error) {
	u, err := service(o.URL)
	if err != nil {
		return nil, err
	}
	h := http.Header{"Content-Type": {"application/json"}}
	if o.Secret.User != "" {
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(o.Secret.User+":"+o.Secret.Password)))
	}
	return &alertmanager{client(&o), u.JoinPath("api/v2/alerts").String(), h, o.Console, o.Clock}, nil
}

// A firing is an alert as Alertmanager takes it.
type firing struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

// standing is how long an alert stands that nobody ends: Alertmanager would
// otherwise end it after some minutes, and we tell each only once.
const standing = 90 * 24 * time.Hour

// Send posts each alert of the message. What ends one has the labels by which
// it began.
func (c *alertmanager) Send(ctx context.Context, m *inspect.Message, _ string) error {
	all := make([]firing, 0, len(m.Alerts))
	for i := range m.Alerts {
		a := &m.Alerts[i]
		l := lineOf(a, c.console)
		f := firing{Labels: map[string]string{"alertname": alertName(a.Kind), "key": a.Key, "site": a.Site, "unit": a.Unit, "check": a.Check, "severity": string(a.Severity)},
			Annotations: map[string]string{"summary": l.text, "kind": a.Kind.Chinese()}, StartsAt: a.At.UTC(), EndsAt: c.clock().UTC().Add(standing), GeneratorURL: l.link}
		if a.Kind.Ends() {
			f.StartsAt, f.EndsAt = time.Time{}, a.At.UTC()
		}
		all = append(all, f)
	}
	a, err := ask(ctx, c.client, http.MethodPost, c.address, c.header, toJSON(all))
	if err != nil {
		return err
	}
	return a.good()
}

// alertName is the same for what begins and what ends an alert.
func alertName(k inspect.AlertKind) string {
	switch {
	case k == inspect.AlertClock:
		return "XunjianClock"
	case k.OfCase():
		return "XunjianFinding"
	}
	return "XunjianIncident"
}
