package portal

import (
	"fmt"
	"net/http"
)

func (p *Portal) broken(path string, status int) {
	p.put(path, &answer{status: status, typ: "text/html; charset=utf-8", body: []byte("<!DOCTYPE html><html lang=\"zh-CN\"><title>错误</title><p>错误</p></html>")})
}

func (p *Portal) moved(path, to string) {
	p.put(path, &answer{status: http.StatusFound, typ: "text/html", location: to})
}

// linkFaults are links that do not open, each for another cause.
func (p *Portal) linkFaults() {
	site := "http://" + Host
	for i, f := range []struct{ col, html, target, note string }{
		{"通知公告", `<p>详见<a href="/xwzx/tzgg/202001/t20200101_1.html">原公告</a>。</p>`, site + "/xwzx/tzgg/202001/t20200101_1.html", "文章已删除（404）"},
		{"通知公告", `<p><img src="/assets/missing.jpg" alt="现场照片"></p>`, site + "/assets/missing.jpg", "图片丢失（404）"},
		{"通知公告", `<p>附件：<a href="/files/missing.pdf">报名表</a></p>`, site + "/files/missing.pdf", "附件丢失（404）"},
		{"部门动态", `<p><a href="/query/score.html">成绩查询</a></p>`, site + "/query/score.html", "系统出错（500）"},
		{"部门动态", `<p><a href="/query/busy.html">在线预约</a></p>`, site + "/query/busy.html", "系统不可用（503）"},
		{"部门动态", `<p><a href="/gone/notice.html">旧版通知</a></p>`, site + "/gone/notice.html", "内容已移除（410）"},
		{"青岚要闻", `<p>来源：<a href="http://127.0.0.1:1/news/">合作网站</a></p>`, "http://127.0.0.1:1/news/", "对方拒绝连接"},
		{"青岚要闻", `<p>来源：<a href="http://qinglan-old.invalid/index.html">旧网站</a></p>`, "http://qinglan-old.invalid/index.html", "域名已注销"},
		{"财政资金", `<p><a href="/login/a.html">查看明细</a></p>`, site + "/login/a.html", "循环跳转"},
		{"财政资金", `<p><a href="/old/budget.html">往年预算</a></p>`, site + "/old/budget.html", "跳转到不存在的页面"},
		{"办事指南", `<p><a href="/app/item/20001">在线办理</a></p>`, site + "/app/item/20001", "返回“页面不存在”提示页，状态却是 200"},
		{"办事指南", `<p><iframe src="/embed/map.html" title="地图"></iframe></p>`, site + "/embed/map.html", "框架页丢失（404）"},
		{"乡村振兴", `<p><video src="/media/tour.mp4" controls></video></p>`, site + "/media/tour.mp4", "视频丢失（404）"},
		{"乡村振兴", `<p style="background:url(/assets/banner-missing.png)">乡村风貌</p>`, site + "/assets/banner-missing.png", "样式中的图片丢失（404）"},
		{"统计数据", `<p>附件：<a href="/files/指标说明.pdf">指标说明</a></p>`, site + "/files/%E6%8C%87%E6%A0%87%E8%AF%B4%E6%98%8E.pdf", "GBK 页面中的中文附件丢失（404）"},
	} {
		a := p.col(f.col).articles[i%3+1]
		a.body += f.html
		p.plant("link-broken", a.Path, f.target, f.note)
	}
	p.broken("/query/score.html", http.StatusInternalServerError)
	p.broken("/query/busy.html", http.StatusServiceUnavailable)
	p.broken("/gone/notice.html", http.StatusGone)
	p.moved("/login/a.html", "/login/b.html")
	p.moved("/login/b.html", "/login/a.html")
	p.moved("/old/budget.html", "/old/none.html")

	p.plant("link-broken", "/", site+"/bsfw/wsbs.html", "首页链接打不开（404）")
	p.plant("link-broken", "/", site+"/old/wsbs/index.html", "页脚模板中的失效链接：一处问题，全站各页")
	p.plant("link-broken", "/assets/site.css", site+"/assets/footer-missing.png", "样式表中的背景图丢失（404）")

	a := p.col("征集调查").articles[1]
	a.body += `<p><a href="/hdjl/zjdc/old/result.html">往期结果</a></p>`
	p.moved("/hdjl/zjdc/old/result.html", "/")
	p.plantAs("review", "link-broken", a.Path, site+"/hdjl/zjdc/old/result.html", "深层链接跳转到首页，内容疑已删除")

	a = p.col("征集调查").articles[2]
	a.body += `<p><a href="">填写问卷</a> <a href="http://10.12.3.4/oa/form">内部表单</a> <a href="http://localhost:8080/preview">预览</a></p>`
	p.plantAs("review", "link-empty", a.Path, "", "链接地址为空")
	p.plant("link-private-address", a.Path, "http://10.12.3.4/oa/form", "公开页面链接到内网地址")
	p.plant("link-private-address", a.Path, "http://localhost:8080/preview", "公开页面链接到本机地址")
	a = p.col("征集调查").articles[3]
	a.body += `<p><a href="<%=item.url%>">查看意见</a></p>`
	p.plant("link-empty", a.Path, "", "链接留下了模板标记")
}

// linkOfOthers are links to hosts of others: to such as changed hands, hidden
// ones, and scripts that nobody ordered.
func (p *Portal) linkOfOthers() {
	rural := p.col("乡村振兴").articles
	to := func(a *article, host, text string) {
		a.body += fmt.Sprintf(`<p>相关链接：<a href="http://%s">%s</a></p>`, host, text)
	}
	to(rural[4], tour+"/", "青岚旅游网")
	p.plantAs("review", "link-unwanted", rural[4].Path, "http://"+tour+"/", "旅游网站一周内换了主人")
	to(rural[5], chamber+"/", "青岚区商会")
	p.plantAs("review", "link-unwanted", rural[5].Path, "http://"+chamber+"/", "商会的域名正在出售")
	to(rural[6], paper+"/", "青岚日报")
	p.twin("link-unwanted", rural[6].Path, "", "报纸换了网址，还是同一家报纸")
	to(rural[7], paper+"/police.html", "警方通报")
	p.twin("link-unwanted", rural[7].Path, "", "报道打击赌博的新闻")

	towns := p.col("乡镇动态").articles
	towns[5].body += `<div style="position:absolute;left:-9999px"><a href="http://` + casino + `/">友情链接</a></div>`
	p.plantAs("review", "link-hidden", towns[5].Path, "移出屏幕之外", "移到屏幕外的暗链")
	p.plantAs("review", "link-unwanted", towns[5].Path, "http://"+casino+"/", "暗链指向赌博网站")
	towns[6].body += `<div class="tab-con" style="display:none"><a href="http://` + paper + `/">青岚日报</a></div>`
	p.twin("link-hidden", towns[6].Path, "", "未选中的选项卡")
	if !p.early {
		towns[7].body += `<script src="http://` + newScripts + `/count.js"></script>`
	}
	p.plantAs("review", "tampering", towns[7].Path, newScripts, "本周新出现的外部脚本")
	towns[8].body += `<script src="http://` + scripts + `/count.js"></script>`
	p.twin("tampering", towns[8].Path, "", "上周就有的外部脚本")
	towns[9].labels = map[string]string{"Keywords": "时时彩,百家乐,真人荷官"}
	p.plantAs("review", "tampering", towns[9].Path, "head", "关键词中植入推广用语")

	data := p.col("统计数据").articles
	to(data[5], paper+"/", "青岚日报")
	p.plantAs("review", "link-unprompted", data[5].Path, "notice", "GBK 频道链接站外没有离站提示")
	to(data[6], "beian.miit.gov.cn/", "备案管理系统")
	p.twin("link-unprompted", data[6].Path, "", "链接到政府网站不需要提示")
	p.twin("link-unprompted", rural[6].Path, "", "模板带有离站提示")

	news := p.col("青岚要闻").articles
	news[20].body += `<p><a href="/about.html">关于本站</a></p>`
	p.twin("link-broken", news[20].Path, "", "打得开的链接")
	news[21].body += `<p><a href="#zoom">回到正文</a> <a href="javascript:void(0)" onclick="print()">打印</a></p>`
	p.twin("link-empty", news[21].Path, "", "页内链接和脚本链接")
	news[22].body += `<p>内网地址形如 10.12.3.4，只能在办公网内打开。</p>`
	p.twin("link-private-address", news[22].Path, "", "正文提到内网地址，不是链接")
}
