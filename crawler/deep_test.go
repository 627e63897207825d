package crawler_test

import (
	"context"
	"errors"
	"testing"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/inspect"
)

// Showing pages that is stopped says so: nobody may take it for the end.
func TestRenderSaysThatItWasStopped(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &inspect.Site{ID: "s", Home: "http://127.0.0.1:1/"}
	n := 0
	for e, err := range crawler.New(crawler.Options{Deep: &crawler.Deep{}}).Render(ctx, s, []string{s.Home, s.Home + "a"}) {
		if errors.Is(err, render.ErrAbsent) {
			t.Skip(err)
		}
		if n++; !errors.Is(err, context.Canceled) || e.Shown != nil {
			t.Errorf("event %d: %+v, %v", n, e.Shown, err)
		}
	}
	if n != 1 {
		t.Errorf("%d events", n)
	}
}
