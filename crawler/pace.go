package crawler

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// pace keeps each host's own rate: never one rule for all hosts. A host that
// asks for less (429, 503 with Retry-After) is left alone for as long as it
// says and then asked at half its rate.
type pace struct {
	opt   Options
	own   string // host of the site
	mu    sync.Mutex
	hosts map[string]*hostPace
}

type hostPace struct {
	limit    *rate.Limiter
	patience time.Duration // with its silence
	mu       sync.Mutex
	until    time.Time // nothing is asked before
	tired    int       // times in a row it asked to be left alone

	answered atomic.Bool // it answered something in this run

	silent int       // times in a row that it did not answer in time
	since  time.Time // when the first of them was asked
}

// maxPause is the longest pause that a run waits out.
const maxPause = 2 * time.Minute

func newPace(o Options, own string) *pace {
	return &pace{opt: o, own: own, hosts: map[string]*hostPace{}}
}

func (p *pace) host(name string) *hostPace {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.hosts[name]
	if h == nil {
		r := rate.Limit(p.opt.Rate)
		if p.opt.Rate < 0 {
			r = rate.Inf
		}
		h = &hostPace{limit: rate.NewLimiter(r, 1), patience: p.opt.Silence}
		if name == p.own {
			h.patience *= ownTimes
		}
		p.hosts[name] = h
	}
	return h
}

// slowDown makes a host's rate at most one request in d.
func (p *pace) slowDown(name string, d time.Duration) {
	h := p.host(name)
	if d > 0 && h.limit.Limit() > rate.Every(d) {
		h.limit.SetLimit(rate.Every(d))
	}
}

func (p *pace) wrap(next http.RoundTripper) http.RoundTripper { return &paced{p, next} }

type paced struct {
	*pace
	next http.RoundTripper
}

func (p *paced) RoundTrip(req *http.Request) (*http.Response, error) {
	h := p.host(req.URL.Host)
	if err := h.wait(req); err != nil {
		return nil, err
	}
	if err := p.turn(req, h); err != nil {
		return nil, err
	}
	if p.opt.Alive != nil { // asked last, since waiting may have taken long
		if err := p.opt.Alive(); err != nil {
			return nil, errors.Join(errNotOurs, err)
		}
	}
	asked := time.Now()
	res, err := p.next.RoundTrip(req)
	h.note(asked, err)
	if err == nil {
		if until := h.backOff(res); !until.IsZero() && p.opt.Watch != nil {
			p.opt.Watch.Paused(req.URL.Host, until)
		}
	}
	return res, err
}

// errNotOurs says that this process may not act any more: another may.
var errNotOurs = errors.New("the inspection is another process's now")

// turn waits for this process's turn among all that ask the host.
func (p *paced) turn(req *http.Request, h *hostPace) error {
	l := h.limit.Limit()
	if p.opt.Turns == nil || l == rate.Inf || l <= 0 {
		return nil
	}
	d, err := p.opt.Turns.Turn(req.Context(), req.URL.Host, time.Duration(float64(time.Second)/float64(l)))
	if err != nil {
		return errors.Join(errNotOurs, err)
	}
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-req.Context().Done():
		return req.Context().Err()
	}
}

// A host that is silent for so long, and at least so many times in a row, is
// not waited for any more in this run: each address of it would cost a minute.
// The site itself, which may only be tired, is given more time.
const (
	maxSilent = 8
	ownTimes  = 10
)

// errSilent says that a host never answers; its words are for people.
var errSilent = errors.New("该主机接连多次没有应答，其余网址不再逐一等待")

// note keeps whether a host answers.
func (h *hostPace) note(asked time.Time, err error) {
	var late net.Error
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		h.answered.Store(true)
		h.silent = 0
	case errors.As(err, &late) && late.Timeout():
		if h.silent++; h.silent == 1 {
			h.since = asked
		}
	}
}

// maxTired is after how many refusals in a row a host is left alone for the
// rest of the run: what is left of it could not be told.
const maxTired = 5

// errTired says that a host keeps asking to be left alone.
var errTired = errors.New("the host keeps refusing for being asked too often")

func (h *hostPace) wait(req *http.Request) error {
	h.mu.Lock()
	pause, tired := time.Until(h.until), h.tired
	silent := h.silent >= maxSilent && time.Since(h.since) > h.patience
	h.mu.Unlock()
	if silent {
		return errSilent
	}
	if tired >= maxTired {
		return errTired
	}
	if pause > 0 {
		t := time.NewTimer(pause)
		defer t.Stop()
		select {
		case <-t.C:
		case <-req.Context().Done():
			return req.Context().Err()
		}
	}
	if h.limit.Limit() == rate.Inf {
		return nil
	}
	return h.limit.Wait(req.Context())
}

// backOff pauses a host that asked for it, and says until when. A 503 without Retry-After is a
// broken page more often than a tired server, and pauses nobody.
func (h *hostPace) backOff(res *http.Response) time.Time {
	d, asked := retryAfter(res)
	refused := res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable && asked
	h.mu.Lock()
	defer h.mu.Unlock()
	if !refused {
		h.tired = 0
		return time.Time{}
	}
	h.tired++
	if !asked {
		d = 5 * time.Second
	}
	if t := time.Now().Add(min(d, maxPause)); t.After(h.until) {
		h.until = t
		if l := h.limit.Limit(); l == rate.Inf {
			h.limit.SetLimit(10)
		} else {
			h.limit.SetLimit(max(l/2, 0.1))
		}
	}
	return h.until
}

// retryAfter reads both forms of Retry-After.
func retryAfter(res *http.Response) (time.Duration, bool) {
	v := res.Header.Get("Retry-After")
	if v == "" {
		return 0, false
	}
	if s, err := strconv.Atoi(v); err == nil && s >= 0 {
		return time.Duration(min(s, 86400)) * time.Second, true
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, time.Until(t)), true
	}
	return 0, false
}
