package media

// Weibo open API, statuses/user_timeline of API v2, with the error codes of its
// page "Error code". Since 2014 it tells only of the account that granted the
// token, and only its newest posts. Written from the documents; no live server
// was asked.

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

type weiboAnswer struct {
	Code     json.Number `json:"error_code"` // the documents print it as a string, too
	Error    string      `json:"error"`
	Statuses []struct {
		ID      string `json:"idstr"`
		Created string `json:"created_at"` // Tue May 31 17:46:55 +0800 2011
		Text    string `json:"text"`
		Deleted string `json:"deleted"`
		User    *struct {
			ID       string `json:"idstr"`
			Name     string `json:"screen_name"`
			Verified bool   `json:"verified"`
			Reason   string `json:"verified_reason"`
		} `json:"user"`
	} `json:"statuses"`
	Total int `json:"total_number"`
}

// weiboCauses are the documented codes that say something of their own.
var weiboCauses = map[int]inspect.Cause{
	10006: inspect.OwnFault, 21301: inspect.OwnFault, 21314: inspect.OwnFault, 21315: inspect.OwnFault, 21316: inspect.OwnFault, 21317: inspect.OwnFault,
	21319: inspect.OwnFault, 21327: inspect.OwnFault, 21332: inspect.OwnFault, 21335: inspect.OwnFault, // keys and tokens
	10004: inspect.OwnFault,                                                            // our address is refused
	10022: inspect.RateLimited, 10023: inspect.RateLimited, 10024: inspect.RateLimited, // quotas
	10014: inspect.Blocked, 20112: inspect.Blocked, // no right
	10001: inspect.BadAnswer, 10002: inspect.BadAnswer, 10009: inspect.RateLimited, 10010: inspect.Timeout, // of the platform
}

func weibo(ctx context.Context, s *Source, site *inspect.Site, src *inspect.MediaSource) []*inspect.Collection {
	base := endpoint(src, "https://api.weibo.com/2") + "/statuses/user_timeline.json"
	c := s.begin(src, base)
	key, ok := s.opt.Secret(src.Key)
	if !ok || key.Token == "" {
		return []*inspect.Collection{fail(c, inspect.OwnFault, fmt.Sprintf("没有找到密钥“%s”的 token", src.Key))}
	}
	q := url.Values{"access_token": {key.Token}, "count": {"100"}}
	if site.Account.Handle != "" {
		q.Set("uid", site.Account.Handle)
	}
	a := s.ask(ctx, s.opt.Client.API, http.MethodGet, base+"?"+q.Encode(), nil, key.Token)
	a.into(c)
	var w weiboAnswer
	bad := json.Unmarshal(a.body, &w)
	code, _ := strconv.Atoi(w.Code.String()) // none is 0
	switch {
	case bad == nil && code == 20003:
		c.Verdict, c.Cause, c.Detail = inspect.Suspected, inspect.Status4xx, "接口返回 20003：用户不存在"
		return []*inspect.Collection{c}
	case bad == nil && code != 0:
		cause := weiboCauses[code]
		if cause == "" {
			cause = inspect.BadAnswer
		}
		return []*inspect.Collection{fail(c, cause, fmt.Sprintf("接口返回 %d", code))}
	case !c.Read():
		return []*inspect.Collection{c}
	case bad != nil || w.Statuses == nil:
		return []*inspect.Collection{fail(c, inspect.BadAnswer, "接口应答不是所公布的格式")}
	}
	for _, x := range w.Statuses {
		at, err := time.Parse(time.RubyDate, x.Created)
		if err != nil || x.Deleted == "1" {
			continue
		}
		p := inspect.Post{ID: x.ID, Text: plain(x.Text), Published: at.UTC()}
		if u := x.User; u != nil {
			p.URL = "https://weibo.com/" + u.ID + "/" + x.ID
			verified := u.Verified
			c.Identity = &inspect.Identity{Name: u.Name, Verified: &verified, Body: weiboBody(u.Verified, u.Reason)}
		}
		c.Posts = append(c.Posts, p)
	}
	span(c)
	if w.Total > 0 && len(w.Statuses) >= w.Total && c.Complete {
		c.From = time.Time{} // that is all there ever was
	}
	if !c.Complete {
		c.Partial = "接口没有给出任何微博"
	}
	return []*inspect.Collection{c}
}

// weiboBody is whom the reason of a verification names: 示例区人民政府官方微博.
func weiboBody(verified bool, reason string) string {
	if !verified {
		return ""
	}
	for _, tail := range []string{"官方微博", "官方账号", "官方帐号"} {
		if s, ok := strings.CutSuffix(strings.TrimSpace(reason), tail); ok {
			return s
		}
	}
	return "" // said in other words: nothing to hold against the unit
}
