package crawler

import (
	"context"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A look takes this much of a page of others, and keeps this many letters.
const (
	lookBytes   = 64 << 10
	lookLetters = 300
)

// lookAt asks for a page of others as a visitor who follows the link would,
// and keeps what it calls itself: names change hands. It is asked once, like
// every target.
func (r *run) lookAt(ctx context.Context, f *fetcher, t task) {
	ex := &exchange{url: t.url, pageOnly: true, look: true, limit: lookBytes}
	f.fetch(ex)
	if ex.err != nil || ex.status/100 != 2 || len(ex.raw) == 0 {
		r.tell(ctx, ex)
		return
	}
	target := r.judge(ctx, ex)
	p := &inspect.Page{Target: *target, Type: "text/html", Raw: ex.raw}
	p.Header = ex.kept()
	Decode(p, "")
	if challenge(p) {
		target.Verdict, target.Cause, target.Detail = inspect.CouldNotTell, inspect.Blocked, "返回的是防护验证页"
	} else {
		target.Title = zh.Truncate(p.Title(), 100)
		target.Opening = zh.Truncate(strings.Join(strings.Fields(p.Text()), " "), lookLetters)
	}
	r.share(ctx, target, false)
	r.emit(inspect.Event{Target: target})
}
