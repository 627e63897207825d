// Command bare is the yardstick: the least that a link checker of pages in Go
// does with net/http and a tokenizer, and nothing else. 64 workers, one queue,
// net/url for every reference, a map of strings, HEAD for files and other
// hosts with a GET where HEAD fails. It knows no robots.txt, no pace, no
// charset, no report. Xunjian's cost is told as a ratio to it.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/html"
)

type job struct {
	u    *url.URL
	page bool
}

type crawl struct {
	client *http.Client
	host   string

	mu     sync.Mutex
	wake   *sync.Cond
	seen   map[string]bool
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
		fmt.Fprintln(os.Stderr, "usage: bare [-c N] [-list] URL")
		os.Exit(2)
	}
	c := &crawl{host: home.Host, seen: map[string]bool{}}
	c.wake = sync.NewCond(&c.mu)
	c.client = &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: *workers, DisableCompression: true}}
	c.add(home, true)
	start := time.Now()
	var wg sync.WaitGroup
	for range *workers {
		wg.Go(c.work)
	}
	wg.Wait()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	cpu := time.Duration(use.Utime.Nano() + use.Stime.Nano())
	fmt.Printf("pages %d urls %d broken %d wall %.2f cpu %.2f rss_mb %d\n", c.pages, len(c.seen), len(c.broken), time.Since(start).Seconds(), cpu.Seconds(), use.Maxrss/1024)
	if *list {
		fmt.Println(strings.Join(c.broken, "\n"))
	}
}

func (c *crawl) add(u *url.URL, follow bool) {
	u.Fragment = ""
	key := u.String()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	c.queue = append(c.queue, job{u, follow && u.Host == c.host && !file(u.Path)})
	c.open++
	c.wake.Signal()
}

func file(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".png", ".gif", ".css", ".js", ".ico", ".zip":
		return true
	}
	return false
}

func (c *crawl) work() {
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
		if !c.ask(j) {
			c.mu.Lock()
			c.broken = append(c.broken, j.u.String())
			c.mu.Unlock()
		}
		c.mu.Lock()
		if c.open--; c.open == 0 {
			c.wake.Broadcast()
		}
		c.mu.Unlock()
	}
}

func (c *crawl) ask(j job) bool {
	if !j.page {
		if res, err := c.client.Head(j.u.String()); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return true
			}
		}
		res, err := c.client.Get(j.u.String())
		if err != nil {
			return false
		}
		defer res.Body.Close()
		return res.StatusCode == http.StatusOK
	}
	req, err := http.NewRequest(http.MethodGet, j.u.String(), nil)
	if err != nil {
		return false
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := c.client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var body io.Reader = res.Body
	if res.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(res.Body); err != nil {
			return false
		}
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		c.links(res.Request.URL, body)
		c.mu.Lock()
		c.pages++
		c.mu.Unlock()
	}
	return res.StatusCode == http.StatusOK
}

// links reads every reference of a page by the tokenizer.
func (c *crawl) links(base *url.URL, body io.Reader) {
	z := html.NewTokenizer(body)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			_, more := z.TagName()
			for more {
				var key, val []byte
				key, val, more = z.TagAttr()
				if follow := string(key) == "href"; follow || string(key) == "src" {
					if u, err := base.Parse(string(bytes.TrimSpace(val))); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
						c.add(u, follow)
					}
				}
			}
		}
	}
}
