package portal

import (
	"fmt"
	"time"
)

// columnFaults are already in the ages that columns has: this names them.
func (p *Portal) columnFaults() {
	for _, f := range []struct{ outcome, check, col, note string }{
		{"fail", "column-stale", "部门动态", "动态类栏目 20 天未更新"},
		{"fail", "column-stale", "人事信息", "人事栏目 400 天未更新"},
		{"fail", "column-blank", "招商引资", "空白栏目"},
		{"review", "column-undated", "监督检查", "条目没有日期"},
		{"unknown", "column-unreadable", "重点项目", "列表由脚本填充，未能判定"},
	} {
		p.plantAs(f.outcome, f.check, p.col(f.col).Path, f.col, f.note)
	}
	p.plantAs("review", "service-statistics", p.col("办件统计").Path, "", "办件统计 4 个月未更新")
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

// dateFaults are dates that this week's lists show otherwise than the last's.
func (p *Portal) dateFaults() {
	c := p.col("乡村振兴")
	moved := c.articles[3]
	moved.earlier = 20
	p.plantAs("review", "date-forged", c.Path, "http://"+Host+moved.Path, "日期一周内改晚了 20 天")
	corrected := c.articles[2]
	corrected.earlier = 1
	p.twin("date-forged", c.Path, "http://"+Host+corrected.Path, "日期更正了一天")

	c = p.col("通知公告")
	day := c.articles[2].Date.AddDate(0, 0, 2)
	late := &article{col: c, Date: day, slipped: true, Path: fmt.Sprintf("%s%s/t%s_9002.html", c.Path, day.Format("200601"), day.Format("20060102")),
		Title: "青岚区关于公布便民服务站名单的公告", body: paragraphs(41, 3)}
	c.articles = append(c.articles, late)
	p.plantAs("review", "date-forged", c.Path, "http://"+Host+late.Path, "上周列表中没有的旧日期信息")
	p.twin("date-forged", c.Path, "http://"+Host+c.articles[0].Path, "上次检查以后发布的信息")
	p.twin("column-stale", p.col("青岚要闻").Path, "", "每天更新的栏目")
	p.twin("column-stale", p.col("领导分工").Path, "", "领导信息不按时限更新")
	p.twin("column-undated", p.col("乡镇动态").Path, "", "列表显示日期")
	p.twin("column-blank", p.col("重点项目").Path, "", "列表由脚本填充，不能说是空白")
	p.twin("column-unreadable", p.col("统计数据").Path, "", "GBK 编码的栏目可以读取")
	p.twin("home-stale", "/", "", "首页今天更新过")
	p.twin("site-unreachable", "/", "", "一周内 2% 的访问失败，不到 5%")
	p.twin("home-slow", "/", "", "首页打开很快")
	p.twin("search-broken", "/", "", "站内搜索能找到信息")
	p.twin("sitemap-missing", "/", "", "有网站地图")
	p.twin("site-name", "/", "", "标题就是登记的名称")
	p.twin("disclosure-missing", "/", "", "各入口齐全")
	p.twin("tls-invalid", "/", "", "只以 http 打开，没有证书可判")
	p.twin("error-entry", p.col("通知公告").Path, "", "只看首页的入口")
	p.twin("site-code", p.col("通知公告").Path, "", "标识码与登记的相同")
	p.twin("footer-incomplete", p.col("通知公告").Path, "", "页脚齐全")
	p.twin("labels-missing", p.col("通知公告").Path, "", "标签齐全")
	p.twin("https-missing", p.col("通知公告").Path, "", "只看首页")
	a := p.col("通知公告").articles[4]
	a.labels = map[string]string{"PubDate": a.Date.Format("2006-01-02 15:04:05")}
	p.twin("labels-wrong", a.Path, "", "PubDate 带秒，仍是日期")
}

// limits are what nobody can tell of a site that lives on one machine.
func (p *Portal) limits() {
	p.plantAs("unknown", "domain-nonconforming", "/", "suffix", "演示的域名只在本机有效，不是互联网域名")
	p.plantAs("unknown", "ipv6-missing", "/", "ipv6", "演示把主机改连到本机，不能判断 IPv6")
}

// dueYear is the last year whose report had to be out by a day of this year.
func (p *Portal) dueYear(m time.Month, day int) int {
	if !p.newYear(m, day).Before(p.now) {
		return p.now.Year() - 2
	}
	return p.now.Year() - 1
}
