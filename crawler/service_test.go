package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// shelf is a Shared in memory.
type shelf struct {
	mu    sync.Mutex
	m     map[string]*inspect.Target
	hosts []string // of which something was told as a whole
}

func (s *shelf) Verdict(_ context.Context, u string) *inspect.Target {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[u]
}

func (s *shelf) Share(_ context.Context, t *inspect.Target, host bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[t.URL] = t
	if host {
		s.hosts = append(s.hosts, inspect.Host(t.URL))
	}
}

// A host that sends its visitors on to one that refuses them is not the one
// that refuses: nothing is told of it as a whole.
func TestRedirectToRefusal(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.3:1/gone", http.StatusFound)
	}))
	defer other.Close()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, page(`<a href="`+other.URL+`/x.pdf">转走</a><a href="http://127.0.0.3:1/y.pdf">拒绝</a>`))
	}))
	defer site.Close()
	s := &shelf{m: map[string]*inspect.Target{}}
	got := crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Shared = s })
	if v := got.verdict(other.URL + "/x.pdf"); v != "fault refused" {
		t.Errorf("the link: %s", v)
	}
	if !slices.Equal(s.hosts, []string{"127.0.0.3:1"}) {
		t.Errorf("told as a whole: %v", s.hosts)
	}
}

// A target on another host is asked once for all sites that link it; targets
// of the site itself are nobody else's.
func TestSharedVerdicts(t *testing.T) {
	var asked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		http.NotFound(w, nil)
	}))
	defer other.Close()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, page(`<a href="`+other.URL+`/gone">外</a><a href="/mine.pdf">内</a>`))
	}))
	defer site.Close()
	s := &shelf{m: map[string]*inspect.Target{}}
	var first int64
	for round := range 2 {
		got := crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Shared = s })
		if v := got.verdict(other.URL + "/gone"); v != "fault 4xx" {
			t.Errorf("round %d: %s", round, v)
		}
		if v := got.verdict("/mine.pdf"); v != "fault 4xx" {
			t.Errorf("round %d: own target: %s", round, v)
		}
		if round == 0 {
			first = asked.Load()
		}
	}
	if first == 0 || asked.Load() != first {
		t.Errorf("asked %d times in the first round and %d in all", first, asked.Load())
	}
	if len(s.m) != 1 {
		t.Errorf("shared: %v", s.m)
	}
	n := asked.Load()
	var told []inspect.Cause
	o := crawler.Options{Rate: -1, Shared: s}
	for x := range crawler.New(o).AskTargets(t.Context(), nil, []string{other.URL + "/gone"}) {
		told = append(told, x.Cause)
	}
	// Nobody opened the private address for a target that belongs to no site.
	if !slices.Equal(told, []inspect.Cause{inspect.PrivateAddress}) || asked.Load() != n {
		t.Errorf("told %v", told)
	}
	// That is our own refusal, and nobody else's knowledge.
	if v := s.m[other.URL+"/gone"]; v.Cause != inspect.Status4xx {
		t.Errorf("shared: %+v", v)
	}
	for x := range crawler.New(o).AskTargets(t.Context(), loopback, []string{other.URL + "/gone"}) {
		if x.Cause != inspect.Status4xx || asked.Load() == n {
			t.Errorf("in a network that was opened: %+v", x)
		}
	}
}

// Only some pages are read, and what they link is asked but not read.
func TestOnly(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, page(`<a href="/a">甲</a><a href="/b">乙</a><a href="/c">丙</a>`))
	}))
	defer site.Close()
	for links, want := range map[bool]string{true: "2 pages 2 targets", false: "2 pages 0 targets"} {
		got := crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) {
			o.Only = &crawler.Only{Pages: []string{site.URL + "/a"}, Links: links}
		})
		if s := fmt.Sprintf("%d pages %d targets", len(got.pages), len(got.targets)); s != want {
			t.Errorf("links %v: %s, want %s", links, s, want)
		}
	}
}

// When our own line is not well, nobody is accused of not answering; what a
// server said itself still stands.
func TestControl(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone.pdf" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, page(`<a href="http://127.0.0.3:1/x.pdf">没有人听</a><a href="/gone.pdf">没有了</a>`))
	}))
	defer site.Close()
	for _, c := range []struct {
		control error
		want    string
	}{{nil, "fault refused"}, {errors.New("no control host answers"), "unknown own-fault"}} {
		got := crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) {
			o.Control = func(context.Context) error { return c.control }
		})
		if v := got.verdict("http://127.0.0.3:1/x.pdf"); v != c.want {
			t.Errorf("control %v: %s, want %s", c.control, v, c.want)
		}
		if v := got.verdict("/gone.pdf"); v != "fault 4xx" {
			t.Errorf("control %v: what the server said: %s", c.control, v)
		}
	}
}

// A process that may not act any more asks nothing more, and accuses nobody.
func TestNotAlive(t *testing.T) {
	var asked atomic.Int64
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		fmt.Fprint(w, page(`<a href="/a">甲</a><a href="/b.pdf">乙</a>`))
	}))
	defer site.Close()
	got := crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) {
		o.Alive = func() error {
			if asked.Load() >= 1 {
				return errors.New("the lease ran out")
			}
			return nil
		}
	})
	if asked.Load() != 1 {
		t.Errorf("%d requests", asked.Load())
	}
	for _, path := range []string{"/a", "/b.pdf"} {
		if v := got.verdict(path); v != "unknown budget" {
			t.Errorf("%s: %s", path, v)
		}
	}
}

type turns struct {
	mu   sync.Mutex
	next map[string]time.Time
}

func (q *turns) Turn(_ context.Context, host string, d time.Duration) (time.Duration, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	at := q.next[host]
	if at.Before(now) {
		at = now
	}
	q.next[host] = at.Add(d)
	return at.Sub(now), nil
}

// Two crawls of one host keep its pace together.
func TestTurns(t *testing.T) {
	var mu sync.Mutex
	var times []time.Time
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		times = append(times, time.Now())
		mu.Unlock()
		fmt.Fprint(w, page(`<a href="/a">甲</a><a href="/b">乙</a><a href="/c">丙</a>`))
	}))
	defer site.Close()
	q := &turns{next: map[string]time.Time{}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Rate, o.Turns = 20, q })
		})
	}
	wg.Wait()
	if len(times) < 8 {
		t.Fatalf("%d requests", len(times))
	}
	if took, least := times[len(times)-1].Sub(times[0]), time.Duration(len(times)-1)*45*time.Millisecond; took < least {
		t.Errorf("%d requests in %v, at 20 a second for both", len(times), took)
	}
}

// What a stopped run could not tell for reasons of its own is asked again when
// it goes on; what it was told is not.
func TestUnaskedIsDueAgain(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		mu.Unlock()
		if r.URL.Path != "/" && r.URL.Path != "/page" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, page(`<a href="/late.pdf">晚</a><a href="/own.pdf">自己</a><a href="/told.pdf">说过</a><a href="/page">页</a>`))
	}))
	defer site.Close()
	stored := func(yield func(inspect.Event, error) bool) {
		for path, v := range map[string][2]string{"/late.pdf": {"unknown", "budget"}, "/own.pdf": {"unknown", "own-fault"}, "/told.pdf": {"fault", "4xx"}} {
			if !yield(inspect.Event{Target: &inspect.Target{URL: site.URL + path, Verdict: inspect.Verdict(v[0]), Cause: inspect.Cause(v[1])}}, nil) {
				return
			}
		}
		yield(inspect.Event{Page: &inspect.Page{Target: inspect.Target{URL: site.URL + "/page", Verdict: inspect.CouldNotTell, Cause: inspect.OwnFault}}}, nil)
	}
	got := crawl(t, site.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Stored = stored })
	for path, want := range map[string]string{"/late.pdf": "fault 4xx", "/own.pdf": "fault 4xx", "/told.pdf": "fault 4xx", "/page": "fine"} {
		if v := got.verdict(path); v != want {
			t.Errorf("%s: %s, want %s", path, v, want)
		}
	}
	if asked["/told.pdf"] != 0 || asked["/page"] == 0 {
		t.Errorf("asked: %v", asked)
	}
}
