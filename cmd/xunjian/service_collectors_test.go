package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
)

// When all sources of a platform are dead for two days, that is an incident of
// ours; it ends when one answers.
func TestCollectorsAreDead(t *testing.T) {
	t.Parallel()
	var ended atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ended.Load() {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, `<rss version="2.0"><channel><title>x</title><item><title>一</title><pubDate>Mon, 10 Jun 2024 09:00:00 +0800</pubDate></item></channel></rss>`)
	}))
	defer srv.Close()
	s, ahead := serving(t, strings.ReplaceAll(`
control: ["SRV/"]
crawl: {rate: -1, allow_networks: [127.0.0.0/8]}
accounts:
  - {id: a, name: 甲, platform: douyin, sources: [{kind: feed, url: "SRV/a"}]}
  - {id: b, name: 乙, platform: douyin, sources: [{kind: feed, url: "SRV/b"}]}
  - {id: c, name: 丙, platform: douyin, sources: [{kind: feed, url: "SRV/c"}]}
  - {id: d, name: 丁, platform: toutiao, sources: [{kind: feed, url: "SRV/d"}]}
`, "SRV", srv.URL))
	s.work(t)
	look := func() string {
		t.Helper()
		for _, id := range []string{"a", "b", "c", "d"} {
			must(t, s.do(t, schedule.Accounts, id, ""), "completed")
		}
		if err := s.collectors(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := s.st.Incidents(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 || !list[0].Ended.IsZero() {
			return ""
		}
		return list[0].Kind + " " + list[0].Detail
	}
	if got := look(); got != "" {
		t.Errorf("while all are well: %s", got)
	}
	ended.Store(true)
	ahead.Store(int64(24 * time.Hour))
	if got := look(); got != "" {
		t.Errorf("after a day: %s", got)
	}
	ahead.Store(int64(49 * time.Hour))
	if got := look(); !strings.HasPrefix(got, "collector 抖音：3 个账号的来源自") {
		t.Errorf("after two days: %q", got)
	}
	ended.Store(false)
	if got := look(); got != "" {
		t.Errorf("when they are back: %s", got)
	}
}
