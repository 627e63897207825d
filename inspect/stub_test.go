package inspect_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

type events []inspect.Event

func (e events) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for _, x := range e {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// A home page that only sends its visitors on is not judged as the home page;
// and the events of a stopped run give no pass.
func TestHomeStubAndPartial(t *testing.T) {
	t.Parallel()
	judged := 0
	rb := &inspect.Rulebook{Full: 100, Checks: []inspect.Bound{{Check: &inspect.Check{ID: "x"}, Run: func(context.Context, *inspect.Pass) error {
		judged++
		return nil
	}}}}
	run := func(body, partial string) *inspect.Inspection {
		p := &inspect.Page{Target: inspect.Target{URL: "http://e.gov.cn/", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: []byte(body)}
		in := &inspect.Inspector{Source: events{{Page: p}}, Rules: rb, Partial: partial}
		out, err := in.Inspect(t.Context(), "i", &inspect.Site{ID: "e", Home: "http://e.gov.cn/"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, stub := range []string{`<script>window.location.href="/index/"</script>`, `<meta http-equiv="refresh" content="0;url=/index/">`} {
		if out := run(stub, ""); judged != 0 || out.Counts.Untold == 0 || len(out.Notes) != 1 {
			t.Errorf("%s: judged %d times, %+v, notes %q", stub, judged, out.Counts, out.Notes)
		}
	}
	if out := run("<p>正文</p>", "被中断"); out.Complete || out.Grade.Verdict != inspect.Undecided || judged != 1 {
		t.Errorf("partial: complete %v, %s, judged %d", out.Complete, out.Grade.Verdict, judged)
	}
}
