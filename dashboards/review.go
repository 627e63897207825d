package dashboards

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// maxDraft is how large a draft may be.
const maxDraft = 20 << 20

// ErrDraft says that a draft cannot be read; its text is for whoever sent it.
var ErrDraft = errors.New("稿件无法读取")

// A Reviewer looks a draft over before it is published. name says what it is
// where its bytes do not; text is what the hits' positions count in.
type Reviewer func(ctx context.Context, name string, data []byte) (text string, hits any, n int, err error)

// A ReviewAnswer is the answer of POST /api/v1/review.
type ReviewAnswer struct {
	Schema string `json:"schema"` // xunjian.review/1
	Count  int    `json:"count"`
	Hits   any    `json:"hits"`
	Text   string `json:"text"`    // what the positions count in
	TookMS int64  `json:"took_ms"` // of the review itself
}

// ReviewHandler serves POST /api/v1/review, for publishing systems to call
// before a draft goes out. The body is the draft itself (text/plain, text/html,
// .docx and other attachments by their own media type or ?name=), or JSON with
// name and text. Nothing of it is kept or logged.
func ReviewHandler(review Reviewer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/review", func(w http.ResponseWriter, r *http.Request) {
		name, data, err := draft(w, r)
		if err != nil {
			answer(w, problemOf(err), problem{err.Error()})
			return
		}
		begin := time.Now()
		text, hits, n, err := review(r.Context(), name, data)
		if err != nil {
			answer(w, problemOf(err), problem{err.Error()})
			return
		}
		answer(w, http.StatusOK, ReviewAnswer{"xunjian.review/1", n, hits, text, time.Since(begin).Milliseconds()})
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}

// A problem is the answer to a request that cannot be served.
type problem struct {
	Error string `json:"error"`
}

func problemOf(err error) int {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrDraft):
		return http.StatusUnprocessableEntity
	}
	return http.StatusBadRequest
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.Encode(v)
}

// extensions by which media types that a draft may have are known.
var extensions = map[string]string{
	"text/plain": "txt", "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "application/msword": "doc",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx", "application/vnd.ms-excel": "xls",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}

// draft takes the draft out of a request.
func draft(w http.ResponseWriter, r *http.Request) (name string, data []byte, err error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	data, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxDraft))
	if err != nil {
		return "", nil, fmt.Errorf("稿件超过 %d MB 或没有传完：%w", maxDraft>>20, err)
	}
	if len(data) == 0 {
		return "", nil, errors.New("没有稿件：把正文或文件放在请求体中，例如 Content-Type: text/plain")
	}
	if kind == "application/json" {
		var in struct{ Name, Text string }
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			return "", nil, fmt.Errorf("JSON 应为 {\"name\": \"稿件.txt\", \"text\": \"正文\"}：%w", err)
		}
		if in.Name == "" {
			in.Name = "draft.txt"
		}
		return in.Name, []byte(in.Text), nil
	}
	if name = r.URL.Query().Get("name"); name == "" {
		name = "draft." + extensions[kind]
	}
	return name, data, nil
}
