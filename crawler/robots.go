package crawler

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// errRobots says that the site's robots.txt asks not to read an address.
var errRobots = errors.New("robots.txt forbids it")

// robotsLife is how long a robots.txt is believed.
const robotsLife = 12 * time.Hour

// maxRobots is how many bytes of a robots.txt are read, as RFC 9309 suggests.
const maxRobots = 500 << 10

// robots obeys robots.txt for what is read as a page; asking whether a link
// opens is what a visitor does, and is not robots' business.
type robots struct {
	next  http.RoundTripper
	agent string
	pace  *pace
	mu    sync.Mutex
	hosts map[string]*robotsEntry
}

type robotsEntry struct {
	once  sync.Once
	until time.Time
	group *robotstxt.Group // nil: everything is allowed
}

func newRobots(next http.RoundTripper, agent string, p *pace) *robots {
	return &robots{next: next, agent: agent, pace: p, hosts: map[string]*robotsEntry{}}
}

func (r *robots) RoundTrip(req *http.Request) (*http.Response, error) {
	if ex := exchangeOf(req); ex != nil && ex.pageOnly && !r.allowed(req) {
		return nil, errRobots
	}
	return r.next.RoundTrip(req)
}

func (r *robots) allowed(req *http.Request) bool {
	key := req.URL.Scheme + "://" + req.URL.Host
	r.mu.Lock()
	e := r.hosts[key]
	if e == nil || !e.until.IsZero() && time.Now().After(e.until) {
		e = &robotsEntry{}
		r.hosts[key] = e
	}
	r.mu.Unlock()
	e.once.Do(func() {
		e.group = r.fetch(req.Context(), key)
		if e.group != nil && e.group.CrawlDelay > 0 {
			r.pace.slowDown(req.URL.Host, min(e.group.CrawlDelay, 30*time.Second))
		}
		r.mu.Lock()
		e.until = time.Now().Add(robotsLife)
		r.mu.Unlock()
	})
	return e.group == nil || e.group.Test(req.URL.RequestURI())
}

// fetch reads a robots.txt. One that is absent or cannot be had forbids
// nothing: we read public pages with their owner's knowledge, slowly.
func (r *robots) fetch(ctx context.Context, key string) *robotstxt.Group {
	// Without the exchange of the page that is waiting for it.
	ctx = context.WithValue(ctx, exchangeKey{}, nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, key+"/robots.txt", nil)
	if err != nil {
		return nil
	}
	req.Header.Set("User-Agent", r.agent)
	res, err := (&http.Client{Transport: r.next, CheckRedirect: checkRedirect}).Do(req)
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxRobots))
	if err != nil {
		return nil
	}
	if len(b) == maxRobots { // the last line was cut, and half a rule may forbid everything
		b = b[:bytes.LastIndexByte(b, '\n')+1]
	}
	data, err := robotstxt.FromBytes(b)
	if err != nil {
		return nil
	}
	return data.FindGroup(r.agent)
}
