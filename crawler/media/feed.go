package media

// RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, as gofeed reads them.

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"github.com/xunjian/xunjian/inspect"
)

// relayed are the platforms that offer no feed of their own: what is called one
// there is made by somebody else, whose collector may have died.
var relayed = []inspect.Platform{inspect.WeChat, inspect.Weibo, inspect.Douyin, inspect.Toutiao, inspect.Kuaishou, inspect.Bilibili, inspect.MiniProgram}

func feed(ctx context.Context, s *Source, site *inspect.Site, src *inspect.MediaSource) []*inspect.Collection {
	c := s.begin(src, src.URL)
	a := s.ask(ctx, s.opt.Client.Pages, http.MethodGet, src.URL, nil)
	a.into(c)
	if !c.Read() {
		return []*inspect.Collection{c}
	}
	f, err := gofeed.NewParser().Parse(bytes.NewReader(a.body))
	if err != nil {
		return []*inspect.Collection{fail(c, inspect.BadAnswer, "应答不是 RSS、Atom 或 JSON Feed")}
	}
	for _, it := range f.Items {
		p := inspect.Post{ID: it.GUID, Title: plain(it.Title), Text: plain(cmp.Or(it.Content, it.Description))}
		if u, ok := inspect.Normal(it.Link); ok {
			p.URL = u
		}
		if t := cmp.Or(it.PublishedParsed, it.UpdatedParsed); t != nil {
			p.Published = inZone(*t, cmp.Or(it.Published, it.Updated))
		}
		c.Posts = append(c.Posts, p)
	}
	span(c)
	switch {
	case slices.Contains(relayed, site.Account.Platform) && !src.Official:
		c.Complete, c.Partial = false, "订阅源由第三方转制，可能已停止采集"
	case len(c.Posts) == 0:
		c.Partial = "订阅源是空的"
	case !c.Complete:
		c.Partial = "订阅源有条目没有日期"
	}
	return []*inspect.Collection{c}
}

// zoned is the end of a time that says where it holds.
var zoned = regexp.MustCompile(`(Z|[+-]\d{2}:?\d{2}|GMT|UTC?)$`)

// inZone is when something was published: a time that names no zone is the
// rules', and CST is China's, which gofeed takes for America's.
func inZone(t time.Time, written string) time.Time {
	t, written = t.UTC().Truncate(time.Second), strings.TrimSpace(written)
	if strings.HasSuffix(written, " CST") {
		t = t.Add(-6 * time.Hour)
	}
	if !zoned.MatchString(written) {
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, inspect.Zone).UTC()
	}
	return t
}

// fail makes a collection one that could not be read.
func fail(c *inspect.Collection, cause inspect.Cause, detail string) *inspect.Collection {
	c.Verdict, c.Cause, c.Detail = inspect.CouldNotTell, cause, detail
	return c
}
