package crawler

import (
	"net/http"
	"net/http/cookiejar"
	"sync"
	"sync/atomic"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/publicsuffix"
)

// A network is the way to the wire, shared by all workers of a run.
type network struct {
	opt      Options
	site     *inspect.Site
	client   *http.Client
	plain    http.RoundTripper // the chain without robots: for robots.txt itself
	pace     *pace
	dialer   *dialer
	heads    sync.Map // host -> *atomic.Int32: times HEAD was wrong
	resolved atomic.Bool
	bases    []*http.Transport
}

// newNetwork builds the transport chain, outermost first:
//
//	robots ─► retry ─► pace ─► body ─► tls ─► http.Transport with a guarded dialer
//
// Redirects are followed by the http.Client above it, so each hop pays the
// same toll.
func newNetwork(o Options, s *inspect.Site) *network {
	n := &network{opt: o, site: s}
	n.dialer = newDialer(o, s, &n.resolved)
	n.pace = newPace(o)
	var rt http.RoundTripper
	rt, n.bases = newTLSFallback(o, n.dialer)
	rt = &bodyLimit{next: rt, limit: o.MaxBody, whole: o.BodyTime}
	rt = n.pace.wrap(rt)
	rt = newRetry(rt)
	n.plain = rt
	if o.Robots {
		rt = newRobots(rt, o.Agent, n.pace)
	}
	// An inspection has one jar, for sites that send a visitor round once for a cookie.
	jar, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	n.client = &http.Client{Transport: rt, Jar: jar, CheckRedirect: checkRedirect}
	return n
}

func (n *network) close() {
	for _, t := range n.bases {
		t.CloseIdleConnections()
	}
}

// resolverProven reports whether some name was resolved by DNS in this run.
func (n *network) resolverProven() bool { return n.resolved.Load() }

// headTrusted reports whether a host's HEAD answers were right so far.
func (n *network) headTrusted(host string) bool {
	v, ok := n.heads.Load(host)
	return !ok || v.(*atomic.Int32).Load() < 3
}

// headWrong notes that a host refused or failed HEAD where GET was fine.
func (n *network) headWrong(host string) {
	v, _ := n.heads.LoadOrStore(host, new(atomic.Int32))
	v.(*atomic.Int32).Add(1)
}
