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
	if a := ap.Addr().Unmap(); !IsPublic(a) && !d.site.AllowedAddr(a) {
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

var special = func() (out []netip.Prefix) {
	for _, s := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "2002::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

// IsPublic reports whether an address belongs to the public internet: not
// private, loopback, link-local, multicast, shared (CGNAT), for documentation,
// or an IPv6 form that may hide one of these.
func IsPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
