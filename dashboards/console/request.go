package console

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/words"
	"github.com/xunjian/xunjian/inspect"
)

// errForm says that a form was not filled in as the page lays it.
var errForm = errors.New("提交的内容不完整或有误，请返回重新填写")

// A request is one request with whoever makes it.
type request struct {
	*console
	w       http.ResponseWriter
	r       *http.Request
	user    *inspect.User    // nil: nobody is logged in
	session *inspect.Session // his
	lang    string           // zh or en
}

// who is whoever asks.
func (q *request) who() *inspect.Person { return &q.user.Person }

// request finds out who asks, and in which language he reads.
func (c *console) request(w http.ResponseWriter, r *http.Request) (*request, error) {
	q := &request{console: c, w: w, r: r}
	var err error
	if cookie, cookieErr := r.Cookie(c.cookieName()); cookieErr == nil {
		q.user, q.session, err = c.desk.Who(r.Context(), cookie.Value)
	}
	q.lang = q.language()
	return q, err
}

// language is what the user chose, else what this browser chose, else what it
// asks for, else Chinese.
func (q *request) language() string {
	if q.user != nil && q.user.Language != "" {
		return q.user.Language
	}
	if chosen, err := q.r.Cookie("language"); err == nil && (chosen.Value == "zh" || chosen.Value == "en") {
		return chosen.Value
	}
	return words.Asked(q.r)
}

// cookieName binds the cookie to this host where the browser can be told so.
func (c *console) cookieName() string {
	if c.Secure {
		return "__Host-xunjian"
	}
	return "xunjian"
}

// setCookie keeps a value in the browser; "" takes it away.
func (q *request) setCookie(name, value string) {
	cookie := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: q.Secure, SameSite: http.SameSiteLaxMode} // #nosec G124 -- Secure follows the configuration: an office without TLS inside its own network
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(q.w, cookie)
}

// visit is where the request comes from. Whom a proxy forwards for is believed
// only of proxies that the office named.
func (q *request) visit() desk.Visit {
	v := desk.Visit{Address: q.r.RemoteAddr, Agent: q.r.UserAgent()}
	if host, _, err := net.SplitHostPort(q.r.RemoteAddr); err == nil {
		v.Address = host
	}
	hops := strings.Split(q.r.Header.Get("X-Forwarded-For"), ",")
	for len(hops) > 0 && q.trusted(v.Address) {
		hop := strings.TrimSpace(hops[len(hops)-1])
		if _, err := netip.ParseAddr(hop); err != nil {
			break
		}
		v.Address, hops = hop, hops[:len(hops)-1]
	}
	if len(v.Agent) > 200 {
		v.Agent = v.Agent[:200]
	}
	return v
}

func (q *request) trusted(address string) bool {
	a, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(q.Proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

// local is a path of this console, or another one: a form never leads elsewhere.
func local(path, otherwise string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return otherwise
	}
	return path
}

// see sends the browser to a page once a form was done with. done says what was
// done, for the page to tell.
func (q *request) see(path, done string) error {
	if done != "" {
		u, err := url.Parse(path)
		if err != nil {
			return err
		}
		v := u.Query()
		v.Set("done", done)
		u.RawQuery = v.Encode()
		path = u.String()
	}
	http.Redirect(q.w, q.r, path, http.StatusSeeOther) // #nosec G710 -- paths of ours, or through local
	return nil
}

// fail answers a request that cannot be served. What is no matter of whoever
// asked goes to the log only.
func (q *request) fail(err error) {
	if errors.Is(err, errLogin) {
		next := "/login"
		if q.r.Method == http.MethodGet && q.r.URL.Path != "/" {
			next += "?next=" + url.QueryEscape(q.r.URL.RequestURI())
		}
		http.Redirect(q.w, q.r, next, http.StatusSeeOther)
		return
	}
	status, told := statusOf(err)
	text := q.tr("程序内部出错，已记入日志，请稍后再试")
	if told {
		text = q.said(err)
	} else if q.r.Context().Err() == nil {
		q.log("page not served", err)
	}
	if q.r.Context().Err() == nil {
		q.show(status, "error", q.tr("出错了"), text)
	}
}

func (q *request) log(what string, err error) {
	if q.Log != nil {
		q.Log.Error(what, slog.String("path", q.r.URL.Path), slog.Any("error", err))
	}
}

// plain is the text of an error that is for people: the first of joined ones.
func plain(err error) string {
	for _, known := range []error{desk.ErrNone, desk.ErrForbidden, desk.ErrChanged, desk.ErrCursor, desk.ErrSoon, desk.ErrMany, desk.ErrLogin, desk.ErrPassword, desk.ErrUser, desk.ErrKnown, errForm} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return err.Error()
}
