package crawler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// A diary is a Watcher that remembers.
type diary struct {
	mu      sync.Mutex
	fetches map[string]string // kind, outcome and whose, by path
	bytes   int64
	retried []crawler.Outcome
	paused  map[string]time.Time
}

func (d *diary) Fetched(_ context.Context, f *crawler.Fetch) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fetches[inspect.Path(f.URL)] = fmt.Sprintf("%s %s own=%v %d", f.Kind, f.Outcome, f.Own, f.Status)
	d.bytes += f.Bytes
	if f.Begun.IsZero() || f.Took <= 0 {
		panic("a fetch without its time")
	}
}

func (d *diary) Retried(o crawler.Outcome) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.retried = append(d.retried, o)
}

func (d *diary) Paused(host string, until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.paused[host] = until
}

// A watcher is told of every fetch, of what for and how it went.
func TestWatch(t *testing.T) {
	var tries, busy atomic.Int32
	body := page(`<a href="/a.html">一</a><a href="/gone.html">二</a><a href="/weak.html">三</a><a href="/f.zip">四</a><a href="http://127.0.0.3:1/x.pdf">五</a><a href="/no/x.html">六</a><a href="/busy.html">七</a>`)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /no/\n")
		case "/":
			fmt.Fprint(w, body)
		case "/gone.html":
			http.NotFound(w, r)
		case "/weak.html":
			if tries.Add(1) == 1 {
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			fmt.Fprint(w, page("好了"))
		case "/busy.html":
			if busy.Add(1) == 1 {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			fmt.Fprint(w, page("闲了"))
		case "/a.html":
			fmt.Fprint(w, page("一"))
		case "/f.zip":
			w.Header().Set("Content-Type", "application/zip")
		default: // what a soft "not found" is held against
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	d := &diary{fetches: map[string]string{}, paused: map[string]time.Time{}}
	before := time.Now()
	crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Watch, o.Robots, o.NoFiles = d, true, true })
	want := map[string]string{
		"/": "html ok own=true 200", "/a.html": "html ok own=true 200", "/gone.html": "html http_error own=true 404", "/weak.html": "html ok own=true 200",
		"/busy.html": "html ok own=true 200", "/f.zip": "head ok own=true 200", "/x.pdf": "head connect_error own=false 0", "/no/x.html": "html not_asked own=true 0",
	}
	for p := range d.fetches {
		if _, ok := want[p]; !ok && strings.Contains(d.fetches[p], "404") { // made up, to learn what "not found" looks like
			delete(d.fetches, p)
		}
	}
	if diff := cmp.Diff(want, d.fetches); diff != "" {
		t.Errorf("fetches (-want +got):\n%s", diff)
	}
	if d.bytes < int64(len(body)) {
		t.Errorf("%d bytes", d.bytes)
	}
	seen := map[crawler.Outcome]bool{}
	for _, o := range d.retried {
		seen[o] = true
	}
	if !seen[crawler.HTTPError] {
		t.Errorf("retried after %v", d.retried)
	}
	if until := d.paused[inspect.Host(srv.URL+"/")]; !until.After(before) {
		t.Errorf("paused: %v", d.paused)
	}
}

// A client of accounts tells of its requests without what may be a credential.
func TestWatchClient(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "{}") }))
	defer srv.Close()
	var got *crawler.Fetch
	c := crawler.NewClient(crawler.Options{Rate: -1, Watch: watcher(func(f *crawler.Fetch) { got = f })}, &inspect.Site{Kind: inspect.Account, Allow: loopback})
	defer c.Close()
	res, err := c.API.Get(srv.URL + "/token?secret=s3cret")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got == nil || got.Kind != crawler.MediaFetch || got.Outcome != crawler.FetchOK || strings.Contains(got.URL, "s3cret") {
		t.Errorf("told %+v", got)
	}
}

type watcher func(*crawler.Fetch)

func (w watcher) Fetched(_ context.Context, f *crawler.Fetch) { w(f) }
func (watcher) Retried(crawler.Outcome)                       {}
func (watcher) Paused(string, time.Time)                      {}
