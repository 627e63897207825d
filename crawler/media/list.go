package media

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// html makes a page of an answer.
func (a *answer) html(address string, s *Source) *inspect.Page {
	p := &inspect.Page{Target: inspect.Target{URL: address, Status: a.status, Verdict: inspect.Fine, Header: http.Header{"Content-Type": {a.typ}}},
		Type: "text/html", Raw: a.body, Now: s.opt.Now}
	crawler.Decode(p, "")
	return p
}

// utf8 is the body in UTF-8.
func (a *answer) utf8() []byte {
	p := &inspect.Page{Target: inspect.Target{Header: http.Header{"Content-Type": {a.typ}}}, Type: "text/html", Raw: a.body}
	crawler.Decode(p, "")
	return p.Body
}

// below reports whether an answer came from an address or from below it, such
// as its index page: a redirect to a home page or a login brings another list.
func below(final *url.URL, asked string) bool {
	u, err := url.Parse(asked)
	if err != nil {
		return false
	}
	dir := func(p string) string { return strings.TrimSuffix(p, "/") + "/" }
	return strings.HasPrefix(dir(final.Path), dir(u.Path)) && (u.RawQuery == "" || u.RawQuery == final.RawQuery) || inspect.SamePage(final.String(), asked)
}

// list reads a page that lists posts the way columns of websites are read.
func list(ctx context.Context, s *Source, _ *inspect.Site, src *inspect.MediaSource) []*inspect.Collection {
	c := s.begin(src, src.URL)
	a := s.ask(ctx, s.opt.Client.Pages, http.MethodGet, src.URL, nil)
	a.into(c)
	if !c.Read() {
		return []*inspect.Collection{c}
	}
	if !below(a.final, src.URL) {
		return []*inspect.Collection{fail(c, inspect.BadAnswer, "地址被转到别处，不能断定仍是该账号的列表")}
	}
	p := a.html(src.URL, s)
	if _, err := p.Doc(); err != nil {
		return []*inspect.Collection{fail(c, inspect.BadAnswer, "不是网页")}
	}
	l := p.List(src.Selectors)
	for _, it := range l.Items {
		c.Posts = append(c.Posts, inspect.Post{Title: it.Title, URL: it.URL, Published: it.Date})
	}
	if len(c.Posts) == 0 {
		return []*inspect.Collection{fail(c, inspect.BadAnswer, "页面上没有识别出列表")}
	}
	span(c)
	if !c.Complete {
		c.Partial = "列表有条目没有日期"
	}
	return []*inspect.Collection{c}
}
