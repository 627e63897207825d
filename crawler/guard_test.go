package crawler_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// resolveBy answers all names of this process by a server of ours: with the
// addresses that answer gives for the n-th question after a name. It is put
// back at the end, so such a test does not run beside others.
func resolveBy(t *testing.T, answer func(n int64) []netip.Addr) {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	go func() {
		buf := make([]byte, 512)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				for _, a := range answer(asked.Add(1)) {
					m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
						Body: &dnsmessage.AResource{A: a.As4()}})
				}
			}
			if b, err := m.Pack(); err == nil {
				c.WriteTo(b, from)
			}
		}
	}()
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", c.LocalAddr().String())
	}}
	t.Cleanup(func() { net.DefaultResolver = before; c.Close() })
}

// TestRebinding: a name that is fine when it is looked at, and leads inside
// when it is asked, gets nobody inside: the address that is connected to is the
// one that counts, each time.
func TestRebinding(t *testing.T) {
	open, inside := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.77")
	for name, answer := range map[string]func(int64) []netip.Addr{
		"first open, then inside": func(n int64) []netip.Addr {
			if n == 1 {
				return []netip.Addr{open}
			}
			return []netip.Addr{inside}
		},
		"by turns": func(n int64) []netip.Addr { return []netip.Addr{[]netip.Addr{open, inside}[n%2]} },
		"both":     func(n int64) []netip.Addr { return []netip.Addr{inside, open} },
		"inside":   func(int64) []netip.Addr { return []netip.Addr{inside} },
	} {
		t.Run(name, func(t *testing.T) {
			resolveBy(t, answer)
			var knocked atomic.Int64
			var port string
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Connection", "close") // so that each request asks for the address again
				var b strings.Builder
				for i := range 12 {
					fmt.Fprintf(&b, `<a href="http://rebind.example:%s/%d.html">%d</a>`, port, i, i)
				}
				fmt.Fprint(w, page(b.String()))
			}))
			_, port, _ = net.SplitHostPort(srv.Listener.Addr().String())
			secret, err := net.Listen("tcp", net.JoinHostPort(inside.String(), port))
			if err != nil {
				t.Skip("the port is taken: ", err)
			}
			defer secret.Close()
			go func() {
				for {
					c, err := secret.Accept()
					if err != nil {
						return
					}
					knocked.Add(1)
					c.Close()
				}
			}()
			srv.Start()
			defer srv.Close()
			got := crawl(t, srv.URL+"/", func(o *crawler.Options, s *inspect.Site) { s.Allow = []netip.Prefix{netip.PrefixFrom(open, 32)} })
			if n := knocked.Load(); n != 0 {
				t.Errorf("%d connections inside", n)
			}
			for i := range 12 {
				u := fmt.Sprintf("http://rebind.example:%s/%d.html", port, i)
				if v := got.verdict(u); v != "unknown private-address" && v != "fine" {
					t.Errorf("%s: %s", u, v)
				}
			}
		})
	}
}
