package alerts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// webhook posts a message as data to a program of the office's own.
type webhook struct {
	client  *http.Client
	address string
	secret  string
	console string
	clock   func() time.Time
}

func newWebhook(o Options) (Channel, error) {
	u, err := service(o.URL)
	if err != nil {
		return nil, err
	}
	return &webhook{client(&o), u.String(), o.Secret.Sign, o.Console, o.Clock}, nil
}

// A WebhookEvent is the body of a webhook's request; it only grows.
type WebhookEvent struct {
	ID      string            `json:"id"`
	Type    string            `json:"type"` // xunjian.alerts/1
	Time    time.Time         `json:"time"`
	Subject string            `json:"subject"`
	Data    WebhookData       `json:"data"`
	Links   map[string]string `json:"links"`
}

// WebhookData are the alerts of an event.
type WebhookData struct {
	Total  int             `json:"total"`
	Again  bool            `json:"again"` // it may have been delivered before
	Alerts []inspect.Alert `json:"alerts"`
}

const webhookType = "xunjian.alerts/1"

// Send posts the message with a signature over the time and the body. The same
// message has the same id in X-Xunjian-Delivery however often it comes.
func (c *webhook) Send(ctx context.Context, m *inspect.Message, _ string) error {
	e := WebhookEvent{ID: m.ID, Type: webhookType, Time: m.Created.UTC(), Subject: m.Subject, Data: WebhookData{m.Total, m.Again, m.Alerts}, Links: map[string]string{}}
	if c.console != "" {
		e.Links["console"] = c.console
	}
	body := toJSON(e)
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Xunjian-Event": {webhookType}, "X-Xunjian-Delivery": {m.ID}}
	if c.secret != "" {
		now := strconv.FormatInt(c.clock().Unix(), 10)
		h.Set("X-Xunjian-Signature", "t="+now+",v1="+signWebhook(c.secret, now, body))
	}
	a, err := ask(ctx, c.client, http.MethodPost, c.address, h, body)
	if err != nil {
		return err
	}
	return a.good()
}

func signWebhook(secret, seconds string, body []byte) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(seconds + "."))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}
