package media

// WeChat Official Accounts API, by the documents of developers.weixin.qq.com:
// "获取稳定版接口调用凭据" (stable_token, which gives all who ask the same token;
// only when that does not hold, a new one is forced), "获取成功发布列表" (freepublish/batchget),
// "获取发表内容发表详细数据" (datacube/getarticletotaldetail, the only documented
// list of what was mass-sent; it ends the day before, and knows that after 8:00),
// and "全局返回码". Its predecessor getarticletotal is no longer kept up. No live
// server was asked.

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A token is an access_token while it lasts.
type token struct {
	value string
	until time.Time
}

const (
	publishedPages = 5  // of 20 articles each
	massSentDays   = 17 // two weeks, the day before them, and two to spare
	// proofDays is how far back a list that is empty is asked for a sign of life
	// (ours): an interface that ended answers with empty lists too.
	proofDays = 60
	notReady  = 61503 // the statistics of a day are not there yet
)

// wechatCauses are the documented codes that say something of their own.
var wechatCauses = map[int]inspect.Cause{
	-1:    inspect.BadAnswer, // the platform is busy
	40001: inspect.OwnFault, 40013: inspect.OwnFault, 40014: inspect.OwnFault, 40125: inspect.OwnFault, 41002: inspect.OwnFault, 41004: inspect.OwnFault,
	42001: inspect.OwnFault, 50004: inspect.OwnFault, 50007: inspect.OwnFault, // keys and tokens
	40164: inspect.OwnFault, 40243: inspect.OwnFault, // our address is not on the white list; the secret is frozen
	45009: inspect.RateLimited, 45011: inspect.RateLimited, // quotas of a day and of a minute
	48001: inspect.Blocked, 48004: inspect.Blocked, // the account has no such right, or lost it
	notReady: inspect.BadAnswer,
}

// worn says that a token no longer holds, so that a new one may help.
func worn(code int) bool { return code == 40001 || code == 40014 || code == 42001 }

// An apiError is an answer that holds a code in place of data.
type apiError struct {
	code int
	a    answer
}

func wechat(ctx context.Context, s *Source, site *inspect.Site, src *inspect.MediaSource) []*inspect.Collection {
	base := endpoint(src, "https://api.weixin.qq.com")
	key, ok := s.opt.Secret(src.Key)
	if !ok || key.AppID == "" || key.Secret == "" {
		return []*inspect.Collection{s.failed(src, base, inspect.OwnFault, fmt.Sprintf("没有找到密钥“%s”的 appid 和 secret", src.Key))}
	}
	w := &wechatAPI{s, base, key}
	published, masssent := s.begin(src, base+"/cgi-bin/freepublish/batchget"), s.begin(src, base+"/datacube/getarticletotaldetail")
	published.Sees, masssent.Sees = []inspect.PostKind{inspect.Published}, []inspect.PostKind{inspect.MassSent}
	w.published(ctx, published)
	w.massSent(ctx, masssent)
	return []*inspect.Collection{published, masssent}
}

type wechatAPI struct {
	*Source
	base string
	key  Secret
}

// token is the cached token, or a new one. With force the platform makes a new
// one though the old one would have lasted.
func (w *wechatAPI) token(ctx context.Context, force bool) (string, *apiError) {
	w.mu.Lock()
	t, ok := w.tokens[w.key.AppID]
	w.mu.Unlock()
	if ok && !force && w.opt.Clock().Before(t.until) {
		return t.value, nil
	}
	body, err := json.Marshal(map[string]any{"grant_type": "client_credential", "appid": w.key.AppID, "secret": w.key.Secret, "force_refresh": force})
	if err != nil {
		return "", &apiError{code: -2}
	}
	a := w.ask(ctx, w.opt.Client.API, http.MethodPost, w.base+"/cgi-bin/stable_token", body, w.key.Secret)
	var v struct {
		Token   string `json:"access_token"`
		Expires int    `json:"expires_in"`
	}
	if e := w.read(a, &v); e != nil {
		return "", e
	}
	if v.Token == "" {
		return "", &apiError{a: answer{status: a.status, cause: inspect.BadAnswer, detail: "接口应答不是所公布的格式"}}
	}
	// A minute early: what is sent must still hold when it arrives.
	t = token{v.Token, w.opt.Clock().Add(time.Duration(v.Expires)*time.Second - time.Minute)}
	w.mu.Lock()
	w.tokens[w.key.AppID] = t
	w.mu.Unlock()
	return t.value, nil
}

// read takes an answer apart: a code, or data.
func (w *wechatAPI) read(a answer, v any) *apiError {
	if !a.ok() {
		return &apiError{a: a}
	}
	var code struct {
		Code int `json:"errcode"`
	}
	if json.Unmarshal(a.body, &code) != nil || json.Unmarshal(a.body, v) != nil {
		a.cause, a.detail = inspect.BadAnswer, "接口应答不是所公布的格式"
		return &apiError{a: a}
	}
	if code.Code != 0 {
		return &apiError{code: code.Code, a: a}
	}
	return nil
}

// call calls an interface; a token that no longer holds is renewed once.
func (w *wechatAPI) call(ctx context.Context, path string, in, out any) (answer, *apiError) {
	body, err := json.Marshal(in)
	if err != nil {
		return answer{}, &apiError{code: -2}
	}
	for try := 0; ; try++ {
		t, e := w.token(ctx, try > 0)
		if e != nil {
			return answer{}, e
		}
		a := w.ask(ctx, w.opt.Client.API, http.MethodPost, w.base+path+"?access_token="+url.QueryEscape(t), body, t, w.key.Secret)
		e = w.read(a, out)
		if e == nil || !worn(e.code) || try > 0 {
			return a, e
		}
	}
}

// refuse notes in a collection why there is nothing.
func (e *apiError) refuse(c *inspect.Collection) {
	e.a.into(c)
	c.Posts, c.Complete = nil, false
	switch {
	case e.code == 50002: // 用户受限，可能是账号被冻结或注销
		c.Verdict, c.Cause, c.Detail = inspect.Suspected, inspect.Blocked, "接口返回 50002：账号受限，可能已被冻结或注销"
	case e.code != 0:
		cause := wechatCauses[e.code]
		if cause == "" {
			cause = inspect.BadAnswer
		}
		fail(c, cause, fmt.Sprintf("接口返回 %d", e.code))
	default:
		fail(c, e.a.cause, e.a.detail)
	}
}

type publishedAnswer struct {
	Total int `json:"total_count"`
	Count int `json:"item_count"`
	Items []struct {
		ID      string `json:"article_id"`
		Updated int64  `json:"update_time"`
		Content struct {
			News []struct {
				Title    string `json:"title"`
				Digest   string `json:"digest"`
				Content  string `json:"content"`
				URL      string `json:"url"`
				Comments *int   `json:"need_open_comment"`
				Deleted  bool   `json:"is_deleted"`
			} `json:"news_item"`
		} `json:"content"`
	} `json:"item"`
}

// published reads the articles on the account's page, newest first. Their time
// is that of the last change: an article is never taken for older than it is.
func (w *wechatAPI) published(ctx context.Context, c *inspect.Collection) {
	read := 0
	for page := range publishedPages {
		var v publishedAnswer
		a, e := w.call(ctx, "/cgi-bin/freepublish/batchget", map[string]int{"offset": page * 20, "count": 20, "no_content": 0}, &v)
		if e != nil {
			e.refuse(c)
			return
		}
		a.into(c)
		for _, it := range v.Items {
			at := time.Unix(it.Updated, 0).UTC()
			for i, n := range it.Content.News {
				if n.Deleted {
					continue
				}
				p := inspect.Post{ID: fmt.Sprintf("%s_%d", it.ID, i+1), Title: n.Title, Kind: inspect.Published, Published: at, Text: plain(n.Content)}
				if u, ok := inspect.Normal(n.URL); ok {
					p.URL = u
				}
				if p.Text == "" {
					p.Text = n.Digest
				}
				c.Posts = append(c.Posts, p)
				if n.Comments != nil && (c.Interaction == nil || *n.Comments == 1) {
					open := *n.Comments == 1
					c.Interaction = &inspect.Interaction{Comments: &open, Checked: w.opt.Now}
				}
			}
			c.From = at
		}
		read += len(v.Items)
		c.Complete = true
		if read >= v.Total || len(v.Items) == 0 {
			if read < v.Total { // the list ended before it should
				c.Complete, c.Partial = false, "接口给出的列表不完整"
			}
			c.From = time.Time{}
			return
		}
	}
}

type sentAnswer struct {
	List *[]struct {
		Day   string `json:"ref_date"`
		ID    string `json:"msgid"`
		Type  int    `json:"publish_type"` // 0 pushed to the followers, 1 not
		Title string `json:"title"`
		URL   string `json:"content_url"`
	} `json:"list"`
	Delay bool `json:"is_delay"` // more may come
}

// massSent reads the statistics of what was pushed, a day a request, newest
// first. Days whose statistics are not there yet are not covered.
func (w *wechatAPI) massSent(ctx context.Context, c *inspect.Collection) {
	today := inspect.Day(w.opt.Now)
	seen := map[string]bool{}
	c.To = today.Add(-time.Second)
	for back := 1; back <= massSentDays || len(c.Posts) == 0 && back <= proofDays; back++ {
		day := today.AddDate(0, 0, -back)
		var v sentAnswer
		a, e := w.sentOn(ctx, day, &v)
		switch early := back <= 2; {
		case early && e != nil && e.code == notReady:
			c.To = day.Add(-time.Second)
			continue
		case e != nil:
			e.refuse(c)
			return
		case early && v.Delay:
			c.To = day.Add(-time.Second)
		}
		a.into(c)
		w.take(c, &v, seen)
		c.From = day
	}
	if c.Complete = len(c.Posts) > 0; !c.Complete {
		c.Partial = fmt.Sprintf("接口%d天内没有给出任何群发内容，不能断定它仍在提供数据", proofDays)
	}
}

// sentOn asks for the posts of a day.
func (w *wechatAPI) sentOn(ctx context.Context, day time.Time, v *sentAnswer) (answer, *apiError) {
	date := day.Format(time.DateOnly)
	a, e := w.call(ctx, "/datacube/getarticletotaldetail", map[string]string{"begin_date": date, "end_date": date}, v)
	if e == nil && v.List == nil {
		a.cause, a.detail = inspect.BadAnswer, "接口应答不是所公布的格式"
		e = &apiError{a: a}
	}
	return a, e
}

// take adds the posts of an answer.
func (w *wechatAPI) take(c *inspect.Collection, v *sentAnswer, seen map[string]bool) {
	for _, x := range *v.List {
		at, err := time.ParseInLocation(time.DateOnly, x.Day, inspect.Zone)
		if err != nil || seen[x.ID] {
			continue
		}
		seen[x.ID] = true
		p := inspect.Post{ID: x.ID, Title: x.Title, Kind: inspect.MassSent, Published: at}
		if x.Type == 1 {
			p.Kind = inspect.Published
		}
		if u, ok := inspect.Normal(strings.TrimSpace(x.URL)); ok {
			p.URL = u
		}
		c.Posts = append(c.Posts, p)
	}
}
