package media_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/inspect"
)

var now = time.Date(2024, 6, 15, 9, 0, 0, 0, inspect.Zone)

const (
	secretValue = "s3cr3t-of-the-unit"
	tokenValue  = "t0ken-of-the-unit"
)

// collect asks the sources of an account on a local server.
func collect(t *testing.T, h http.Handler, m *inspect.MediaAccount) []*inspect.Collection {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	for i := range m.Sources {
		m.Sources[i].URL = srv.URL + m.Sources[i].URL
		if m.Sources[i].Name == "" {
			m.Sources[i].Name = string(m.Sources[i].Kind)
		}
	}
	site := &inspect.Site{ID: "a-1", Kind: inspect.Account, Name: "青岚发布", Account: m, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	cl := crawler.NewClient(crawler.Options{Rate: -1}, site)
	t.Cleanup(cl.Close)
	src := media.New(media.Options{Client: cl, Now: now, Secret: func(key string) (media.Secret, bool) {
		return media.Secret{AppID: "wx0", Secret: secretValue, Token: tokenValue}, key == "office"
	}})
	var out []*inspect.Collection
	for e, err := range src.Events(t.Context(), site) {
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(e.Feed)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{secretValue, tokenValue, "fresh-token", "first-token"} {
			if strings.Contains(string(b), s) {
				t.Errorf("a credential stands in %s", b)
			}
		}
		out = append(out, e.Feed)
	}
	return out
}

func account(p inspect.Platform, src ...inspect.MediaSource) *inspect.MediaAccount {
	return &inspect.MediaAccount{Platform: p, Handle: "1", Sources: src}
}

// say is a collection in a line.
func say(c *inspect.Collection) string {
	s := fmt.Sprintf("%s %s %s posts=%d complete=%v", c.Kind, c.Verdict, c.Cause, len(c.Posts), c.Complete)
	if len(c.Posts) > 0 {
		s += " newest=" + c.Posts[0].Published.In(inspect.Zone).Format("2006-01-02T15:04")
	}
	return s
}

func body(s string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) })
}

const rss = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>青岚</title>
<item><title>防汛工作部署</title><link>http://x.example/2</link><guid>2</guid><pubDate>Mon, 10 Jun 2024 09:00:00 +0800</pubDate><description>&lt;p&gt;一&lt;/p&gt;&lt;p&gt;二&lt;/p&gt;</description></item>
<item><title>常务会议</title><link>http://x.example/1</link><guid>1</guid><pubDate>Wed, 01 May 2024 09:00:00 +0800</pubDate></item></channel></rss>`

func TestSimpleSources(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		platform inspect.Platform
		source   inspect.MediaSource
		answer   http.Handler
		want     string
	}{
		{"rss of the unit", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed}, body(rss), "feed fine  posts=2 complete=true newest=2024-06-10T09:00"},
		{"rss of a relay", inspect.WeChat, inspect.MediaSource{Kind: inspect.FromFeed}, body(rss), "feed fine  posts=2 complete=false newest=2024-06-10T09:00"},
		{"atom", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed},
			body(`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>1</id><title>一</title><updated>2024-06-09T01:00:00Z</updated></entry></feed>`),
			"feed fine  posts=1 complete=true newest=2024-06-09T09:00"},
		{"json feed", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed},
			body(`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","title":"一","content_text":"正文","date_published":"2024-06-08T08:00:00+08:00"}]}`),
			"feed fine  posts=1 complete=true newest=2024-06-08T08:00"},
		{"empty feed", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed}, body(`<rss version="2.0"><channel><title>x</title></channel></rss>`), "feed fine  posts=0 complete=false"},
		{"a wall in place of a feed", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed}, body(`<html>请完成验证</html>`), "feed unknown bad-answer posts=0 complete=false"},
		{"a feed that is gone", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed}, http.NotFoundHandler(), "feed unknown 4xx posts=0 complete=false"},
		{"store has it", inspect.App, inspect.MediaSource{Kind: inspect.FromITunes}, body(`{"resultCount":1,"results":[{"trackName":"青岚通"}]}`), "itunes fine  posts=0 complete=false"},
		{"store lacks it", inspect.App, inspect.MediaSource{Kind: inspect.FromITunes}, body("\n\n\n{\n \"resultCount\":0,\n \"results\": []\n}\n"), "itunes fault 4xx posts=0 complete=false"},
		{"store is unwell", inspect.App, inspect.MediaSource{Kind: inspect.FromITunes}, body(`{}`), "itunes unknown bad-answer posts=0 complete=false"},
		{"store refuses", inspect.App, inspect.MediaSource{Kind: inspect.FromITunes}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }), "itunes unknown blocked posts=0 complete=false"},
		{"page opens", inspect.App, inspect.MediaSource{Kind: inspect.FromPage}, body(`<html><h1>青岚发布</h1></html>`), "page fine  posts=0 complete=false"},
		{"page is gone", inspect.App, inspect.MediaSource{Kind: inspect.FromPage}, http.NotFoundHandler(), "page fault 4xx posts=0 complete=false"},
		{"page says gone", inspect.App, inspect.MediaSource{Kind: inspect.FromPage}, body(`<html><p>该应用已下架</p></html>`), "page review  posts=0 complete=false"},
		{"page of scripts", inspect.Weibo, inspect.MediaSource{Kind: inspect.FromPage}, body(`<html><script>x()</script></html>`), "page unknown blocked posts=0 complete=false"},
		{"list", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromList}, body(`<html><ul class="list"><li><a href="/3.html">关于做好防汛抗旱工作的通知</a><span>2024-06-07</span></li><li><a href="/2.html">全县重点项目推进会召开</a><span>2024-05-20</span></li><li><a href="/1.html">县政府召开常务会议</a><span>2024-05-10</span></li></ul></html>`),
			"list fine  posts=3 complete=true newest=2024-06-07T00:00"},
		{"no list", inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromList}, body(`<html><p>维护中</p></html>`), "list unknown bad-answer posts=0 complete=false"},
		{"no key", inspect.Weibo, inspect.MediaSource{Kind: inspect.FromWeibo, Key: "nobody"}, body(``), "weibo unknown own-fault posts=0 complete=false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all := collect(t, tt.answer, account(tt.platform, tt.source))
			if len(all) != 1 || say(all[0]) != tt.want {
				t.Errorf("got %s\nwant %s (%s)", say(all[0]), tt.want, all[0].Detail)
			}
		})
	}
}

func TestFeedText(t *testing.T) {
	t.Parallel()
	c := collect(t, body(rss), account(inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed}))[0]
	if c.Posts[0].Text != "一\n二" || c.Posts[0].URL != "http://x.example/2" || c.Digest == "" {
		t.Errorf("%+v", c)
	}
}

func TestWeibo(t *testing.T) {
	t.Parallel()
	post := func(at string) string {
		return fmt.Sprintf(`{"idstr":"7","created_at":%q,"text":"今日 #青岚#","user":{"idstr":"1","screen_name":"青岚发布","verified":true,"verified_reason":"青岚区人民政府官方微博"}}`, at)
	}
	tests := []struct{ name, answer, want string }{
		{"posts", `{"statuses":[` + post("Mon Jun 10 09:00:00 +0800 2024") + `,` + post("Wed May 01 09:00:00 +0800 2024") + `],"total_number":900}`, "weibo fine  posts=2 complete=true newest=2024-06-10T09:00"},
		{"a pinned one is no end of the list", `{"statuses":[` + post("Mon Jan 10 09:00:00 +0800 2022") + `,` + post("Mon Jun 10 09:00:00 +0800 2024") + `,` + post("Wed May 01 09:00:00 +0800 2024") + `],"total_number":900}`, "weibo fine  posts=3 complete=true newest=2024-06-10T09:00"},
		{"token expired", `{"error":"expired_token","error_code":21327,"request":"/2/statuses/user_timeline.json"}`, "weibo unknown own-fault posts=0 complete=false"},
		{"quota", `{"error":"User requests out of rate limit!","error_code":10023,"request":"/2/statuses/user_timeline.json"}`, "weibo unknown rate-limited posts=0 complete=false"},
		{"no such user", `{"error":"User does not exists!","error_code":20003,"request":"/2/statuses/user_timeline.json"}`, "weibo review 4xx posts=0 complete=false"},
		{"nonsense", `<html>`, "weibo unknown bad-answer posts=0 complete=false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/2/statuses/user_timeline.json" || r.FormValue("access_token") != tokenValue || r.FormValue("uid") != "1" {
					t.Errorf("asked %s", r.URL)
				}
				if strings.Contains(tt.answer, "error_code") {
					w.WriteHeader(http.StatusForbidden) // documented: codes come with 400 or 403
				}
				io.WriteString(w, tt.answer)
			})
			c := collect(t, h, account(inspect.Weibo, inspect.MediaSource{Kind: inspect.FromWeibo, Key: "office", URL: "/2"}))[0]
			if say(c) != tt.want {
				t.Errorf("got %s\nwant %s", say(c), tt.want)
			}
			if c.Read() && (c.Identity.Name != "青岚发布" || c.Identity.Body != "青岚区人民政府" || !*c.Identity.Verified) {
				t.Errorf("identity %+v", c.Identity)
			}
			if len(c.Posts) > 0 && c.From.In(inspect.Zone).Format(time.DateOnly) != "2024-05-01" {
				t.Errorf("complete from %v", c.From)
			}
		})
	}
}

// A wechatServer answers as the documents say.
type wechatServer struct {
	t               *testing.T
	tokens          int    // given so far
	refuse          int    // how many calls meet worn
	worn            int    // code for a token that does not hold
	code            int    // of every call, 0: data
	tokenCode       int    // of the token
	published, sent string // answers by interface
	yesterday       string // what is said of the day before, in place of an empty list
	days            int    // that were asked for
}

func (s *wechatServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	if r.URL.Path == "/cgi-bin/stable_token" {
		var in struct {
			Grant  string `json:"grant_type"`
			ID     string `json:"appid"`
			Secret string `json:"secret"`
			Force  bool   `json:"force_refresh"`
		}
		if json.Unmarshal(b, &in) != nil || in.Grant != "client_credential" || in.ID != "wx0" || in.Secret != secretValue {
			s.t.Errorf("asked for a token with %s", b)
		}
		if in.Force != (s.tokens > 0) {
			s.t.Errorf("token %d with force %v", s.tokens, in.Force)
		}
		if s.tokenCode != 0 {
			fmt.Fprintf(w, `{"errcode":%d,"errmsg":"x %s"}`, s.tokenCode, secretValue)
			return
		}
		s.tokens++
		fmt.Fprintf(w, `{"access_token":%q,"expires_in":7200}`, map[bool]string{true: "fresh-token", false: "first-token"}[in.Force])
		return
	}
	switch {
	case s.refuse > 0:
		s.refuse--
		fmt.Fprintf(w, `{"errcode":%d,"errmsg":"invalid credential %s"}`, s.worn, r.FormValue("access_token"))
	case s.code != 0:
		fmt.Fprintf(w, `{"errcode":%d,"errmsg":"x"}`, s.code)
	case r.URL.Path == "/cgi-bin/freepublish/batchget":
		io.WriteString(w, s.published)
	case r.URL.Path == "/datacube/getarticletotaldetail":
		s.days++
		var in struct {
			From string `json:"begin_date"`
			To   string `json:"end_date"`
		}
		if json.Unmarshal(b, &in) != nil || in.From != in.To || in.To >= "2024-06-15" {
			s.t.Errorf("asked for the days %s", b)
		}
		if in.From == "2024-06-14" && s.yesterday != "" {
			io.WriteString(w, s.yesterday)
			return
		}
		if in.From == "2024-06-05" {
			io.WriteString(w, s.sent)
			return
		}
		io.WriteString(w, `{"list":[]}`)
	default:
		s.t.Errorf("asked %s", r.URL.Path)
	}
}

const (
	publishedList = `{"total_count":1,"item_count":1,"item":[{"article_id":"A1","content":{"news_item":[{"title":"防汛工作部署","content":"<p>会议作出部署。</p>","url":"http://mp.example/s/1","need_open_comment":1,"is_deleted":false},{"title":"删","is_deleted":true}]},"update_time":1717981200}]}`
	sentList      = `{"list":[{"ref_date":"2024-06-05","msgid":"202457380_1","publish_type":0,"title":"常务会议","content_url":"http://mp.example/s/2","detail_list":[{"stat_date":"2024-06-05","read_user":4123}]}],"is_delay":false}`
	nothingSent   = `{"list":[],"is_delay":false}`
)

func TestWeChat(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		server wechatServer
		want   [2]string
		tokens int
	}{
		{"both lists", wechatServer{}, [2]string{"wechat fine  posts=1 complete=true newest=2024-06-10T09:00", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 1},
		{"a token that expired is renewed once", wechatServer{refuse: 1, worn: 42001}, [2]string{"wechat fine  posts=1 complete=true newest=2024-06-10T09:00", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 2},
		{"so is one that another system replaced", wechatServer{refuse: 1, worn: 40001}, [2]string{"wechat fine  posts=1 complete=true newest=2024-06-10T09:00", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 2},
		{"the secret is wrong", wechatServer{tokenCode: 40125}, [2]string{"wechat unknown own-fault posts=0 complete=false", "wechat unknown own-fault posts=0 complete=false"}, 0},
		{"not on the white list", wechatServer{tokenCode: 40164}, [2]string{"wechat unknown own-fault posts=0 complete=false", "wechat unknown own-fault posts=0 complete=false"}, 0},
		{"quota", wechatServer{code: 45009}, [2]string{"wechat unknown rate-limited posts=0 complete=false", "wechat unknown rate-limited posts=0 complete=false"}, 1},
		{"no right", wechatServer{code: 48001}, [2]string{"wechat unknown blocked posts=0 complete=false", "wechat unknown blocked posts=0 complete=false"}, 1},
		{"frozen", wechatServer{code: 50002}, [2]string{"wechat review blocked posts=0 complete=false", "wechat review blocked posts=0 complete=false"}, 1},
		{"a code that nobody documented", wechatServer{code: 99999}, [2]string{"wechat unknown bad-answer posts=0 complete=false", "wechat unknown bad-answer posts=0 complete=false"}, 1},
		{"nonsense", wechatServer{published: `<html>`}, [2]string{"wechat unknown bad-answer posts=0 complete=false", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 1},
		{"yesterday is not there before eight", wechatServer{yesterday: `{"errcode":61503,"errmsg":"data not ready, please try later"}`},
			[2]string{"wechat fine  posts=1 complete=true newest=2024-06-10T09:00", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 1},
		{"yesterday may not be whole", wechatServer{yesterday: `{"list":[],"is_delay":true}`},
			[2]string{"wechat fine  posts=1 complete=true newest=2024-06-10T09:00", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 1},
		{"an interface that ended says nothing at all", wechatServer{sent: nothingSent},
			[2]string{"wechat fine  posts=1 complete=true newest=2024-06-10T09:00", "wechat fine  posts=0 complete=false"}, 1},
		{"a list that is shorter than it says", wechatServer{published: `{"total_count":30,"item_count":0,"item":[]}`}, [2]string{"wechat fine  posts=0 complete=false", "wechat fine  posts=1 complete=true newest=2024-06-05T00:00"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tt.server
			s.t = t
			if s.published == "" {
				s.published = publishedList
			}
			if s.sent == "" {
				s.sent = sentList
			}
			all := collect(t, &s, account(inspect.WeChat, inspect.MediaSource{Kind: inspect.FromWeChat, Key: "office"}))
			if len(all) != 2 {
				t.Fatalf("%d collections", len(all))
			}
			for i, c := range all {
				if say(c) != tt.want[i] {
					t.Errorf("got %s\nwant %s (%s)", say(c), tt.want[i], c.Detail)
				}
			}
			if s.tokens != tt.tokens {
				t.Errorf("%d tokens asked for, want %d", s.tokens, tt.tokens)
			}
			if s.yesterday != "" && inspect.DaysBetween(all[1].To, now) != 2 {
				t.Errorf("covered until %v", all[1].To)
			}
			if s.sent == nothingSent && s.days != 60 {
				t.Errorf("%d days were asked for a sign of life", s.days)
			}
			if tt.name == "both lists" {
				p, m := all[0], all[1]
				if p.Posts[0].Text != "会议作出部署。" || !*p.Interaction.Comments || !p.From.IsZero() || inspect.DaysBetween(m.To, now) != 1 || inspect.DaysBetween(m.From, now) != 17 {
					t.Errorf("%+v\n%+v", p, m)
				}
			}
		})
	}
}

// Every documented code that says something of our side or of the platform
// leaves the account alone.
func TestCodesAccuseNobody(t *testing.T) {
	t.Parallel()
	for cause, codes := range map[inspect.Cause][]int{
		inspect.OwnFault:    {40001, 40013, 40014, 40125, 40164, 40243, 41002, 41004, 42001, 50004, 50007},
		inspect.RateLimited: {45009, 45011},
		inspect.Blocked:     {48001, 48004},
		inspect.BadAnswer:   {-1, 61500, 61501},
	} {
		for _, code := range codes {
			for i, c := range collect(t, &wechatServer{t: t, code: code, tokenCode: map[bool]int{true: code}[code == 40125 || code == 40243 || code == 40164]},
				account(inspect.WeChat, inspect.MediaSource{Kind: inspect.FromWeChat, Key: "office"})) {
				if c.Verdict != inspect.CouldNotTell || c.Cause != cause || c.Complete || len(c.Posts) > 0 {
					t.Errorf("WeChat %d, list %d: %s (%s), want %s", code, i, say(c), c.Detail, cause)
				}
			}
		}
	}
	for cause, codes := range map[inspect.Cause][]int{
		inspect.OwnFault:    {10004, 10006, 21301, 21314, 21315, 21316, 21317, 21319, 21327, 21332, 21335},
		inspect.RateLimited: {10009, 10022, 10023, 10024},
		inspect.Blocked:     {10014, 20112},
		inspect.Timeout:     {10010},
		inspect.BadAnswer:   {10001, 10002, 10003, 10011, 10016, 10017, 20001},
	} {
		for _, code := range codes {
			for _, form := range []string{`{"error_code":%d}`, `{"error_code":"%d"}`} { // the documents print both
				h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(http.StatusBadRequest)
					fmt.Fprintf(w, form, code)
				})
				c := collect(t, h, account(inspect.Weibo, inspect.MediaSource{Kind: inspect.FromWeibo, Key: "office"}))[0]
				if c.Verdict != inspect.CouldNotTell || c.Cause != cause || c.Complete || len(c.Posts) > 0 {
					t.Errorf("Weibo %d: %s (%s), want %s", code, say(c), c.Detail, cause)
				}
			}
		}
	}
}

// A list that is sent elsewhere is not the account's list any more.
func TestListMoved(t *testing.T) {
	t.Parallel()
	const posts = `<html><ul class="list"><li><a href="/3.html">关于做好防汛抗旱工作的通知</a><span>2024-06-07</span></li><li><a href="/2.html">全县重点项目推进会召开</a><span>2024-05-20</span></li><li><a href="/1.html">县政府召开常务会议</a><span>2024-05-10</span></li></ul></html>`
	for to, want := range map[string]string{"/": "list unknown bad-answer posts=0 complete=false", "/login?to=/list": "list unknown bad-answer posts=0 complete=false",
		"/list/": "list fine  posts=3 complete=true newest=2024-06-07T00:00", "/list/index.html": "list fine  posts=3 complete=true newest=2024-06-07T00:00"} {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/list" {
				http.Redirect(w, r, to, http.StatusFound)
				return
			}
			io.WriteString(w, posts)
		})
		if c := collect(t, h, account(inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromList, URL: "/list"}))[0]; say(c) != want {
			t.Errorf("sent to %s: %s (%s), want %s", to, say(c), c.Detail, want)
		}
	}
}

// A time without a zone is the rules' zone's: an evening stays on its day.
func TestFeedZones(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{"2024-06-10 21:00:00": "2024-06-10T21:00", "Mon, 10 Jun 2024 21:00:00 CST": "2024-06-10T21:00", "2024-06-10": "2024-06-10T00:00",
		"Mon, 10 Jun 2024 13:00:00 GMT": "2024-06-10T21:00", "2024-06-10T13:00:00Z": "2024-06-10T21:00", "Mon, 10 Jun 2024 21:00:00 +0800": "2024-06-10T21:00"} {
		c := collect(t, body(`<rss version="2.0"><channel><title>x</title><item><title>一</title><pubDate>`+written+`</pubDate></item></channel></rss>`),
			account(inspect.OtherPlatform, inspect.MediaSource{Kind: inspect.FromFeed}))[0]
		if len(c.Posts) != 1 || c.Posts[0].Published.In(inspect.Zone).Format("2006-01-02T15:04") != want {
			t.Errorf("%s is read as %s, want %s", written, say(c), want)
		}
	}
}

// A server that is not there is our trouble, and the address with its key is
// in no message.
func TestDeadServer(t *testing.T) {
	t.Parallel()
	site := &inspect.Site{ID: "a", Account: account(inspect.Weibo, inspect.MediaSource{Name: "w", Kind: inspect.FromWeibo, Key: "office", URL: "http://127.0.0.1:1/2"}),
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	src := media.New(media.Options{Client: crawler.NewClient(crawler.Options{Rate: -1}, site), Now: now,
		Secret: func(string) (media.Secret, bool) { return media.Secret{Token: tokenValue}, true }})
	for e := range src.Events(context.Background(), site) {
		c := e.Feed
		if c.Verdict != inspect.CouldNotTell || c.Cause != inspect.Refused || strings.Contains(fmt.Sprintf("%+v", *c), tokenValue) {
			t.Errorf("%+v", *c)
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	got, err := media.Rows([][]string{{"账号代号", "标题", "发布时间", "链接", "发布方式"}, {"dy-1", "一", "2024-06-01 09:30", "", ""}, {"", "", "", "", ""},
		{"wx-1", "二", "45444.5", "http://x.example/2", "群发"}, {"dy-1", "三", "2024年6月3日", "", ""}}, "")
	if err != nil {
		t.Fatal(err)
	}
	if d := got["dy-1"]; len(d) != 2 || d[0].Title != "三" || d[1].Published.In(inspect.Zone).Format("2006-01-02 15:04") != "2024-06-01 09:30" {
		t.Errorf("%+v", d)
	}
	if w := got["wx-1"]; len(w) != 1 || w[0].Kind != inspect.MassSent || w[0].Published.In(inspect.Zone).Format("2006-01-02 15:04") != "2024-06-01 12:00" {
		t.Errorf("%+v", w)
	}
	_, err = media.Rows([][]string{{"账号代号", "标题", "发布时间", "链接"}, {"a", "一", "昨天", ""}, {"a", "二", "2024-06-01", "javascript:x"}, {"", "三", "2024-06-01", ""}}, "")
	if err == nil || strings.Count(err.Error(), "第") != 3 {
		t.Errorf("mistakes: %v", err)
	}
	if _, err := media.Rows([][]string{{"标题"}}, ""); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("mistakes: %v", err)
	}
	j, err := media.JSON([]byte(`[{"published":"2024-06-01","title":"一"}]`), "a")
	if err != nil || len(j["a"]) != 1 {
		t.Errorf("%v %v", j, err)
	}
	if _, err := media.JSON([]byte(`{}`), "a"); err == nil {
		t.Error("an object is taken for a list")
	}
}
