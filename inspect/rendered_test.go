package inspect_test

import (
	"context"
	"errors"
	"iter"
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

// browsed is a feed whose pages a browser shows, until somebody has it stopped.
type browsed struct {
	feed
	stop func()
	tell bool // that it was stopped
}

func (b browsed) Render(ctx context.Context, _ *inspect.Site, urls []string) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		if !yield(inspect.Event{Shown: &inspect.Rendered{URL: urls[0], Engine: "axe-core 4"}}, nil) {
			return
		}
		b.stop()
		if b.tell {
			yield(inspect.Event{}, ctx.Err())
		}
	}
}

// An inspection that is stopped while a browser shows pages is not complete,
// whether or not the browser says so; what it never asked for did not fail.
func TestStoppedInTheBrowser(t *testing.T) {
	t.Parallel()
	const other = home + "o.html"
	for _, tell := range []bool{true, false} {
		deep := inspect.NewCheck("deep", "---\n", inspect.PerSite, struct{}{}, nil).Sampling(func(*inspect.Pass) []string { return []string{home, other} })
		rb := rules(inspect.Bound{Check: deep, Run: func(context.Context, *inspect.Pass) error { return nil }})
		ctx, cancel := context.WithCancel(t.Context())
		src := browsed{feed{{Page: newPage(home, "<p>一</p>")}, {Page: newPage(other, "<p>二</p>")}}, cancel, tell}
		in, err := (&inspect.Inspector{Source: src, Rules: rb}).Inspect(ctx, "i", site(), today)
		if !errors.Is(err, context.Canceled) || in.Complete || in.Stopped == "" {
			t.Errorf("tell %v: %v, complete %v %q", tell, err, in.Complete, in.Stopped)
		}
		if in.Counts.Engine != "axe-core 4" || len(in.Shown) != 1 || in.Counts.Sampled != 1 || in.Counts.Shown != 1 {
			t.Errorf("tell %v: %d of %d", tell, in.Counts.Shown, in.Counts.Sampled)
		}
	}
}
