package crawler_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// TestFiles: attachments of the site are read and taken apart; pages that
// stand where a file should be, and files of others, are only told as targets.
func TestFiles(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("document/testdata/notice.doc")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	send := func(path, ct string, body []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", ct)
			w.Write(body)
		})
	}
	send("/{$}", "text/html", []byte(page(`<a href="/a.doc">名单</a><a href="/b.pdf">坏</a><a href="/c.docx">登录</a><a href="/big.txt">大</a><a href="/gone.xls">无</a><a href="/v.mp4">视频</a>`)))
	send("/a.doc", "application/octet-stream;charset=GBK", doc)
	send("/b.pdf", "application/pdf", []byte("%PDF-1.4 broken"))
	send("/c.docx", "text/html", []byte(page("请登录")))
	send("/big.txt", "text/plain", []byte(strings.Repeat("x", 3<<20)))
	srv := httptest.NewServer(mux)
	defer srv.Close()
	s := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) { o.MaxFile = 1 << 20 })
	if p := s.pages["/a.doc"]; p == nil || p.Document == nil || !strings.Contains(p.Document.Parts[0].Text, "临时救助") || p.Document.Incomplete != "" || p.Raw != nil {
		t.Errorf("a.doc: %+v", p)
	}
	for _, path := range []string{"/b.pdf", "/big.txt"} {
		if p := s.pages[path]; p == nil || p.Document == nil || p.Document.Incomplete == "" {
			t.Errorf("%s should be an attachment of which not all could be read: %+v", path, p)
		}
	}
	for path, want := range map[string]string{"/c.docx": "fine", "/gone.xls": "fault 4xx"} {
		if got := s.verdict(path); got != want || s.pages[path] != nil {
			t.Errorf("%s: %q, want %q as a target", path, got, want)
		}
	}
}

// TestFileBudget: past the budget, attachments are only asked for; it is the
// same ones that are read, in whatever order they are found and whatever was
// done before a stop.
func TestFileBudget(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		from := asked.Add(3)
		for i := range int64(10) {
			fmt.Fprintf(w, `<a href="/f%d.txt">附件</a>`, (from+i)%10)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "文字") })
	srv := httptest.NewServer(mux)
	defer srv.Close()
	read := func(s seen) (out []string) {
		for path, p := range s.pages {
			if p.Document != nil {
				out = append(out, path)
			}
		}
		slices.Sort(out)
		return out
	}
	var events []inspect.Event
	first := crawl(t, srv.URL+"/", func(o *crawler.Options, s *inspect.Site) {
		o.Files = 4
		for e := range crawler.New(*o).Events(t.Context(), s) {
			events = append(events, e)
		}
	})
	want := read(first)
	if len(want) != 4 || len(first.targets) != 6 {
		t.Fatalf("%d attachments read, %d targets", len(want), len(first.targets))
	}
	for done := range events {
		again := crawl(t, srv.URL+"/", func(o *crawler.Options, _ *inspect.Site) {
			o.Files = 4
			o.Stored = func(yield func(inspect.Event, error) bool) {
				for _, e := range events[:done] {
					if !yield(e, nil) {
						return
					}
				}
			}
		})
		if got := read(again); !slices.Equal(got, want) {
			t.Errorf("stopped after %d events, then read %v, want %v", done, got, want)
		}
	}
}

func TestAsk(t *testing.T) {
	t.Parallel()
	asked := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Query().Get("q") != "关于通知" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		w.Write(gbk(`<meta charset="gbk"><a href="/x.html">关于通知</a>找到一条与您的搜索相符的结果，这里有足够多的文字可以认出编码`))
	}))
	defer srv.Close()
	site := &inspect.Site{ID: "t", Home: srv.URL + "/", Allow: loopback}
	c := crawler.New(crawler.Options{Rate: -1})
	q := []inspect.Question{{URL: srv.URL + "/s?q=%E5%85%B3%E4%BA%8E%E9%80%9A%E7%9F%A5"}, {URL: srv.URL + "/none"}}
	var got []*inspect.Page
	for e, err := range c.Ask(t.Context(), site, q) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Answer)
	}
	if len(got) != 2 || asked != 2 {
		t.Fatalf("%d answers to %d requests", len(got), asked)
	}
	if got[0].URL != q[0].URL || !strings.Contains(got[0].Text(), "关于通知") {
		t.Errorf("answer at %s: %q", got[0].URL, got[0].Text())
	}
	if got[1].Verdict != inspect.Fault || got[1].Status != 404 {
		t.Errorf("second answer: %s %d", got[1].Verdict, got[1].Status)
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/slow":
			time.Sleep(2 * time.Second)
		case "/wall":
			w.WriteHeader(http.StatusForbidden)
		}
		fmt.Fprint(w, "好")
	})
	srv, secure := httptest.NewServer(h), httptest.NewTLSServer(h)
	defer srv.Close()
	defer secure.Close()
	visit := time.Second
	probe := func(u, network string) *inspect.Probe {
		c := crawler.New(crawler.Options{Rate: -1, Timeout: time.Second, VisitTime: visit})
		return c.Probe(context.Background(), &inspect.Site{ID: "t", Home: u, Allow: loopback}, u, network)
	}
	if p := probe(srv.URL+"/", "tcp"); p.Verdict != inspect.Fine || p.Status != 200 || p.Connect == 0 || p.FirstByte == 0 || p.Whole < p.FirstByte || p.Address != "127.0.0.1" || p.TLS != nil {
		t.Errorf("plain: %+v", p)
	}
	if p := probe(secure.URL+"/", "tcp"); p.Verdict != inspect.Fine || p.Handshake == 0 || p.TLS == nil || p.TLS.Problem != "untrusted" && p.TLS.Problem != "self-signed" || p.TLS.Version != "1.3" || p.TLS.NotAfter.IsZero() {
		t.Errorf("secure: %+v %+v", p, p.TLS)
	}
	if p := probe(srv.URL+"/slow", "tcp"); p.Verdict != inspect.Fault || p.Cause != inspect.Timeout {
		t.Errorf("slow: %+v", p)
	}
	visit = 0 // the rule's own, however little patience a crawl has
	if p := probe(srv.URL+"/slow", "tcp"); p.Verdict != inspect.Fine || p.Whole < 2000 {
		t.Errorf("slower than a crawl waits: %+v", p)
	}
	if p := probe(srv.URL+"/wall", "tcp"); p.Verdict != inspect.CouldNotTell || p.Cause != inspect.Blocked {
		t.Errorf("wall: %+v", p)
	}
	if p := probe(srv.URL+"/", "tcp6"); p.Verdict != inspect.CouldNotTell || p.Cause != inspect.OwnFault {
		t.Errorf("IPv6 of an IPv4 address cannot be judged: %+v", p)
	}
	if p := probe("http://127.0.0.1:1/", "tcp"); p.Verdict != inspect.Fault || p.Cause != inspect.Refused {
		t.Errorf("refused: %+v", p)
	}
}

// TestFrontierMemory: what waits and what is known is small, however large the site.
func TestFrontierMemory(t *testing.T) {
	const n = 300_000
	s := &inspect.Site{ID: "t", Home: "http://www.example.gov.cn/"}
	used := crawler.FrontierHeap(s, n, func(i int) string {
		return fmt.Sprintf("http://www.example.gov.cn/xxgk/zfxxgk/%d/%d/content_%d.html", i%60, 202000+i%12, i)
	})
	mb := float64(used) / 1e6 / (n / 100_000)
	t.Logf("%.1f MB for each 100,000 addresses", mb)
	if mb > 25 {
		t.Errorf("%.1f MB for each 100,000 addresses, at most 25", mb)
	}
}

// TestOneTimeFile: an attachment that is too large for the first look and cannot
// be had a second time opened all the same.
func TestOneTimeFile(t *testing.T) {
	whole := strings.Repeat("某局公开目录，第一页。", 100_000)
	var asked [2]atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/once.txt":
			if asked[0].Add(1) > 1 {
				http.Error(w, "used", http.StatusInternalServerError)
				return
			}
			fmt.Fprint(w, whole)
		case "/large.txt":
			asked[1].Add(1)
			fmt.Fprint(w, whole)
		default:
			fmt.Fprint(w, page(`<a href="/once.txt">一</a><a href="/large.txt">二</a>`))
		}
	}))
	defer srv.Close()
	got := crawl(t, srv.URL+"/", nil)
	for path, read := range map[string]bool{"/once.txt": false, "/large.txt": true} {
		p := got.pages[path]
		if p == nil || p.Verdict != inspect.Fine || p.Document == nil {
			t.Fatalf("%s: %s, %+v", path, got.verdict(path), p)
		}
		if (p.Document.Incomplete == "") != read {
			t.Errorf("%s: incomplete: %q", path, p.Document.Incomplete)
		}
		sum := sha256.Sum256([]byte(whole))
		if got := p.Digest == fmt.Sprintf("sha256:%x", sum); got != read || p.Digest == fmt.Sprintf("sha256:%x", sha256.Sum256(nil)) {
			t.Errorf("%s: digest %s", path, p.Digest)
		}
	}
	if n := asked[1].Load(); n != 2 {
		t.Errorf("a large file was asked for %d times", n)
	}
}
