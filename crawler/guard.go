package crawler

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// errPrivate says that a name led to an address that is never asked.
var errPrivate = errors.New("private address")

// A dialer connects, but only to public addresses and to those that the
// configuration opens. It looks at the address after it was resolved, for
// every connection, so neither a redirect nor a changing DNS answer passes it.
type dialer struct {
	resolve  map[string]string
	site     *inspect.Site
	guarded  net.Dialer
	direct   net.Dialer
	resolved *atomic.Bool
}

func newDialer(o Options, s *inspect.Site, resolved *atomic.Bool) *dialer {
	d := &dialer{resolve: o.Resolve, site: s, resolved: resolved}
	d.direct = net.Dialer{Timeout: min(o.Timeout, 10*time.Second), KeepAlive: 30 * time.Second}
	d.guarded = d.direct
	d.guarded.ControlContext = d.control
	return d
}

// control refuses private addresses just before the connection is made.
func (d *dialer) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return errPrivate
	}
	if a := ap.Addr().Unmap(); !inspect.IsPublic(a) && !d.site.AllowedAddr(a) {
		return errPrivate
	}
	return nil
}

func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if to, ok := d.override(addr); ok {
		return d.direct.DialContext(ctx, network, to)
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if !d.publicName(host) {
		return nil, errPrivate
	}
	// RFC 6761: names under invalid do not exist, whatever a resolver says.
	if host == "invalid" || strings.HasSuffix(host, ".invalid") {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	c, err := d.guarded.DialContext(ctx, network, addr)
	if _, literal := netip.ParseAddr(host); literal != nil {
		var dns *net.DNSError
		if !errors.As(err, &dns) { // a name led to an address, so the resolver works
			d.resolved.Store(true)
		}
	}
	return c, err
}

// publicName reports whether a name may stand for a public host. localhost and
// names without a dot mean something else to every reader; only a site that
// lives at such a name is asked there.
func (d *dialer) publicName(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true // control looks at it
	}
	if strings.Contains(strings.Trim(host, "."), ".") && !strings.HasSuffix(host, ".localhost") {
		return true
	}
	return hostname(d.site.Home) == host
}

// override is where the configuration sends an address instead.
func (d *dialer) override(addr string) (string, bool) {
	if len(d.resolve) == 0 {
		return "", false
	}
	if to, ok := d.resolve[addr]; ok {
		return to, true
	}
	host, port, _ := net.SplitHostPort(addr)
	to, ok := d.resolve[host]
	if !ok {
		return "", false
	}
	if _, _, err := net.SplitHostPort(to); err != nil {
		to = net.JoinHostPort(to, port)
	}
	return to, true
}
