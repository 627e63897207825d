// Command floor is the least that could be built: a scan of bytes instead of a
// tokenizer, plain paths joined by hand, addresses known by a 64-bit hash, and
// fasthttp. It is no product: what it saves, it saves by knowing nothing of
// charsets, robots, pace, evidence or odd pages. It says where the limit is.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"hash/maphash"
	"html"
	"io"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/valyala/fasthttp"
)

type job struct {
	url  string
	page bool
}

type crawl struct {
	client fasthttp.Client
	origin string // scheme and host
	seed   maphash.Seed

	mu     sync.Mutex
	wake   *sync.Cond
	seen   map[uint64]struct{}
	queue  []job
	open   int
	pages  int
	broken []string
}

func main() {
	workers := flag.Int("c", 64, "requests in flight")
	list := flag.Bool("list", false, "print the broken URLs")
	flag.Parse()
	home, err := url.Parse(flag.Arg(0))
	if err != nil || home.Host == "" {
		fmt.Fprintln(os.Stderr, "usage: floor [-c N] [-list] URL")
		os.Exit(2)
	}
	c := &crawl{origin: home.Scheme + "://" + home.Host, seed: maphash.MakeSeed(), seen: map[uint64]struct{}{}}
	c.client = fasthttp.Client{MaxConnsPerHost: *workers, ReadTimeout: 15 * time.Second, NoDefaultUserAgentHeader: true, DisablePathNormalizing: true}
	c.wake = sync.NewCond(&c.mu)
	c.add(home.String(), true)
	var wg sync.WaitGroup
	for range *workers {
		wg.Go(c.work)
	}
	wg.Wait()
	fmt.Printf("pages %d urls %d broken %d\n", c.pages, len(c.seen), len(c.broken))
	if *list {
		fmt.Println(strings.Join(c.broken, "\n"))
	}
}

func (c *crawl) add(u string, page bool) {
	k := maphash.String(c.seed, u)
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.seen[k]; ok {
		return
	}
	c.seen[k] = struct{}{}
	c.queue = append(c.queue, job{u, page})
	c.open++
	c.wake.Signal()
}

func (c *crawl) work() {
	w := &worker{crawl: c, raw: map[string]map[string]struct{}{}}
	for {
		c.mu.Lock()
		for len(c.queue) == 0 && c.open > 0 {
			c.wake.Wait()
		}
		if len(c.queue) == 0 {
			c.wake.Broadcast()
			c.mu.Unlock()
			return
		}
		j := c.queue[len(c.queue)-1]
		c.queue = c.queue[:len(c.queue)-1]
		c.mu.Unlock()
		fine := w.ask(j)
		c.mu.Lock()
		if !fine {
			c.broken = append(c.broken, j.url)
		}
		if c.open--; c.open == 0 {
			c.wake.Broadcast()
		}
		c.mu.Unlock()
	}
}

// A worker reuses what it reads with.
type worker struct {
	*crawl
	gzip gzip.Reader
	body bytes.Buffer
	html bool                           // what w.body holds
	raw  map[string]map[string]struct{} // by folder: references that were seen in it
}

func (w *worker) ask(j job) bool {
	if !j.page {
		if s, _ := w.get(j.url, true, 5); s == fasthttp.StatusOK {
			return true
		}
	}
	s, landed := w.get(j.url, false, 10)
	if s == fasthttp.StatusOK && j.page && w.html {
		w.links(landed)
		w.mu.Lock()
		w.pages++
		w.mu.Unlock()
	}
	return s == fasthttp.StatusOK
}

// get follows redirects and leaves an unpacked page in w.body.
func (w *worker) get(u string, head bool, hops int) (status int, landed string) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	for ; hops > 0; hops-- {
		req.SetRequestURI(u)
		if head {
			req.Header.SetMethod(fasthttp.MethodHead)
			res.SkipBody = true
		}
		req.Header.Set("Accept-Encoding", "gzip")
		if err := w.client.Do(req, res); err != nil {
			return 0, u
		}
		if s := res.StatusCode(); s < 300 || s >= 400 {
			break
		}
		base, err := url.Parse(u)
		if err != nil {
			return 0, u
		}
		to, err := base.Parse(string(res.Header.Peek("Location")))
		if err != nil {
			return 0, u
		}
		u = to.String()
	}
	if hops == 0 {
		return 0, u
	}
	if !head {
		w.body.Reset()
		w.html = bytes.HasPrefix(res.Header.ContentType(), []byte("text/html"))
		if bytes.Equal(res.Header.Peek("Content-Encoding"), []byte("gzip")) {
			if w.gzip.Reset(bytes.NewReader(res.Body())) == nil {
				io.Copy(&w.body, &w.gzip)
			}
		} else {
			w.body.Write(res.Body())
		}
	}
	return res.StatusCode(), u
}

var (
	href      = []byte("href=")
	src       = []byte("src=")
	script    = []byte("<script")
	scriptEnd = []byte("</script")
)

// links scans the page for references. What stands in a script is none.
func (w *worker) links(landed string) {
	folder := landed[:strings.LastIndexByte(landed, '/')+1]
	known := w.raw[folder]
	if known == nil {
		known = map[string]struct{}{}
		w.raw[folder] = known
	}
	for b := w.body.Bytes(); len(b) > 0; {
		markup := b
		if i := bytes.Index(b, script); i < 0 {
			b = nil
		} else if end := bytes.IndexByte(b[i:], '>'); end < 0 {
			b = nil
		} else {
			markup, b = b[:i+end+1], b[i+end+1:]
			b = b[max(0, bytes.Index(b, scriptEnd)):]
		}
		w.scan(landed, folder, known, markup)
	}
}

func (w *worker) scan(landed, folder string, known map[string]struct{}, b []byte) {
	inTag := false
	for {
		i := bytes.IndexByte(b, '=')
		if i < 0 {
			return
		}
		if open, closed := bytes.LastIndexByte(b[:i], '<'), bytes.LastIndexByte(b[:i], '>'); open != closed {
			inTag = open > closed
		}
		isHref := bytes.HasSuffix(b[:i+1], href)
		if !isHref && !bytes.HasSuffix(b[:i+1], src) {
			b = b[i+1:]
			continue
		}
		if b = b[i+1:]; !inTag {
			continue
		}
		if len(b) < 2 {
			return
		}
		var v []byte
		if q := b[0]; q == '"' || q == '\'' {
			end := bytes.IndexByte(b[1:], q)
			if end < 0 {
				return
			}
			v, b = b[1:1+end], b[end+2:]
		} else {
			end := bytes.IndexAny(b, " >\n\t")
			if end < 0 {
				return
			}
			v, b = b[:end], b[end:]
		}
		if _, ok := known[string(v)]; ok {
			continue
		}
		known[string(v)] = struct{}{}
		w.reference(landed, folder, string(v), isHref)
	}
}

func (w *worker) reference(landed, folder, ref string, follow bool) {
	var full string
	if plain(ref) {
		if ref[0] == '/' {
			full = w.origin + ref
		} else {
			full = folder + ref
		}
	} else {
		base, err := url.Parse(landed)
		if err != nil {
			return
		}
		u, err := base.Parse(strings.TrimSpace(html.UnescapeString(ref)))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		u.Fragment = ""
		full = u.String()
	}
	w.add(full, follow && strings.HasPrefix(full, w.origin+"/") && !file(full))
}

// plain reports whether a reference needs no more than to be put behind its
// folder or host.
func plain(s string) bool {
	if s == "" || strings.HasPrefix(s, "//") || s[0] == '.' || strings.Contains(s, "/.") {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '/' || c == '_' || c == '-' || c == '.' {
			continue
		}
		return false
	}
	return true
}

func file(u string) bool {
	i := strings.LastIndexByte(u, '.')
	if i < 0 {
		return false
	}
	switch strings.ToLower(u[i:]) {
	case ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".png", ".gif", ".css", ".js", ".ico", ".zip":
		return true
	}
	return false
}
