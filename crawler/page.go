package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/xunjian/xunjian/inspect"
)

// readPage reads one page of the site, takes its links up and tells of it.
func (r *run) readPage(ctx context.Context, f *fetcher, t task) {
	ex := &exchange{url: t.url, pageOnly: true}
	known := r.validators(ctx, ex)
	f.fetch(ex)
	target := r.judge(ctx, ex)
	switch {
	case errors.Is(ex.err, errRobots), target.Cause == inspect.Budget:
		r.emit(inspect.Event{Skip: target})
		return
	case ex.err != nil, ex.status/100 == 2 && !isText(ex.contentType):
		r.tell(ctx, ex)
		return
	}
	p := r.page(ctx, f, ex, target, known, t.depth)
	p.Depth = t.depth
	if p.Final != "" && !r.landed(p) {
		return
	}
	p.LinksOnly = r.opt.LinksOnly && p.MayScan(r.site)
	r.soft.judge(ctx, r, f, p)
	r.found(p)
	r.emit(inspect.Event{Page: p})
	for _, e := range r.front.refused() {
		r.emit(e)
	}
}

// validators asks only for news of a page that the last inspection has.
func (r *run) validators(ctx context.Context, ex *exchange) (digest string) {
	if r.opt.Cache == nil {
		return ""
	}
	etag, modified, digest, ok := r.opt.Cache.Validators(ctx, r.site.ID, ex.url)
	if !ok {
		return ""
	}
	ex.etag, ex.lastModified = etag, modified
	return digest
}

// page makes the page of an answer.
func (r *run) page(ctx context.Context, f *fetcher, ex *exchange, target *inspect.Target, known string, depth int) *inspect.Page {
	p := &inspect.Page{Target: *target, Type: mediaType(ex.contentType), Raw: ex.raw, Wire: ex.wire, Truncated: ex.cut || ex.short}
	p.Header = ex.kept()
	if r.reused(ctx, f, ex, p, known, depth) {
		return p
	}
	if ex.status == 304 && known != "" {
		body, err := r.opt.Cache.Body(ctx, known)
		if err != nil {
			p.Verdict, p.Cause, p.Detail = inspect.CouldNotTell, inspect.OwnFault, "上次检查的存档无法读取："+err.Error()
			return p
		}
		p.Raw, p.Digest, p.Status, p.Unchanged = body, known, 200, true
	} else {
		p.Digest = digestOf(p.Raw)
		p.Unchanged = known != "" && p.Digest == known
	}
	if p.Type == "" {
		p.Type = "text/html"
	}
	switch {
	case p.Status/100 == 2 && len(p.Raw) == 0:
		p.Verdict, p.Cause, p.Detail = inspect.CouldNotTell, inspect.BadAnswer, "应答没有内容"
	case ex.cut:
		p.Verdict, p.Cause = inspect.CouldNotTell, inspect.TooLarge
	case ex.short:
		p.Verdict, p.Cause = inspect.CouldNotTell, inspect.CutShort
	}
	r.decode(p)
	return p
}

// reused reports whether the page is the same bytes as in the last inspection,
// and needs no body since that kept what it made of them. Not where a browser
// may show the page: its word is held against elements.
func (r *run) reused(ctx context.Context, f *fetcher, ex *exchange, p *inspect.Page, known string, depth int) bool {
	if known == "" || r.opt.Deep != nil || p.Verdict != inspect.Fine || p.Final != "" || p.Truncated {
		return false
	}
	digest := known
	if ex.status != 304 {
		if ex.status/100 != 2 || len(ex.raw) == 0 {
			return false
		}
		if digest = digestOf(ex.raw); digest != known {
			return false
		}
	}
	x := r.opt.Cache.Reading(ctx, ex.url, digest)
	if x == nil || x.Depth != depth || p.Type != "" && p.Type != x.Type || r.soft.has(ctx, r, f, ex.url, x.Print) {
		return false
	}
	p.Raw, p.Wire, p.Digest, p.Status, p.Unchanged, p.Reading = nil, nil, digest, 200, true, x
	p.Type, p.Charset, p.CharsetFrom, p.Print = x.Type, x.Charset, x.CharsetFrom, x.Print
	r.usual(p)
	return true
}

func digestOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// decode decodes the body; a host's last sure charset helps with its short pages.
func (r *run) decode(p *inspect.Page) {
	host := inspect.Host(p.URL)
	r.mu.Lock()
	usual := r.charsets[host]
	r.mu.Unlock()
	Decode(p, usual)
	r.usual(p)
}

// usual notes the charset of a sure page for the short ones of its host.
func (r *run) usual(p *inspect.Page) {
	host := inspect.Host(p.URL)
	if p.CharsetFrom == "meta" || p.CharsetFrom == "header" || p.CharsetFrom == "guess" {
		r.mu.Lock()
		r.charsets[host] = p.Charset
		r.mu.Unlock()
	}
}

// landed gives a redirected page to the address where it was found, and
// reports whether it is news there. The address that was linked is told as a
// target of its own.
func (r *run) landed(p *inspect.Page) bool {
	t := p.Target
	t.Digest, t.Header = "", nil
	r.redirectedHome(&t)
	if p.Verdict != inspect.Fine && p.Verdict != inspect.Information {
		return true // the fault belongs to the address that was linked
	}
	r.emit(inspect.Event{Target: &t})
	if !r.site.InScope(p.Final) || !r.front.visited(p.Final) {
		return false
	}
	p.URL, p.Final = p.Final, ""
	return true
}

// readStyle reads a style sheet of the site, as a page of its own kind, for
// the files it refers to.
func (r *run) readStyle(ctx context.Context, f *fetcher, t task) {
	ex := &exchange{url: t.url}
	f.fetch(ex)
	if ex.err != nil || ex.status/100 != 2 {
		r.tell(ctx, ex)
		return
	}
	p := r.page(ctx, f, ex, r.judge(ctx, ex), "", t.depth)
	p.Type, p.Depth = inspect.StyleSheet, t.depth
	r.found(p)
	r.emit(inspect.Event{Page: p})
}

// found queues the links of a page.
func (r *run) found(p *inspect.Page) {
	only := r.opt.Only
	if !p.Linking() || only != nil && !only.Links {
		return
	}
	links := p.Links()
	tasks := make([]task, 0, len(links))
	for i := range links {
		l := &links[i]
		if l.URL == "" {
			continue
		}
		own := r.site.InScope(l.URL)
		switch {
		case scopePage(r.site, l) && only != nil:
			tasks = append(tasks, task{url: l.URL, depth: p.Depth + 1})
		case scopePage(r.site, l):
			tasks = append(tasks, task{url: l.URL, page: true, depth: p.Depth + 1})
		case r.opt.pagesOnly:
		case own && (l.Kind == inspect.Style || l.Kind == inspect.CSS && inspect.Extension(l.URL) == "css"):
			tasks = append(tasks, task{url: l.URL, style: true, depth: p.Depth + 1})
		case own || !r.opt.NoForeign:
			tasks = append(tasks, task{url: l.URL, depth: p.Depth + 1, look: !own && (l.Kind == inspect.Anchor || l.Kind == inspect.Area)})
		}
	}
	r.front.add(tasks)
}
