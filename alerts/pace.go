package alerts

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/xunjian/xunjian/inspect"
)

// A Rate is how many messages a service bears in a span.
type Rate struct {
	N   int
	Per time.Duration
}

// paced keeps a channel to its rates. Its buckets hold one message, so that a
// process that starts again does not begin with a burst.
type paced struct {
	Channel
	limits []*rate.Limiter
}

func pace(c Channel, rates []Rate) Channel {
	p := &paced{Channel: c}
	for _, r := range rates {
		p.limits = append(p.limits, rate.NewLimiter(rate.Every(r.Per/time.Duration(r.N)), 1))
	}
	return p
}

// Send waits for its turn, but not long: what waits meanwhile goes in one
// message. A message that has to wait was not handed over.
func (p *paced) Send(ctx context.Context, m *inspect.Message, address string) error {
	for _, l := range p.limits {
		if err := l.Wait(ctx); err != nil {
			return failure(Later, "等待发送时停止")
		}
	}
	return p.Channel.Send(ctx, m, address)
}
