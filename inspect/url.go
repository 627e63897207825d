package inspect

import (
	"errors"
	"net/url"
	"strings"
)

// A Base resolves the references of one document as a browser does.
type Base struct {
	origin string // scheme://host
	dir    string // path up to its last slash
	full   string
	scheme string
	u      *url.URL

	// Query encodes the text of a query in the page's own charset; nil means UTF-8.
	Query func(string) string
}

// NewBase makes a Base of a URL in normal form.
func NewBase(u string) *Base {
	scheme, rest, ok := strings.Cut(u, "://")
	if !ok {
		return &Base{full: u}
	}
	host := rest
	p := "/"
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		host, p = rest[:i], rest[i:]
	}
	if i := strings.IndexByte(p, '?'); i >= 0 {
		p = p[:i]
	}
	return &Base{origin: scheme + "://" + host, dir: p[:strings.LastIndexByte(p, '/')+1], full: u, scheme: scheme}
}

// A Scheme classes what a reference points at.
type Scheme string

// The schemes that are told apart.
const (
	HTTP       Scheme = "http" // http and https
	EmptyRef   Scheme = "empty"
	Fragment   Scheme = "fragment"
	JavaScript Scheme = "javascript"
	MailTo     Scheme = "mailto"
	Phone      Scheme = "tel"
	DataURL    Scheme = "data"
	OtherURL   Scheme = "other"
	Unfilled   Scheme = "unfilled" // holds a template marker; a script may fill it, so it is no address yet
	BadURL     Scheme = "bad"      // a browser could not open it either
)

// Resolve makes a reference absolute, in normal form and without fragment:
// blanks trimmed, tabs and newlines out, backslashes turned, host in lower
// case and ASCII, default port dropped, dot segments resolved, everything
// that is not plain ASCII percent-encoded as UTF-8.
func (b *Base) Resolve(ref string) (string, Scheme) {
	if u, ok := b.plain(ref); ok {
		return u, HTTP
	}
	ref = strings.Trim(ref, " \t\n\r\f\v\x00")
	if strings.ContainsAny(ref, "\t\n\r") {
		ref = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(ref)
	}
	switch {
	case ref == "":
		return "", EmptyRef
	case ref[0] == '#':
		return "", Fragment
	}
	if strings.Contains(ref, "{{") || strings.Contains(ref, "<%") || strings.Contains(ref, "${") {
		return "", Unfilled
	}
	if s := schemeOf(ref); s != "" && s != "http" && s != "https" {
		return "", classOf(s)
	}
	return b.slow(ref)
}

// plain joins the references that need no parser, which are nearly all of
// them: safe ASCII, a path from the root or below the page's folder.
func (b *Base) plain(ref string) (string, bool) {
	if len(ref) == 0 || b.origin == "" {
		return "", false
	}
	for i := 0; i < len(ref); i++ {
		if !safe[ref[i]] {
			return "", false
		}
	}
	if ref[0] == '/' {
		if len(ref) > 1 && ref[1] == '/' || strings.Contains(ref, "/.") || strings.Contains(ref, "//") {
			return "", false
		}
		return b.origin + ref, true
	}
	dir := b.dir
	for {
		if r, ok := strings.CutPrefix(ref, "./"); ok {
			ref = r
		} else if r, ok := strings.CutPrefix(ref, "../"); ok {
			ref = r
			if dir != "/" {
				dir = dir[:strings.LastIndexByte(dir[:len(dir)-1], '/')+1]
			}
		} else {
			break
		}
	}
	if ref == "." || ref == ".." || strings.HasPrefix(ref, "/") || strings.Contains(ref, "/.") || strings.Contains(ref, "//") || strings.Contains(dir, "//") {
		return "", false
	}
	return b.origin + dir + ref, true
}

// safe holds the bytes that mean themselves in a path and need no thought.
var safe = func() (t [256]bool) {
	for c := 0; c < 128; c++ {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", byte(c)) >= 0
	}
	return t
}()

func schemeOf(ref string) string {
	for i := 0; i < len(ref); i++ {
		c := ref[i] | 0x20
		switch {
		case c >= 'a' && c <= 'z':
		case i > 0 && (ref[i] >= '0' && ref[i] <= '9' || ref[i] == '+' || ref[i] == '-' || ref[i] == '.'):
		case i > 0 && ref[i] == ':':
			return strings.ToLower(ref[:i])
		default:
			return ""
		}
	}
	return ""
}

func classOf(scheme string) Scheme {
	switch scheme {
	case "javascript", "vbscript":
		return JavaScript
	case "mailto":
		return MailTo
	case "tel", "sms", "callto":
		return Phone
	case "data", "blob":
		return DataURL
	}
	return OtherURL
}

func (b *Base) slow(ref string) (string, Scheme) {
	p, query, hasQuery := strings.Cut(ref, "?")
	if i := strings.IndexByte(p, '#'); i >= 0 {
		p, query, hasQuery = p[:i], "", false
	}
	query, _, _ = strings.Cut(query, "#")
	p = strings.ReplaceAll(p, "\\", "/")
	if b.u == nil {
		u, err := url.Parse(b.full)
		if err != nil {
			return "", BadURL
		}
		b.u = u
	}
	// http:path without two slashes is relative for browsers when the scheme is the base's.
	if s, rest, ok := strings.Cut(p, ":"); ok && strings.EqualFold(s, b.u.Scheme) && !strings.HasPrefix(rest, "//") {
		p = rest
	}
	r, err := parseRef(p)
	if err != nil {
		return "", BadURL
	}
	if p == "" && hasQuery { // ?page=2 keeps the whole path
		r = &url.URL{}
	}
	u := b.u.ResolveReference(r)
	u.Fragment, u.RawFragment, u.User = "", "", nil
	u.ForceQuery, u.RawQuery = false, ""
	if hasQuery {
		if b.Query != nil && !ascii(query) {
			query = b.Query(query)
		}
		u.RawQuery = escapeRest(query, true)
	}
	s, ok := normal(u)
	if !ok {
		return "", BadURL
	}
	return s, HTTP
}

// errNoHost is a reference that names a host and leaves it empty.
var errNoHost = errors.New("empty host")

// parseRef parses a reference whose odd bytes a browser would encode itself.
func parseRef(p string) (*url.URL, error) {
	host := ""
	rest := p
	if s := schemeOf(p); s == "http" || s == "https" {
		rest = strings.TrimLeft(p[len(s)+1:], "/")
		host = s + "://"
	} else if strings.HasPrefix(p, "//") {
		rest = strings.TrimLeft(p, "/")
		host = "//"
	}
	if host != "" {
		h, after, slash := strings.Cut(rest, "/")
		if i := strings.LastIndexByte(h, '@'); i >= 0 {
			h = h[i+1:]
		}
		if h == "" {
			return nil, errNoHost
		}
		host += h
		rest = ""
		if slash {
			rest = "/" + after
		}
	} else if rest != "" && rest[0] != '/' {
		host = "./" // else a colon in the first step would read as a scheme
	}
	return url.Parse(host + escapeRest(rest, false))
}

// escapeRest percent-encodes all bytes that may not stand in a URL, leaves
// valid escapes as they are, and encodes a lone percent sign.
func escapeRest(s string, query bool) string {
	ok := true
	for i := 0; i < len(s) && ok; i++ {
		ok = safe[s[i]] || strings.IndexByte("=&!$()*+,;:@", s[i]) >= 0
	}
	if ok {
		return s
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteByte(c)
		case safe[c] || strings.IndexByte("=&!$'()*+,;:@[]", c) >= 0 || query && c == '?':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
