package portal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// platforms is the host that plays the platforms on which the district has accounts.
const platforms = "media.qinglan.example"

// MediaSecrets are the made-up credentials of the demonstration.
const MediaSecrets = "demo: {appid: wx-demo, secret: demo, token: demo}\n"

// An account is a line of the district's register, with what is planted in it.
type account struct {
	yaml   string
	faults []Fault
	twins  []Twin
}

func fault(outcome, check, locus, note string) Fault {
	return Fault{Check: check, Outcome: outcome, Page: "/", Locus: locus, Note: note}
}

// accounts puts up what the platforms answer, and the truth of each account.
func (p *Portal) accounts() {
	ago := func(days int) time.Time { return p.now.AddDate(0, 0, -days) }
	p.say("/wx/cgi-bin/stable_token", map[string]any{"access_token": "demo", "expires_in": 7200})
	p.say("/wx/cgi-bin/freepublish/batchget", map[string]any{"total_count": 1, "item_count": 1, "item": []any{map[string]any{"article_id": "A1", "update_time": ago(9).Unix(),
		"content": map[string]any{"news_item": []any{map[string]any{"title": "青岚区推广秸杆还田", "content": "<p>各镇街推广秸杆还田，改良土壤。</p>", "url": "http://" + platforms + "/s/1", "need_open_comment": 1}}}}}})
	p.say("/wx/datacube/getarticletotal", map[string]any{"list": []any{}})
	p.say("/weibo/statuses/user_timeline.json", map[string]any{"total_number": 1, "statuses": []any{map[string]any{"idstr": "1", "created_at": ago(20).Format(time.RubyDate),
		"text": "青岚湖环湖步道今日开放。", "user": map[string]any{"idstr": "9", "screen_name": "青岚微博", "verified": true, "verified_reason": "青岚区人民政府办公室官方微博"}}}})
	p.say("/lookup", map[string]any{"resultCount": 0, "results": []any{}})
	p.rss("/relay.xml", ago(30))
	p.rss("/own.xml", ago(14))
	for _, a := range register {
		id, _, _ := strings.Cut(strings.TrimPrefix(a.yaml, "{id: "), ",")
		for _, f := range a.faults {
			f.Site = id
			p.truth.Faults = append(p.truth.Faults, f)
		}
		for _, t := range a.twins {
			t.Site, t.Page = id, "/"
			p.truth.Twins = append(p.truth.Twins, t)
		}
	}
}

// register are the district's accounts as its office keeps them.
var register = []account{
	{`{id: acc-wechat, name: 青岚发布, platform: wechat, unit: qlqzfb, sources: [{kind: wechat, key: demo, url: "http://` + platforms + `/wx"}]}`,
		[]Fault{{Check: "account-content", Outcome: "review", Page: "/s/1", Locus: "typo", Note: "“秸杆”为“秸秆”之误"},
			fault("fail", "account-register", "duplicate", "与青岚政务同一单位、同一平台")},
		[]Twin{{Check: "account-stale", Note: "只发布、没有群发，仍是更新"}, {Check: "account-interaction", Note: "评论已开放"}}},
	{`{id: acc-wechat-2, name: 青岚政务, platform: wechat, unit: qlqzfb, sources: [{kind: wechat, key: nobody, url: "http://` + platforms + `/wx"}]}`,
		[]Fault{fault("fail", "account-register", "duplicate", "与青岚发布同一单位、同一平台"),
			fault("unknown", "account-stale", "", "密钥没有登记，不能断定未更新"), fault("unknown", "account-collector", "", "密钥没有登记"),
			fault("unknown", "account-content", "", "没有读取到发布"), fault("unknown", "account-interaction", "", "没有来源说明")},
		nil},
	{`{id: acc-weibo, name: 青岚微博, platform: weibo, handle: "9", unit: qlqzfb, interaction: {comments: true, checked: CHECKED}, sources: [{kind: weibo, key: demo, url: "http://` + platforms + `/weibo"}]}`,
		[]Fault{fault("fail", "account-stale", "", "二十天没有更新")},
		[]Twin{{Check: "account-register", Note: "名称与认证主体相符"}}},
	{`{id: acc-toutiao, name: 青岚头条, platform: toutiao, unit: qlqzfb, interaction: {comments: true, checked: CHECKED}, sources: [{kind: feed, url: "http://` + platforms + `/relay.xml"}]}`,
		[]Fault{fault("unknown", "account-stale", "", "第三方转制的订阅源停在三十天前，不能断定账号未更新")},
		[]Twin{{Check: "account-collector", Note: "来源有应答"}}},
	{`{id: acc-app, name: 青岚通, platform: app, handle: "1", unit: qlqzfb, sources: [{kind: itunes, url: "http://` + platforms + `/lookup?id=1"}]}`,
		[]Fault{{Check: "account-unusable", Outcome: "fail", Page: "/lookup?id=1", Locus: "itunes", Note: "应用商店中找不到"},
			fault("unknown", "account-stale", "", "应用商店不显示其内容"), fault("unknown", "account-content", "", "应用商店不显示其内容"), fault("unknown", "account-interaction", "", "没有登记")},
		nil},
	{`{id: acc-douyin, name: 青岚抖音, platform: douyin, unit: qlqzfb, interaction: {comments: false, messages: false, menu: false, checked: CHECKED}}`,
		[]Fault{fault("review", "account-interaction", "", "三项互动功能均登记为不可用"), fault("unknown", "account-stale", "", "没有来源"),
			fault("unknown", "account-collector", "", "没有来源"), fault("unknown", "account-content", "", "没有来源")},
		nil},
	{`{id: acc-old, name: 青岚旧博, platform: weibo, unit: qlqzfb, state: closed, since: 2020-01-01, sources: [{kind: itunes, name: 旧址, url: "http://` + platforms + `/lookup?id=1"}]}`,
		nil, []Twin{{Check: "account-stale", Note: "已注销的账号不判更新"}, {Check: "account-unusable", Note: "已注销的账号可以打不开"}}},
	{`{id: acc-net, name: 青岚网事, platform: other, unit: qlqzfb, interaction: {messages: true, checked: CHECKED}, sources: [{kind: feed, url: "http://` + platforms + `/own.xml"}]}`,
		nil, []Twin{{Check: "account-stale", Note: "恰好第十四天，仍在期限内"}, {Check: "account-content", Note: "“部署”用得对"}}},
}

// say puts up a JSON answer of the platforms.
func (p *Portal) say(path string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic("portal: " + path + ": " + err.Error()) // our own data
	}
	p.put(platforms+path, &answer{status: http.StatusOK, typ: "application/json", body: b})
}

func (p *Portal) rss(path string, newest time.Time) {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>青岚</title>`)
	for i := range 3 {
		fmt.Fprintf(&b, `<item><title>青岚见闻（%d）</title><link>http://%s%s/%d</link><pubDate>%s</pubDate><description>会议作出部署，各镇街抓好落实。</description></item>`,
			3-i, platforms, path, 3-i, newest.AddDate(0, 0, -5*i).Format(time.RFC1123Z))
	}
	b.WriteString("</channel></rss>")
	p.put(platforms+path, &answer{status: http.StatusOK, typ: "application/rss+xml", body: b.Bytes()})
}
