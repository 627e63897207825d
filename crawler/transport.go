package crawler

import (
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/xunjian/xunjian/inspect"
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
	n.pace = newPace(o, inspect.Host(s.Home))
	var rt http.RoundTripper
	rt, n.bases = newTLSFallback(o, n.dialer)
	rt = &bodyLimit{next: rt, limit: o.MaxBody, whole: o.BodyTime}
	rt = n.pace.wrap(rt)
	rt = newRetry(rt, o.Watch)
	n.plain = rt
	if o.Robots {
		rt = newRobots(rt, o.Agent, n.pace)
	}
	// An inspection has one jar, for sites that send a visitor round once for a cookie.
	n.client = &http.Client{Transport: rt, Jar: newJar(), CheckRedirect: checkRedirect}
	return n
}

func (n *network) close() {
	for _, t := range n.bases {
		t.CloseIdleConnections()
	}
}

// resolverProven reports whether some name was resolved by DNS in this run.
func (n *network) resolverProven() bool { return n.resolved.Load() }

// answered reports whether the host of an address answered anything in this run.
func (n *network) answered(address string) bool {
	u, err := url.Parse(address)
	return err == nil && n.pace.host(u.Host).answered.Load()
}

// headTrusted reports whether a host's HEAD answers were right so far.
func (n *network) headTrusted(host string) bool {
	v, _ := n.heads.LoadOrStore(host, new(headCount))
	c := v.(*headCount)
	asked, wrong := c.asked.Add(1), c.wrong.Load()
	return wrong < 3 || wrong < asked/10
}

// headWrong notes that a host refused or failed HEAD where GET was fine.
func (n *network) headWrong(host string) {
	v, _ := n.heads.LoadOrStore(host, new(headCount))
	v.(*headCount).wrong.Add(1)
}

// A headCount says how often a host's HEAD was wrong. A few such files, on a
// host of thousands, do not make each of the others cost the beginning of its
// body and a connection.
type headCount struct{ asked, wrong atomic.Int32 }
