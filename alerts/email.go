package alerts

import (
	"bytes"
	"context"
	"crypto/tls"
	"embed"
	"encoding/csv"
	"errors"
	"html/template"
	"io"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed email.gohtml
var emailFiles embed.FS

var emailPage = template.Must(template.ParseFS(emailFiles, "email.gohtml"))

const (
	mailTime  = time.Minute // a server may look for viruses before it answers
	mailLines = 30          // more stand in an attached list
)

// email sends by SMTP.
type email struct {
	from    *mail.Address
	domain  string // of the sender, in ids
	host    string
	options []gomail.Option
	console string
	clock   func() time.Time
}

func newEmail(o Options) (Channel, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil {
		return nil, errors.New("from 应为 名称 <地址>")
	}
	host, port, err := net.SplitHostPort(o.Host)
	if err != nil {
		return nil, errors.New("server 应为 主机:端口")
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, errors.New("server 的端口不是数字")
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	c := &email{from: from, domain: domain, host: host, console: o.Console, clock: o.Clock,
		options: []gomail.Option{gomail.WithPort(n), gomail.WithTimeout(mailTime), gomail.WithTLSConfig(&tls.Config{ServerName: host, RootCAs: o.Roots, MinVersion: tls.VersionTLS12})}}
	switch o.TLS {
	case "implicit":
		c.options = append(c.options, gomail.WithSSL())
	case "starttls":
		c.options = append(c.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "none":
		c.options = append(c.options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, errors.New("tls 应为 implicit、starttls 或 none")
	}
	if o.Secret.User != "" {
		c.options = append(c.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(o.Secret.User), gomail.WithPassword(o.Secret.Password))
	}
	return c, nil
}

// Send sends text and HTML. The id of the mail is that of the message, so a
// mail that comes twice is known as one.
func (c *email) Send(ctx context.Context, m *inspect.Message, address string) error {
	msg, err := c.compose(ctx, m, address)
	if err != nil {
		return err
	}
	return c.post(ctx, msg)
}

// post hands a mail over.
func (c *email) post(ctx context.Context, msg *gomail.Msg) error {
	client, err := gomail.NewClient(c.host, c.options...)
	if err != nil {
		return failure(Refused, "%v", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // whatever went wrong when it hung up
		return nil
	}
	var s *gomail.SendError
	switch {
	case !errors.As(err, &s):
		return failure(Later, "%s", plain(err.Error(), 300))
	case s.ErrorCode() >= 500:
		return failure(Refused, "%s", plain(err.Error(), 300))
	case s.Reason == gomail.ErrSMTPDataClose && s.ErrorCode() == 0:
		return failure(Unclear, "%s", plain(err.Error(), 300))
	}
	return failure(Later, "%s", plain(err.Error(), 300))
}

// A page is what the template of a mail shows.
type page struct {
	Subject  string
	Sections []pageSection
	Tail     string
	Link     string
}

type pageSection struct {
	Title string
	Lines []pageLine
}

type pageLine struct{ Text, Link string }

func (c *email) compose(ctx context.Context, m *inspect.Message, address string) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(address)
	if err != nil {
		return nil, failure(Refused, "收件地址不正确")
	}
	t := wordsOf(m, c.console)
	p := page{Subject: t.subject, Link: t.link}
	left := mailLines
	for _, s := range t.sections {
		ps := pageSection{Title: s.title}
		for _, l := range s.lines[:min(left, len(s.lines))] {
			ps.Lines = append(ps.Lines, pageLine{l.text, l.link})
		}
		left -= len(ps.Lines)
		p.Sections = append(p.Sections, ps)
	}
	msg := gomail.NewMsg()
	if t.total > mailLines {
		p.Tail = t.tail() + "，附清单"
		if err := msg.AttachReader("清单.csv", bytes.NewReader(c.list(m)), gomail.WithFileContentType("text/csv; charset=utf-8")); err != nil {
			return nil, failure(Refused, "%v", err)
		}
	}
	var html bytes.Buffer
	if err := emailPage.Execute(&html, p); err != nil {
		return nil, failure(Refused, "%v", err)
	}
	c.address(msg, to, t.subject, m.ID)
	msg.SetGenHeader("List-Id", "<alerts."+c.domain+">")
	msg.SetBodyWriter(gomail.TypeTextPlain, func(w io.Writer) (int64, error) { // when the server is ready for it
		if err := begin(ctx); err != nil {
			return 0, err
		}
		n, err := io.WriteString(w, p.text())
		return int64(n), err
	})
	msg.AddAlternativeString(gomail.TypeTextHTML, html.String())
	return msg, nil
}

// address writes a mail's head. The same id is the same mail, however often it
// comes.
func (c *email) address(msg *gomail.Msg, to *mail.Address, subject, id string) {
	msg.FromMailAddress(c.from)
	msg.ToMailAddress(to)
	msg.Subject(subject)
	msg.SetMessageIDWithValue(id + "@" + c.domain)
	msg.SetDateWithValue(c.clock())
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
}

// text is the page for readers without HTML.
func (p *page) text() string {
	var b strings.Builder
	b.WriteString(p.Subject + "\n")
	for _, s := range p.Sections {
		b.WriteString("\n" + s.Title + "\n")
		for _, l := range s.Lines {
			b.WriteString("· " + l.Text + "\n")
			if l.Link != "" {
				b.WriteString("  " + l.Link + "\n")
			}
		}
	}
	for _, s := range []string{p.Tail, p.Link} {
		if s != "" {
			b.WriteString("\n" + s + "\n")
		}
	}
	return b.String()
}

// list is all alerts of a message as a table, some hundred bytes each: far
// from the 20 MB that mail servers take.
func (c *email) list(m *inspect.Message) []byte {
	b := bytes.NewBufferString("\ufeff") // or Excel takes it for GBK
	w := csv.NewWriter(b)
	rows := [][]string{{"类别", "单位", "网站或账号", "检查", "问题", "网址", "期限", "详情"}}
	for i := range m.Alerts {
		a := &m.Alerts[i]
		limit := ""
		if !a.Limit.IsZero() {
			limit = day(a.Limit)
		}
		row := []string{a.Kind.Chinese(), plain(a.Office, maxText), plain(a.Name, maxText), a.Check, plain(a.Text, maxText), link(a.URL), limit, lineOf(a, c.console).link}
		for j, s := range row {
			if s != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(s)[0]) { // would be run as a formula
				row[j] = "'" + s
			}
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		panic(err) // to memory
	}
	return b.Bytes()
}
