package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How fast one person or program may ask. These are ours.
const (
	perSecond = 20
	atOnce    = 100
	forgotten = 10 * time.Minute
)

// A pace bounds how fast each of many asks.
type pace struct {
	now   func() time.Time
	mu    sync.Mutex
	by    map[string]*walker
	swept time.Time
}

type walker struct {
	*rate.Limiter
	seen time.Time
}

func newPace(now func() time.Time) *pace { return &pace{now: now, by: map[string]*walker{}} }

func (p *pace) allow(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.swept) > forgotten {
		p.swept = now
		for id, w := range p.by {
			if now.Sub(w.seen) > forgotten {
				delete(p.by, id)
			}
		}
	}
	w := p.by[id]
	if w == nil {
		w = &walker{Limiter: rate.NewLimiter(perSecond, atOnce)}
		p.by[id] = w
	}
	w.seen = now
	return w.AllowN(now, 1)
}
