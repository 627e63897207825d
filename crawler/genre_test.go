package crawler_test

import (
	"testing"

	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

func TestGenreOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]inspect.Genre{
		"工作动态": inspect.News, "领导活动": inspect.News, "图片新闻": inspect.News, "县区动态": inspect.News,
		"通知公告": inspect.Notice, "公示公告": inspect.Notice,
		"部门文件": inspect.Policy, "政策法规": inspect.Policy, "政策解读": inspect.Interpretation,
		"办事指南": inspect.Service, "下载中心": inspect.Service, "公开指南": inspect.Profile, "举报指南": inspect.Profile,
		"局长信箱": inspect.Messages, "主任邮箱": inspect.Messages, "企业投诉平台": inspect.Messages, "办理统计": inspect.MessageStats,
		"人事信息": inspect.Personnel, "公务员考试": inspect.Personnel, "公务员管理": inspect.OtherGenre, "规划计划": inspect.Planning, "网上调查": inspect.Survey,
		"领导分工": inspect.Profile, "关于我们": inspect.Profile, "网站地图": inspect.Profile, "RSS订阅": inspect.Profile,
		"专题专栏": inspect.Topic,
		// Parts of an office: what they are called says nothing of what they publish.
		"人事科": inspect.OtherGenre, "发展规划科": inspect.OtherGenre, "政策法规科": inspect.OtherGenre, "市体育服务中心": inspect.OtherGenre,
		"招生办公室": inspect.OtherGenre, "市委教育领导小组": inspect.OtherGenre,
		"统计数据": inspect.OtherGenre,
	} {
		if got, why := crawler.GenreOf(name); got != want {
			t.Errorf("GenreOf(%s) = %s (%s), want %s", name, got, why, want)
		}
	}
}
