package alerts

import (
	"context"
	"time"

	"golang.org/x/time/rate"
)

// A Rate is how many messages a service bears in a span.
type Rate struct {
	N   int
	Per time.Duration
}

// A Pacer keeps a channel to its rates. Its buckets hold one message, so that a
// process that starts again does not begin with a burst.
type Pacer []*rate.Limiter

// NewPacer is a pacer of some rates; all of them hold.
func NewPacer(rates []Rate) (p Pacer) {
	for _, r := range rates {
		p = append(p, rate.NewLimiter(rate.Every(r.Per/time.Duration(r.N)), 1))
	}
	return p
}

// Wait waits for the turn of one message. It comes before a message is taken
// from the queue: what waits meanwhile goes with it.
func (p Pacer) Wait(ctx context.Context) error {
	for _, l := range p {
		if err := l.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}
