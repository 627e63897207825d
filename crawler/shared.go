package crawler

import (
	"context"
	"iter"
	"net/netip"
	"sync"

	"github.com/xunjian/xunjian/inspect"
)

// known tells of a target on another host from what was told of it lately, if
// anything was.
func (r *run) known(ctx context.Context, t task) bool {
	if r.opt.Shared == nil || r.fresh || r.site.InScope(t.url) {
		return false
	}
	told := r.opt.Shared.Verdict(ctx, t.url)
	if told == nil {
		return false
	}
	r.emit(inspect.Event{Target: told})
	return true
}

// share lets others know what was told of a target on another host. What we
// could not tell for reasons of our own is nobody's knowledge, nor is what this
// site alone may not ask: another may have been given the network.
func (r *run) share(ctx context.Context, t *inspect.Target, host bool) {
	if r.opt.Shared == nil || r.site.InScope(t.URL) || t.Cause == inspect.Budget || t.Cause == inspect.OwnFault || t.Cause == inspect.PrivateAddress {
		return
	}
	r.opt.Shared.Share(ctx, t, host)
}

// ofHost reports whether an exchange says the same of every target of its
// host: no connection came about, nobody sent us to another host before, and the
// host did not answer a moment ago, so that it may be back in another.
func ofHost(ex *exchange, t *inspect.Target) bool {
	return ex.hops == 0 && (t.Cause == inspect.TLSFailure || t.Verdict == inspect.Fault && (t.Cause == inspect.DNS || t.Cause == inspect.Refused))
}

// AskTargets asks targets that belong to no site, such as those that many link, and
// yields what became of each. They go to Options.Shared too, whatever that
// knows of them already. Private addresses are those that allow opens.
func (c *Crawler) AskTargets(ctx context.Context, allow []netip.Prefix, urls []string) iter.Seq[*inspect.Target] {
	return func(yield func(*inspect.Target) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		r := newRun(c.opt, &inspect.Site{Allow: allow})
		defer r.net.close()
		tasks := make([]task, len(urls))
		for i, u := range urls {
			tasks[i] = task{url: u, look: true}
		}
		r.front.add(tasks)
		r.fresh = true
		defer context.AfterFunc(ctx, r.front.close)()
		var wg sync.WaitGroup
		for range max(c.opt.Workers, 1) {
			wg.Go(func() { r.work(ctx) })
		}
		go func() {
			wg.Wait()
			close(r.events)
		}()
		open := true
		for e := range r.events {
			if open && e.Target != nil && !yield(e.Target) {
				open = false
				cancel()
			}
		}
	}
}
