package crawler

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

// bodyLimit reads bodies: it asks for gzip itself, so that the bytes as they
// came can be kept, cuts what passes the limit and says so, and hides the
// media type from colly, which would decode by it and destroy evidence.
type bodyLimit struct {
	next  http.RoundTripper
	limit int64
	whole time.Duration
}

// smallBody is up to how many bytes of an unwanted body are read so that the
// connection can be used again.
const smallBody = 64 << 10

func (b *bodyLimit) RoundTrip(req *http.Request) (*http.Response, error) {
	ex := exchangeOf(req)
	ctx, cancel := context.WithTimeoutCause(req.Context(), b.whole, errBodyTime)
	req = req.WithContext(ctx)
	if ex != nil && req.Method == http.MethodGet && !ex.look { // a beginning of gzip is no beginning of a page
		req.Header.Set("Accept-Encoding", "gzip")
	}
	res, err := b.next.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, err
	}
	if ex == nil {
		res.Body = &closer{Reader: io.LimitReader(res.Body, b.limit), body: res.Body, cancel: cancel}
		return res, nil
	}
	ex.header = res.Header // restored by fetch, once colly has not seen the three fields below
	ex.contentType = res.Header.Get("Content-Type")
	ex.status = res.StatusCode
	ex.cut, ex.short, ex.raw, ex.wire = false, false, nil, nil
	gzipped := strings.EqualFold(strings.TrimSpace(res.Header.Get("Content-Encoding")), "gzip")
	ex.hidden = ex.hidden[:0]
	for _, k := range hiddenFields {
		ex.hidden = append(ex.hidden, res.Header[k])
		delete(res.Header, k)
	}
	res.Uncompressed = true // colly must not unpack either
	if b.unwanted(ex, res) {
		res.Body = &closer{Reader: strings.NewReader(""), body: res.Body, cancel: cancel, drain: res.ContentLength >= 0 && res.ContentLength <= smallBody}
		return res, nil
	}
	raw, err := b.read(ex, res.Body, gzipped)
	res.Body.Close()
	cancel()
	if err != nil {
		return nil, err
	}
	// colly would copy the body once more as it grows: a seventh of all that a
	// crawl allocates. It is handed on beside colly instead.
	ex.raw = raw
	res.Body = http.NoBody
	return res, nil
}

// hiddenFields are kept from colly, which would decode or unpack by them.
var hiddenFields = [...]string{"Content-Type", "Content-Encoding", "Content-Length"}

// restore gives the head of the answer its fields back.
func (ex *exchange) restore() {
	for i, v := range ex.hidden {
		if v != nil {
			ex.header[hiddenFields[i]] = v
		}
	}
	ex.hidden = nil
}

// unwanted reports whether the body need not be read.
func (b *bodyLimit) unwanted(ex *exchange, res *http.Response) bool {
	if ex.head || ex.peek || res.StatusCode/100 == 3 {
		return true
	}
	return ex.pageOnly && res.StatusCode/100 == 2 && !isText(ex.contentType)
}

// errBodyTime ends a body that takes too long.
var errBodyTime = errors.New("body took too long")

// read takes the whole body, at most limit bytes on the wire and unpacked.
func (b *bodyLimit) read(ex *exchange, body io.Reader, gzipped bool) ([]byte, error) {
	limit := b.limit
	if ex.limit > 0 {
		limit = ex.limit
	}
	wire, err := readUpTo(body, limit)
	ex.received += int64(len(wire))
	switch {
	case errors.Is(err, errTooLarge):
		ex.cut = true
	case err != nil:
		ex.short = true
		if len(wire) == 0 {
			return nil, err
		}
	}
	if !gzipped || len(wire) == 0 {
		return wire, nil
	}
	raw, err := gunzip(wire, limit)
	switch {
	case errors.Is(err, errTooLarge):
		ex.cut = true
	case err != nil:
		ex.short = true
		if len(raw) == 0 {
			return nil, errBadGzip
		}
	}
	if !ex.cut && !ex.short {
		ex.wire = wire
	}
	return raw, nil
}

var (
	errTooLarge = errors.New("body too large")
	errBadGzip  = errors.New("body is not the gzip it says")
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readUpTo reads at most limit bytes; errTooLarge says that there was more.
func readUpTo(r io.Reader, limit int64) ([]byte, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	_, err := buf.ReadFrom(io.LimitReader(r, limit+1))
	out := bytes.Clone(buf.Bytes())
	if buf.Cap() > 1<<20 { // one huge page must not stay
		*buf = bytes.Buffer{}
	}
	if err == nil && int64(len(out)) > limit {
		return out[:limit], errTooLarge
	}
	return out, err
}

var gunzippers = sync.Pool{New: func() any { return new(gzip.Reader) }}

func gunzip(wire []byte, limit int64) ([]byte, error) {
	z := gunzippers.Get().(*gzip.Reader)
	defer gunzippers.Put(z)
	if err := z.Reset(bytes.NewReader(wire)); err != nil {
		return nil, err
	}
	return readUpTo(z, limit)
}

// A closer ends a body that nobody reads: small ones are drained, so that the
// connection stays; large ones cost less to drop with their connection.
type closer struct {
	io.Reader
	body   io.ReadCloser
	cancel context.CancelFunc
	drain  bool
}

func (c *closer) Close() error {
	if c.drain {
		io.Copy(io.Discard, io.LimitReader(c.body, smallBody))
	}
	err := c.body.Close()
	c.cancel()
	return err
}
