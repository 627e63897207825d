package media

// Stores of apps and public pages of accounts. itunes follows Apple's document
// "iTunes Search API: Lookup Examples"; no live server was asked.

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// itunes asks Apple whether its store offers an app in China.
func itunes(ctx context.Context, s *Source, site *inspect.Site, src *inspect.MediaSource) []*inspect.Collection {
	address := cmp.Or(src.URL, "https://itunes.apple.com/lookup?country=cn&id="+url.QueryEscape(site.Account.Handle))
	c := s.begin(src, address)
	a := s.ask(ctx, s.opt.Client.API, http.MethodGet, address, nil)
	a.into(c)
	if !c.Read() {
		return []*inspect.Collection{c}
	}
	var w struct {
		Count   *int `json:"resultCount"`
		Results []struct {
			Name   string `json:"trackName"`
			Seller string `json:"sellerName"`
		} `json:"results"`
	}
	switch err := json.Unmarshal(a.body, &w); {
	case err != nil || w.Count == nil:
		return []*inspect.Collection{fail(c, inspect.BadAnswer, "接口应答不是所公布的格式")}
	case *w.Count == 0:
		c.Verdict, c.Cause, c.Detail = inspect.Fault, inspect.Status4xx, "商店查询结果为空"
		return []*inspect.Collection{c}
	case len(w.Results) > 0: // the seller's name is often Latin: it is nothing to hold against a unit
		c.Identity = &inspect.Identity{Name: w.Results[0].Name}
	}
	return []*inspect.Collection{c}
}

// gone are words of a page that says that there is nothing.
var gone = []string{"应用已下架", "应用不存在", "该应用已下架", "账号已注销", "帐号已注销", "该账号已被封禁", "该帐号已被封禁", "用户不存在", "该公众号已注销", "此帐号已被"}

// page asks whether the public page of an account, or of an app in a store, opens.
func page(ctx context.Context, s *Source, site *inspect.Site, src *inspect.MediaSource) []*inspect.Collection {
	c := s.begin(src, src.URL)
	a := s.ask(ctx, s.opt.Client.Pages, http.MethodGet, src.URL, nil)
	a.into(c)
	if a.status == http.StatusNotFound || a.status == http.StatusGone {
		c.Verdict, c.Cause, c.Detail = inspect.Fault, inspect.Status4xx, fmt.Sprintf("返回 %d", a.status)
	}
	if !c.Read() {
		return []*inspect.Collection{c}
	}
	text := zh.Compact(plain(string(a.utf8())))
	for _, w := range gone {
		if strings.Contains(text, w) {
			c.Verdict, c.Detail = inspect.Suspected, "页面提示“"+w+"”"
			return []*inspect.Collection{c}
		}
	}
	if name := zh.Compact(site.Name); name != "" && !strings.Contains(text, name) {
		return []*inspect.Collection{fail(c, inspect.Blocked, "页面上没有账号名称，可能须登录或由脚本生成")}
	}
	return []*inspect.Collection{c}
}
