package inspect_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// text is a body long enough to be that of a piece.
const text = `<div class="TRS_Editor"><p>六月十二日，全县重点项目推进会在县政府召开，会议传达了省市有关会议精神，安排部署了下一阶段重点项目建设工作，县直有关单位负责人参加会议，会议要求抓好落实。</p></div>`

const list = `<ul class="l"><li><a href="1.html">关于做好防汛抗旱工作的通知</a><span>2024-06-01</span></li>
<li><a href="2.html">全县重点项目推进会召开</a><span>2024-05-20</span></li>
<li><a href="3.html">县政府召开常务会议</a><span>2024-05-10</span></li></ul>`

// at is a trail below the home page.
func at(names string) string {
	return `<div class="pos">当前位置：<a href="/">首页</a> &gt; ` + names + `</div>`
}

func kindPage(u, body string) *inspect.Page {
	return &inspect.Page{Target: inspect.Target{URL: u, Status: 200, Verdict: inspect.Fine}, Type: "text/html",
		Body: []byte(body), Now: time.Date(2024, 6, 15, 9, 0, 0, 0, inspect.Zone)}
}

func TestKind(t *testing.T) {
	t.Parallel()
	const dir, piece = "http://www.example.gov.cn/x/", "http://www.example.gov.cn/x/202406/t20240612_1.html"
	for _, x := range []struct {
		name, url, body string
		want            inspect.PageKind
	}{
		{"list", dir, at(`<a href="./">政务公开</a>`) + list, inspect.ColumnPage},
		{"empty list under its trail", dir, at(`政务公开 &gt; 规划计划`) + `<ul></ul>`, inspect.ColumnPage},
		{"empty list under its label", dir, `<meta name="ColumnName" content="规划计划"><ul></ul>`, inspect.ColumnPage},
		{"short list under its label", "http://www.example.gov.cn/channels/7.html", `<meta name="ColumnName" content="信息科"><ul><li><a href="1.html">工作情况</a></li></ul>`, inspect.ColumnPage},
		{"labelled as the home page", "http://www.example.gov.cn/qa.html", `<meta name="ColumnName" content="首页"><p>智能问答</p>`, inspect.OtherPage},
		{"nothing told", dir, `<p>示例</p>`, inspect.OtherPage},
		{"article", piece, `<h1>全县重点项目推进会召开</h1>` + text, inspect.ArticlePage},
		{"article of pictures", piece, `<h1>全县重点项目推进会召开</h1><p>发布时间：</p><img src="1.jpg">`, inspect.ArticlePage},
		{"article of pictures, dated in words", "http://www.example.gov.cn/c/19/38.html", `<h1>职务管理办法</h1><p>发布时间：2024-03-16</p><img src="1.jpg">`, inspect.ArticlePage},
		{"article of pictures under a plain title", "http://www.example.gov.cn/zcjd/post_2718.html", `<title>惠企政策图解_示例县</title><div class="bt">惠企政策图解</div><p>时间:2024-03-16 来源:示例县</p><img src="1.jpg">`, inspect.InterpretationPage},
		{"short list whose row has a date", "http://www.example.gov.cn/channels/7.html", `<h1>信息科</h1><li><a href="1.html">一季度工作情况</a>(2024-06-01)</li>`, inspect.OtherPage},
		{"guide by its trail", piece, at(`办事指南 &gt; 社会保险`) + `<h1>参保登记</h1>` + text, inspect.ServiceGuide},
		{"policy by its trail", piece, at(`政务公开 &gt; 政策法规`) + `<h1>人事争议仲裁办法</h1>` + text, inspect.PolicyPage},
		{"policy by its label", piece, `<meta name="ColumnName" content="部门文件"><h1>防汛工作要点</h1>` + text, inspect.PolicyPage},
		{"trail that ends in the heading", piece, at(`机构设置 &gt; 参保登记`) + `<h1>参保登记</h1>` + text, inspect.OrgInfo},
		{"what a division does", piece, `<meta name="ColumnName" content="办公室"><h1>科室简介</h1>` + text, inspect.OrgInfo},
		{"what heads do is news", piece, `<meta name="ColumnName" content="领导活动"><h1>县长调研重点项目</h1>` + text, inspect.ArticlePage},
		{"profile at a column's address", dir, at(`县情概况`) + text, inspect.OrgInfo},
		{"interpretation", piece, `<h1>一图看懂公租房管理办法</h1>` + text, inspect.InterpretationPage},
		{"annual report", piece, `<h1>示例县林业局2023年政务公开年度报告</h1>` + text, inspect.AnnualReportPage},
		{"report on the website is none", piece, `<h1>示例县林业局政府网站工作年度报表（2023年度）</h1>` + text, inspect.ArticlePage},
		{"letters", dir, `<title>局长信箱-示例县</title>` + at(`互动交流 &gt; 局长信箱`) + `<ul class="l"><li><a href="1.html">职称评审咨询</a><span>2024-06-01</span></li></ul>`, inspect.MessageBoard},
		{"form by its trail", dir, `<title>示例县人民政府</title>` + at(`政民互动 &gt; 咨询投诉`) + `<form><textarea></textarea></form>`, inspect.MessageForm},
		{"survey", dir, `<title>依申请公开满意度评价</title><textarea></textarea>`, inspect.SurveyPage},
		{"search", "http://www.example.gov.cn/s.html", `<title>示例县-搜索</title><p>抱歉</p>`, inspect.SearchPage},
		{"error sent as found", piece, `<title>502</title><p>源站出现问题</p>`, inspect.ErrorPage},
		{"error in English", piece, `<title>404 Not Found</title><p>nginx</p>`, inspect.ErrorPage},
		{"a number begins a title", piece, `<title>500 强企业来我县考察</title><h1>500 强企业来我县考察</h1>` + text, inspect.ArticlePage},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if got := kindPage(x.url, x.body).Parts().Kind; got != x.want {
				t.Errorf("kind = %s, want %s", got, x.want)
			}
		})
	}
}

func TestTrail(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, body string
		want       []string
	}{
		{"arrows", at(`<a href="a/">政务公开</a>&gt;<span>政策法规</span>`), []string{"政务公开", "政策法规"}},
		{"guillemets", `<div>所在位置：<a href="/">首页</a>&nbsp;&raquo;&nbsp;<a href="/g/">概况</a>&nbsp;&raquo;&nbsp;动态</div>`, []string{"概况", "动态"}},
		{"dashes where a position is announced", `<p>当前位置： <a href="/">首页</a> - <a href="/j/">机构</a> - 信息科</p>`, []string{"机构", "信息科"}},
		{"dashes of a menu", `<p><a href="/">首页</a> - <a href="/j/">机构</a> - <a href="/x/">新闻</a></p>`, nil},
		{"not announced", `<div class="loc"><a href="/">首页</a> <span>&gt;</span> <span>信用信息</span></div>`, []string{"信用信息"}},
		{"menu before it", `<ul><li><a href="/">首页</a></li><li><a href="/a/">要闻</a></li></ul>` + at("要闻"), []string{"要闻"}},
		{"none", `<p>要闻</p>`, nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(x.want, kindPage("http://www.example.gov.cn/x/", x.body).Trail()); d != "" {
				t.Errorf("trail (-want +got):\n%s", d)
			}
		})
	}
}
