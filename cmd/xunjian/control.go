package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// A control tests our own line and resolver: one of some known hosts must
// answer, whatever it says. Before that, nobody is accused of silence.
type control struct {
	urls   []string
	client *http.Client
	told   func(error) // every time that none answers, and when one does after that, or at first

	mu     sync.Mutex
	at     time.Time // when the last test began
	last   error
	proven bool // one answered at the last test
}

// controlAge is how long a test serves.
const controlAge = 15 * time.Second

func newControl(urls []string, told func(error)) *control {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy, t.DisableKeepAlives = nil, true
	return &control{urls: urls, told: told, client: &http.Client{Transport: t, Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// well is nil if one of the hosts answers, now or within the last seconds.
func (c *control) well(ctx context.Context) error { return c.since(ctx, time.Now().Add(-controlAge)) }

// still is nil if one of the hosts answers now: what was seen just before was
// not our own line. Those who ask meanwhile share the next answer.
func (c *control) still(ctx context.Context) error { return c.since(ctx, time.Now()) }

// since is what a test told that began after a moment.
func (c *control) since(ctx context.Context, moment time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.After(moment) {
		return c.last
	}
	begun := time.Now()
	err := c.test(ctx)
	if ctx.Err() != nil {
		return ctx.Err() // it was not tested
	}
	c.at, c.last = begun, err
	if err != nil || !c.proven {
		c.told(err)
	}
	c.proven = err == nil
	return err
}

// test asks all at once; the first answer will do.
func (c *control) test(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answers := make(chan error, len(c.urls))
	for _, u := range c.urls {
		go func() {
			req, err := http.NewRequestWithContext(ctx, http.MethodHead, u, nil)
			if err == nil {
				var res *http.Response
				if res, err = c.client.Do(req); err == nil {
					res.Body.Close()
				}
			}
			answers <- err
		}()
	}
	var errs []error
	for range c.urls {
		err := <-answers
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return fmt.Errorf("没有一个对照网站应答：%w", errors.Join(errs...))
}
