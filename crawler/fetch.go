package crawler

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"
)

// An exchange is one URL asked, with all that the transport chain learned.
type exchange struct {
	url      string
	head     bool  // HEAD
	peek     bool  // GET, but only the head of the answer is wanted
	pageOnly bool  // leave the body if it is no page
	limit    int64 // bytes of the body, if other than the crawl's
	browser  bool  // a browser wants it
	look     bool  // only the beginning of the body is wanted, as it comes

	etag, lastModified string // to ask "only if changed"

	status      int
	header      http.Header // as received
	contentType string      // as received; colly sees none, so that it never decodes
	hidden      [][]string  // what hiddenFields held
	final       string      // URL of the last hop
	hops        int
	raw         []byte // decompressed body
	wire        []byte // body as received when it came gzipped
	begun       string // digest of a beginning of the body that is no longer held
	cut         bool   // the body passed the limit
	short       bool   // the body ended early
	received    int64  // bytes of the body
	oldTLS      bool
	badCert     string
	started     time.Time
	took        time.Duration
	err         error
}

type exchangeKey struct{}

// A slot carries the exchange of the one request that a worker has in flight
// down to the transport chain; colly has no other way to hand it on.
type slot struct{ ex *exchange }

func exchangeOf(req *http.Request) *exchange {
	if s, ok := req.Context().Value(exchangeKey{}).(*slot); ok {
		return s.ex
	}
	return nil
}

// A fetcher is one worker's colly collector. It is used by one goroutine.
type fetcher struct {
	net  *network
	slot *slot
	c    *colly.Collector
}

// newFetcher makes a collector that fetches one URL at a time and decides
// nothing: no queue, no visited set, no robots, no limits of its own.
func newFetcher(ctx context.Context, n *network) *fetcher {
	f := &fetcher{net: n, slot: &slot{}}
	c := colly.NewCollector(colly.AllowURLRevisit(), colly.UserAgent(n.opt.Agent), colly.IgnoreRobotsTxt(), colly.ParseHTTPErrorResponse())
	c.Context = context.WithValue(ctx, exchangeKey{}, f.slot)
	c.MaxBodySize = 0 // the chain has its own limit, which marks what it cuts
	c.SetClient(n.client)
	c.OnResponseHeaders(func(r *colly.Response) {
		ex := f.slot.ex
		ex.status, ex.final = r.StatusCode, r.Request.URL.String()
		if ex.peek || ex.pageOnly && !isText(ex.contentType) && r.StatusCode/100 == 2 {
			r.Request.Abort()
		}
	})
	f.c = c
	return f
}

// fetch asks for ex.url and fills ex in. What fails is told in ex.err.
func (f *fetcher) fetch(ex *exchange) {
	f.slot.ex = ex
	ex.final = ex.url
	method := http.MethodGet
	if ex.head {
		method = http.MethodHead
	}
	hdr := http.Header{"User-Agent": {f.net.opt.Agent}, "Accept-Language": {"zh-CN,zh;q=0.9,en;q=0.5"}}
	if ex.etag != "" {
		hdr.Set("If-None-Match", ex.etag)
	}
	if ex.lastModified != "" {
		hdr.Set("If-Modified-Since", ex.lastModified)
	}
	ex.started = time.Now()
	err := f.c.Request(method, ex.url, nil, nil, hdr)
	ex.took = time.Since(ex.started)
	ex.restore()
	if err != nil && !errors.Is(err, colly.ErrAbortedAfterHeaders) {
		ex.err = err
	}
	f.slot.ex = nil
	f.net.tell(f.c.Context, ex, ex.kind())
}

// What is kept of the head of an answer.
const (
	maxHead  = 16 << 10 // bytes
	maxField = 1 << 10  // bytes of a field's value
)

// kept is the head of the answer as it is kept: whole, unless it is longer than
// any decent one.
func (ex *exchange) kept() http.Header {
	size := 0
	for k, values := range ex.header {
		for _, v := range values {
			size += len(k) + len(v)
		}
	}
	if size <= maxHead {
		return ex.header
	}
	out := http.Header{}
	room := maxHead
	for _, k := range slices.Sorted(maps.Keys(ex.header)) {
		for _, v := range ex.header[k] {
			v = strings.Clone(v[:min(len(v), maxField)]) // so that the rest of it is not held
			if room -= len(k) + len(v); room < 0 {
				return out
			}
			out[k] = append(out[k], v)
		}
	}
	return out
}

// isText reports whether a media type may be a page. No type at all may be one.
func isText(ct string) bool {
	t := mediaType(ct)
	return t == "" || strings.HasPrefix(t, "text/") || strings.Contains(t, "html") || strings.Contains(t, "xml")
}

// mediaType is a Content-Type without parameters, in lower case.
func mediaType(ct string) string {
	t, _, _ := strings.Cut(ct, ";")
	return strings.ToLower(strings.TrimSpace(t))
}
