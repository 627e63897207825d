package crawler

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// patience is how long a visit waits: a crawl that waits less long for a page
// must not make a home page fail before its time.
func (r *run) patience() time.Duration { return max(r.opt.Timeout, r.opt.VisitTime) }

// Probe visits a page as a person would for the first time: new connections,
// every step measured, the whole body taken. network is tcp, tcp4 or tcp6.
func (c *Crawler) Probe(ctx context.Context, s *inspect.Site, u, network string) *inspect.Probe {
	r := newRun(c.opt, s)
	defer r.net.close()
	return r.probe(ctx, u, network)
}

// probes are the visits that every inspection begins with: the home page as it
// comes, over IPv6, and over HTTPS where its address does not say so.
func (r *run) probes(ctx context.Context, yield func(inspect.Event, error) bool) bool {
	home := r.site.Home
	visits := [][2]string{{home, "tcp"}, {home, "tcp6"}}
	if rest, ok := strings.CutPrefix(home, "http://"); ok && !strings.Contains(inspect.Host(home), ":") {
		visits = append(visits, [2]string{"https://" + rest, "tcp"})
	}
	for _, v := range visits {
		if ctx.Err() != nil {
			return true
		}
		if !yield(inspect.Event{Probe: r.probe(ctx, v[0], v[1])}, nil) {
			return false
		}
	}
	return true
}

// A visit collects what a probe sees on its way.
type visit struct {
	*inspect.Probe
	begin, dns, dial, shake time.Time
}

func (r *run) probe(ctx context.Context, u, network string) *inspect.Probe {
	v := &visit{Probe: &inspect.Probe{URL: u, Network: network, Verdict: inspect.Fine}, begin: time.Now()}
	v.At = v.begin.UTC()
	if network == "tcp6" {
		if why := r.noIPv6(ctx, u); why != "" {
			v.Verdict, v.Cause, v.Detail = inspect.CouldNotTell, inspect.OwnFault, why
			return v.Probe
		}
	}
	ctx, cancel := context.WithTimeout(ctx, r.patience())
	defer cancel()
	t := &http.Transport{
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return r.net.dialer.dial(ctx, network, addr)
		},
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS10, CipherSuites: everySuite(), InsecureSkipVerify: true, // #nosec G402 -- the certificate is judged below, and the visit goes on
			VerifyConnection: func(s tls.ConnectionState) error { v.TLS = tlsOf(s, u); return nil }},
		DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 256 << 10,
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, v.trace()), http.MethodGet, u, nil)
	if err != nil {
		v.Verdict, v.Cause = inspect.CouldNotTell, inspect.BadAnswer
		return v.Probe
	}
	req.Header.Set("User-Agent", r.opt.Agent)
	req.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
	client := &http.Client{Transport: t, Jar: r.net.client.Jar, CheckRedirect: checkRedirect}
	ex := &exchange{url: u, final: u, started: v.begin}
	res, err := client.Do(req)
	if err == nil {
		ex.status, ex.header, ex.final = res.StatusCode, res.Header, res.Request.URL.String()
		ex.received, err = io.Copy(io.Discard, io.LimitReader(res.Body, r.opt.MaxBody))
		res.Body.Close()
	}
	ex.err, ex.took = err, time.Since(v.begin)
	r.net.tell(ctx, ex, ProbeFetch)
	v.Whole = since(v.begin)
	v.judge(ctx, r, ex)
	return v.Probe
}

// judge says what the visit came to. A home page that is not open in time
// failed, by the rule's own words; anywhere else a time-out may be ours.
func (v *visit) judge(ctx context.Context, r *run, ex *exchange) {
	late := errors.Is(ctx.Err(), context.DeadlineExceeded)
	target := r.outcome(context.WithoutCancel(ctx), ex)
	v.Status, v.Final, v.Verdict, v.Cause, v.Detail = target.Status, target.Final, target.Verdict, target.Cause, target.Detail
	if late {
		late := &inspect.Target{Verdict: inspect.Fault, Cause: inspect.Timeout, Detail: "超过" + r.patience().String() + "仍未打开"}
		r.doubt(context.WithoutCancel(ctx), late)
		v.Verdict, v.Cause, v.Detail = late.Verdict, late.Cause, late.Detail
	}
}

// trace notes the first time that each step is done: what a redirect does once
// more belongs to the whole.
func (v *visit) trace() *httptrace.ClientTrace {
	set := func(m *inspect.Millis, from time.Time) {
		if *m == 0 && !from.IsZero() {
			*m = since(from)
		}
	}
	return &httptrace.ClientTrace{
		DNSStart:     func(httptrace.DNSStartInfo) { v.dns = time.Now() },
		DNSDone:      func(httptrace.DNSDoneInfo) { set(&v.DNS, v.dns) },
		ConnectStart: func(_, _ string) { v.dial = time.Now() },
		ConnectDone: func(_, addr string, err error) {
			if err == nil {
				set(&v.Connect, v.dial)
				if host, _, err := net.SplitHostPort(addr); err == nil && v.Address == "" {
					v.Address = host
				}
			}
		},
		TLSHandshakeStart:    func() { v.shake = time.Now() },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { set(&v.Handshake, v.shake) },
		GotFirstResponseByte: func() { set(&v.FirstByte, v.begin) },
	}
}

// since is at least a millisecond: zero says that a step was not reached.
func since(t time.Time) inspect.Millis { return inspect.Millis(max(1, time.Since(t).Milliseconds())) }

// noIPv6 says why a host's IPv6 cannot be judged from here, "" if it can.
func (r *run) noIPv6(ctx context.Context, u string) string {
	name, port, err := net.SplitHostPort(inspect.Host(u))
	if err != nil {
		name, port = inspect.Host(u), "80"
		if strings.HasPrefix(u, "https://") {
			port = "443"
		}
	}
	if to, ok := r.net.dialer.override(net.JoinHostPort(name, port)); ok {
		if h, _, err := net.SplitHostPort(to); err == nil && strings.Contains(h, ":") {
			return ""
		}
		return "配置把该主机改连到指定地址，无法判断其 IPv6"
	}
	if ip := net.ParseIP(name); ip != nil && ip.To4() != nil {
		return "网址是 IPv4 地址，无法判断其 IPv6"
	}
	if found, err := net.DefaultResolver.LookupNetIP(ctx, "ip6", name); err != nil || len(found) == 0 {
		var dns *net.DNSError
		if errors.As(err, &dns) && dns.IsNotFound {
			return "" // it has none: that can be told without a line of our own
		}
		if err == nil {
			return ""
		}
		return "本机域名解析故障，无法判断对方的 IPv6"
	}
	if !haveIPv6() {
		return "本机没有 IPv6 网络，无法判断对方的 IPv6"
	}
	return ""
}

// haveIPv6 reports whether this machine has a public IPv6 address.
func haveIPv6() bool {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(addrs, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.To4() == nil && n.IP.IsGlobalUnicast() && !n.IP.IsPrivate()
	})
}

var tlsVersions = map[uint16]string{tls.VersionTLS10: "1.0", tls.VersionTLS11: "1.1", tls.VersionTLS12: "1.2", tls.VersionTLS13: "1.3"}

// tlsOf is what a handshake showed.
func tlsOf(s tls.ConnectionState, u string) *inspect.TLS {
	t := &inspect.TLS{Version: tlsVersions[s.Version]}
	if len(s.PeerCertificates) == 0 {
		return t
	}
	leaf := s.PeerCertificates[0]
	t.NotBefore, t.NotAfter, t.Issuer = leaf.NotBefore.UTC(), leaf.NotAfter.UTC(), leaf.Issuer.CommonName
	t.Names = leaf.DNSNames[:min(len(leaf.DNSNames), 20)]
	t.Problem = chainProblem(s.PeerCertificates, cmp.Or(s.ServerName, hostname(u))) // a redirect may have led to another host
	return t
}

// chainProblem says why a certificate does not hold. A chain that misses its
// middle is told apart: browsers often know the missing piece.
func chainProblem(certs []*x509.Certificate, host string) string {
	leaf := certs[0]
	now := time.Now()
	switch {
	case now.After(leaf.NotAfter):
		return "expired"
	case now.Before(leaf.NotBefore):
		return "not-yet-valid"
	case leaf.VerifyHostname(host) != nil:
		return "wrong-host"
	}
	middle := x509.NewCertPool()
	for _, c := range certs[1:] {
		middle.AddCert(c)
	}
	var unknown x509.UnknownAuthorityError
	_, err := leaf.Verify(x509.VerifyOptions{Intermediates: middle})
	switch {
	case err == nil:
		return ""
	case leaf.CheckSignatureFrom(leaf) == nil:
		return "self-signed"
	case errors.As(err, &unknown) && len(certs) == 1 && len(leaf.IssuingCertificateURL) > 0:
		return "incomplete-chain"
	}
	return "untrusted"
}
