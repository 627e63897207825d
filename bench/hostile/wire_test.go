package hostile

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	crand "crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// wireTraps are those below HTTP, or of HTTP that is none.
func wireTraps() []trap {
	say := func(s string) func(net.Conn) { return func(c net.Conn) { io.WriteString(c, s) } }
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	return []trap{
		{name: "head without end", want: []string{"unknown /a.html 读取上限"}, serve: wire("/a.html", func(c net.Conn) {
			io.WriteString(c, head)
			stream(c, []byte("X-Flood: "+strings.Repeat("y", 4000)+"\r\n"), 1<<30)
		})},
		{name: "a million fields", want: []string{"unknown /a.html "}, serve: wire("/a.html", func(c net.Conn) {
			io.WriteString(c, head)
			stream(c, []byte("a:b\r\n"), 1<<28)
		})},
		{name: "head that drips", slow: true, time: 3 * time.Minute, want: []string{"unknown /a.html 超时"}, serve: wire("/a.html", func(c net.Conn) {
			io.WriteString(c, head+"X-Slow: ")
			drip(context.Background(), c, "y", 300*time.Millisecond)
		})},
		{name: "tarpit", slow: true, time: 4 * time.Minute, want: []string{"unknown /p/0.html 超时", "unknown /p/299.html "}, serve: func(t *testing.T) *target {
			pit := answering(t, func(c net.Conn) { io.Copy(io.Discard, c) })
			return site(map[string]http.HandlerFunc{"/{$}": html(shell(`<a href="/beside.html">通知</a>` + manyLinks(300, "http://"+pit+"/p/")))})(t)
		}},
		{name: "interim answers", want: []string{"unknown /a.html "}, serve: wire("/a.html", func(c net.Conn) {
			stream(c, []byte("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"), 1<<28)
		})},
		{name: "no HTTP", want: []string{"unknown /a.html 应答不正确"}, serve: wire("/a.html", say("220 smtp.example.cn ESMTP\r\n"))},
		{name: "chunks cut short", want: []string{"unknown /a.html 中断", "- /a.html"}, serve: wire("/a.html", say(head+"Transfer-Encoding: chunked\r\n\r\n1000\r\n<html>"))},
		{name: "chunks of nonsense", want: []string{"unknown /a.html "}, serve: wire("/a.html", say(head+"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n<html>"))},
		{name: "chunk extensions", want: []string{"unknown /a.html "}, serve: wire("/a.html", func(c net.Conn) {
			io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
			stream(c, []byte("1;x="+strings.Repeat("y", 4000)+"\r\na\r\n"), 1<<28)
		})},
		{name: "two lengths", want: []string{"unknown /a.html 应答不正确"}, serve: wire("/a.html", say(head+"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"))},
		{name: "length below zero", want: []string{"unknown /a.html 应答不正确"}, serve: wire("/a.html", say(head+"Content-Length: -5\r\n\r\nhello!"))},
		{name: "longer than it is", want: []string{"unknown /a.html 中断", "- /a.html"}, serve: wire("/a.html", say(head+"Content-Length: 99999999999\r\n\r\nhello!"))},
		{name: "resets", want: []string{"unknown /a.html "}, serve: wire("/a.html", func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nConte")
			c.(*net.TCPConn).SetLinger(0)
		})},
		{name: "TLS that speaks HTTP", want: []string{"unknown /a.html 安全连接"}, serve: secure(func(t *testing.T) string {
			return answering(t, func(c net.Conn) { io.WriteString(c, head+"\r\n<html>") })
		})},
		{name: "TLS that never answers", time: 2 * time.Minute, want: []string{"unknown /a.html 超时"}, serve: secure(func(t *testing.T) string {
			return answering(t, func(c net.Conn) { io.Copy(io.Discard, c) })
		})},
		{name: "TLS of another", want: []string{"- /a.html"}, serve: secure(func(t *testing.T) string {
			return answering(t, func(c net.Conn) {
				overTLS(c, &tls.Config{Certificates: []tls.Certificate{certificate("www.other.gov.cn", -time.Hour)}})
			})
		})},
		{name: "TLS that ended", want: []string{"- /a.html"}, serve: secure(func(t *testing.T) string {
			return answering(t, func(c net.Conn) {
				overTLS(c, &tls.Config{Certificates: []tls.Certificate{certificate("127.0.0.1", -800*24*time.Hour)}})
			})
		})},
		{name: "TLS 1.0", want: []string{"- /a.html"}, serve: secure(func(t *testing.T) string {
			return answering(t, func(c net.Conn) {
				overTLS(c, &tls.Config{Certificates: []tls.Certificate{certificate("127.0.0.1", -time.Hour)}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10})
			})
		})},
		{name: "speaks HTTP/2 alone", want: []string{"- /a.html"}, serve: secure(func(t *testing.T) string {
			return answering(t, func(c net.Conn) {
				s := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{certificate("127.0.0.1", -time.Hour)}, NextProtos: []string{"h2"}})
				io.ReadFull(s, make([]byte, 16))
				s.Write([]byte{0, 0, 0, 4, 0, 0, 0, 0, 0}) // SETTINGS
				for i := byte(1); ; i += 2 {               // RST_STREAM of each stream that may come
					if _, err := s.Write([]byte{0, 0, 4, 3, 0, 0, 0, 0, i, 0, 0, 0, 2}); err != nil {
						return
					}
				}
			})
		})},
	}
}

// secure is a site that links https pages of what listens.
func secure(at func(t *testing.T) string) func(t *testing.T) *target {
	return func(t *testing.T) *target {
		return site(map[string]http.HandlerFunc{"/{$}": html(shell(`<a href="https://` + at(t) + `/a.html">看</a><a href="/beside.html">通知</a>`))})(t)
	}
}

// overTLS answers one request with a page.
func overTLS(c net.Conn, conf *tls.Config) {
	s := tls.Server(c, conf)
	defer s.Close()
	if _, err := http.ReadRequest(bufio.NewReader(s)); err == nil {
		body := shell("<p>内容")
		fmt.Fprintf(s, "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
}

// certificate is signed by itself, for a name, and began so long ago; it holds
// for two years.
func certificate(name string, began time.Duration) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), crand.Reader)
	if err != nil {
		panic(err)
	}
	from := time.Now().Add(began)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: from.Add(730 * 24 * time.Hour)}
	if ip := net.ParseIP(name); ip != nil {
		c.IPAddresses = []net.IP{ip}
	} else {
		c.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(crand.Reader, c, c, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// knocking tells when somebody connects to an address.
func knocking(t *testing.T, addr string, knocked func()) string {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
			knocked()
		}
	}()
	return l.Addr().String()
}
