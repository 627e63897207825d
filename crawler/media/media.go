// Package media is how the posts of a new-media account are got: one file a
// platform, one line in the table below. What a source gives is a Collection,
// also when it gives nothing: then with the cause. A platform's refusal, a key
// that expired or a server that fails is our own trouble or the platform's,
// never the account's; only a clear "there is no such account" accuses.
//
// Credentials come by name from the caller and go into requests alone: no
// address, detail or message of a Collection holds one.
package media

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// collectors is the table of sources, in display order.
var collectors = []struct {
	Kind    inspect.SourceKind
	Collect func(context.Context, *Source, *inspect.Site, *inspect.MediaSource) []*inspect.Collection
}{
	{inspect.FromFeed, feed},
	{inspect.FromWeChat, wechat},
	{inspect.FromWeibo, weibo},
	{inspect.FromITunes, itunes},
	{inspect.FromPage, page},
	{inspect.FromList, list},
}

// A Secret is what an API asks for.
type Secret struct{ AppID, Secret, Token string }

// Options are what a Source needs.
type Options struct {
	Client   *crawler.Client
	Now      time.Time                                                    // the inspection's: live sources speak until then
	Clock    func() time.Time                                             // nil: time.Now
	Secret   func(key string) (Secret, bool)                              // credentials by name; nil: there are none
	Deposits func(context.Context, string) ([]*inspect.Collection, error) // what was handed in of an account; nil: nothing
}

// A Source yields what the sources of an account give. It may be used for many
// accounts one after another, and keeps the tokens of platforms meanwhile.
type Source struct {
	opt    Options
	mu     sync.Mutex
	tokens map[string]token // by appid
}

// New makes a Source.
func New(o Options) *Source {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Secret == nil {
		o.Secret = func(string) (Secret, bool) { return Secret{}, false }
	}
	return &Source{opt: o, tokens: map[string]token{}}
}

var _ inspect.Source = (*Source)(nil)

// Events implements inspect.Source: sources in order of trust, then what was
// handed in. A source that fails does not keep the others from being asked.
func (s *Source) Events(ctx context.Context, site *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		for i := range site.Account.Sources {
			for _, c := range s.collect(ctx, site, &site.Account.Sources[i]) {
				if ctx.Err() != nil || !yield(inspect.Event{Feed: c}, nil) {
					return
				}
			}
		}
		if s.opt.Deposits == nil {
			return
		}
		all, err := s.opt.Deposits(ctx, site.ID)
		if err != nil {
			yield(inspect.Event{}, err)
			return
		}
		for _, c := range all {
			if !yield(inspect.Event{Feed: c}, nil) {
				return
			}
		}
	}
}

func (s *Source) collect(ctx context.Context, site *inspect.Site, src *inspect.MediaSource) (out []*inspect.Collection) {
	defer func() { // answers are foreign, and parsers are not ours
		if v := recover(); v != nil {
			out = []*inspect.Collection{s.failed(src, src.URL, inspect.OwnFault, fmt.Sprintf("解析出错：%v", v))}
		}
	}()
	for _, c := range collectors {
		if c.Kind == src.Kind {
			return c.Collect(ctx, s, site, src)
		}
	}
	return []*inspect.Collection{s.failed(src, src.URL, inspect.OwnFault, "没有这种来源："+string(src.Kind))}
}

// begin is a collection of a source that answered.
func (s *Source) begin(src *inspect.MediaSource, address string) *inspect.Collection {
	return &inspect.Collection{Source: src.Name, Kind: src.Kind, URL: address, At: s.opt.Clock().UTC(), Verdict: inspect.Fine, To: s.opt.Now}
}

// failed is a collection of a source that could not be read.
func (s *Source) failed(src *inspect.MediaSource, address string, cause inspect.Cause, detail string) *inspect.Collection {
	c := s.begin(src, address)
	c.Verdict, c.Cause, c.Detail = inspect.CouldNotTell, cause, detail
	return c
}

// An answer is what a server sent.
type answer struct {
	status  int
	final   *url.URL // that it came from
	body    []byte
	typ     string
	verdict inspect.Verdict
	cause   inspect.Cause
	detail  string
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 10 << 20

// ask asks once. Values that must not appear in any detail are given as hide.
func (s *Source) ask(ctx context.Context, client *http.Client, method, address string, body []byte, hide ...string) answer {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return answer{verdict: inspect.CouldNotTell, cause: inspect.OwnFault, detail: "地址不正确"}
	}
	req.Header.Set("User-Agent", s.opt.Client.Agent())
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := client.Do(req)
	var a answer
	a.verdict, a.cause, a.detail = crawler.Explain(res, err)
	var ue *url.Error
	if errors.As(err, &ue) { // whose own text holds the address with its query
		a.detail = ue.Err.Error()
	}
	if err == nil {
		defer res.Body.Close()
		a.status, a.typ, a.final = res.StatusCode, res.Header.Get("Content-Type"), res.Request.URL
		a.body, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
		switch {
		case len(a.body) > maxAnswer:
			a.verdict, a.cause = inspect.CouldNotTell, inspect.TooLarge
		case err != nil:
			a.verdict, a.cause, a.detail = inspect.CouldNotTell, inspect.CutShort, ""
		}
	}
	for _, h := range hide {
		if h != "" {
			a.detail = strings.ReplaceAll(strings.ReplaceAll(a.detail, h, "***"), url.QueryEscape(h), "***")
		}
	}
	if len(a.detail) > 200 {
		a.detail = strings.ToValidUTF8(a.detail[:200], "")
	}
	return a
}

// ok reports whether there is a body to read.
func (a *answer) ok() bool { return a.verdict == inspect.Fine }

// into notes in a collection what an answer proves. What is not fine accuses
// nobody: a caller that knows better says so.
func (a *answer) into(c *inspect.Collection) {
	c.Status = a.status
	if len(a.body) > 0 {
		sum := sha256.Sum256(a.body)
		c.Digest = "sha256:" + hex.EncodeToString(sum[:])
	}
	if !a.ok() {
		c.Verdict, c.Cause, c.Detail = inspect.CouldNotTell, a.cause, a.detail
	}
}

// span sorts posts and says from when on they are complete, for a list that a
// server cuts: since its oldest post. A pinned post stands first though it is
// older than the next; it is not the end of the list.
func span(c *inspect.Collection) {
	posts := c.Posts
	if len(posts) == 0 || slices.ContainsFunc(posts, func(p inspect.Post) bool { return p.Published.IsZero() }) {
		return // where the undated ones belong nobody knows
	}
	first := 0
	for first+1 < len(posts) && posts[first].Published.Before(posts[first+1].Published) {
		first++
	}
	c.From = posts[len(posts)-1].Published
	for _, p := range posts[first:] {
		if p.Published.Before(c.From) {
			c.From = p.Published
		}
	}
	c.Complete = true
	slices.SortStableFunc(c.Posts, func(a, b inspect.Post) int { return b.Published.Compare(a.Published) })
}

// endpoint is an API's address: the register's, else the published one.
func endpoint(src *inspect.MediaSource, published string) string {
	return strings.TrimSuffix(cmp.Or(src.URL, published), "/")
}
