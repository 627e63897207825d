package alerts_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/inspect"
)

// What receives a webhook proves by the signature who sent it and when.
func TestWebhook(t *testing.T) {
	t.Parallel()
	const secret = "whsec"
	status := http.StatusNoContent
	f := newFake(t, func(w http.ResponseWriter, r request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(status)
	})
	c := channel(t, alerts.Options{Kind: "webhook", URL: f.URL + "/hook", Console: "https://xj.example.gov.cn", Secret: alerts.Secret{Sign: secret}})
	if err := c.Send(t.Context(), message(1000), ""); err != nil {
		t.Fatal(err)
	}
	r := f.requests()[0]
	var at int64
	var v1 string
	if _, err := fmt.Sscanf(strings.Replace(r.Header.Get("X-Xunjian-Signature"), ",", " ", 1), "t=%d v1=%s", &at, &v1); err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.%s", at, r.body)
	if want := hex.EncodeToString(mac.Sum(nil)); v1 != want || at != t0.Unix() {
		t.Errorf("signature %s at %d, want %s", v1, at, want)
	}
	var v struct {
		ID, Type, Subject string
		Time              time.Time
		Data              struct {
			Total  int
			Alerts []inspect.Alert
		}
		Links map[string]string
	}
	parse(t, r.body, &v)
	if v.ID != r.Header.Get("X-Xunjian-Delivery") || v.Type != r.Header.Get("X-Xunjian-Event") || v.Data.Total != 1000 || len(v.Data.Alerts) != 1000 || v.Links["console"] == "" || !v.Time.Equal(t0) {
		t.Errorf("event %+v", v)
	}
	status = http.StatusServiceUnavailable
	if f, ok := c.Send(t.Context(), message(1), "").(*alerts.Failure); !ok || f.Outcome != alerts.Later || f.After != 2*time.Minute {
		t.Errorf("a service that asks to wait: %+v", f)
	}
}

// What ends an alert has the labels by which it began.
func TestAlertmanager(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(w http.ResponseWriter, r request) {
		if u, p, ok := r.BasicAuth(); r.Method != http.MethodPost || r.URL.Path != "/am/api/v2/alerts" || !ok || u != "xj" || p != "pw" {
			t.Errorf("%s %s by %s", r.Method, r.URL, u)
		}
	})
	c := channel(t, alerts.Options{Kind: "alertmanager", URL: f.URL + "/am", Console: "https://xj.example.gov.cn", Secret: alerts.Secret{User: "xj", Password: "pw"}})
	m := message(2)
	m.Alerts[1].Kind = inspect.AlertIncident
	if err := c.Send(t.Context(), m, ""); err != nil {
		t.Fatal(err)
	}
	m.Alerts[0].Kind, m.Alerts[1].Kind, m.Alerts[0].At = inspect.AlertRepaired, inspect.AlertEnded, t0.Add(-time.Hour)
	if err := c.Send(t.Context(), m, ""); err != nil {
		t.Fatal(err)
	}
	type alert struct {
		Labels, Annotations map[string]string
		StartsAt, EndsAt    time.Time
		GeneratorURL        string
	}
	var begun, ended []alert
	parse(t, f.requests()[0].body, &begun)
	parse(t, f.requests()[1].body, &ended)
	for i, name := range []string{"XunjianFinding", "XunjianIncident"} {
		if fmt.Sprint(begun[i].Labels) != fmt.Sprint(ended[i].Labels) || begun[i].Labels["alertname"] != name {
			t.Errorf("began as %v, ended as %v", begun[i].Labels, ended[i].Labels)
		}
		if !begun[i].EndsAt.After(t0) || ended[i].EndsAt.After(t0) || begun[i].Annotations["summary"] == "" {
			t.Errorf("began %+v, ended %+v", begun[i], ended[i])
		}
	}
}

func TestSMS(t *testing.T) {
	t.Parallel()
	answer := `{"code":0,"data":{"fee":1}}`
	f := newFake(t, func(w http.ResponseWriter, _ request) { io.WriteString(w, answer) })
	o := alerts.Options{Kind: "sms", URL: f.URL + "/send?u={user}", Body: `{"to":"{mobile}","msg":"{text}","n":{count},"id":"{id}","key":"{key}"}`,
		Header: map[string]string{"X-Time": "{time}", "X-Sign": "{hmac}"}, Expect: "code=0", Sign: "【示例区巡检】", Secret: alerts.Secret{User: "u&x", Key: "k\"1", Sign: "s"}}
	c := channel(t, o)
	type sms struct {
		To, Msg, ID, Key string
		N                int
	}
	for i, m := range []*inspect.Message{message(3), hostile()} {
		if err := c.Send(t.Context(), m, "13800000000"); err != nil {
			t.Fatal(err)
		}
		r := f.requests()[i]
		var v sms
		parse(t, r.body, &v)
		mac := hmac.New(sha256.New, []byte("s"))
		mac.Write(r.body)
		if v.To != "13800000000" || v.N != m.Total || v.ID != m.ID || v.Key != `k"1` || r.URL.Query().Get("u") != "u&x" || r.Header.Get("X-Time") != fmt.Sprint(t0.Unix()) || r.Header.Get("X-Sign") != hex.EncodeToString(mac.Sum(nil)) {
			t.Errorf("%+v, %s, %v", v, r.URL, r.Header)
		}
		if n := utf8.RuneCountInString(v.Msg); n > 70 || !strings.HasPrefix(v.Msg, "【示例区巡检】") || strings.ContainsAny(v.Msg, "\r\n") {
			t.Errorf("%d letters: %q", n, v.Msg)
		}
	}
	for body, want := range map[string]alerts.Outcome{`{"code":1,"msg":"余额不足"}`: alerts.Refused, `{"code":"0"}`: "", `[]`: alerts.Refused, `ok`: alerts.Unclear} {
		answer = body
		if got := outcome(c.Send(t.Context(), message(1), "13800000000")); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
	n := len(f.requests())
	if got := outcome(c.Send(t.Context(), message(1), "138\",\"to\":\"139")); got != alerts.Refused || len(f.requests()) > n {
		t.Errorf("an address that is no number: %q", got)
	}
	t.Run("form", func(t *testing.T) {
		o.Body, o.Header, o.Expect = "mobile={mobile}&content={text}", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, ""
		m := message(1)
		m.Subject = "甲&mobile=139 {mobile}"
		if err := channel(t, o).Send(t.Context(), m, "13800000000"); err != nil {
			t.Fatal(err)
		}
		all := f.requests()
		v, err := url.ParseQuery(string(all[len(all)-1].body))
		if err != nil || len(v["mobile"]) != 1 || v.Get("content") != "【示例区巡检】"+m.Subject {
			t.Errorf("%v, %v", v, err)
		}
	})
	t.Run("no place for the text", func(t *testing.T) {
		o.Body = "{mobile}"
		if _, err := alerts.New(o); err == nil {
			t.Error("taken")
		}
	})
}

// What programs read is data, whatever stands in it; no link runs anything.
func TestMachinesHostile(t *testing.T) {
	t.Parallel()
	f := newFake(t, func(http.ResponseWriter, request) {})
	for _, kind := range []string{"webhook", "alertmanager"} {
		if err := channel(t, alerts.Options{Kind: kind, URL: f.URL}).Send(t.Context(), hostile(), ""); err != nil {
			t.Fatal(err)
		}
	}
	var event struct{ Data struct{ Alerts []inspect.Alert } }
	parse(t, f.requests()[0].body, &event)
	if len(event.Data.Alerts) != 1 || event.Data.Alerts[0].Key != hostile().Alerts[0].Key {
		t.Errorf("%d alerts", len(event.Data.Alerts))
	}
	var firings []struct {
		Labels, Annotations map[string]string
		GeneratorURL        string
	}
	parse(t, f.requests()[1].body, &firings)
	if s := firings[0].Annotations["summary"]; len(firings) != 1 || len(s) > 1000 || strings.ContainsAny(s, "\r\n\x00\u202e") || firings[0].GeneratorURL != "" {
		t.Errorf("%+v", firings)
	}
}
