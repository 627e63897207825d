package elder_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/checks/elder"
	"github.com/xunjian/xunjian/checks/elderentry"
	"github.com/xunjian/xunjian/checks/rulepage"
)

// A rulebook that does not run the check has the options of its rule page all the same.
func TestDefaultIsTheRulePage(t *testing.T) {
	page, err := rulepage.Parse(elderentry.Check.Rule)
	if err != nil {
		t.Fatal(err)
	}
	var want elder.Options
	if err := page.Decoder(nil)(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, elder.Default()); diff != "" {
		t.Error(diff)
	}
}

func TestName(t *testing.T) {
	for _, c := range []struct {
		name, shown string
		rank        int
	}{
		{"长者版", "长者版", 3}, {"适老化版本", "适老化版本", 3}, {"进入长者模式 >>", "进入长者模式", 3}, {"关怀版", "关怀版", 3},
		{"【无障碍浏览】", "无障碍浏览", 2}, {"网站无障碍开关", "网站无障碍开关", 2}, {"无障碍辅助工具条", "无障碍辅助工具条", 2}, {"无障碍 长者助手", "无障碍长者助手", 2},
		{"无障碍", "无障碍", 1}, {"无障碍阅读通道", "无障碍阅读通道", 1}, {"长者服务", "长者服务", 1},
		{"无障碍环境建设法", "", 0}, {"长者食堂", "", 0}, {"无障碍问题表", "", 0}, {"无障碍电影", "", 0}, {"适老化改造", "", 0}, {"我县推进无障碍环境建设", "", 0},
		{"浏览", "", 0}, {"切换版本", "", 0}, {"", "", 0}, {"简约版", "", 0},
	} {
		shown, rank := elder.Default().Name(c.name)
		if rank == 0 {
			shown = ""
		}
		if shown != c.shown || rank != c.rank {
			t.Errorf("%q: %q, %d; want %q, %d", c.name, shown, rank, c.shown, c.rank)
		}
	}
	if _, rank := (elder.Options{Words: []string{"简约版"}}).Name("简约版"); rank == 0 {
		t.Error("a word of one's own is none")
	}
}
