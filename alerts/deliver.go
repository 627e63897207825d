package alerts

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

const (
	sendTime    = 75 * time.Second // of one attempt, whatever the channel does
	settleTime  = 30 * time.Second
	firstRetry  = 30 * time.Second
	lastRetry   = time.Hour
	refusedWait = time.Hour // somebody has to mend something first
)

// send sends the messages of a channel that wait, one after another.
func (e *Engine) send(ctx context.Context, channel string) error {
	for {
		now := e.Clock()
		ready, err := e.Queue.Ready(ctx, channel, now, now.Add(-e.Policy.Window))
		if err != nil || !ready {
			return err
		}
		if err := e.Pacers[channel].Wait(ctx); err != nil {
			return err
		}
		now = e.Clock()
		m, err := e.Queue.Take(ctx, channel, now, now.Add(-e.Policy.Window))
		if err != nil || m == nil {
			return err
		}
		if err := e.attempt(ctx, m); err != nil {
			return err
		}
	}
}

// attempt sends a message once and notes how it ended. It is not stopped
// half-way: a message whose end is not known is the worst one.
func (e *Engine) attempt(ctx context.Context, m *inspect.Message) error {
	ctx = context.WithoutCancel(ctx)
	ended := func(error) {}
	if e.Sending != nil {
		ctx, ended = e.Sending(ctx, m)
	}
	sending, cancel := context.WithTimeout(ctx, sendTime)
	err := e.hand(withBegin(sending, func() error { return e.Queue.Handing(ctx, m) }), m)
	cancel()
	e.settle(ctx, m, err)
	ended(err)
	if e.Trouble != nil {
		e.Trouble(ctx, m.Channel, err)
	}
	ctx, cancel = context.WithTimeout(ctx, settleTime)
	defer cancel()
	return e.Queue.Settle(ctx, m)
}

// hand gives a message to its channel.
func (e *Engine) hand(ctx context.Context, m *inspect.Message) error {
	c := e.Policy.contact(m.Contact)
	if c == nil {
		return failure(Refused, "配置中没有联系人 %s", m.Contact)
	}
	for _, way := range c.Reach {
		if way.Channel == m.Channel {
			return e.Channels[m.Channel].Send(ctx, m, way.Address)
		}
	}
	return failure(Refused, "联系人 %s 没有渠道 %s", m.Contact, m.Channel)
}

// settle makes of a message what an attempt makes of it.
func (e *Engine) settle(ctx context.Context, m *inspect.Message, err error) {
	now := e.Clock()
	if err == nil {
		m.State, m.Ended, m.Error = inspect.MessageSent, now.UTC(), ""
		e.Log.InfoContext(ctx, "told", "message", m.ID, "channel", m.Channel, "contact", m.Contact, "alerts", m.Total, "attempt", m.Attempts)
		return
	}
	f := failureOf(err)
	m.Error = plain(f.Why, maxKept)
	e.Log.WarnContext(ctx, "not told", "message", m.ID, "channel", m.Channel, "contact", m.Contact, "attempt", m.Attempts, "outcome", f.Outcome, "why", m.Error)
	switch {
	case f.Outcome == Unclear && !m.Again:
		m.State = inspect.MessageSending // until the window is over
	case now.Sub(m.Created) > e.Policy.GiveUp:
		m.State, m.Ended = inspect.MessageFailed, now.UTC()
	default:
		m.State, m.Next = inspect.MessageWaiting, now.Add(backoff(f, m.Attempts)).UTC()
	}
}

// backoff is how long to wait after so many attempts, with a share of chance
// so that not all messages come at once.
func backoff(f *Failure, attempts int) time.Duration {
	wait := min(firstRetry<<min(max(attempts-1, 0), 10), lastRetry)
	if f.Outcome == Refused {
		wait = refusedWait
	}
	wait = max(wait, f.After)
	return wait + rand.N(wait/4)
}
