package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// A schema is what of a JSON Schema a request is made from.
type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Enum       []any
	Format     string
	Items      *schema
	Properties map[string]*schema
}

type operation struct {
	Parameters []struct {
		Name, In string
		Schema   *schema
	}
	RequestBody struct {
		Content map[string]struct{ Schema *schema }
	}
}

// A guesser makes up requests: of the right kind for the most part, else of any.
type guesser struct {
	*rand.Rand
	schemas map[string]*schema
}

var oddities = []string{"", "f00d", "s00", "edu", "*", "column-*", "%00", "\x00", "\xff\xfe", "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "2026-13-45", "9223372036854775808",
	"-1", "0", "1e309", "null", strings.Repeat("长", 3000), "\u202e", "=cmd()", "W/\"1\"", `"1"`, "eyJhIjoxfQ", "1_2_3"}

func (g *guesser) word() string { return oddities[g.IntN(len(oddities))] }

func (g *guesser) value(s *schema, depth int) any {
	if s == nil || depth > 4 || g.IntN(12) == 0 {
		return []any{g.word(), nil, -1, 1.5, true, []any{}, map[string]any{"x": nil}, int64(1) << 60}[g.IntN(8)]
	}
	if s.Ref != "" {
		return g.value(g.schemas[s.Ref[strings.LastIndex(s.Ref, "/")+1:]], depth+1)
	}
	if len(s.Enum) > 0 && g.IntN(4) > 0 {
		return s.Enum[g.IntN(len(s.Enum))]
	}
	switch fmt.Sprint(s.Type) {
	case "[array null]", "array":
		out := []any{}
		for range g.IntN(4) {
			out = append(out, g.value(s.Items, depth+1))
		}
		return out
	case "object":
		out := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if g.IntN(3) > 0 {
				out[name] = g.value(s.Properties[name], depth+1)
			}
		}
		return out
	case "boolean":
		return g.IntN(2) == 0
	case "integer", "number":
		return []int64{0, 1, 2, 50, 500, 501, -1, 1 << 62}[g.IntN(8)]
	}
	if s.Format == "date" || s.Format == "date-time" {
		return []string{"2026-12-31", "2026-12-31T00:00:00+08:00", "0001-01-01", "9999-12-31", g.word()}[g.IntN(5)]
	}
	return g.word()
}

// text is a value as it stands in an address or a header.
func (g *guesser) text(s *schema) string {
	v := g.value(s, 0)
	if many, ok := v.([]any); ok {
		var out []string
		for _, x := range many {
			out = append(out, fmt.Sprint(x))
		}
		return strings.Join(out, ",")
	}
	return fmt.Sprint(v)
}

// request makes up a request of an operation.
func (g *guesser) request(t *testing.T, base, method, path string, o *operation) *http.Request {
	t.Helper()
	query, header := url.Values{}, http.Header{}
	for _, p := range o.Parameters {
		v := g.text(p.Schema)
		switch {
		case p.In == "path":
			if v = strings.Trim(v, "./"); v == "" {
				v = "x"
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(v))
		case g.IntN(2) == 0:
		case p.In == "query":
			query.Set(p.Name, v)
		case p.In == "header" && !strings.ContainsAny(v, "\x00\r\n"):
			header.Set(p.Name, v)
		}
	}
	var body string
	for _, c := range o.RequestBody.Content {
		b, err := json.Marshal(g.value(c.Schema, 0))
		if err != nil {
			t.Fatal(err)
		}
		if body = string(b); g.IntN(10) == 0 {
			body = body[:g.IntN(len(body)+1)]
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), strings.ToUpper(method), base+path+"?"+query.Encode(), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json")
	return req
}

// fuzzAPI makes up requests from the API's document, and asks as one client
// after another: whatever is asked, the API has an answer that the document knows,
// and none is that it broke.
func fuzzAPI(t *testing.T, document []byte, clients func() []*client) {
	var doc struct {
		Paths      map[string]map[string]*operation
		Components struct{ Schemas map[string]*schema }
	}
	if err := json.Unmarshal(document, &doc); err != nil {
		t.Fatal(err)
	}
	g := &guesser{rand.New(rand.NewPCG(1, 2)), doc.Components.Schemas}
	got := map[int]int{}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		by := clients()
		for method, o := range doc.Paths[path] {
			for i := range 24 {
				c := by[i%len(by)]
				req := g.request(t, c.base, method, path, o)
				if c.key != "" {
					req.Header.Set("Authorization", "Bearer "+c.key)
				}
				res, err := http.DefaultClient.Do(req)
				status, text := answered(t, res, err)
				got[status]++
				if status >= 500 {
					t.Errorf("%s %s: %d %s", req.Method, req.URL, status, text)
				}
				c.keeps(t, req, res, text)
			}
		}
	}
	fmt.Printf("api: %v by status\n", got)
	if got[http.StatusOK] == 0 || got[http.StatusUnprocessableEntity] == 0 || got[http.StatusUnauthorized] == 0 {
		t.Error("the requests are all of one kind")
	}
}
