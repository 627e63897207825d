package inspect

import (
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// Normal is the normal form of an absolute URL; a missing scheme means http.
func Normal(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "://") {
		s = "http://" + strings.TrimLeft(s, "/")
	}
	u, class := NewBase("http://invalid.invalid/").Resolve(s)
	return u, class == HTTP
}

// normal writes an absolute URL without dot segments in normal form.
func normal(u *url.URL) (string, bool) {
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" {
		return "", false
	}
	host, ok := normalHost(u.Hostname())
	if !ok {
		return "", false
	}
	if strings.Contains(host, ":") {
		a, err := netip.ParseAddr(host)
		if err != nil || a.Zone() != "" {
			return "", false
		}
		host = "[" + a.String() + "]"
	}
	if port := strings.TrimLeft(u.Port(), "0"); port != "" && port != map[string]string{"http": "80", "https": "443"}[scheme] {
		host += ":" + port
	}
	p := u.EscapedPath()
	if p == "" || p[0] != '/' {
		p = "/" + p
	}
	s := scheme + "://" + host + sessionlessPath(escapeRest(p, false))
	if q := sessionlessQuery(u.RawQuery); q != "" {
		s += "?" + q
	}
	return s, true
}

// normalHost is a host name in lower case and ASCII, without the root's dot.
func normalHost(host string) (string, bool) {
	if strings.Contains(host, "%") || !ascii(host) {
		if d, err := url.PathUnescape(host); err == nil {
			host = d
		}
		a, err := idna.Lookup.ToASCII(host)
		if err != nil {
			return "", false
		}
		host = a
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "" || strings.HasSuffix(host, ".") || strings.ContainsAny(host, " <>\"'`{}|^%@/?#\\") {
		return "", false
	}
	return host, true
}

// sessionlessPath strips what only names a visitor's session.
func sessionlessPath(p string) string {
	if i := strings.Index(strings.ToLower(p), ";jsessionid="); i >= 0 {
		return p[:i]
	}
	return p
}

// sessionlessQuery strips the parameters that only name a visitor's session.
func sessionlessQuery(query string) string {
	low := strings.ToLower(query)
	if !strings.Contains(low, "sess") && !strings.Contains(low, "sid=") {
		return query
	}
	var keep []string
	for _, kv := range strings.Split(query, "&") {
		k, v, _ := strings.Cut(kv, "=")
		if !sessionKey(k, v) {
			keep = append(keep, kv)
		}
	}
	return strings.Join(keep, "&")
}

// shortSession is the fewest letters that a session's name has; what is
// shorter and called sid names an article or a section.
const shortSession = 16

func sessionKey(k, v string) bool {
	switch strings.ToLower(k) {
	case "jsessionid", "phpsessid", "sessionid", "session_id", "aspsessionid", "asp.net_sessionid":
		return true
	case "sid":
		return len(v) >= shortSession
	}
	return false
}
