package crawler

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/inspect"
)

// Deep says with what pages are shown in a browser; empty fields: what is
// found where it is usually installed.
type Deep struct {
	Browser string
	Axe     string
	Passes  []string // rules of axe-core whose passes are wanted
}

var _ inspect.Renderer = (*Crawler)(nil)

// Render shows pages in a browser, one after another. Without Options.Deep it
// shows none.
func (c *Crawler) Render(ctx context.Context, s *inspect.Site, urls []string) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		if c.opt.Deep == nil {
			return
		}
		r := newRun(c.opt, s)
		defer r.net.close()
		b, err := render.New(render.Options{Browser: c.opt.Deep.Browser, Axe: c.opt.Deep.Axe, Passes: c.opt.Deep.Passes, Fetch: r.forBrowser})
		if err != nil {
			yield(inspect.Event{}, err)
			return
		}
		defer b.Close()
		for _, u := range urls {
			shown, err := b.Render(ctx, u)
			if ctx.Err() != nil { // what was under way is not the page's trouble
				yield(inspect.Event{}, ctx.Err())
				return
			}
			if err != nil {
				shown = &inspect.Rendered{URL: u, Problem: err.Error()}
			}
			if !yield(inspect.Event{Shown: shown}, nil) {
				return
			}
		}
	}
}

// forBrowser answers a request of a page that a browser shows: by the same
// guard and pace as every other request.
func (r *run) forBrowser(ctx context.Context, u string) (*render.Response, error) {
	n, ok := inspect.Normal(u)
	if !ok {
		return nil, errors.New("not a web address")
	}
	ex := &exchange{url: n, browser: true}
	newFetcher(ctx, r.net).fetch(ex)
	if ex.err != nil {
		return nil, ex.err
	}
	if ex.cut || ex.short {
		return nil, fmt.Errorf("%s: body is not whole", n)
	}
	return &render.Response{Status: ex.status, Header: ex.header, Body: ex.raw}, nil
}
