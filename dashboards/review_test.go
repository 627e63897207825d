package dashboards_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/dashboards"
)

func TestReviewHandler(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(dashboards.ReviewHandler(func(_ context.Context, name string, data []byte) (string, any, int, error) {
		if name == "draft.pdf" {
			return "", nil, 0, fmt.Errorf("%w：文件已加密", dashboards.ErrDraft)
		}
		return string(data), []string{name}, 1, nil
	}))
	defer srv.Close()
	for _, tc := range []struct {
		kind, query, body string
		status            int
		want              string
	}{
		{"text/plain; charset=utf-8", "", "正文", 200, `"hits":["draft.txt"],"text":"正文"`},
		{"text/html", "?name=a.html", "<p>正文", 200, `["a.html"]`},
		{"application/json", "", `{"name":"b.txt","text":"正文"}`, 200, `"hits":["b.txt"],"text":"正文"`},
		{"application/json", "", `{"body":1}`, 400, "JSON 应为"},
		{"application/pdf", "", "%PDF", 422, "文件已加密"},
		{"text/plain", "", "", 400, "没有稿件"},
		{"text/plain", "", strings.Repeat("x", 21<<20), 413, "超过 20 MB"},
	} {
		res, err := http.Post(srv.URL+"/api/v1/review"+tc.query, tc.kind, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != tc.status || !strings.Contains(string(b), tc.want) || !json.Valid(b) {
			t.Errorf("%s %.30q: %d %s", tc.kind, tc.body, res.StatusCode, b)
		}
	}
	if res, err := http.Get(srv.URL + "/api/v1/review"); err != nil || res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %v %v", res, err)
	}
}
