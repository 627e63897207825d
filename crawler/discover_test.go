package crawler_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

// TestDiscoverByTrail: what navigation and labels do not tell, the path that a
// page prints does; what is no list is no column.
func TestDiscoverByTrail(t *testing.T) {
	t.Parallel()
	list := func(trail string) string {
		return `<title>示例县教育局</title><div>当前位置：<a href="/">首页</a> &gt; ` + trail + `</div><ul class="l">
<li><a href="1.html">关于做好防汛抗旱工作的通知</a><span>2024-06-01</span></li>
<li><a href="2.html">全县重点项目推进会召开</a><span>2024-05-20</span></li>
<li><a href="3.html">县政府召开常务会议</a><span>2024-05-10</span></li></ul>`
	}
	pages := map[string]string{
		"/":          `<a href="/zdt/">更多</a><a href="/zt/ky/">抗疫</a><a href="/s.html">搜索</a><a href="/js/1.html">科室</a><a href="/kb/">空白</a>`,
		"/zdt/":      list("机构概况 &gt; 工作动态"),
		"/zt/ky/":    list("专题专栏 &gt; 抗疫 &gt; 抗疫动态"),
		"/kb/":       `<div>当前位置：<a href="/">首页</a> &gt; 政策解读</div>`,
		"/s.html":    `<title>示例县-搜索</title><meta name="ColumnName" content="首页"><p>请输入</p>`,
		"/js/1.html": `<meta name="ColumnName" content="政策法规"><h1>职务管理办法</h1><p>发布时间：2024-03-16</p><img src="1.jpg">`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, body)
	}))
	t.Cleanup(srv.Close)
	site := &inspect.Site{ID: "x", Home: srv.URL + "/", Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	found, err := crawler.Discover(t.Context(), crawler.Options{Rate: -1}, site, 50, time.Date(2024, 6, 15, 9, 0, 0, 0, inspect.Zone))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		got = append(got, strings.TrimPrefix(f.Column.URL, srv.URL)+" "+f.Column.Name+" "+string(f.Column.Genre))
	}
	want := []string{"/kb/ 空白 other", "/zdt/ 工作动态 news", "/zt/ky/ 抗疫 topic"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("columns (-want +got):\n%s", d)
	}
}
