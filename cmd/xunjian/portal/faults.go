package portal

import (
	"fmt"
	"net/http"
	"time"
)

// homeBody is what the home page shows besides its lists.
const homeBody = `<section class="block"><h2>便民服务</h2><p><a href="/hdjl/xx.html">我要写信</a> <a href="/bsfw/wsbs.html">网上办事</a> <a href="/files/plan.pdf">年度工作安排</a></p>
<p><img src="/assets/photo1.png" alt="青岚区政务服务大厅"></p></section>`

// plantFaults changes the sound portal into the one that is inspected. Each
// fault stands beside its line of truth.
func (p *Portal) plantFaults() {
	p.pairDocuments()
	p.linkFaults()
	p.columnFaults()
	p.labelFaults()
	p.contentFaults()
	p.accessFaults()
}

// pairDocuments gives every document its number and its interpretation, but
// for those that are planted to lack something.
func (p *Portal) pairDocuments() {
	var docs []*article
	for _, name := range []string{"区政府文件", "政府办文件"} {
		for i, a := range p.col(name).articles {
			matter := pick(matters, len(docs))
			prefix := map[string]string{"区政府文件": "青政发", "政府办文件": "青政办发"}[name]
			number := fmt.Sprintf("%s〔%d〕%d号", prefix, a.Date.Year(), p.col(name).count-i+3)
			a.Title = fmt.Sprintf("青岚区人民政府关于印发《青岚区%s实施方案（第%d版）》的通知", matter, len(docs)+1)
			a.facts = []string{"文号：" + number, "成文日期：" + a.Date.AddDate(0, 0, -2).Format(time.DateOnly)}
			docs = append(docs, a)
		}
	}
	reads := p.col("政策解读").articles
	for i, doc := range docs {
		if i >= len(reads) {
			p.plantAs("review", "interpretation-missing", doc.Path, "", "文件没有解读")
			continue
		}
		r := reads[i]
		name := between(doc.Title, "《", "》")
		r.Title = "《" + name + "》政策解读"
		r.Date = doc.Date
		r.body = "<p>为便于理解《" + name + "》，现就制定背景、主要内容解读如下。</p>" + paragraphs(i, 3)
		if i != 4 {
			doc.body += fmt.Sprintf(`<p>相关解读：<a href="%s">%s</a></p>`, r.Path, r.Title)
		}
		if i != 9 {
			r.body += fmt.Sprintf(`<p>相关文件：<a href="%s">%s</a></p>`, doc.Path, doc.Title)
		}
	}
	p.plant("interpretation-unlinked", docs[4].Path, "", "文件未链接到解读")
	p.plant("interpretation-unlinked", reads[9].Path, "", "解读未链接到文件")
}

func between(s, a, b string) string {
	for i := range s {
		if len(s) > i+len(a) && s[i:i+len(a)] == a {
			for j := i; j < len(s); j++ {
				if len(s) >= j+len(b) && s[j:j+len(b)] == b {
					return s[i+len(a) : j]
				}
			}
		}
	}
	return s
}

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

// columnFaults are already in the ages that columns has: this names them.
func (p *Portal) columnFaults() {
	for _, f := range []struct{ outcome, check, col, note string }{
		{"fail", "column-stale", "部门动态", "动态类栏目 20 天未更新"},
		{"fail", "column-stale", "人事信息", "人事栏目 400 天未更新"},
		{"fail", "column-stale", "办件统计", "办件统计 4 个月未更新"},
		{"fail", "column-blank", "招商引资", "空白栏目"},
		{"review", "column-undated", "监督检查", "条目没有日期"},
		{"unknown", "column-unreadable", "重点项目", "列表由脚本填充，未能判定"},
	} {
		p.plantAs(f.outcome, f.check, p.col(f.col).Path, f.col, f.note)
	}
	for _, a := range p.col("监督检查").articles {
		a.labels = map[string]string{"PubDate": "-"}
		a.printed = "见正文"
		a.Path = fmt.Sprintf("/zwgk/jdjc/content_%d.html", len(a.Title)*1000+a.Date.YearDay())
	}
}

// otherCode is a site code that is not the portal's.
const otherCode = "1499020009"

// labelFaults are missing and wrong meta labels.
func (p *Portal) labelFaults() {
	first := p.col("监督检查").articles[0].Path
	for _, a := range p.col("监督检查").articles {
		first = min(first, a.Path)
	}
	p.plant("labels-missing", first, "PubDate", "一个栏目的内容页都缺 PubDate：一处问题，8 页")
	p.plant("labels-missing", "/zwgk/ghjh/", "ColumnType", "栏目页缺 ColumnType")
	for i, f := range []struct{ label, value, check, note string }{
		{"ContentSource", "", "labels-missing", "ContentSource 为空"},
		{"PubDate", "2026年", "labels-wrong", "PubDate 不是日期"},
		{"ArticleTitle", "请输入标题", "labels-wrong", "ArticleTitle 留有占位文字"},
		{"SiteIDCode", "14990200X", "labels-wrong", "SiteIDCode 格式错误"},
	} {
		a := p.col("财政资金").articles[i+5]
		a.labels = map[string]string{f.label: f.value}
		p.plant(f.check, a.Path, f.label, f.note)
	}
	a := p.col("财政资金").articles[10]
	a.labels = map[string]string{"PubDate": a.Date.AddDate(0, 0, -30).Format("2006-01-02 15:04")}
	p.plant("labels-wrong", a.Path, "PubDate", "PubDate 与页面所印日期不同")
	p.plant("site-code", p.col("财政资金").articles[8].Path, "SiteIDCode", "SiteIDCode 与登记的网站标识码不同")
	first = p.col("统计数据").Path
	p.plant("footer-incomplete", first, "FT-7", "GBK 频道的页脚缺公安备案")
	p.plant("footer-incomplete", first, "FT-8", "GBK 频道的页脚缺网站地图")
	p.plant("https-missing", "/", "", "没有 HTTPS")
	p.plant("error-entry", "/", "entry", "首页的“我为政府网站找错”入口带着另一个网站的标识码")
	p.plant("site-code", "/", "entry", "同一处：入口所带标识码与登记的不同")
}

// contentFaults are dates that contradict themselves and sums that do not agree.
func (p *Portal) contentFaults() {
	a := p.col("区政府文件").articles[6]
	a.facts[1] = "成文日期：" + a.Date.AddDate(0, 0, 4).Format(time.DateOnly)
	p.plant("date-illogical", a.Path, "", "发布日期早于成文日期")
	a = p.col("通知公告").articles[8]
	future := p.now.AddDate(0, 0, 12)
	a.printed = future.Format("2006-01-02 15:04")
	a.labels = map[string]string{"PubDate": a.printed}
	p.plantAs("review", "date-illogical", a.Path, "", "发布日期在将来")
	p.plant("labels-wrong", a.Path, "PubDate", "PubDate 在将来")
	a = p.col("年度报告").articles[1]
	a.body = annualReport(a.Date.Year()-1, 1)
	p.plant("annual-report-unbalanced", a.Path, "RC-2 自然人", "自然人一列各项之和与总计不符")
	p.plant("annual-report-unbalanced", a.Path, "RC-3 予以公开", "予以公开一行各列之和与总计不符")
}

// accessFaults are accessibility faults.
func (p *Portal) accessFaults() {
	news := p.col("青岚要闻").articles
	news[4].body += `<p><img src="/assets/photo2.png"></p>`
	p.plant("a11y-img-alt", news[4].Path, "", "图片没有替代文本")
	news[5].body += `<p><input type="image" src="/assets/icon.png"></p>`
	p.plant("a11y-img-alt", news[5].Path, "", "图片按钮没有替代文本")
	news[6].body += `<p><a href="/about.html"><img src="/assets/photo1.png" alt=""></a></p>`
	p.plant("a11y-link-name", news[6].Path, "", "链接没有可读的名称")
	news[7].title = "-"
	p.plant("a11y-page-title", news[7].Path, "", "页面没有标题")
	news[8].lang = "-"
	p.plant("a11y-page-lang", news[8].Path, "html", "页面没有语言声明")
	p.plant("a11y-page-lang-wrong", p.col("统计数据").Path, "html", "中文频道声明为英文")
}
