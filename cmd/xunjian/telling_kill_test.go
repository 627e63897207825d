package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store/postgrestest"
)

// Endpoints are a mail server and three robots that keep what they get. While
// one is mute it takes a message and never answers.
type endpoints struct {
	mail   string // host:port
	robots *httptest.Server

	mu   sync.Mutex
	got  map[string][]string // by channel
	mute bool
	took chan struct{} // a mute one has taken a message
}

func (p *endpoints) take(channel string, body []byte) (mute bool) {
	p.mu.Lock()
	p.got[channel] = append(p.got[channel], strings.ReplaceAll(string(body), "=\r\n", ""))
	mute = p.mute
	p.mu.Unlock()
	if mute {
		select {
		case p.took <- struct{}{}:
		default:
		}
	}
	return mute
}

func (p *endpoints) be(mute bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = mute
}

// times is how often a channel was told of a fault.
func (p *endpoints) times(channel, fault string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, body := range p.got[channel] {
		if strings.Contains(body, fault) {
			n++
		}
	}
	return n
}

type mailbox struct{ p *endpoints }

func (mailbox) Mail(string, *smtp.MailOptions) error { return nil }
func (mailbox) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (i mailbox) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err == nil && i.p.take("mail", b) {
		return &smtp.SMTPError{Code: 421, Message: "nobody hears it: the other side is dead"}
	}
	return err
}
func (mailbox) Reset()        {}
func (mailbox) Logout() error { return nil }

// newEndpoints writes the certificate of the mail server into a file.
func newEndpoints(t *testing.T, ca string) *endpoints {
	t.Helper()
	p := &endpoints{got: map[string][]string{}, took: make(chan struct{}, 1)}
	p.robots = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		channel := strings.Split(r.URL.Path, "/")[1]
		if p.take(channel, body) {
			<-r.Context().Done()
			return
		}
		io.WriteString(w, `{"errcode":0,"code":0,"errmsg":"ok"}`)
	}))
	t.Cleanup(p.robots.Close)
	l := listen()
	p.mail = l.Addr().String()
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return mailbox{p}, nil }))
	srv.Domain = "mail.example.gov.cn"
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(tls.NewListener(l, &tls.Config{Certificates: p.robots.TLS.Certificates}))
	}()
	t.Cleanup(func() { srv.Close(); <-done })
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.robots.Certificate().Raw}), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// config is the section alerts for the endpoints, and its secrets.
func (p *endpoints) config() (section, secrets string) {
	section = fmt.Sprintf(`units: [{id: edu, name: 示例区教育局}]
alerts:
  secrets_file: alerts-secrets.yaml
  quiet: []
  gather: 1s
  channels:
    - {id: mail, kind: email, from: xunjian@example.gov.cn, server: %q, tls: implicit, ca_file: ca.pem}
    - {id: wecom, kind: wecom, url: "%[2]s/wecom/send", allow_networks: [127.0.0.0/8], ca_file: ca.pem}
    - {id: dingtalk, kind: dingtalk, url: "%[2]s/dingtalk/send", allow_networks: [127.0.0.0/8], ca_file: ca.pem}
    - {id: feishu, kind: feishu, url: "%[2]s/feishu/", allow_networks: [127.0.0.0/8], ca_file: ca.pem}
  contacts:
    - {id: zhao, roles: [agency], units: [edu], reach: [{channel: mail, address: zhao@example.gov.cn}, {channel: wecom}, {channel: dingtalk}, {channel: feishu}]}
`, p.mail, p.robots.URL)
	return section, "wecom: {key: K}\ndingtalk: {key: K, sign: S}\nfeishu: {key: K, sign: S}\n"
}

// Through ten restarts of the service, of which most are kill -9, some of them
// when a message has arrived and its answer has not, everybody is told of each
// fault once: never twice, and not yet only where the process died between its
// mark and the first byte, which the log calls unclear until the window is over.
func TestToldOnceThroughRestarts(t *testing.T) {
	t.Parallel()
	d := newDistrict(1, 1, 0)
	defer d.Close()
	dir := t.TempDir()
	p := newEndpoints(t, filepath.Join(dir, "ca.pem"))
	section, secrets := p.config()
	file, data := filepath.Join(dir, "district.yaml"), filepath.Join(dir, "data")
	for name, text := range map[string]string{file: string(d.config("told")) + section, filepath.Join(dir, "alerts-secrets.yaml"): secrets} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	serve := []string{"serve", "-c", file, "--data", data, "--listen", "127.0.0.1:0"}
	log := filepath.Join(dir, "log0")
	cmd := server(t, log, serve...)
	st := storm{}.open(t, data, "")
	w := &telling{t: t, st: st}
	const rounds = 10
	fault := func(n int) string { return fmt.Sprintf("F%02dZ", n) }
	for n := range rounds {
		w.look("edu", 0, []inspect.Finding{veto(fault(n))})
		kind := os.Signal(syscall.SIGKILL)
		switch n % 3 {
		case 0:
			kind = syscall.SIGTERM
			await(t, "it is up", func() bool {
				raw, err := os.ReadFile(log)
				return err == nil && strings.Contains(string(raw), "msg=listening")
			})
			time.Sleep(rand.N(6 * time.Second)) // the moment of a fault of the power
		case 1:
			time.Sleep(rand.N(6 * time.Second))
		case 2:
			p.be(true)
			select {
			case <-p.took:
			case <-time.After(time.Minute):
				t.Error("no message came")
			}
		}
		cmd.Process.Signal(kind)
		if err := cmd.Wait(); kind == syscall.SIGTERM && err != nil {
			t.Errorf("stop: %v", err)
		}
		p.be(false)
		log = filepath.Join(dir, fmt.Sprint("log", n+1))
		cmd = server(t, log, serve...)
	}
	unclear := map[string]int{}
	settled := func() bool {
		clear(unclear)
		all, err := st.Messages(t.Context(), nil, 1000)
		if err != nil {
			return false
		}
		told := map[string]int{} // faults in messages, by channel
		for _, m := range all {
			if m.State == inspect.MessageSending {
				unclear[m.Channel] += m.Total
			}
			if m.State != inspect.MessageWaiting && m.State != inspect.MessageTaken {
				told[m.Channel] += m.Total
			}
		}
		return told["mail"] == rounds && told["wecom"] == rounds && told["dingtalk"] == rounds && told["feishu"] == rounds
	}
	for end := time.Now().Add(3 * time.Minute); !settled(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("not all was told")
		}
	}
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("stop: %v", err)
	}
	for _, channel := range []string{"mail", "wecom", "dingtalk", "feishu"} {
		missing := 0
		for n := range rounds {
			switch got := p.times(channel, fault(n)); {
			case got > 1:
				t.Errorf("%s was told of %s %d times", channel, fault(n), got)
			case got == 0:
				missing++
			}
		}
		if missing > unclear[channel] {
			t.Errorf("%s was not told of %d faults, of which the log calls %d unclear", channel, missing, unclear[channel])
		}
		t.Logf("%s: %d messages, %d of %d faults told, %d still unclear to the sender", channel, len(p.got[channel]), rounds-missing, rounds, unclear[channel])
	}
	if t.Failed() {
		raw, _ := os.ReadFile(log)
		t.Log(tail(raw, 60))
	}
}

// A worker tells nobody, so it needs no secret of a channel; who serves does.
func TestWorkerNeedsNoSecrets(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	d := newDistrict(1, 1, 0)
	defer d.Close()
	dir := t.TempDir()
	file, log := filepath.Join(dir, "district.yaml"), filepath.Join(dir, "log")
	const section = "units: [{id: edu, name: 示例区教育局}]\nalerts: {channels: [{id: group, kind: wecom}], contacts: [{id: li, roles: [supervisor], reach: [{channel: group}]}]}\n"
	if err := os.WriteFile(file, []byte(string(d.config("worker"))+section), 0o600); err != nil {
		t.Fatal(err)
	}
	common := []string{"-c", file, "--data", filepath.Join(dir, "data"), "--database", database}
	cmd := server(t, log, append([]string{"worker"}, common...)...)
	await(t, "it works", func() bool {
		raw, err := os.ReadFile(log)
		return err == nil && strings.Contains(string(raw), "msg=started")
	})
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("stop: %v", err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), append([]string{"serve", "--listen", "127.0.0.1:0"}, common...), nil, &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "XUNJIAN_ALERTS_") {
		t.Errorf("serve without secrets: %d %s", code, errs.String())
	}
}
