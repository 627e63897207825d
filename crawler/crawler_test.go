package crawler_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// loopback opens the addresses on which the tests' servers listen.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// A seen is what a crawl told.
type seen struct {
	pages   map[string]*inspect.Page
	targets map[string]*inspect.Target
	skips   map[string]*inspect.Target
}

// crawl crawls home with quick options.
func crawl(t *testing.T, home string, change func(*crawler.Options, *inspect.Site)) seen {
	t.Helper()
	o := crawler.Options{Rate: -1, PerHost: 8, Workers: 8, Timeout: 3 * time.Second, BodyTime: 20 * time.Second, MaxTime: 50 * time.Second}
	s := &inspect.Site{ID: "t", Home: home, Allow: loopback}
	if change != nil {
		change(&o, s)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out := seen{map[string]*inspect.Page{}, map[string]*inspect.Target{}, map[string]*inspect.Target{}}
	for e, err := range crawler.New(o).Events(ctx, s) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Page != nil:
			out.pages[strings.TrimPrefix(e.Page.URL, strings.TrimSuffix(home, "/"))] = e.Page
		case e.Target != nil:
			out.targets[strings.TrimPrefix(e.Target.URL, strings.TrimSuffix(home, "/"))] = e.Target
		case e.Skip != nil:
			out.skips[strings.TrimPrefix(e.Skip.URL, strings.TrimSuffix(home, "/"))] = e.Skip
		}
	}
	return out
}

// verdict is what a crawl told of a path, as "verdict cause".
func (s seen) verdict(path string) string {
	for _, t := range []*inspect.Target{s.targets[path], s.skips[path]} {
		if t != nil {
			return strings.TrimSpace(string(t.Verdict) + " " + string(t.Cause))
		}
	}
	if p := s.pages[path]; p != nil {
		return strings.TrimSpace(string(p.Verdict) + " " + string(p.Cause))
	}
	return "not seen"
}

func page(body string) string {
	return `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>标题</title></head><body>` + body + `</body></html>`
}

func gbk(s string) []byte {
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

// TestVerdicts serves every answer that a link can meet and holds what is told
// of it against what may be told: only what the other side says clearly is a fault.
func TestVerdicts(t *testing.T) {
	for name, linksOnly := range map[string]bool{"everything": false, "links only": true} {
		t.Run(name, func(t *testing.T) { t.Parallel(); verdicts(t, linksOnly) })
	}
}

func verdicts(t *testing.T, linksOnly bool) {
	mux := http.NewServeMux()
	links := []string{}
	serve := func(path string, h http.HandlerFunc) {
		mux.HandleFunc(path, h)
		links = append(links, path)
	}
	status := func(code int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(code)
			fmt.Fprint(w, body)
		}
	}
	long := strings.Repeat("<p>本页有正文，说明某项工作的办理情况和有关要求。</p>", 30)
	serve("/fine.html", status(200, page(long)))
	serve("/gone.html", status(410, page("已移除")))
	serve("/missing.html", status(404, page("没有")))
	serve("/500.html", status(500, page("出错")))
	serve("/wall403.html", status(403, page("访问被阻断")))
	serve("/wall412.html", status(412, "<script>document.cookie='a=b'</script>"))
	serve("/wall521.html", status(521, "<script>document.cookie='__jsl_clearance=1'</script>"))
	serve("/login401.html", status(401, page("请登录")))
	serve("/teapot.html", status(999, page("?")))
	// Whole hosts are left alone when they ask for it, so these two have their own.
	tired := httptest.NewServer(status(429, page("太快"), "Retry-After", "3600"))
	defer tired.Close()
	busy := httptest.NewServer(status(503, page("忙"), "Retry-After", "7200"))
	defer busy.Close()
	serve("/challenge.html", status(200, `<html><head><script>document.cookie="acw_sc__v2=1";location.reload()</script></head><body></body></html>`))
	serve("/says404.html", status(200, page("<p>抱歉，您访问的页面不存在。</p>")))
	serve("/article-on-404.html", status(200, page("<h1>我区整治“页面不存在”问题</h1>"+long+long)))
	serve("/loop-a.html", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop-b.html", http.StatusFound) })
	serve("/loop-b.html", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop-a.html", http.StatusFound) })
	serve("/cookie-gate.html", func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return
		}
		status(200, page(long+"通过"))(w, r)
	})
	serve("/hop1.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/hop2.html", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/hop2.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/end.html", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/end.html", status(200, page(long+"终点")))
	serve("/to-missing.html", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/nothing.html", http.StatusFound) })
	serve("/deep/old/gone.html", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) })
	serve("/internal.html", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/secret", http.StatusFound)
	})
	serve("/head404.pdf", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			http.Error(w, "no", http.StatusNotFound)
			return
		}
		w.Write([]byte("%PDF"))
	})
	serve("/head405.docx", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			http.Error(w, "no", http.StatusMethodNotAllowed)
			return
		}
		w.Write(make([]byte, 200<<10))
	})
	serve("/short.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", "90000")
		fmt.Fprint(w, page(long))
	})
	serve("/endless.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for range 4 << 10 {
			if _, err := w.Write(bytes.Repeat([]byte("<p>无尽</p>"), 100)); err != nil {
				return
			}
		}
	})
	serve("/bomb.html", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 64 {
			z.Write(bytes.Repeat([]byte(" "), 1<<20))
		}
		z.Close()
	})
	serve("/reset.html", func(w http.ResponseWriter, r *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			c.Close()
		}
	})
	serve("/hang.html", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	serve("/flaky.html", func() http.HandlerFunc {
		var n atomic.Int32
		return func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) == 1 {
				http.Error(w, "once", http.StatusBadGateway)
				return
			}
			status(200, page(long+"第二次"))(w, r)
		}
	}())
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for _, l := range append(links, tired.URL+"/", busy.URL+"/", "http://127.0.0.1:1/refused", "http://no-such-name.invalid/", "http://169.254.169.254/latest/meta-data/") {
			fmt.Fprintf(&b, `<p><a href="%s">%s</a></p>`, l, l)
		}
		status(200, page(b.String()))(w, r)
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	got := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.MaxBody, o.LinksOnly = 1<<20, linksOnly })
	for path, want := range map[string]string{
		"/fine.html": "fine", "/gone.html": "fault 4xx", "/missing.html": "fault 4xx", "/500.html": "fault 5xx",
		"/wall403.html": "unknown blocked", "/wall412.html": "unknown blocked", "/wall521.html": "unknown blocked", "/login401.html": "unknown blocked",
		"/teapot.html": "unknown blocked", tired.URL + "/": "unknown rate-limited", busy.URL + "/": "unknown rate-limited",
		"/challenge.html": "unknown blocked", "/says404.html": "fault soft-404", "/article-on-404.html": "fine",
		"/loop-a.html": "fault loop", "/loop-b.html": "fault loop", "/cookie-gate.html": "fine", "/hop1.html": "fine", "/end.html": "fine",
		"/to-missing.html": "fault 4xx", "/deep/old/gone.html": "review redirected-home", "/internal.html": "unknown private-address",
		"/head404.pdf": "fine", "/head405.docx": "fine", "/short.html": "unknown cut-short", "/endless.html": "unknown too-large",
		"/bomb.html": "unknown too-large", "/reset.html": "unknown unreachable", "/hang.html": "unknown timeout", "/flaky.html": "fine",
		"http://127.0.0.1:1/refused": "fault refused", "http://no-such-name.invalid/": "fault dns", "http://169.254.169.254/latest/meta-data/": "unknown private-address",
	} {
		if v := got.verdict(path); v != want {
			t.Errorf("%s: %s, want %s", path, v, want)
		}
	}
}

// TestHops: redirects without end are followed ten times, and are a loop.
func TestHops(t *testing.T) {
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/on/") {
			http.Redirect(w, r, fmt.Sprintf("/on/%d", asked.Add(1)), http.StatusFound)
			return
		}
		fmt.Fprint(w, page(`<a href="/on/0">走</a>`))
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	if v := got.verdict("/on/0"); v != "fault loop" {
		t.Errorf("%s, want a loop", v)
	}
	if n := asked.Load(); n > 40 { // as a page, by HEAD and by GET, ten times each
		t.Errorf("%d requests", n)
	}
}

// TestCookies: a site that sends new cookies with every page neither fills the
// memory nor the requests, and a head that long is kept in part.
func TestCookies(t *testing.T) {
	var most, gates atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int64(len(r.Cookies()))
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		if _, err := r.Cookie("first"); err == nil {
			gates.Add(1)
		}
		http.SetCookie(w, &http.Cookie{Name: "first", Value: "1", Path: "/"})
		for i := range 30 {
			http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("c%s-%d", strings.Trim(r.URL.Path, "/."), i), Value: strings.Repeat("x", 1500), Path: "/"})
		}
		http.SetCookie(w, &http.Cookie{Name: "huge", Value: strings.Repeat("x", 5000), Path: "/"})
		var b strings.Builder
		for i := range 20 {
			fmt.Fprintf(&b, `<a href="/p%d">%d</a>`, i, i)
		}
		fmt.Fprint(w, page(b.String()))
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	if n := most.Load(); n > 50 || n < 30 {
		t.Errorf("a request brought %d cookies", n)
	}
	if gates.Load() < 20 {
		t.Errorf("the first cookie came back only %d times", gates.Load())
	}
	for u, p := range got.pages {
		size := 0
		for k, v := range p.Header {
			size += len(k) + len(strings.Join(v, ""))
		}
		if size > 16<<10 || p.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d bytes of its head are kept, type %q", u, size, p.Header.Get("Content-Type"))
		}
	}
}

// TestCharsets: six ways in which Chinese pages say, or do not say, how they are written.
func TestCharsets(t *testing.T) {
	text := strings.Repeat("尧都区人民政府关于加强农村公路养护工作的通知，请认真贯彻执行。", 8) + "㐂𠮷"
	long := func(meta string) string {
		return "<html><head>" + meta + "<title>通知</title></head><body><p>" + text + "</p></body></html>"
	}
	cases := []struct {
		name, typ, from string
		body            []byte
	}{
		{"meta", "text/html", "meta", gbk(long(`<meta charset="gb2312">`))},
		{"late-meta", "text/html", "meta", gbk("<!--" + strings.Repeat("x", 1500) + "-->" + long(`<meta http-equiv="Content-Type" content="text/html; charset=gbk">`))},
		{"header", "text/html; charset=GBK", "header", gbk(long(""))},
		{"undeclared", "text/html", "guess", gbk(long(""))},
		{"header-lies-utf8", "text/html; charset=utf-8", "guess", gbk(long(""))},
		{"utf8-says-gbk", "text/html; charset=gb2312", "valid", []byte(long(`<meta charset="gb2312">`))},
		{"bom", "text/html", "bom", append([]byte("\xef\xbb\xbf"), long("")...)},
	}
	mux := http.NewServeMux()
	for _, c := range cases {
		mux.HandleFunc("/"+c.name+".html", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", c.typ)
			w.Write(c.body)
		})
	}
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		for _, c := range cases {
			fmt.Fprintf(w, `<a href="/%s.html">%s</a> `, c.name, c.name)
		}
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	for _, c := range cases {
		p := got.pages["/"+c.name+".html"]
		if p == nil {
			t.Errorf("%s: not seen", c.name)
			continue
		}
		if !strings.Contains(string(p.Body), text) || p.CharsetFrom != c.from {
			t.Errorf("%s: decoded as %s by %s, text right: %v", c.name, p.Charset, p.CharsetFrom, strings.Contains(string(p.Body), text))
		}
		if !bytes.Equal(p.Raw, c.body) {
			t.Errorf("%s: raw bytes changed: %d became %d", c.name, len(c.body), len(p.Raw))
		}
	}
}

// TestGBKNames: a browser sends the path of a link in UTF-8 and its query in
// the page's charset; a checker that does not calls good files broken.
func TestGBKNames(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.RequestURI()] = true
		mu.Unlock()
		if r.URL.Path == "/" {
			w.Header().Set("Content-Type", "text/html")
			w.Write(gbk(`<meta charset="gbk"><a href="/附件 一.pdf">附件</a><a href="/search?q=公开">搜索</a>` + strings.Repeat("政务公开", 60)))
			return
		}
		fmt.Fprint(w, "ok")
	}))
	defer srv.Close()
	crawl(t, srv.URL+"/", nil)
	for _, want := range []string{"/%E9%99%84%E4%BB%B6%20%E4%B8%80.pdf", "/search?q=%B9%AB%BF%AA"} {
		if !asked[want] {
			t.Errorf("%s was not asked; asked: %v", want, asked)
		}
	}
}

// TestBinaryKept: an attachment that is served with a charset is not decoded.
func TestBinaryKept(t *testing.T) {
	blob := make([]byte, 4096)
	for i := range blob {
		blob[i] = byte(i * 7)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, page(`<a href="/servlet">下载</a>`))
			return
		}
		w.Header().Set("Content-Type", "text/plain;charset=GBK")
		w.Write(blob)
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	if p := got.pages["/servlet"]; p == nil || !bytes.Equal(p.Raw, blob) {
		t.Errorf("raw bytes of the download changed: %v", p)
	}
}

// TestRobots: what robots.txt forbids is skipped and told, never called broken.
func TestRobots(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
		case "/":
			fmt.Fprint(w, page(`<a href="/private/a.html">a</a><a href="/public/b.html">b</a>`))
		case "/public/b.html", "/private/a.html":
			fmt.Fprint(w, page("内容"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Robots = true })
	if v := got.verdict("/private/a.html"); v != "unknown robots" || got.skips["/private/a.html"] == nil {
		t.Errorf("forbidden page: %s", v)
	}
	if v := got.verdict("/public/b.html"); v != "fine" {
		t.Errorf("allowed page: %s", v)
	}
}

// TestTraps: addresses that a site makes without end are recognised and reported.
func TestTraps(t *testing.T) {
	var asked atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		switch {
		case strings.HasPrefix(r.URL.Path, "/cal"):
			fmt.Fprint(w, page(fmt.Sprintf(`<a href="/cal?day=%d">下一天</a><a href="/cal?day=%d">再下一天</a>`, 2*n, 2*n+1)))
		case strings.HasPrefix(r.URL.Path, "/a/"):
			fmt.Fprint(w, page(`<a href="a/x.html">深入</a>`))
		default:
			fmt.Fprint(w, page(`<a href="/cal?day=1">日历</a><a href="/a/x.html">循环</a><a href="/s.html;jsessionid=`+fmt.Sprint(n)+`">会话</a>`))
		}
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.MaxDepth = -1; o.Workers = 32; o.PerHost = 32 })
	trapped := 0
	for _, s := range got.skips {
		if s.Cause == inspect.Trap {
			trapped++
		}
	}
	if trapped == 0 || asked.Load() > 2500 {
		t.Errorf("%d addresses asked, %d recognised as traps", asked.Load(), trapped)
	}
	if got.pages["/s.html"] == nil {
		t.Error("the session id was kept in the address")
	}
}

// TestPace: each host has its own pace and its own places in flight; a slow
// host holds up nobody.
func TestPace(t *testing.T) {
	var flying, most atomic.Int32
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := flying.Add(1)
		defer flying.Add(-1)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		select {
		case <-time.After(30 * time.Millisecond):
		case <-r.Context().Done():
		}
		var b strings.Builder
		if r.URL.Path == "/" {
			for i := range 20 {
				fmt.Fprintf(&b, `<a href="/p%d.html">%d</a>`, i, i)
			}
		}
		fmt.Fprint(w, page(b.String()))
	}))
	defer slow.Close()
	crawl(t, slow.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.PerHost = 3; o.Workers = 16 })
	if most.Load() != 3 {
		t.Errorf("%d requests in flight to a host that allows 3", most.Load())
	}
	start := time.Now()
	got := crawl(t, slow.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Rate = 40 })
	if spent := time.Since(start); spent < 500*time.Millisecond {
		t.Errorf("%d pages at 40 a second took only %v", len(got.pages), spent)
	}
}

// TestBudgets: page and time caps end a crawl, and what was left out is told.
func TestBudgets(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		for i := range 30 {
			fmt.Fprintf(&b, `<a href="/p%d.html">%d</a>`, i, i)
		}
		fmt.Fprint(w, page(b.String()))
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.MaxPages = 10 })
	if len(got.pages) != 10 || len(got.skips) != 21 {
		t.Errorf("cap of 10 pages: %d read, %d told as left out", len(got.pages), len(got.skips))
	}
	for u, s := range got.skips {
		if s.Verdict != inspect.CouldNotTell || s.Cause != inspect.Budget {
			t.Errorf("%s left out as %s %s", u, s.Verdict, s.Cause)
		}
	}
}

// TestStop: a context that ends stops the crawl at once; nothing is called broken by it.
func TestStop(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			<-r.Context().Done()
			return
		}
		fmt.Fprint(w, page(`<a href="/hang1.html">1</a><a href="/hang2.html">2</a>`))
	}))
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	start := time.Now()
	for e, err := range crawler.New(crawler.Options{Rate: -1}).Events(ctx, &inspect.Site{ID: "t", Home: srv.URL + "/", Allow: loopback}) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Page != nil {
			cancel()
		}
		if e.Skip == nil && e.Page == nil || e.Skip != nil && e.Skip.Cause != inspect.Budget {
			t.Errorf("after the stop: %+v", e)
		}
	}
	if time.Since(start) > 5*time.Second {
		t.Errorf("stopping took %v", time.Since(start))
	}
}

// TestResume: what an earlier run recorded, in whatever order, is not asked
// again, and both runs together tell of each URL once.
func TestResume(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path]++
		mu.Unlock()
		if strings.HasSuffix(r.URL.Path, ".pdf") {
			return
		}
		if strings.HasPrefix(r.URL.Path, "/xunjian-no-such-page") {
			http.NotFound(w, r)
			return
		}
		var b strings.Builder
		for i := range 40 {
			fmt.Fprintf(&b, `<a href="/p%d.html">%d</a><a href="/f%d.pdf">%d</a>`, i, i, i, i)
		}
		fmt.Fprint(w, page(r.URL.Path+b.String()))
	}))
	defer srv.Close()
	s := &inspect.Site{ID: "t", Home: srv.URL + "/", Allow: loopback}
	var stored []inspect.Event
	for e := range crawler.New(crawler.Options{Rate: -1, PerHost: 2, Workers: 2}).Events(t.Context(), s) {
		if stored = append(stored, e); len(stored) == 30 {
			break
		}
	}
	mu.Lock()
	clear(asked)
	mu.Unlock()
	count := map[string]int{}
	o := crawler.Options{Rate: -1, Stored: func(yield func(inspect.Event, error) bool) {
		for _, e := range stored {
			if !yield(e, nil) {
				return
			}
		}
	}}
	for e, err := range crawler.New(o).Events(t.Context(), s) {
		switch {
		case err != nil:
			t.Fatal(err)
		case e.Page != nil:
			count[e.Page.URL]++
		case e.Target != nil:
			count[e.Target.URL]++
		}
	}
	for _, e := range stored {
		u := ""
		if e.Page != nil {
			u = e.Page.URL
		} else {
			u = e.Target.URL
		}
		if n := asked[strings.TrimPrefix(u, srv.URL)]; n > 0 {
			t.Errorf("%s is recorded and was asked %d times more", u, n)
		}
	}
	if len(count) != 81 {
		t.Errorf("%d URLs told of, want 81", len(count))
	}
	for u, n := range count {
		if n != 1 {
			t.Errorf("%s told of %d times", u, n)
		}
	}
}

// TestShell: a server that answers every address with the same page says
// nothing about any of them, unless the page says that nothing is there; and
// an answer without content proves nothing.
func TestShell(t *testing.T) {
	shell := `<!DOCTYPE html><html><head><title>门户</title></head><body><div id="app"></div><script src="/app.js"></script></body></html>`
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, page(`<a href="/news/1.html">一</a><a href="/empty.html">空</a>`))
		case "/empty.html":
		default:
			fmt.Fprint(w, shell)
		}
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	if v := got.verdict("/news/1.html"); v != "unknown soft-404" {
		t.Errorf("shell at every address: %s", v)
	}
	if v := got.verdict("/empty.html"); v != "unknown bad-answer" {
		t.Errorf("empty answer: %s", v)
	}
}

// TestTired: a host that keeps asking to be left alone is, and what is left of
// it could not be told.
func TestTired(t *testing.T) {
	var asked atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			var b strings.Builder
			for i := range 60 {
				fmt.Fprintf(&b, `<a href="/p%d.html">%d</a>`, i, i)
			}
			fmt.Fprint(w, page(b.String()))
			return
		}
		asked.Add(1)
		w.Header().Set("Retry-After", "0")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	if n := asked.Load(); n > 30 {
		t.Errorf("asked %d times", n)
	}
	if v := got.verdict("/p59.html"); v != "unknown rate-limited" {
		t.Errorf("the rest of a tired host: %s", v)
	}
}

// TestSilent: a host that never answers is not waited for at each of its
// addresses, and nobody is told that they are broken. One that answers now and
// then is.
func TestSilent(t *testing.T) {
	var asked atomic.Int32
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		<-r.Context().Done()
	}))
	defer silent.Close()
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path)%20 == 0 {
			<-r.Context().Done()
		}
		fmt.Fprint(w, page("在"))
	}))
	defer slow.Close()
	const n = 120
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<a href="%s/%d">%d</a><a href="%s/%s">%d</a>`, silent.URL, i, i, slow.URL, strings.Repeat("x", i), i)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page(b.String())) }))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.Timeout, o.Silence = 200*time.Millisecond, time.Second })
	if k := asked.Load(); k < 8 || k > n/2 {
		t.Errorf("asked %d times for %d addresses, HEAD, GET and once more each", k, n)
	}
	for i := range n {
		if v := got.verdict(fmt.Sprintf("%s/%d", silent.URL, i)); v != "unknown timeout" {
			t.Errorf("address %d of a silent host: %s", i, v)
		}
		want := "fine"
		if i%20 == 19 { // and the slash
			want = "unknown timeout"
		}
		if v := got.verdict(slow.URL + "/" + strings.Repeat("x", i)); v != want {
			t.Errorf("address %d of a slow host: %s, want %s", i, v, want)
		}
	}
}

// TestNoProxy: a proxy of the environment would answer for the site and reach
// what the dialer refuses.
func TestNoProxy(t *testing.T) {
	const inside = "XUNJIAN_BEHIND_PROXY"
	if os.Getenv(inside) == "" { // the environment is read once a process, before the first request
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoProxy$", "-test.count=1")
		c.Env = append(os.Environ(), inside+"=yes", "HTTP_PROXY=http://127.0.0.1:1", "http_proxy=http://127.0.0.1:1", "HTTPS_PROXY=http://127.0.0.1:1", "https_proxy=http://127.0.0.1:1", "NO_PROXY=", "no_proxy=")
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for _, home := range []string{"http://no-such-name.invalid/", "https://no-such-name.invalid/"} {
		got := crawl(t, home, nil)
		if v := got.verdict("/"); v != "fault dns" && got.verdict("") != "fault dns" {
			t.Errorf("%s through the environment's proxy: %s", home, v)
		}
	}
}
