package alerts

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

const (
	answerTime = 10 * time.Second
	maxAnswer  = 64 << 10
)

var errInternal = errors.New("内部地址，须在 allow_networks 中列出")

// client is how services are asked: no redirects, no proxy of the environment,
// and no internal address that the configuration does not open. The address is
// looked at after it was resolved, for each connection.
func client(o *Options) *http.Client {
	d := net.Dialer{Timeout: answerTime, Control: func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil {
			return errInternal
		}
		a := ap.Addr().Unmap()
		if inspect.IsPublic(a) {
			return nil
		}
		for _, p := range o.Allow {
			if p.Contains(a) {
				return nil
			}
		}
		return errInternal
	}}
	return &http.Client{Timeout: answerTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: d.DialContext, TLSClientConfig: &tls.Config{RootCAs: o.Roots}, DisableKeepAlives: true, TLSHandshakeTimeout: answerTime}}
}

// service reads the address of a service.
func service(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("地址应以 https:// 或 http:// 开头") // the address may be a secret
	}
	return u, nil
}

// An answer is what a service said.
type answer struct {
	status int
	after  time.Duration // it asks to wait
	body   []byte
}

// ask makes a request. The address may be a secret, so it stands in no failure.
func ask(ctx context.Context, c *http.Client, method, address string, header http.Header, body []byte) (*answer, error) {
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(i httptrace.WroteRequestInfo) { written.Store(i.Err == nil) }})
	req, err := http.NewRequestWithContext(ctx, method, address, nil) // without GetBody it is never made twice behind our back
	if err != nil {
		return nil, failure(Refused, "地址不正确")
	}
	if req.ContentLength = int64(len(body)); len(body) > 0 {
		req.Body = io.NopCloser(&beginning{Reader: bytes.NewReader(body), ctx: ctx})
	} else if err := begin(ctx); err != nil {
		return nil, failure(Later, "%v", err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	req.Header.Set("User-Agent", "Xunjian/1.0")
	res, err := c.Do(req)
	if err != nil {
		return nil, unanswered(err, written.Load())
	}
	defer res.Body.Close()
	a := &answer{status: res.StatusCode}
	if a.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer)); err != nil {
		return nil, failure(Unclear, "应答中断")
	}
	seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	a.after = time.Duration(min(max(seconds, 0), 24*3600)) * time.Second
	return a, nil
}

// good is nil when the status says that the message was taken.
func (a *answer) good() error {
	switch s := a.status; {
	case s == http.StatusTooManyRequests || s == http.StatusRequestTimeout || s >= 500:
		return &Failure{Outcome: Later, After: a.after, Why: fmt.Sprintf("HTTP %d", s)}
	case s < 200 || s > 299:
		return failure(Refused, "HTTP %d", s)
	}
	return nil
}

// unanswered tells whether a request that was not answered may have arrived.
func unanswered(err error, written bool) *Failure {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address
	}
	switch {
	case errors.Is(err, errInternal):
		return failure(Refused, "%v", errInternal)
	case written:
		return failure(Unclear, "没有应答：%v", err)
	}
	return failure(Later, "无法连接：%v", err)
}

// postJSON posts a value as JSON.
func postJSON(ctx context.Context, c *http.Client, address string, v any) (*answer, error) {
	return ask(ctx, c, http.MethodPost, address, http.Header{"Content-Type": {"application/json; charset=utf-8"}}, toJSON(v))
}

// toJSON is a value of our own as JSON, with < as it is: services count bytes.
func toJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and numbers only
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// tellRobot posts a message to a robot and reads the code of its answer: the
// robots answer with HTTP 200 when they refuse, too. again says of which codes
// the message may be sent again, and when.
func tellRobot(ctx context.Context, c *http.Client, address string, v any, again map[int]time.Duration) error {
	a, err := postJSON(ctx, c, address, v)
	if err != nil {
		return err
	}
	var said struct {
		ErrCode *int   `json:"errcode"`
		ErrMsg  string `json:"errmsg"`
		Code    *int   `json:"code"`
		Msg     string `json:"msg"`
	}
	err = json.Unmarshal(a.body, &said)
	code, msg := cmp.Or(said.ErrCode, said.Code), plain(cmp.Or(said.ErrMsg, said.Msg), 100)
	switch {
	case a.good() != nil && (err != nil || code == nil || *code == 0):
		return a.good()
	case err != nil || code == nil:
		return failure(Unclear, "应答无法识别")
	case *code == 0:
		return nil
	}
	if after, ok := again[*code]; ok {
		return &Failure{Outcome: Later, After: after, Why: fmt.Sprintf("错误码 %d：%s", *code, msg)}
	}
	return failure(Refused, "错误码 %d：%s", *code, msg)
}

// robotURL is the address of a robot: people hand in the whole of it, or only
// the key in it.
func robotURL(o *Options, public, parameter string) (*url.URL, error) {
	if strings.Contains(o.Secret.Key, "://") {
		return service(o.Secret.Key)
	}
	u, err := service(cmp.Or(o.URL, public))
	if err != nil {
		return nil, err
	}
	switch {
	case o.Secret.Key == "":
		return nil, errors.New("缺少密钥 key")
	case parameter == "":
		return u.JoinPath(o.Secret.Key), nil // #nosec G125 -- the key of the configuration
	}
	q := u.Query()
	q.Set(parameter, o.Secret.Key)
	u.RawQuery = q.Encode()
	return u, nil
}
