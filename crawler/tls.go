package crawler

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// tlsFallback speaks modern TLS first. A host that cannot gets a second try
// with what Go calls insecure suites and TLS 1.0; one whose certificate does
// not hold is read without trust. Both are facts to report, not reasons to
// call its pages broken: a browser opens them too, with a warning.
type tlsFallback struct {
	modern, old, blind http.RoundTripper
	hosts              sync.Map // host -> *tlsFact
}

type tlsFact struct {
	old     bool
	badCert string
}

func newTLSFallback(o Options, d *dialer) (http.RoundTripper, []*http.Transport) {
	// No proxy of the environment: its faults would be called the site's, and
	// it would reach the private addresses that the dialer refuses.
	base := &http.Transport{
		DialContext:            d.dial,
		TLSHandshakeTimeout:    min(o.Timeout, 10*time.Second),
		ResponseHeaderTimeout:  o.Timeout,
		MaxIdleConns:           512,
		MaxIdleConnsPerHost:    max(o.PerHost, 2),
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true, // body.go asks for gzip itself
		MaxResponseHeaderBytes: 256 << 10,
	}
	if o.PerHost < 0 {
		base.MaxIdleConnsPerHost = max(o.Workers, 2)
	}
	old, blind := base.Clone(), base.Clone()
	old.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS10, CipherSuites: everySuite(), InsecureSkipVerify: true, Renegotiation: tls.RenegotiateOnceAsClient} // #nosec G402 -- for hosts that speak nothing better; nothing secret is sent
	blind.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}                                                                                                     // #nosec G402 -- the fault is reported; nothing secret is sent
	return &tlsFallback{modern: base, old: old, blind: blind}, []*http.Transport{base, old, blind}
}

func everySuite() (ids []uint16) {
	for _, s := range tls.CipherSuites() {
		ids = append(ids, s.ID)
	}
	for _, s := range tls.InsecureCipherSuites() {
		ids = append(ids, s.ID)
	}
	return ids
}

func (t *tlsFallback) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" {
		return t.modern.RoundTrip(req)
	}
	ex := exchangeOf(req)
	if v, ok := t.hosts.Load(req.URL.Host); ok {
		return t.with(v.(*tlsFact), ex, req)
	}
	res, err := t.modern.RoundTrip(req)
	if err == nil || !isTLS(err) {
		return res, err
	}
	fact := &tlsFact{old: true}
	if why := certificateFault(err); why != "" {
		fact = &tlsFact{badCert: why}
	}
	res, err2 := t.with(fact, ex, req)
	if err2 != nil {
		return nil, err // the first refusal says more
	}
	t.hosts.Store(req.URL.Host, fact)
	return res, nil
}

func (t *tlsFallback) with(f *tlsFact, ex *exchange, req *http.Request) (*http.Response, error) {
	if ex != nil {
		ex.oldTLS, ex.badCert = f.old, f.badCert
	}
	if f.old {
		return t.old.RoundTrip(req)
	}
	return t.blind.RoundTrip(req)
}

// isTLS reports whether no secure connection came about.
func isTLS(err error) bool {
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var verify *tls.CertificateVerificationError
	return errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &verify) || certificateFault(err) != "" ||
		strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "remote error: tls")
}

// certificateFault words what is wrong with a certificate, "" if nothing is.
func certificateFault(err error) string {
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &host):
		return "证书与域名不符"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "证书已过期或尚未生效"
	case errors.As(err, &invalid):
		return "证书无效"
	case errors.As(err, &unknown):
		return "证书链不完整或签发机构不受信任"
	}
	return ""
}
