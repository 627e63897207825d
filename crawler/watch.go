package crawler

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Watcher is told how a crawl goes, for metrics and traces. Many goroutines
// call it at once.
type Watcher interface {
	Fetched(ctx context.Context, f *Fetch)
	Retried(o Outcome)                   // a request is made once more, after this
	Paused(host string, until time.Time) // a host asked to be left alone
}

// A Fetch is one address asked, with its redirects and second attempts.
type Fetch struct {
	URL     string
	Kind    FetchKind
	Own     bool // on the site's own hosts
	Outcome Outcome
	Status  int   // 0: no answer arrived
	Bytes   int64 // of the body, as received
	Begun   time.Time
	Took    time.Duration
}

// A FetchKind says what for an address is asked.
type FetchKind string

// The kinds of fetch.
const (
	HTMLFetch    FetchKind = "html"    // a page is read
	AssetFetch   FetchKind = "asset"   // an attachment or a style sheet is read
	HeadFetch    FetchKind = "head"    // only whether it opens
	BrowserFetch FetchKind = "browser" // for a page in a browser
	ProbeFetch   FetchKind = "probe"   // a measured visit
	MediaFetch   FetchKind = "media"   // for a new-media account
)

// FetchKinds lists every kind.
var FetchKinds = []FetchKind{HTMLFetch, AssetFetch, HeadFetch, BrowserFetch, ProbeFetch, MediaFetch}

// An Outcome is what a fetch came to, in the few words that metrics have.
type Outcome string

// The outcomes.
const (
	FetchOK      Outcome = "ok"
	NotModified  Outcome = "not_modified"
	HTTPError    Outcome = "http_error" // status 400 and above
	TimedOut     Outcome = "timeout"
	DNSError     Outcome = "dns_error"
	TLSError     Outcome = "tls_error"
	ConnectError Outcome = "connect_error" // refused, reset, no route, cut off
	Oversized    Outcome = "too_large"
	NotAsked     Outcome = "not_asked" // robots.txt, a private address, a host that keeps refusing
	Aborted      Outcome = "aborted"   // we stopped
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{FetchOK, NotModified, HTTPError, TimedOut, DNSError, TLSError, ConnectError, Oversized, NotAsked, Aborted}

func (ex *exchange) outcome() Outcome {
	switch {
	case ex.err != nil:
		return outcomeOf(ex.err)
	case ex.cut:
		return Oversized
	case ex.short:
		return ConnectError
	}
	return outcomeOfStatus(ex.status)
}

func outcomeOfStatus(status int) Outcome {
	switch {
	case status == http.StatusNotModified:
		return NotModified
	case status >= 400:
		return HTTPError
	}
	return FetchOK
}

func outcomeOf(err error) Outcome {
	var dns *net.DNSError
	switch _, cause := byError(err); {
	case errors.Is(err, context.Canceled), errors.Is(err, errTime), errors.Is(err, errNotOurs):
		return Aborted
	case errors.As(err, &dns):
		return DNSError
	case cause == inspect.PrivateAddress, cause == inspect.RobotsRefused, cause == inspect.RateLimited:
		return NotAsked
	case cause == inspect.Timeout:
		return TimedOut
	case cause == inspect.TLSFailure:
		return TLSError
	case cause == inspect.TooLarge:
		return Oversized
	case cause == inspect.RedirectLoop:
		return HTTPError
	}
	return ConnectError
}

// kind is what for the address is asked.
func (ex *exchange) kind() FetchKind {
	switch {
	case ex.browser:
		return BrowserFetch
	case ex.head, ex.peek, ex.look:
		return HeadFetch
	case ex.pageOnly:
		return HTMLFetch
	}
	return AssetFetch
}

// tell tells the watcher of an exchange that is over.
func (n *network) tell(ctx context.Context, ex *exchange, k FetchKind) {
	if n.opt.Watch == nil {
		return
	}
	n.opt.Watch.Fetched(ctx, &Fetch{URL: ex.url, Kind: k, Own: n.site.InScope(ex.url), Outcome: ex.outcome(), Status: ex.status,
		Bytes: ex.received, Begun: ex.started, Took: ex.took})
}

// watched tells of the requests of a Client, to the head of their answers.
type watched struct {
	next http.RoundTripper
	net  *network
}

func (w *watched) RoundTrip(req *http.Request) (*http.Response, error) {
	ex := &exchange{url: req.URL.Scheme + "://" + req.URL.Host + req.URL.Path, started: time.Now()} // no query: it may hold a credential
	res, err := w.next.RoundTrip(req)
	ex.took, ex.err = time.Since(ex.started), err
	if err == nil {
		ex.status, ex.received = res.StatusCode, max(0, res.ContentLength)
	}
	w.net.tell(req.Context(), ex, MediaFetch)
	return res, err
}
