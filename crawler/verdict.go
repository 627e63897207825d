package crawler

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/xunjian/xunjian/inspect"
)

// judge says what an exchange tells about its target. A host that answered in
// this run and refuses now went away under our hands: that says something of
// the host, which measured visits are for, and nothing of this address.
func (r *run) judge(ctx context.Context, ex *exchange) *inspect.Target {
	t := r.outcome(ctx, ex)
	var last *url.Error
	if (t.Cause == inspect.Refused || t.Cause == inspect.DNS) && errors.As(ex.err, &last) && r.net.answered(last.URL) {
		t.Verdict, t.Detail = inspect.CouldNotTell, "该主机在本次检查中有过应答，其间中断"
	}
	return t
}

// outcome is what became of an exchange. Only what the other side said clearly
// is a fault: 403 and its kin are walls against robots as often as refusals,
// and time-outs may be ours.
func (r *run) outcome(ctx context.Context, ex *exchange) *inspect.Target {
	t := &inspect.Target{URL: ex.url, Status: ex.status, Verdict: inspect.Fine, Fetched: ex.started.UTC(), Took: inspect.Millis(ex.took.Milliseconds())}
	if final, ok := inspect.Normal(ex.final); ok && final != ex.url {
		t.Final = final
	}
	switch {
	case ex.err != nil && (ctx.Err() != nil || errors.Is(ex.err, errNotOurs)):
		t.Verdict, t.Cause, t.Detail, t.Status = inspect.CouldNotTell, inspect.Budget, "检查提前结束", 0
	case ex.err != nil:
		t.Status = 0
		t.Verdict, t.Cause = byError(ex.err)
		t.Detail = plainError(ex.err)
		r.doubt(ctx, t)
	default:
		t.Verdict, t.Cause = byStatus(ex)
	}
	if t.Verdict == inspect.Fine {
		switch {
		case ex.badCert != "":
			t.Verdict, t.Cause, t.Detail = inspect.Information, inspect.Certificate, ex.badCert
		case ex.oldTLS:
			t.Verdict, t.Cause = inspect.Information, inspect.OldTLS
		}
	} else {
		t.Header = ex.kept()
	}
	return t
}

// doubt takes a fault back when our own line is not well: then nobody else is
// accused.
func (r *run) doubt(ctx context.Context, t *inspect.Target) {
	if r.opt.Control == nil || t.Verdict != inspect.Fault || t.Cause == inspect.RedirectLoop {
		return
	}
	if err := r.opt.Control(ctx); err != nil {
		t.Verdict, t.Cause, t.Detail = inspect.CouldNotTell, inspect.OwnFault, "检查端网络异常："+err.Error()
	}
}

// byStatus reads the status of the last answer.
func byStatus(ex *exchange) (inspect.Verdict, inspect.Cause) {
	s := ex.status
	switch {
	case s/100 == 2 || s == http.StatusNotModified:
		return inspect.Fine, inspect.NoCause
	case s == http.StatusNotFound || s == http.StatusGone:
		return inspect.Fault, inspect.Status4xx
	case s == http.StatusTooManyRequests:
		return inspect.CouldNotTell, inspect.RateLimited
	case s == http.StatusRequestTimeout:
		return inspect.CouldNotTell, inspect.Timeout
	case s == http.StatusServiceUnavailable && (ex.header.Get("Retry-After") != "" || wall(ex)):
		return inspect.CouldNotTell, inspect.RateLimited
	case s >= 500 && s <= 511:
		return inspect.Fault, inspect.Status5xx
	case s/100 == 3:
		return inspect.CouldNotTell, inspect.BadAnswer
	}
	// 401, 403, 405, 406, 412, 418, 451, 521, 999 and whatever else is invented
	return inspect.CouldNotTell, inspect.Blocked
}

// wall reports whether an answer bears the marks of a wall against robots.
func wall(ex *exchange) bool {
	if ex.header.Get("Cf-Mitigated") != "" {
		return true
	}
	for _, c := range ex.header.Values("Set-Cookie") {
		for _, m := range []string{"acw_sc__", "acw_tc", "__jsl", "wzws", "yunsuo_session", "safedog", "_gscu_"} {
			if strings.HasPrefix(c, m) {
				return true
			}
		}
	}
	return false
}

// byError reads why no answer arrived.
func byError(err error) (inspect.Verdict, inspect.Cause) {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.Is(err, errLoop):
		return inspect.Fault, inspect.RedirectLoop
	case errors.Is(err, errPrivate):
		return inspect.CouldNotTell, inspect.PrivateAddress
	case errors.Is(err, errTired):
		return inspect.CouldNotTell, inspect.RateLimited
	case errors.Is(err, errRobots):
		return inspect.CouldNotTell, inspect.RobotsRefused
	case errors.As(err, &dns) && dns.IsNotFound:
		return inspect.Fault, inspect.DNS
	case errors.As(err, &dns):
		return inspect.CouldNotTell, inspect.OwnFault
	case errors.Is(err, syscall.ECONNREFUSED):
		return inspect.Fault, inspect.Refused
	case isTLS(err), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"): // net/http keeps this one to itself
		return inspect.CouldNotTell, inspect.TLSFailure
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errBodyTime), errors.Is(err, errSilent), errors.As(err, &timeout) && timeout.Timeout():
		return inspect.CouldNotTell, inspect.Timeout
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.EADDRNOTAVAIL):
		return inspect.CouldNotTell, inspect.OwnFault
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF),
		strings.Contains(err.Error(), "server closed idle connection"): // and this one
		// A connection that is closed before any answer shows as either.
		return inspect.CouldNotTell, inspect.Unreachable
	case errors.Is(err, io.ErrUnexpectedEOF):
		return inspect.CouldNotTell, inspect.CutShort
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return inspect.CouldNotTell, inspect.TooLarge
	}
	return inspect.CouldNotTell, inspect.BadAnswer
}

// plainError is an error's last part, without the address it repeats.
func plainError(err error) string {
	s := err.Error()
	for _, p := range []string{"Get \"", "Head \""} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			if _, after, ok := strings.Cut(rest, "\": "); ok {
				s = after
			}
		}
	}
	if len(s) > 200 {
		s = s[:200]
	}
	return strings.ToValidUTF8(s, "")
}

// checkLink looks at a target that is no page.
func (r *run) checkLink(ctx context.Context, f *fetcher, t task) {
	if r.known(ctx, t) {
		return
	}
	if t.style {
		r.readStyle(ctx, f, t)
		return
	}
	if t.file {
		r.readFile(ctx, f, t)
		return
	}
	if r.opt.Opened != nil && r.opt.Opened(t.url) {
		r.emit(inspect.Event{Target: &inspect.Target{URL: t.url, Verdict: inspect.Fine}})
		return
	}
	if t.look {
		r.lookAt(ctx, f, t)
		return
	}
	r.askLink(ctx, f, t)
}

// askLink asks whether a target opens: by HEAD where that can be trusted, and
// by GET, leaving the body, wherever HEAD says anything but yes.
func (r *run) askLink(ctx context.Context, f *fetcher, t task) {
	host := inspect.Host(t.url)
	ex := &exchange{url: t.url, head: true}
	if r.net.headTrusted(host) {
		f.fetch(ex)
		if ex.err == nil && (ex.status/100 == 2 || asksForRest(ex)) || settled(ex.err) || ctx.Err() != nil {
			r.tell(ctx, ex)
			return
		}
		headOnly := ex
		ex = &exchange{url: t.url, peek: true}
		f.fetch(ex)
		if ex.err == nil && ex.status/100 == 2 && headOnly.err == nil {
			r.net.headWrong(host)
		}
	} else {
		ex = &exchange{url: t.url, peek: true}
		f.fetch(ex)
	}
	r.tell(ctx, ex)
}

// asksForRest reports whether a server wants to be left alone.
func asksForRest(ex *exchange) bool {
	return ex.status == http.StatusTooManyRequests || ex.status == http.StatusServiceUnavailable && ex.header.Get("Retry-After") != ""
}

// settled reports whether asking by GET would meet the same error.
func settled(err error) bool {
	var dns *net.DNSError
	return errors.Is(err, errLoop) || errors.Is(err, errSilent) || errors.Is(err, errPrivate) || errors.As(err, &dns) && dns.IsNotFound
}

// tell emits a link target, or keeps it until the resolver has proved itself.
func (r *run) tell(ctx context.Context, ex *exchange) {
	t := r.judge(ctx, ex)
	r.redirectedHome(t)
	if t.Cause == inspect.DNS && !r.net.resolverProven() && !strings.HasSuffix(hostname(t.Landed()), ".invalid") {
		r.mu.Lock()
		r.deferred = append(r.deferred, t)
		r.mu.Unlock()
		return
	}
	if !errors.Is(ex.err, errSilent) { // it was not asked
		r.share(ctx, t, ofHost(ex, t))
	}
	r.emit(inspect.Event{Target: t})
}

func hostname(u string) string {
	h := inspect.Host(u)
	if name, _, err := net.SplitHostPort(h); err == nil {
		return name
	}
	return h
}

// redirectedHome suspects a deep link of the site that ends on the home page:
// its content is gone, which a person must confirm.
func (r *run) redirectedHome(t *inspect.Target) {
	if t.Verdict != inspect.Fine || t.Final == "" || !inspect.SamePage(t.Final, r.site.Home) || !r.site.InScope(t.URL) {
		return
	}
	p := strings.Trim(inspect.Path(t.URL), "/")
	if strings.Count(p, "/") < 1 || strings.HasPrefix(p[strings.LastIndexByte(p, '/')+1:], "index") {
		return
	}
	t.Verdict, t.Cause = inspect.Suspected, inspect.RedirectedHome
	t.Detail = fmt.Sprintf("跳转到首页 %s", t.Final)
}
