package crawler

import (
	"context"
	"iter"

	"github.com/xunjian/xunjian/inspect"
)

var _ inspect.Asker = (*Crawler)(nil)

// Ask asks questions one after another, at the host's own pace. Answers are
// not taken apart for links: what a search finds was crawled already, or is
// not to be.
func (c *Crawler) Ask(ctx context.Context, s *inspect.Site, qs []inspect.Question) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		r := newRun(c.opt, s)
		defer r.net.close()
		f := newFetcher(ctx, r.net)
		for _, q := range qs {
			if ctx.Err() != nil {
				return
			}
			ex := &exchange{url: q.URL}
			f.fetch(ex)
			p := &inspect.Page{Target: *r.judge(ctx, ex)}
			if ex.err == nil {
				p = r.page(ctx, f, ex, &p.Target, "", 0)
				if challenge(p) {
					p.Verdict, p.Cause, p.Detail = inspect.CouldNotTell, inspect.Blocked, "返回的是防护验证页"
				}
			}
			p.URL = q.URL
			if !yield(inspect.Event{Answer: p}, nil) {
				return
			}
		}
	}
}
