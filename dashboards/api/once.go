package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/xunjian/xunjian/dashboards/words"
	"github.com/xunjian/xunjian/inspect"
)

// Answers remember what was answered to a key, for a day, so that a program that
// heard no answer asks again and nothing is done twice.
type Answers interface {
	ClaimAnswer(ctx context.Context, person, key, request string, now time.Time) (*inspect.Answer, error)
	KeepAnswer(ctx context.Context, person, key string, a *inspect.Answer) error
}

const (
	keyHeader = "Idempotency-Key"
	maxKey    = 100
	maxAsked  = 1 << 20
)

// keyed is how a POST names its key, for the document.
var keyed = &huma.Param{Name: keyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString}, Description: "重试时用同一个值：24 小时内同样的请求只执行一次，应答相同"}

// unkept are what is never kept: a token's key, a draft.
var unkept = []string{Prefix + "/tokens", Prefix + "/review"}

// once does what is asked with the same key only once.
func (a *api) once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get(keyHeader)
		if key == "" || r.Method != http.MethodPost || a.Answers == nil || strings.HasPrefix(r.URL.Path, unkept[0]) || strings.HasPrefix(r.URL.Path, unkept[1]) {
			next.ServeHTTP(w, r)
			return
		}
		lang := words.Asked(r)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAsked))
		switch {
		case len(key) > maxKey || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }):
			refuse(w, http.StatusUnprocessableEntity, "key", words.In(lang, "Idempotency-Key 应为不超过 100 个可见的 ASCII 字符"))
			return
		case err != nil:
			refuse(w, http.StatusRequestEntityTooLarge, "large", words.In(lang, "请求过大"))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		person, request := who(r.Context()).ID, requestDigest(r, body)
		known, err := a.Answers.ClaimAnswer(r.Context(), person, key, request, a.Desk.Now())
		switch {
		case err != nil:
			a.Log.ErrorContext(r.Context(), "api: no key can be taken", "error", err)
			refuse(w, http.StatusServiceUnavailable, "unavailable", words.In(lang, "暂时无法处理，请稍后再试"))
		case known == nil:
			a.keep(next, w, r, person, key)
		case known.Request != request:
			refuse(w, http.StatusUnprocessableEntity, "key-used", words.In(lang, "这个 Idempotency-Key 已用于另一个请求"))
		case known.Status == 0:
			refuse(w, http.StatusConflict, "key-busy", words.In(lang, "同一请求正在处理"))
		default:
			w.Header().Set("Idempotent-Replayed", "true")
			replay(w, known)
		}
	})
}

// requestDigest is the same for the same request.
func requestDigest(r *http.Request, body []byte) string {
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.RequestURI(), r.Header.Get("If-Match"), string(body)} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// keep answers, and keeps the answer. What was our own trouble, or a matter of
// pace, is not kept: the next time it may go well.
func (a *api) keep(next http.Handler, w http.ResponseWriter, r *http.Request, person, key string) {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	next.ServeHTTP(rec, r)
	answer := &inspect.Answer{Status: rec.status, Header: map[string]string{}, Body: rec.body.String()}
	for name := range rec.header {
		answer.Header[name] = rec.header.Get(name)
	}
	kept := answer
	if rec.status >= 500 || rec.status == http.StatusTooManyRequests {
		kept = nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 10*time.Second)
	defer cancel()
	if err := a.Answers.KeepAnswer(ctx, person, key, kept); err != nil {
		a.Log.ErrorContext(ctx, "api: answer not kept", "error", err)
	}
	replay(w, answer)
}

func replay(w http.ResponseWriter, a *inspect.Answer) {
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body) // #nosec G705 -- an answer of the API itself: JSON, with its type, never sniffed
}

// A recorder takes an answer down.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
