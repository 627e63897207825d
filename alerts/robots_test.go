package alerts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/inspect"
)

var (
	loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	t0       = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
)

// A request is what a service got.
type request struct {
	*http.Request
	body []byte
}

// A fake is a service on loopback that keeps what it gets.
type fake struct {
	*httptest.Server
	mu  sync.Mutex
	got []request
}

func newFake(t *testing.T, answer func(w http.ResponseWriter, r request)) *fake {
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		f.mu.Lock()
		f.got = append(f.got, request{r, body})
		f.mu.Unlock()
		answer(w, request{r, body})
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) requests() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.got
}

// channel is one whose service stands on loopback.
func channel(t *testing.T, o alerts.Options) alerts.Channel {
	t.Helper()
	if o.Clock == nil {
		o.Clock = func() time.Time { return t0 }
	}
	if o.Allow == nil {
		o.Allow = loopback
	}
	c, err := alerts.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// message is one with so many faults.
func message(n int) *inspect.Message {
	m := &inspect.Message{ID: "m0123456789", Subject: "示例区教育局：新发现问题 " + fmt.Sprint(n) + " 条", Total: n, Created: t0, Counts: map[inspect.AlertKind]int{inspect.AlertFound: n}}
	for i := range min(n, 1000) {
		m.Alerts = append(m.Alerts, inspect.Alert{ID: fmt.Sprint(i), Key: fmt.Sprintf("%024x", i), Kind: inspect.AlertFound, At: t0, Unit: "edu", Office: "示例区教育局", Site: "edu", Name: "示例区教育局网站",
			Check: "link-broken", Severity: inspect.Deduction, Text: fmt.Sprintf("第 %d 处链接无法打开：页面不存在", i), URL: fmt.Sprintf("http://edu.example.gov.cn/%d.html", i)})
	}
	return m
}

// hostile is a message whose texts try everything.
func hostile() *inspect.Message {
	m := message(1)
	m.Subject = "主题\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>"
	m.Alerts[0].Name = "<at user_id=\"all\">所有人</at>"
	m.Alerts[0].Text = "</font><@all> @all [点我](javascript:alert(1)) **粗** `代码` ![图](http://evil.example/x.png)\n# 标题\u202e\u0000\xff{hmac}{mobile}\"}" + strings.Repeat("长", 1<<20)
	m.Alerts[0].URL = "javascript:alert(document.cookie)//http://x"
	m.Alerts[0].Office = "=HYPERLINK(\"http://evil.example\")"
	return m
}

func outcome(err error) alerts.Outcome {
	var f *alerts.Failure
	if errors.As(err, &f) {
		return f.Outcome
	}
	if err != nil {
		return "error: " + alerts.Outcome(err.Error())
	}
	return ""
}

// robots are the three kinds by what their services say.
var robots = []struct {
	kind  string
	limit int // bytes that the service takes, of what content gives
	good  string
	bad   map[string]alerts.Outcome // by answer
	path  string
	text  func(t *testing.T, body []byte) string
}{
	{kind: "wecom", limit: 4096, good: `{"errcode":0,"errmsg":"ok"}`, path: "/cgi-bin/webhook/send?key=KEY",
		bad: map[string]alerts.Outcome{`{"errcode":93000,"errmsg":"invalid webhook url"}`: alerts.Refused, `{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}`: alerts.Refused,
			`{"errcode":45009,"errmsg":"api freq out of limit"}`: alerts.Later, `{"errcode":-1,"errmsg":"system busy"}`: alerts.Later},
		text: func(t *testing.T, body []byte) string {
			var v struct {
				MsgType  string `json:"msgtype"`
				Markdown struct{ Content string }
			}
			parse(t, body, &v)
			return v.Markdown.Content
		}},
	{kind: "dingtalk", limit: 20000, good: `{"errcode":0,"errmsg":"ok"}`, path: "/robot/send?access_token=KEY",
		bad: map[string]alerts.Outcome{`{"errcode":310000,"errmsg":"sign not match"}`: alerts.Refused,
			`{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}`: alerts.Later},
		text: func(t *testing.T, body []byte) string {
			var v struct {
				MsgType  string `json:"msgtype"`
				Markdown struct{ Title, Text string }
			}
			parse(t, body, &v)
			if v.Markdown.Title == "" {
				t.Error("DingTalk shows a title in its list, and there is none")
			}
			return v.Markdown.Text
		}},
	{kind: "feishu", limit: 20 << 10, good: `{"code":0,"msg":"success","data":{}}`, path: "/open-apis/bot/v2/hook/KEY",
		bad: map[string]alerts.Outcome{`{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`: alerts.Refused,
			`{"code":11232,"msg":"frequency limited"}`: alerts.Later},
		text: func(t *testing.T, body []byte) string {
			var v struct {
				Content struct {
					Post struct {
						ZH struct {
							Title   string
							Content [][]struct{ Tag, Text, Href string }
						} `json:"zh_cn"`
					}
				}
			}
			parse(t, body, &v)
			out := v.Content.Post.ZH.Title
			for _, p := range v.Content.Post.ZH.Content {
				out += "\n"
				for _, n := range p {
					if n.Tag != "text" && n.Tag != "a" {
						t.Errorf("a node of kind %q", n.Tag)
					}
					if n.Tag == "a" && !strings.HasPrefix(n.Href, "http") {
						t.Errorf("a link to %q", n.Href)
					}
					out += n.Text
				}
			}
			return out
		}},
}

func parse(t *testing.T, body []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(body, v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
}

func TestRobots(t *testing.T) {
	t.Parallel()
	for _, r := range robots {
		t.Run(r.kind, func(t *testing.T) {
			t.Parallel()
			answer, status := r.good, http.StatusOK
			f := newFake(t, func(w http.ResponseWriter, q request) {
				w.WriteHeader(status)
				io.WriteString(w, answer)
			})
			c := channel(t, alerts.Options{Kind: r.kind, Secret: alerts.Secret{Key: f.URL + r.path}, Console: "https://xj.example.gov.cn/"})
			if err := c.Send(t.Context(), message(3), ""); err != nil {
				t.Fatal(err)
			}
			q := f.requests()[0]
			if q.Method != http.MethodPost || !strings.HasPrefix(q.Header.Get("Content-Type"), "application/json") || q.URL.RequestURI() != r.path {
				t.Errorf("asked %s %s as %s", q.Method, q.URL.RequestURI(), q.Header.Get("Content-Type"))
			}
			text := r.text(t, q.body)
			for _, want := range []string{"示例区教育局：新发现问题 3 条", "第 0 处", "第 2 处", "打开巡检"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not told:\n%s", want, text)
				}
			}
			if strings.Contains(text, "…共") {
				t.Errorf("all is told, and yet:\n%s", text)
			}
			t.Run("limits", func(t *testing.T) {
				if err := c.Send(t.Context(), message(1000), ""); err != nil {
					t.Fatal(err)
				}
				body := f.requests()[1].body
				long := r.text(t, body)
				if n := len(long); r.kind == "wecom" && n > r.limit || r.kind != "wecom" && len(body) > r.limit {
					t.Errorf("%d bytes of text, %d of body", n, len(body))
				}
				if len(body) < r.limit/3 {
					t.Errorf("only %d bytes of %d are used", len(body), r.limit)
				}
				if !utf8.ValidString(long) || !strings.Contains(long, "…共 1000 条，详见链接") {
					t.Errorf("the end: %q", long[max(0, len(long)-200):])
				}
			})
			t.Run("hostile", func(t *testing.T) {
				n := len(f.requests())
				if err := c.Send(t.Context(), hostile(), ""); err != nil {
					t.Fatal(err)
				}
				body := f.requests()[n].body
				text := r.text(t, body)
				if len(body) > r.limit || strings.ContainsAny(text, "\r\u202e\u0000\ufffd") {
					t.Errorf("%d bytes:\n%s", len(body), text)
				}
				bad := []string{"<script", "<@all", "](javascript", "**粗", "\n# 标题", "![图", "\n\n<"}
				if r.kind == "feishu" {
					bad = []string{"\n# 标题"} // text of a post is only text
				}
				for _, x := range bad {
					if strings.Contains(text, x) {
						t.Errorf("%q got through:\n%s", x, text)
					}
				}
			})
			t.Run("errors", func(t *testing.T) {
				for body, want := range r.bad {
					for _, status = range []int{200, 400} {
						answer = body
						err := c.Send(t.Context(), message(1), "")
						if got := outcome(err); got != want {
							t.Errorf("%d %s: %q, want %q", status, body, got, want)
						}
						if strings.Contains(err.Error(), "KEY") {
							t.Errorf("the key is in %q", err)
						}
					}
				}
				for _, x := range []struct {
					status int
					body   string
					want   alerts.Outcome
				}{{502, "bad gateway", alerts.Later}, {404, "", alerts.Refused}, {302, "", alerts.Refused}, {200, "<html>", alerts.Unclear}, {200, "{}", alerts.Unclear}, {429, "{}", alerts.Later}} {
					status, answer = x.status, x.body
					if got := outcome(c.Send(t.Context(), message(1), "")); got != x.want {
						t.Errorf("%d %q: %q, want %q", x.status, x.body, got, x.want)
					}
				}
			})
		})
	}
}

// People hand in the whole address or only the key.
func TestRobotAddress(t *testing.T) {
	t.Parallel()
	for _, r := range robots {
		f := newFake(t, func(w http.ResponseWriter, _ request) { io.WriteString(w, r.good) })
		base, _, _ := strings.Cut(r.path, "?")
		o := alerts.Options{Kind: r.kind, URL: f.URL + strings.TrimSuffix(base, "/KEY"), Secret: alerts.Secret{Key: "KEY"}}
		if err := channel(t, o).Send(t.Context(), message(1), ""); err != nil {
			t.Fatal(err)
		}
		if got := f.requests()[0].URL.RequestURI(); got != r.path {
			t.Errorf("%s: asked %s, want %s", r.kind, got, r.path)
		}
	}
}

// A service that nobody reaches got nothing; one that does not answer may have
// got it. No failure tells the address.
func TestUnanswered(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(nil)
	closed.Close()
	silent := newFake(t, func(w http.ResponseWriter, _ request) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			c.Close()
		}
	})
	private := newFake(t, func(w http.ResponseWriter, _ request) { io.WriteString(w, robots[0].good) })
	for _, x := range []struct {
		name, url string
		allow     []netip.Prefix
		want      alerts.Outcome
	}{
		{"nobody listens", closed.URL, loopback, alerts.Later},
		{"no answer", silent.URL, loopback, alerts.Unclear},
		{"internal", private.URL, []netip.Prefix{}, alerts.Refused},
		{"internal by name", strings.Replace(private.URL, "127.0.0.1", "localhost", 1), []netip.Prefix{}, alerts.Refused},
	} {
		err := channel(t, alerts.Options{Kind: "wecom", Secret: alerts.Secret{Key: x.url + "/?key=GEHEIM"}, Allow: x.allow}).Send(t.Context(), message(1), "")
		if got := outcome(err); got != x.want || strings.Contains(fmt.Sprint(err), "GEHEIM") {
			t.Errorf("%s: %q (%v), want %q", x.name, got, err, x.want)
		}
	}
	if n := len(private.requests()); n > 0 {
		t.Errorf("an internal address was asked %d times", n)
	}
}

// Secrets print nowhere.
func TestSecrets(t *testing.T) {
	t.Parallel()
	o := alerts.Options{Secret: alerts.Secret{Key: "GEHEIM", Sign: "GEHEIM", User: "u", Password: "GEHEIM"}}
	for _, f := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(f, o); strings.Contains(s, "GEHEIM") {
			t.Errorf("%s prints %s", f, s)
		}
	}
}

// A clock that never turned is a signature that is refused after an hour.
func TestDingTalkSignature(t *testing.T) {
	t.Parallel()
	now := time.UnixMilli(1700000000000)
	var signs []string
	f := newFake(t, func(w http.ResponseWriter, r request) {
		q := r.URL.Query()
		signs = append(signs, q.Get("sign"))
		var at int64
		fmt.Sscan(q.Get("timestamp"), &at)
		switch {
		case len(q["sign"]) != 1 || len(q["timestamp"]) != 1 || q.Get("access_token") != "T":
			t.Errorf("query %v", q)
		case now.Sub(time.UnixMilli(at)).Abs() > time.Hour:
			io.WriteString(w, `{"errcode":310000,"errmsg":"invalid timestamp"}`)
			return
		}
		io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
	})
	c := channel(t, alerts.Options{Kind: "dingtalk", URL: f.URL + "/robot/send", Secret: alerts.Secret{Key: "T", Sign: "SECtest"}, Clock: func() time.Time { return now }})
	for i := range 9 { // two hours
		if err := c.Send(t.Context(), message(1), ""); err != nil {
			t.Errorf("after %d quarters: %v", i, err)
		}
		now = now.Add(15 * time.Minute)
	}
	if signs[0] != "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=" {
		t.Errorf("sign %q", signs[0])
	}
}

func TestFeishuSignature(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	var signs []string
	f := newFake(t, func(w http.ResponseWriter, r request) {
		var v struct{ Timestamp, Sign string }
		parse(t, r.body, &v)
		signs = append(signs, v.Sign)
		var at int64
		fmt.Sscan(v.Timestamp, &at)
		if now.Sub(time.Unix(at, 0)).Abs() > time.Hour {
			io.WriteString(w, `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`)
			return
		}
		io.WriteString(w, `{"code":0,"msg":"success","data":{}}`)
	})
	c := channel(t, alerts.Options{Kind: "feishu", URL: f.URL, Secret: alerts.Secret{Key: "ID", Sign: "test"}, Clock: func() time.Time { return now }})
	for i := range 9 {
		if err := c.Send(t.Context(), message(1), ""); err != nil {
			t.Errorf("after %d quarters: %v", i, err)
		}
		now = now.Add(15 * time.Minute)
	}
	if signs[0] != "eSJQnOl8XqPTMPHWz9e5IzeHS/tqoc68g2967ekIPmg=" {
		t.Errorf("sign %q", signs[0])
	}
}

// No span of a minute holds more than twenty messages, nor one of a second
// more than five.
func TestPace(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		kind   string
		span   time.Duration
		bears  int
		during int // sent in ten minutes
	}{{"wecom", time.Minute, 20, 181}, {"dingtalk", time.Minute, 20, 181}, {"feishu", time.Second, 5, 901}} {
		synctest.Test(t, func(t *testing.T) {
			k, _ := alerts.KindOf(x.kind)
			p := alerts.NewPacer(k.Rates)
			var sent []time.Time
			for begun := time.Now(); time.Since(begun) < 10*time.Minute; {
				if err := p.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				sent = append(sent, time.Now())
			}
			for i := range sent {
				if j := i + x.bears; j < len(sent) && sent[j].Sub(sent[i]) < x.span {
					t.Fatalf("%s: %d messages within %v", x.kind, x.bears+1, sent[j].Sub(sent[i]))
				}
			}
			if n := len(sent); n < x.during-1 || n > x.during+1 {
				t.Errorf("%s: %d messages in ten minutes", x.kind, n)
			}
		})
	}
}
