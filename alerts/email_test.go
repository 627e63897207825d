package alerts_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/xunjian/xunjian/alerts"
)

// A mailbox is a mail server on loopback.
type mailbox struct {
	addr  string
	roots *x509.CertPool

	mu     sync.Mutex
	mails  [][]byte
	rcpts  []string
	refuse func(to string) error // of the recipient
	after  func() error          // what it says of a mail that it has taken
}

type mailSession struct {
	box    *mailbox
	authed bool
	to     string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "xj" || password != "GEHEIM" {
			return smtp.ErrAuthFailed
		}
		s.authed = true
		return nil
	}), nil
}
func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if !s.authed {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.box.refuse != nil {
		return s.box.refuse(to)
	}
	return nil
}
func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.mails, s.box.rcpts = append(s.box.mails, b), append(s.box.rcpts, s.to)
	if s.box.after != nil {
		return s.box.after()
	}
	return nil
}
func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

// newMailbox serves with TLS from the start, or by STARTTLS.
func newMailbox(t *testing.T, implicit bool) *mailbox {
	t.Helper()
	cert, roots := certificate(t)
	box := &mailbox{roots: roots}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{box: box}, nil }))
	srv.Domain, srv.TLSConfig = "mail.example.gov.cn", &tls.Config{Certificates: []tls.Certificate{cert}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box.addr = l.Addr().String()
	if implicit {
		l = tls.NewListener(l, srv.TLSConfig)
	}
	done := make(chan struct{})
	go func() { defer close(done); srv.Serve(l) }()
	t.Cleanup(func() { srv.Close(); <-done })
	return box
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func (b *mailbox) options(how string) alerts.Options {
	return alerts.Options{Kind: "email", From: "巡检 <xunjian@xj.example.gov.cn>", Host: b.addr, TLS: how, Roots: b.roots, Console: "https://xj.example.gov.cn",
		Secret: alerts.Secret{User: "xj", Password: "GEHEIM"}, Clock: func() time.Time { return t0 }}
}

// parts are the decoded parts of a mail, by type.
func parts(t *testing.T, raw []byte) (mail.Header, map[string]string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(kind, encoding string, r io.Reader)
	walk = func(kind, encoding string, r io.Reader) {
		media, p, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(media, "multipart/") {
			mr := multipart.NewReader(r, p["boundary"])
			for {
				part, err := mr.NextRawPart()
				if errors.Is(err, io.EOF) {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				walk(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
			}
		}
		switch encoding {
		case "quoted-printable":
			r = quotedprintable.NewReader(r)
		case "base64":
			r = base64.NewDecoder(base64.StdEncoding, r)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[media] = string(b)
	}
	walk(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	return m.Header, out
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"implicit", "starttls"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			box := newMailbox(t, how == "implicit")
			c := channel(t, box.options(how))
			if err := c.Send(t.Context(), message(3), "张三 <zhang@edu.example.gov.cn>"); err != nil {
				t.Fatal(err)
			}
			h, p := parts(t, box.mails[0])
			subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
			if err != nil || subject != message(3).Subject || h.Get("Message-ID") != "<m0123456789@xj.example.gov.cn>" || h.Get("List-Id") != "<alerts.xj.example.gov.cn>" || box.rcpts[0] != "zhang@edu.example.gov.cn" {
				t.Errorf("%v, %q, %v", err, subject, h)
			}
			for media, body := range p {
				for _, want := range []string{"第 2 处链接无法打开", "https://xj.example.gov.cn/findings/000000000000000000000002", "新发现问题（3 条）"} {
					if !strings.Contains(body, want) {
						t.Errorf("%s: no %q in\n%s", media, want, body)
					}
				}
			}
			if len(p) != 2 {
				t.Errorf("parts %v", p)
			}
		})
	}
}

// Many alerts go as a list, in which no cell is run.
func TestEmailList(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, true)
	m := message(1000)
	m.Alerts[999].Office = hostile().Alerts[0].Office
	if err := channel(t, box.options("implicit")).Send(t.Context(), m, "zhang@edu.example.gov.cn"); err != nil {
		t.Fatal(err)
	}
	_, p := parts(t, box.mails[0])
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p["text/csv"], "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 1001 || !strings.HasPrefix(rows[1000][1], "'=") {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if !strings.Contains(p["text/plain"], "…共 1000 条，详见链接，附清单") || strings.Contains(p["text/html"], "第 30 处") {
		t.Errorf("the text of a mail with a list:\n%s", p["text/plain"])
	}
}

// No title makes a header, an element or a link.
func TestEmailHostile(t *testing.T) {
	t.Parallel()
	box := newMailbox(t, true)
	if err := channel(t, box.options("implicit")).Send(t.Context(), hostile(), "zhang@edu.example.gov.cn"); err != nil {
		t.Fatal(err)
	}
	h, p := parts(t, box.mails[0])
	if h.Get("Bcc") != "" || len(box.rcpts) != 1 || len(box.mails[0]) > 20000 {
		t.Errorf("%v to %v, %d bytes", h, box.rcpts, len(box.mails[0]))
	}
	for _, bad := range []string{"<script", "<at ", "href=\"javascript", "<img", "\u202e"} {
		if strings.Contains(p["text/html"], bad) {
			t.Errorf("%q in\n%s", bad, p["text/html"])
		}
	}
	for _, address := range []string{"a@b\r\nBcc: victim@example.com", "nobody", ""} {
		if got := outcome(channel(t, box.options("implicit")).Send(t.Context(), message(1), address)); got != alerts.Refused {
			t.Errorf("to %q: %q", address, got)
		}
	}
}

// What a server says tells whether a mail is tried again; one that it was given
// and did not answer for may have arrived.
func TestEmailFailures(t *testing.T) {
	t.Parallel()
	said := func(code int) func() error { return func() error { return &smtp.SMTPError{Code: code, Message: "no"} } }
	for name, x := range map[string]struct {
		change func(*mailbox, *alerts.Options)
		want   alerts.Outcome
	}{
		"no such mailbox":     {func(b *mailbox, _ *alerts.Options) { b.refuse = func(string) error { return said(550)() } }, alerts.Refused},
		"greylisted":          {func(b *mailbox, _ *alerts.Options) { b.refuse = func(string) error { return said(451)() } }, alerts.Later},
		"content refused":     {func(b *mailbox, _ *alerts.Options) { b.after = said(554) }, alerts.Refused},
		"too busy to take it": {func(b *mailbox, _ *alerts.Options) { b.after = said(452) }, alerts.Later},
		"wrong password":      {func(_ *mailbox, o *alerts.Options) { o.Secret.Password = "wrong" }, alerts.Later},
		"unknown certificate": {func(_ *mailbox, o *alerts.Options) { o.Roots = x509.NewCertPool() }, alerts.Later},
		"nobody listens":      {func(_ *mailbox, o *alerts.Options) { o.Host = "127.0.0.1:1" }, alerts.Later},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := newMailbox(t, true)
			o := box.options("implicit")
			x.change(box, &o)
			err := channel(t, o).Send(t.Context(), message(1), "zhang@edu.example.gov.cn")
			if got := outcome(err); got != x.want || strings.Contains(err.Error(), "GEHEIM") {
				t.Errorf("%q (%v), want %q", got, err, x.want)
			}
		})
	}
	t.Run("hangs up without a word", func(t *testing.T) {
		t.Parallel()
		if got := outcome(channel(t, alerts.Options{Kind: "email", From: "a@b.example", Host: mute(t), TLS: "none"}).Send(t.Context(), message(1), "zhang@edu.example.gov.cn")); got != alerts.Unclear {
			t.Errorf("%q", got)
		}
	})
}

// mute is a server that takes a mail and hangs up.
func mute(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		io.WriteString(c, "220 mute\r\n")
		buf, seen := make([]byte, 4096), ""
		for {
			n, err := c.Read(buf)
			if err != nil || strings.Contains(seen, "DATA") && strings.HasSuffix(seen+string(buf[:n]), "\r\n.\r\n") {
				return
			}
			seen += string(buf[:n])
			switch {
			case strings.HasPrefix(string(buf[:n]), "DATA"):
				io.WriteString(c, "354 go\r\n")
			case !strings.Contains(seen, "DATA"):
				io.WriteString(c, "250 ok\r\n")
			}
		}
	}()
	return l.Addr().String()
}
