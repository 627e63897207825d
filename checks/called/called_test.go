package called_test

import (
	"slices"
	"testing"

	"github.com/xunjian/xunjian/checks/called"
	"github.com/xunjian/xunjian/inspect"
)

func TestNames(t *testing.T) {
	t.Parallel()
	body := `<a href="/1">政务　公开</a><a href="/2.pdf" title="标 题"></a><img src="/3" alt="图"><a href="/4"><img src="/5" alt="ＡＢ"></a>`
	p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/", Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: []byte(body)}
	if got, want := called.Names(p), []string{"政务公开", "标题", "AB", "", ""}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
