package crawler

import (
	"cmp"
	"context"
	"net/http"
	"path"
	"strings"

	"github.com/xunjian/xunjian/crawler/document"
	"github.com/xunjian/xunjian/inspect"
)

// smallFile is up to how many bytes of an attachment any worker may hold. Larger
// ones are asked for once more from the beginning, two at a time: how large one
// is nobody says beforehand, and few are.
const smallFile = 1 << 20

// readFile reads an attachment and takes it apart. One that is only a page in
// disguise, or that does not open, is told like any other target.
func (r *run) readFile(ctx context.Context, f *fetcher, t task) {
	ex := &exchange{url: t.url, limit: min(smallFile, r.opt.MaxFile)}
	x := r.readBefore(ctx, ex)
	f.fetch(ex)
	large := ex.cut && ex.err == nil && ex.status/100 == 2 && ex.limit < r.opt.MaxFile
	if large {
		defer r.turn(ctx)()
		ex = r.readWhole(f, ex)
	}
	target := r.judge(ctx, ex)
	if x != nil && target.Verdict == inspect.Fine && target.Final == "" && (ex.status == 304 || ex.status/100 == 2 && !ex.cut && !ex.short && digestOf(ex.raw) == x.Digest) {
		target.Status, target.Digest = 200, x.Digest
		r.emit(inspect.Event{Page: &inspect.Page{Target: *target, Type: x.Type, Depth: t.depth, Document: &inspect.Document{}, Unchanged: true, Reading: x}})
		return
	}
	if ex.err != nil || target.Verdict != inspect.Fine && target.Verdict != inspect.Information || ex.status/100 != 2 {
		r.tell(ctx, ex)
		return
	}
	p := &inspect.Page{Target: *target, Type: mediaType(ex.contentType), Depth: t.depth, Truncated: ex.cut || ex.short}
	p.Header, p.Digest = ex.kept(), cmp.Or(ex.begun, digestOf(ex.raw))
	switch {
	case ex.cut:
		p.Document = &inspect.Document{Incomplete: "文件没有读全"}
		if ex.limit >= r.opt.MaxFile {
			p.Document.Incomplete = "文件超过读取上限"
		}
	case ex.short:
		p.Document = &inspect.Document{Incomplete: "文件没有传完"}
	default:
		if !large {
			defer r.turn(ctx)()
		}
		p.Document = document.Read(ctx, fileName(ex), ex.raw, DecodeText)
		if document.GivenUp(p.Document) {
			p.Passing()
		}
	}
	if p.Document.Format == "html" && isText(ex.contentType) && strings.Contains(p.Type, "html") {
		r.tell(ctx, ex) // a page that says that there is no such file, or asks for a login
		return
	}
	r.emit(inspect.Event{Page: p})
}

// readWhole asks once more for an attachment of which only the beginning was
// read. Where that fails, as behind an address that works once, the first answer
// stands: it opened.
func (r *run) readWhole(f *fetcher, first *exchange) *exchange {
	first.begun, first.raw, first.wire = digestOf(first.raw), nil, nil
	ex := &exchange{url: first.url, limit: r.opt.MaxFile, etag: first.etag, lastModified: first.lastModified}
	f.fetch(ex)
	if ex.err != nil || ex.status != http.StatusNotModified && ex.status/100 != 2 {
		return first
	}
	return ex
}

// turn waits for one of the two places where attachments are taken apart, since
// that takes memory, and gives it back.
func (r *run) turn(ctx context.Context) (back func()) {
	select {
	case r.reading <- struct{}{}:
		return func() { <-r.reading }
	case <-ctx.Done():
		return func() {}
	}
}

// readBefore is what the last inspection made of an attachment, nil if that
// cannot be used again; then only news of it is asked for.
func (r *run) readBefore(ctx context.Context, ex *exchange) *inspect.Reading {
	if r.opt.Cache == nil || r.opt.Deep != nil {
		return nil
	}
	etag, modified, digest, ok := r.opt.Cache.Validators(ctx, r.site.ID, ex.url)
	if !ok {
		return nil
	}
	x := r.opt.Cache.Reading(ctx, ex.url, digest)
	if x == nil || x.Body == "" {
		return nil
	}
	ex.etag, ex.lastModified = etag, modified
	return x
}

// fileName is the name under which a browser would save the answer.
func fileName(ex *exchange) string {
	u := ex.final
	if i := strings.IndexAny(u, "?#"); i >= 0 {
		u = u[:i]
	}
	if inspect.Extension(ex.final) != "" {
		return path.Base(u)
	}
	return "file." + inspect.Extension(ex.url)
}
