package alerts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// maxSMS is how many letters one short message takes; a longer one costs two.
const maxSMS = 70

// sms asks a gateway by a template, since no two gateways ask alike.
type sms struct {
	client *http.Client
	o      Options
	path   []string // of the code in the answer; nil: the status says all
	want   string
}

var mobileForm = regexp.MustCompile(`^\+?[0-9]{5,20}$`)

func newSMS(o Options) (Channel, error) {
	if _, err := service(o.URL); err != nil {
		return nil, err
	}
	if !strings.Contains(o.Body+o.URL, "{mobile}") || !strings.Contains(o.Body+o.URL, "{text}") {
		return nil, errors.New("body 或 url 中须有 {mobile} 和 {text}")
	}
	if o.Method == "" {
		o.Method = http.MethodPost
	}
	c := &sms{client: client(&o), o: o}
	if path, want, ok := strings.Cut(o.Expect, "="); ok {
		c.path, c.want = strings.Split(path, "."), want
	}
	return c, nil
}

// Send fills the template: {mobile}, {text}, {count}, {id}, {time}, {user} and
// {key}; in header values also {hmac}, over the body. What is filled in is
// escaped for the place where it stands.
func (c *sms) Send(ctx context.Context, m *inspect.Message, mobile string) error {
	if !mobileForm.MatchString(mobile) {
		return failure(Refused, "不是手机号码")
	}
	now := strconv.FormatInt(c.o.Clock().Unix(), 10)
	fill := map[string]string{"mobile": mobile, "text": c.text(m), "count": strconv.Itoa(m.Total), "id": m.ID, "time": now, "user": c.o.Secret.User, "key": c.o.Secret.Key}
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	for k, v := range c.o.Header {
		h.Set(k, v)
	}
	form := url.QueryEscape
	if strings.Contains(h.Get("Content-Type"), "json") {
		form = inJSON
	}
	body := filled(c.o.Body, fill, form)
	mac := hmac.New(sha256.New, []byte(c.o.Secret.Sign))
	mac.Write([]byte(body))
	fill["hmac"] = hex.EncodeToString(mac.Sum(nil))
	for k := range h {
		h.Set(k, filled(h.Get(k), fill, func(s string) string { return plain(s, 500) }))
	}
	a, err := ask(ctx, c.client, c.o.Method, filled(c.o.URL, fill, url.QueryEscape), h, []byte(body))
	if err != nil {
		return err
	}
	if err := a.good(); err != nil {
		return err
	}
	return c.expected(a.body)
}

// text is the signature and the subject, in one short message.
func (c *sms) text(m *inspect.Message) string {
	s := []rune(c.o.Sign + wordsOf(m, "").subject)
	if len(s) > maxSMS {
		s = append(s[:maxSMS-1], '…')
	}
	return string(s)
}

// filled replaces each {name} once: what is filled in is never read again.
func filled(template string, values map[string]string, form func(string) string) string {
	var pairs []string
	for k, v := range values {
		pairs = append(pairs, "{"+k+"}", form(v))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

// inJSON is s as it stands between the quotes of JSON.
func inJSON(s string) string {
	q := string(toJSON(s))
	return q[1 : len(q)-1]
}

// expected looks for the code by which the gateway says that it took the message.
func (c *sms) expected(body []byte) error {
	if c.path == nil {
		return nil
	}
	var v any
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return failure(Unclear, "应答不是 JSON")
	}
	for _, key := range c.path {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	if got := fmt.Sprint(v); got != c.want {
		return failure(Refused, "应答中 %s 为 %s，应为 %s", strings.Join(c.path, "."), plain(got, 60), c.want)
	}
	return nil
}
