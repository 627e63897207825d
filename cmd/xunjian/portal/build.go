package portal

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A column is a section of the portal.
type column struct {
	Name, Path string
	Genre      string // of the watched ones
	Type       string // ColumnType label
	top        bool
	every      int // days between two items
	first      int // age of the newest item in days
	count      int
	charset    string
	undated    bool
	early      bool
	articles   []*article
}

// Newest are the items that the home page shows.
func (c *column) Newest() []*article { return c.articles[:min(5, len(c.articles))] }

// An article is one published piece.
type article struct {
	Path, Title string
	Date        time.Time
	col         *column
	undated     bool
	body        string
	facts       []string          // printed under the heading, besides date and source
	labels      map[string]string // over the usual ones; "-" leaves a label out
	printed     string            // instead of the date
	lang        string            // "-" for none
	title       string            // of the document; "-" for none
	earlier     int               // how many days earlier the list dated it a week before
	slipped     bool              // it came into the list this week, whatever its date
	viewport    string
	head        string // more of the head
	bare        bool
}

// Day is the date as lists print it.
func (a *article) Day() string {
	if a.col.early {
		return a.Date.AddDate(0, 0, -a.earlier).Format(time.DateOnly)
	}
	return a.Date.Format(time.DateOnly)
}

// ListDay is Day, but for columns that print none.
func (a *article) ListDay() string {
	if a.undated {
		return ""
	}
	return a.Day()
}

// columns are the portal's sections: what it takes for the genres that rules
// name, each updated in its rhythm. Ages are days before the inspection.
func columns() []*column {
	return []*column{
		{Name: "青岚要闻", Path: "/xwzx/qlyw/", Genre: "news", Type: "工作动态", top: true, every: 1, first: 0, count: 28},
		{Name: "部门动态", Path: "/xwzx/bmdt/", Genre: "news", Type: "工作动态", every: 3, first: 20, count: 14},
		{Name: "乡镇动态", Path: "/xwzx/xzdt/", Genre: "news", Type: "工作动态", every: 2, first: 14, count: 14},
		{Name: "通知公告", Path: "/xwzx/tzgg/", Genre: "notice", Type: "工作动态", top: true, every: 9, first: 3, count: 20},
		{Name: "区政府文件", Path: "/zwgk/qzfwj/", Genre: "policy", Type: "政策文件", top: true, every: 25, first: 6, count: 12},
		{Name: "政府办文件", Path: "/zwgk/zfbwj/", Genre: "policy", Type: "政策文件", every: 30, first: 12, count: 10},
		{Name: "行政规范性文件", Path: "/zwgk/gfxwj/", Type: "政策文件", every: 60, first: 20, count: 4},
		{Name: "政策解读", Path: "/zwgk/zcjd/", Genre: "interpretation", Type: "政策解读", top: true, every: 15, first: 5, count: 20},
		{Name: "年度报告", Path: "/zwgk/xxgknb/", Genre: "annual-report", Type: "信息公开年报", every: 365, first: 300, count: 3},
		{Name: "人事信息", Path: "/zwgk/rsxx/", Genre: "personnel", Type: "工作动态", every: 60, first: 400, count: 8},
		{Name: "规划计划", Path: "/zwgk/ghjh/", Genre: "planning", Type: "工作动态", every: 90, first: 50, count: 8},
		{Name: "财政资金", Path: "/zwgk/czzj/", Genre: "other", Type: "数据发布", every: 20, first: 4, count: 16},
		{Name: "领导分工", Path: "/zwgk/ldfg/", Genre: "profile", Type: "负责人信息", every: 100, first: 90, count: 6},
		{Name: "区长信箱", Path: "/hdjl/qzxx/", Genre: "messages", Type: "咨询投诉", top: true, every: 6, first: 5, count: 16},
		{Name: "征集调查", Path: "/hdjl/zjdc/", Genre: "survey", Type: "征集调查", every: 40, first: 20, count: 8},
		{Name: "办事指南", Path: "/bsfw/bszn/", Genre: "service", Type: "办事服务", top: true, every: 30, first: 15, count: 12},
		{Name: "办件统计", Path: "/bsfw/bjtj/", Type: "数据发布", every: 31, first: 125, count: 8},
		{Name: "统计数据", Path: "/tjsj/", Genre: "other", Type: "数据发布", top: true, every: 30, first: 8, count: 24, charset: "gb2312"},
		{Name: "监督检查", Path: "/zwgk/jdjc/", Genre: "notice", Type: "工作动态", every: 10, first: 4, count: 8, undated: true},
		{Name: "乡村振兴", Path: "/ztzl/xczx/", Genre: "topic", Type: "工作动态", every: 12, first: 9, count: 14},
		{Name: "招商引资", Path: "/tzql/zsyz/", Genre: "notice", Type: "工作动态"},
		{Name: "重点项目", Path: "/zwgk/zdxm/", Genre: "notice", Type: "工作动态"},
	}
}

const perList = 12

func (p *Portal) build() {
	p.cols = columns()
	for _, c := range p.cols {
		p.fill(c)
	}
	p.plantFaults()
	for _, c := range p.cols {
		slices.SortStableFunc(c.articles, func(a, b *article) int { return b.Date.Compare(a.Date) })
		if p.early {
			p.rewind(c)
		}
	}
	for _, c := range p.cols {
		for _, a := range c.articles {
			p.article(a)
		}
		p.lists(c)
	}
	p.homePage()
	p.utilities()
	p.assets()
	p.others()
	p.departments()
	p.library()
}

// rewind takes out of a column what came this week.
func (p *Portal) rewind(c *column) {
	c.early = true
	day := p.now.AddDate(0, 0, -Week)
	c.articles = slices.DeleteFunc(c.articles, func(a *article) bool { return a.slipped || a.Date.After(day) })
}

// fill writes a column's articles, newest first.
func (p *Portal) fill(c *column) {
	for i := range c.count {
		day := p.now.AddDate(0, 0, -c.first-i*c.every)
		day = time.Date(day.Year(), day.Month(), day.Day(), 9, 30, 0, 0, p.now.Location())
		p.serial++
		a := &article{Date: day, col: c, undated: c.undated,
			Path: fmt.Sprintf("%s%s/t%s_%d.html", c.Path, day.Format("200601"), day.Format("20060102"), 1000+p.serial)}
		a.Title, a.body = write(c, p.serial, day)
		c.articles = append(c.articles, a)
	}
}

func (p *Portal) col(name string) *column {
	for _, c := range p.cols {
		if c.Name == name {
			return c
		}
	}
	panic("portal: no column " + name)
}

// base is a view with what all pages share.
func (p *Portal) base(c *column) *view {
	v := &view{Lang: "zh-CN", Charset: "utf-8", SiteName: Name, Nav: p.cols, Column: c, Search: true, Foot: foot{Police: true, SiteMap: true, Notice: true, Old: true, Owner: "青岚区人民政府办公室", Code: Code, Entry: Code}}
	v.Labels = []label{{"SiteName", Name}, {"SiteDomain", Host}, {"SiteIDCode", Code}}
	if c == nil {
		return v
	}
	v.Labels = append(v.Labels, label{"ColumnName", c.Name}, label{"ColumnDescription", c.Name + "栏目，发布" + c.Name + "信息"},
		label{"ColumnKeywords", c.Name + ",青岚区"}, label{"ColumnType", c.Type})
	if c.charset != "" {
		v.Charset = c.charset
		v.Lang = "en"         // the template of this channel was never looked after
		v.Foot.Police = false // nor was its foot
		v.Foot.SiteMap = false
		v.Foot.Notice = false
	}
	return v
}

func (p *Portal) article(a *article) {
	v := p.base(a.col)
	v.Kind, v.Heading, v.Title = "article", a.Title, a.Title+"_"+Name
	printed := "发布时间：" + a.Date.Format("2006-01-02 15:04")
	if a.printed != "" {
		printed = "发布时间：" + a.printed
	}
	v.Facts = append([]string{printed, "来源：青岚区人民政府办公室"}, a.facts...)
	v.Body = template.HTML(a.body)
	usual := []label{{"ArticleTitle", a.Title}, {"PubDate", a.Date.Format("2006-01-02 15:04")}, {"ContentSource", "青岚区人民政府办公室"}, {"Keywords", a.col.Name}}
	for _, l := range append(v.Labels, usual...) {
		if x, ok := a.labels[l.Name]; ok {
			l.Content = x
		}
		if l.Content != "-" && l.Name != "" {
			v.Labels = setLabel(v.Labels, l)
		} else {
			v.Labels = dropLabel(v.Labels, l.Name)
		}
	}
	switch a.lang {
	case "":
	case "-":
		v.Lang = ""
	default:
		v.Lang = a.lang
	}
	v.Viewport, v.Head, v.Bare = a.viewport, template.HTML(a.head), a.bare
	switch a.title {
	case "":
	case "-":
		v.Title = ""
	default:
		v.Title = a.title
	}
	p.render(a.Path, v)
}

func setLabel(in []label, l label) []label {
	for i := range in {
		if in[i].Name == l.Name {
			in[i].Content = l.Content
			return in
		}
	}
	return append(in, l)
}

func dropLabel(in []label, name string) (out []label) {
	for _, l := range in {
		if l.Name != name {
			out = append(out, l)
		}
	}
	return out
}

func (c *column) listPath(i int) string {
	if i == 0 {
		return c.Path
	}
	return fmt.Sprintf("%sindex_%d.html", c.Path, i)
}

// lists renders the pages of a column's list.
func (p *Portal) lists(c *column) {
	n := max(1, (len(c.articles)+perList-1)/perList)
	for i := range n {
		v := p.base(c)
		v.Kind, v.Heading, v.Title = "list", c.Name, c.Name+"_"+Name
		v.Items = c.articles[min(i*perList, len(c.articles)):min((i+1)*perList, len(c.articles))]
		for k := range n {
			if n > 1 {
				v.Pager = append(v.Pager, anchor{c.listPath(k), fmt.Sprintf("第%d页", k+1)})
			}
		}
		switch c.Name {
		case "重点项目":
			v.Body = `<div id="list" class="news-list"></div><script>fetch("/api/projects.json").then(r=>r.json()).then(d=>{document.getElementById("list").innerHTML=d.html})</script>`
		case "规划计划":
			if i == 0 {
				v.Labels = dropLabel(v.Labels, "ColumnType")
			}
		}
		p.render(c.listPath(i), v)
	}
}

func (p *Portal) homePage() {
	v := p.base(nil)
	v.Kind, v.Title, v.Heading = "home", Name, Name
	v.Labels = append(v.Labels, label{"ColumnName", "首页"}, label{"ColumnDescription", "青岚区人民政府门户网站首页"}, label{"ColumnKeywords", "青岚区,政府网站"}, label{"ColumnType", "首页"})
	for _, name := range []string{"青岚要闻", "通知公告", "区政府文件", "政策解读", "统计数据"} {
		v.Blocks = append(v.Blocks, p.col(name))
	}
	v.Body = template.HTML(homeBody + p.formLinks())
	v.Foot.Entry = otherCode
	p.render("/", v)
}

// utilities are the pages that every site has, and the answers of its systems.
func (p *Portal) utilities() {
	for _, u := range []struct{ path, title, body string }{
		{"/about.html", "关于本站", "<p>青岚区人民政府网站由青岚区人民政府办公室主办，发布本区政务信息，提供办事服务和政民互动。青岚区为演示所用的虚构地名，本站内容均为虚构。</p>"},
		{"/elder.html", "长者版", elderText},
		{"/zwgk/zfxxgkzn.html", "政府信息公开指南", guideText},
		{"/zwgk/zfxxgkzd.html", "政府信息公开制度", "<p>本机关执行国家关于政府信息公开的法规，并建立公开审查、属性认定、依申请公开办理和年度报告等制度。</p>"},
		{"/zwgk/fdzdgk.html", "法定主动公开内容", "<p>本机关主动公开机构职能、规范性文件、规划计划、统计数据、财政信息、行政许可、应急预案和重大项目等内容，可从页面顶部的栏目进入。</p>"},
		{"/zwgk/ysqgk.html", "依申请公开", "<p>申请人可以书面向区人民政府办公室提出政府信息公开申请。<a href=\"/files/application.docx\">申请表下载</a></p>"},
		{"/hdjl/xx.html", "我要写信", letterForm},
	} {
		v := p.base(nil)
		v.Kind, v.Title, v.Heading, v.Body = "article", u.title+"_"+Name, u.title, template.HTML(u.body)
		p.render(u.path, v)
	}
	for _, f := range p.forms {
		v := p.base(nil)
		v.Kind, v.Title, v.Heading, v.Body = "article", f.title+"_"+Name, f.title, template.HTML(f.body)
		p.render(f.path, v)
	}
	v := p.base(nil)
	v.Kind, v.Title, v.Heading = "list", "网站地图_"+Name, "网站地图"
	var b strings.Builder
	for _, c := range p.cols {
		fmt.Fprintf(&b, `<p><a href="%s">%s</a></p>`, c.Path, c.Name)
	}
	v.Body = template.HTML(b.String())
	p.render("/sitemap.html", v)
	p.put("/app/missing", &answer{status: http.StatusOK, typ: "text/html; charset=utf-8", body: []byte(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>提示</title></head><body><p>抱歉，您访问的页面不存在。</p></body></html>`)})
}

// assets are the files that pages use.
func (p *Portal) assets() {
	png := []byte("\x89PNG\r\n\x1a\n")
	for _, name := range []string{"/assets/logo.png", "/assets/conac-red.png", "/assets/jiucuo.png", "/assets/bg.png", "/assets/photo1.png", "/assets/photo2.png", "/assets/icon.png", "/assets/captcha.png", "/assets/diagram.png", "/assets/float.png", "/assets/W020240530.jpg"} {
		p.put(name, &answer{status: http.StatusOK, typ: "image/png", body: png})
	}
	p.put("/favicon.ico", &answer{status: http.StatusOK, typ: "image/x-icon", body: []byte{0, 0, 1, 0}})
	p.put("/assets/site.css", &answer{status: http.StatusOK, typ: "text/css", body: []byte(styleSheet)})
	p.file("/files/plan.pdf", pdf("Qinglan District work plan"))
	p.file("/files/form.docx", docx("事项申请表", "申请人", "申请事项", "申请日期"))
	p.file("/files/application.docx", docx("政府信息公开申请表", "申请人", "所需信息内容", "获取方式"))
	p.put("/embed/weather.html", &answer{status: http.StatusOK, typ: "text/html; charset=utf-8", body: []byte(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>天气</title></head><body><p>青岚区今日晴。</p></body></html>`)})
	p.put("/old/moved.html", &answer{status: http.StatusOK, typ: "text/html; charset=utf-8", body: []byte(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/about.html"><title>页面已迁移</title></head><body><p>页面已迁移。</p></body></html>`)})
	p.put("/media/ok.mp4", &answer{status: http.StatusOK, typ: "video/mp4", body: []byte("\x00\x00\x00\x18ftypmp42")})
	p.put("/media/ok.vtt", &answer{status: http.StatusOK, typ: "text/vtt", body: []byte("WEBVTT\n")})
	p.put("/api/projects.json", &answer{status: http.StatusOK, typ: "application/json", body: []byte(`{"html":""}`)})
}

const styleSheet = `/* 演示网站样式 */
body { font: 16px/1.8 "Noto Sans CJK SC", sans-serif; margin: 0; color: #222 }
.header, .main, .footer { max-width: 1100px; margin: 0 auto; padding: 12px }
.header { background: #1f5fa8 url(bg.png); color: #fff }
.nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 14px; padding: 0 }
.nav a { color: #fff }
.date { float: right; color: #666 }
.footer { background: #f3f5f8 url("footer-missing.png"); font-size: 14px }
`

// A form is one year's 政府网站工作年度报表.
type form struct{ path, title, body string }

// formLinks are the entries of the yearly forms on the home page.
func (p *Portal) formLinks() string {
	var b strings.Builder
	b.WriteString(`<section class="block"><h2>网站工作年度报表</h2>`)
	for _, f := range p.forms {
		fmt.Fprintf(&b, `<p><a href="%s">%s</a></p>`, f.path, f.title)
	}
	return b.String() + `</section>`
}
