// Package alerts is who is told what, when and how: the steps of cases, trouble
// of our own, and limits that near become messages to people.
//
// The way of an alert:
//
//	steps, incidents, orders, clocks ─► alerts (who: routes) ─► messages (when: groups, quiet hours, digests) ─► channels
//
// What may have to be told waits in the store at each arrow, so a process that
// is killed loses nothing, and nobody is told the same twice within the window:
// an alert's id is made of the channel, the contact and what happened, a
// message's of its alerts. A message is marked right before the first byte by
// which it may arrive, and after the answer. One whose end nobody knows, since the process was killed or the
// answer never came, is sent again only when the window is over, and says so.
//
// A channel is one file, and one line in [Kinds]. It gives a message its form,
// within the limits of the service behind it, and treats all text as hostile:
// what alerts quote comes from pages of others.
package alerts

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Channel hands messages over to a service.
type Channel interface {
	// Send hands a message over to an address of the channel. An error is a
	// [*Failure].
	Send(ctx context.Context, m *inspect.Message, address string) error
}

// A Kind is a kind of channel.
type Kind struct {
	Name    string
	Chinese string
	Direct  bool   // it reaches a person by an address; others reach whoever listens
	Rates   []Rate // what the service bears, and a little less
	Machine bool   // a program reads it: it gets every alert
	Make    func(Options) (Channel, error)
}

// Kinds is the table of channels, in display order.
var Kinds = []Kind{
	{Name: "email", Chinese: "电子邮件", Direct: true, Rates: []Rate{{60, time.Minute}}, Make: newEmail},
	{Name: "wecom", Chinese: "企业微信群机器人", Rates: []Rate{{18, time.Minute}}, Make: newWeCom},
	{Name: "dingtalk", Chinese: "钉钉群机器人", Rates: []Rate{{18, time.Minute}}, Make: newDingTalk},
	{Name: "feishu", Chinese: "飞书群机器人", Rates: []Rate{{90, time.Minute}, {4, time.Second}}, Make: newFeishu},
	{Name: "webhook", Chinese: "通用接口", Machine: true, Rates: []Rate{{120, time.Minute}}, Make: newWebhook},
	{Name: "alertmanager", Chinese: "Alertmanager", Machine: true, Rates: []Rate{{120, time.Minute}}, Make: newAlertmanager},
	{Name: "sms", Chinese: "短信", Direct: true, Rates: []Rate{{30, time.Minute}}, Make: newSMS},
}

// KindOf is the kind of a name.
func KindOf(name string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// Options are a channel as the configuration has it.
type Options struct {
	ID      string
	Kind    string
	URL     string // of a service; of the robots: instead of their public address
	Console string // where people read more; "": nowhere
	Allow   []netip.Prefix
	Roots   *x509.CertPool // nil: the system's
	Clock   func() time.Time
	Secret  Secret

	From string // e-mail: the sender
	Host string // e-mail: host:port
	TLS  string // e-mail: implicit, starttls or none

	Method string            // sms
	Header map[string]string // sms
	Body   string            // sms: with {mobile}, {text} and the like
	Expect string            // sms: what a good answer holds, as code=0
	Sign   string            // sms: 【…】
}

// A Secret is what a service asks for. It never prints.
type Secret struct{ Key, Sign, User, Password string }

// String hides the secret from every message.
func (Secret) String() string { return "（密钥）" }

// GoString hides it from %#v too.
func (Secret) GoString() string { return "（密钥）" }

// New makes a channel.
func New(o Options) (Channel, error) {
	k, ok := KindOf(o.Kind)
	if !ok {
		return nil, fmt.Errorf("没有通知渠道 %q", o.Kind)
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	c, err := k.Make(o)
	if err != nil {
		return nil, fmt.Errorf("渠道 %s：%w", o.ID, err)
	}
	return c, nil
}

// An Outcome is what is known of a message that a channel did not confirm.
type Outcome string

// The outcomes. What is unclear may have arrived.
const (
	Refused Outcome = "refused" // and would be again
	Later   Outcome = "later"   // it did not arrive; try again
	Unclear Outcome = "unclear"
)

// A Failure is why a message was not confirmed, without any secret.
type Failure struct {
	Outcome Outcome
	After   time.Duration // Later: not before; 0: as usual
	Why     string
}

func (f *Failure) Error() string { return f.Why }

func failure(o Outcome, format string, a ...any) *Failure {
	return &Failure{Outcome: o, Why: fmt.Sprintf(format, a...)}
}

// failureOf is an error as a failure; whatever a channel did not name may have
// arrived.
func failureOf(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return failure(Unclear, "%v", err)
}
