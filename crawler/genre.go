package crawler

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// genreWords say which names belong to which genre; the first that fits wins,
// so the narrower stand first.
var genreWords = []struct {
	genre inspect.Genre
	words []string
}{
	{inspect.Interpretation, []string{"政策解读", "解读", "图解"}},
	{inspect.AnnualReport, []string{"年度报告", "信息公开年报", "公开年报", "工作年报"}},
	{inspect.ServiceStats, []string{"办件统计", "办事统计", "服务统计"}},
	{inspect.MessageStats, []string{"留言统计", "信件统计", "来信统计", "办理统计"}},
	{inspect.Messages, []string{"来信选登", "信件选登", "留言", "回复选登", "咨询回复", "信箱", "邮箱", "诉求", "投诉平台", "互动回应", "热点回应"}},
	{inspect.Survey, []string{"征集", "调查", "意见反馈"}},
	{inspect.News, []string{"领导活动", "领导讲话", "活动新闻", "图片新闻"}},
	{inspect.Service, []string{"办事指南", "服务指南", "办事指引"}},
	{inspect.Personnel, []string{"人事", "任免", "招考", "招录", "招聘", "公务员招", "公务员考", "公务员录"}},
	{inspect.Planning, []string{"规划", "计划"}},
	{inspect.Profile, []string{"概况", "领导", "机构", "职能", "简介", "历史", "走进", "风光", "联系我们", "联系方式", "关于我们", "指南", "目录", "制度", "依申请",
		"版权", "网站声明", "网站地图", "站点地图", "站群导航", "RSS"}},
	{inspect.Policy, []string{"政策文件", "规范性文件", "政府文件", "文件", "政策法规", "法规", "规章", "政策"}},
	{inspect.Notice, []string{"通知公告", "公告", "通知", "公示", "通告"}},
	{inspect.Service, []string{"办事", "服务", "下载"}},
	{inspect.Topic, []string{"专题", "专栏", "学习", "活动"}},
	{inspect.News, []string{"要闻", "动态", "新闻", "资讯", "信息快报", "快讯", "工作进展", "时政"}},
}

// bodies end the names of the parts of an office. Such a page gathers whatever
// the part publishes, so a word in its name says nothing of its genre: 人事科 is
// no 人事信息.
var bodies = []string{"科", "处", "科室", "办公室", "局", "委", "委员会", "所", "站", "馆", "学校", "服务中心", "指导中心", "分中心", "领导小组", "秘书"}

// GenreOf guesses a column's genre by its name and says why.
func GenreOf(name string) (inspect.Genre, string) {
	for _, b := range bodies {
		if strings.HasSuffix(name, b) {
			return inspect.OtherGenre, "名称是机构（“" + b + "”），类型请人工确认"
		}
	}
	for _, g := range genreWords {
		for _, w := range g.words {
			if strings.Contains(name, w) {
				return g.genre, "名称含“" + w + "”"
			}
		}
	}
	return inspect.OtherGenre, "名称未见类型特征，请人工确认"
}
