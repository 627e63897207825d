package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"github.com/xunjian/xunjian/alerts"
	"github.com/xunjian/xunjian/dashboards"
	"github.com/xunjian/xunjian/dashboards/api"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// A client is a program with a token. Whatever it is answered is held against
// the API's own document.
type client struct {
	base, key string
	promised  validator.Validator
}

// promises reads the document that the API at an address says it keeps, which
// must itself be a valid one of OpenAPI 3.1.
func promises(t *testing.T, base string) (validator.Validator, []byte) {
	t.Helper()
	res, err := http.Get(base + api.Prefix + "/openapi.json")
	status, text := answered(t, res, err)
	if status != http.StatusOK {
		t.Fatalf("the document: %d", status)
	}
	doc, err := libopenapi.NewDocument([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if errs != nil {
		t.Fatal(errs)
	}
	if ok, wrong := v.ValidateDocument(); !ok {
		for _, e := range wrong {
			t.Errorf("the document: %s %s", e.Message, e.Reason)
		}
	}
	return v, []byte(text)
}

// keeps holds an answer against the document.
func (c *client) keeps(t *testing.T, req *http.Request, res *http.Response, text string) {
	t.Helper()
	res.Body = io.NopCloser(strings.NewReader(text))
	if ok, wrong := c.promised.ValidateHttpResponse(req, res); !ok && req.URL.Path != api.Prefix+"/nothing" {
		for _, e := range wrong {
			t.Errorf("%s %s, %d: %s: %s: %.300s", req.Method, req.URL, res.StatusCode, e.Message, e.Reason, text)
		}
	}
}

func (c *client) do(t *testing.T, method, path, body string, headers ...string) (status int, answer map[string]any, header http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.base+api.Prefix+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	status, text := answered(t, res, err)
	c.keeps(t, req, res, text)
	if status != http.StatusNoContent && strings.HasPrefix(strings.TrimSpace(text), "{") {
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Errorf("%s %s: %v: %s", method, path, err, text)
		}
	}
	return status, answer, res.Header
}

// Programs have the rights of their tokens: what is not theirs is not there,
// what changed since is not decided on, and a claim is taken.
func TestAPI(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	desk, err := h.desk()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(api.Handler(api.Config{Desk: desk, Answers: h.st, Review: dashboards.ReviewHandler(reviewer), Event: alerts.WebhookEvent{}, Version: "test", Log: h.log}))
	defer srv.Close()
	promised, document := promises(t, srv.URL)
	admin := &inspect.Person{ID: "test", Role: inspect.Admin}
	tokens := 0
	with := func(role inspect.Role, unit string) *client {
		t.Helper()
		tokens++
		key, err := desk.AddToken(t.Context(), admin, fmt.Sprint("t-", tokens), role, unit, 30)
		if err != nil {
			t.Fatal(err)
		}
		return &client{srv.URL, key, promised}
	}
	stranger, edu, office, chief := &client{srv.URL, "", promised}, with(inspect.Agency, "edu"), with(inspect.Agency, "office"), with(inspect.Supervisor, "")
	h.keepsNo(t, chief.key)
	page := "http://" + d.host(0) + "/xw/"
	h.planted(t, "s00", map[string]string{page: "<p>一</p>"}, inspect.Finding{Check: "link-broken", Outcome: inspect.Fail, State: inspect.Confirmed,
		Fingerprint: "f00d", URL: page, Message: "<script>alert(1)</script>", First: h.now(), Places: 1})

	for _, c := range []struct {
		name, method, path, body, match string
		by                              *client
		want                            int
		kind                            string // of the problem
	}{
		{"no token", "GET", "/findings", "", "", stranger, 401, "token"},
		{"a review without a token", "POST", "/review", "{}", "", stranger, 401, "token"},
		{"what there is not", "GET", "/nothing", "", "", edu, 404, "none"},
		{"a wrong token", "GET", "/findings", "", "", &client{srv.URL, "x", promised}, 401, ""},
		{"another unit's finding", "GET", "/findings/f00d", "", "", office, 404, "none"},
		{"another unit's history", "GET", "/findings/f00d/history", "", "", office, 404, "none"},
		{"another unit's evidence", "GET", "/findings/f00d/evidence", "", "", office, 404, "none"},
		{"another unit's claim", "POST", "/findings/f00d/claim", "{}", "", office, 404, "none"},
		{"another unit's site", "GET", "/sites/s00", "", "", office, 404, "none"},
		{"the same that there is not", "GET", "/findings/nothing", "", "", edu, 404, "none"},
		{"a word that is none", "GET", "/findings?state=broken", "", "", edu, 422, ""},
		{"a page that is none", "GET", "/findings?cursor=!", "", "", edu, 400, "cursor"},
		{"a role that may not", "POST", "/findings/f00d/confirm", "{}", "", edu, 403, "not-yours"},
		{"another's house", "GET", "/audit", "", "", edu, 403, "forbidden"},
		{"an order without a word", "POST", "/findings/f00d/appeal", "{}", "", edu, 422, "incomplete"},
		{"what changed since", "POST", "/findings/f00d/claim", "{}", `"99"`, edu, 412, "changed"},
		{"its own", "GET", "/findings/f00d", "", "", edu, 200, ""},
		{"an order", "POST", "/findings/f00d/order", "{}", `"1"`, chief, 200, ""},
		{"not from here", "POST", "/findings/f00d/confirm", "{}", "", chief, 409, "not-now"},
		{"a claim", "POST", "/findings/f00d/claim", `{"why":"已改"}`, `"2"`, edu, 200, ""},
		{"the audit", "GET", "/audit/verify", "", "", chief, 200, ""},
		{"its evidence", "GET", "/findings/f00d/evidence", "", "", edu, 200, ""},
		{"no bulletin", "GET", "/bulletins/notice-2020-01", "", "", edu, 404, "none"},
		{"clocks", "GET", "/clocks", "", "", edu, 200, ""},
	} {
		status, answer, header := c.by.do(t, c.method, c.path, c.body, "If-Match", c.match)
		if status != c.want {
			t.Errorf("%s: %d, want %d: %v", c.name, status, c.want, answer)
		}
		if c.kind != "" && (answer["type"] != "urn:xunjian:problem:"+c.kind || header.Get("Content-Type") != "application/problem+json") {
			t.Errorf("%s: %s %v", c.name, header.Get("Content-Type"), answer)
		}
	}
	// The claim asks the service to look again, which may have looked by now.
	_, one, header := edu.do(t, "GET", "/findings/f00d", "")
	claim, _ := one["claim"].(map[string]any)
	want := map[any]string{"claimed": `"3"`, "verified": `"4"`}[one["stage"]]
	if claim["by"] != "token:t-1" || want == "" || header.Get("ETag") != want {
		t.Errorf("after the claim: %v %s", one, header.Get("ETag"))
	}
	if _, list, _ := edu.do(t, "GET", "/findings?state=claimed&overdue=true", ""); len(list["items"].([]any)) != 0 {
		t.Errorf("every field narrows: %v", list)
	}
	if _, answer, _ := edu.do(t, "POST", "/findings/f00d/confirm", "{}", "Accept-Language", "en"); han.MatchString(fmt.Sprint(answer["detail"])) {
		t.Errorf("in English: %v", answer)
	}
	again(t, edu, chief)
	files(t, edu, office)
	if _, list, _ := office.do(t, "GET", "/findings?unit=edu", ""); len(list["items"].([]any)) != 0 {
		t.Errorf("another unit's list: %v", list)
	}
	if status, answer, _ := edu.do(t, "POST", "/review", `{"name":"a.txt","text":"特此通知"}`); status != http.StatusOK || answer["schema"] != "xunjian.review/1" {
		t.Errorf("a review: %d %v", status, answer)
	}
	var doc struct {
		OpenAPI string
		Paths   map[string]any
	}
	if err := json.Unmarshal(document, &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi: %s, %v", doc.OpenAPI, err)
	}
	for _, path := range []string{"/findings", "/findings/{fingerprint}/claim", "/findings/bulk", "/orders", "/appeals", "/waivers", "/sites", "/media", "/audit", "/review", "/clocks", "/bulletins", "/bulletins/{id}/files/{name}", "/exports/findings"} {
		if doc.Paths[api.Prefix+path] == nil {
			t.Errorf("the document has no %s", path)
		}
	}
	t.Run("fuzz", func(t *testing.T) {
		fuzzAPI(t, document, func() []*client { // as others each time: nobody may ask for ever
			return []*client{with(inspect.Supervisor, ""), with(inspect.Agency, "edu"), with(inspect.Admin, ""), stranger}
		})
	})
}

var han = regexp.MustCompile(`\p{Han}`)

// again asks twice with the same key: it is done once.
func again(t *testing.T, edu, chief *client) {
	t.Helper()
	const why = `{"why":"供应商已到场"}`
	first, one, _ := edu.do(t, "POST", "/findings/f00d/comment", why, "Idempotency-Key", "k-1")
	second, two, header := edu.do(t, "POST", "/findings/f00d/comment", why, "Idempotency-Key", "k-1")
	if first != http.StatusOK || second != first || one["version"] != two["version"] || header.Get("Idempotent-Replayed") != "true" || header.Get("ETag") == "" {
		t.Errorf("%d %v, then %d %v %v", first, one, second, two, header)
	}
	if status, answer, _ := edu.do(t, "POST", "/findings/f00d/comment", `{"why":"另一件"}`, "Idempotency-Key", "k-1"); status != http.StatusUnprocessableEntity || answer["type"] != "urn:xunjian:problem:key-used" {
		t.Errorf("another request with the key: %d %v", status, answer)
	}
	if status, answer, _ := chief.do(t, "POST", "/findings/f00d/comment", why, "Idempotency-Key", "k-1"); status != http.StatusOK || answer["version"] == one["version"] {
		t.Errorf("another's key: %d %v", status, answer)
	}
}

// files takes lists as files: its own rows, no formula.
func files(t *testing.T, edu, office *client) {
	t.Helper()
	for _, format := range []string{"csv", "xlsx", "json"} {
		for by, want := range map[*client]bool{edu: true, office: false} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, by.base+api.Prefix+"/exports/findings?format="+format, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+by.key)
			res, err := http.DefaultClient.Do(req)
			status, text := answered(t, res, err)
			if status != http.StatusOK || res.Header.Get("Content-Type") != sheet.Types[format] || format != "xlsx" && strings.Contains(text, "f00d") != want {
				t.Errorf("%s: %d %v %.200q", format, status, res.Header, text)
			}
		}
	}
}
