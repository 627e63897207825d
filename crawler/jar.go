package crawler

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"

	"golang.org/x/net/publicsuffix"
)

// A boundedJar keeps as many cookies of a domain as RFC 6265 asks of a browser,
// and none that is longer. A site that sends new ones with every page would
// fill the memory, and each request would carry them all.
type boundedJar struct {
	*cookiejar.Jar
	mu    sync.Mutex
	names map[string]map[string]bool // by domain
}

const (
	maxCookies = 50
	maxCookie  = 4096 // bytes of name and value
)

func newJar() *boundedJar {
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	return &boundedJar{Jar: jar, names: map[string]map[string]bool{}}
}

func (j *boundedJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	kept := make([]*http.Cookie, 0, min(len(cookies), maxCookies))
	for _, c := range cookies {
		if len(c.Name)+len(c.Value) <= maxCookie && j.room(u.Hostname(), c.Name) {
			kept = append(kept, c)
		}
	}
	j.Jar.SetCookies(u, kept)
}

// room reports whether a host may have a cookie of some name.
func (j *boundedJar) room(host, name string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		host = domain // one host may set cookies for all of its domain
	}
	names := j.names[host]
	if names == nil {
		names = map[string]bool{}
		j.names[host] = names
	}
	if len(names) >= maxCookies && !names[name] {
		return false
	}
	names[name] = true
	return true
}
