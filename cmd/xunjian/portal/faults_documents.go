package portal

import (
	"fmt"
	"time"

	"github.com/xunjian/xunjian/checks/workdays"
	"github.com/xunjian/xunjian/inspect"
)

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
		p.interpret(reads[i], doc, i)
	}
	p.plant("interpretation-unlinked", docs[4].Path, "", "文件未链接到解读")
	p.plant("interpretation-unlinked", reads[9].Path, "", "解读未链接到文件")
	p.twin("interpretation-unlinked", docs[3].Path, "", "文件与解读互相链接")
	p.twin("interpretation-missing", docs[0].Path, "", "有解读的文件")
	p.interpretationFaults(docs, reads)
	p.lateness(docs, reads)
}

// interpret makes r the interpretation of a document.
func (p *Portal) interpret(r, doc *article, i int) {
	name := between(doc.Title, "《", "》")
	r.Title, r.body = "《"+name+"》政策解读", interpretation(i, name)
	if i%4 == 1 {
		r.Title = "一图读懂《" + name + "》"
		r.body = `<p><img src="/assets/diagram.png" alt="图解：` + name + `的背景、目标和主要措施"></p>`
	}
	r.dated(doc.Date)
	if i == 2 {
		r.dated(doc.Date.AddDate(0, 0, 14))
	}
	if i != 4 {
		doc.body += fmt.Sprintf(`<p>相关解读：<a href="%s">%s</a></p>`, r.Path, r.Title)
	}
	if i != 9 {
		r.body += fmt.Sprintf(`<p>相关文件：<a href="%s">%s</a></p>`, doc.Path, doc.Title)
	}
}

// dated moves a piece to another day, its address along.
func (a *article) dated(day time.Time) {
	n := a.Path[len(a.Path)-len("_1000.html"):]
	a.Date = day
	a.Path = fmt.Sprintf("%s%s/t%s%s", a.col.Path, day.Format("200601"), day.Format("20060102"), n)
}

func (p *Portal) interpretationFaults(docs, reads []*article) {
	link := fmt.Sprintf(`<p>相关文件：<a href="%s">%s</a></p>`, docs[6].Path, docs[6].Title)
	reads[6].body = "<p>《" + between(docs[6].Title, "《", "》") + "》已经印发，请各乡镇、街道和各部门认真组织学习，结合工作实际抓好贯彻落实，有关情况按时报送区人民政府办公室。</p>" + link
	p.plantAs("review", "interpretation-thin", reads[6].Path, "content", "解读只有一句话")
	purpose := "<p>根据上级有关要求，为规范有关工作，制定本方案，主要任务如下。</p>"
	reads[7].body = purpose + paragraphs(900, 4) + fmt.Sprintf(`<p>相关文件：<a href="%s">%s</a></p>`, docs[7].Path, docs[7].Title)
	docs[7].body = purpose + paragraphs(900, 4) + fmt.Sprintf(`<p>相关解读：<a href="%s">%s</a></p>`, reads[7].Path, reads[7].Title)
	p.plantAs("review", "interpretation-thin", reads[7].Path, "repeats", "解读照抄文件原文")
	p.twin("interpretation-thin", reads[5].Path, "", "图解的文字都在图中")
	p.twin("interpretation-plain", "/", "", "解读有文字和图解两种形式")
}

// lateness plants what came too late. Working days of years whose holidays
// nobody has announced yet cannot be counted: there nobody can tell.
func (p *Portal) lateness(docs, reads []*article) {
	year := inspect.Window{Months: 12}
	sign := func(i, days int) {
		docs[i].facts[1] = "成文日期：" + docs[i].Date.AddDate(0, 0, -days).Format(time.DateOnly)
	}
	sign(5, 60)
	sign(8, 20)
	for i, doc := range docs {
		if inspect.DaysBetween(p.now, year.Limit(doc.Date)) < 0 {
			continue
		}
		days := map[int]int{5: 60, 8: 20}[i]
		if days == 0 {
			days = 2
		}
		if i == dateFault {
			days = -4
		}
		signed := doc.Date.AddDate(0, 0, -days)
		switch {
		case !counted(signed, doc.Date):
			p.plantAs("unknown", "disclosure-late", doc.Path, "published", "该年的放假安排尚未公布，不能计算工作日")
		case i == 5:
			p.plant("disclosure-late", doc.Path, "published", "成文 60 天后才公开")
		case i == 8:
			p.twin("disclosure-late", doc.Path, "", "成文 20 天后公开，不到 20 个工作日")
		}
		switch {
		case i >= len(reads):
		case !counted(doc.Date, reads[i].Date):
			p.plantAs("unknown", "interpretation-late", doc.Path, "interpretation", "该年的放假安排尚未公布，不能计算工作日")
		case i == 2:
			p.plant("interpretation-late", doc.Path, "interpretation", "文件公布 14 天后才解读")
		case i == 3:
			p.twin("interpretation-late", doc.Path, "", "文件与解读同日公布")
		}
	}
}

// dateFault is which document is dated four days after its publication.
const dateFault = 6

// counted reports whether the working days between two days can be counted.
func counted(a, b time.Time) bool {
	for y := min(a.Year(), b.Year()); y <= max(a.Year(), b.Year()); y++ {
		if !workdays.Known(y) {
			return false
		}
	}
	return true
}

// documentFaults are normative documents that do not say what they must, and
// a document that needs no interpretation.
func (p *Portal) documentFaults() {
	for i, a := range p.col("行政规范性文件").articles {
		a.Title = fmt.Sprintf("青岚区%s管理办法", pick([]string{"燃气使用", "户外广告", "公共停车", "农村供水"}, i))
		a.facts = []string{fmt.Sprintf("文号：司规发〔%d〕%d号", a.Date.Year(), 9-i), "成文日期：" + a.Date.AddDate(0, 0, -3).Format(time.DateOnly), "发文机关：司法部门", "有效性：有效"}
	}
	list := p.col("行政规范性文件").articles
	list[1].facts = list[1].facts[:3]
	p.plantAs("review", "document-status", list[1].Path, "status", "没有标注有效性")
	list[2].facts = list[2].facts[:3]
	list[2].body += "<p>本办法自印发之日起施行，有效期五年。</p>"
	p.twin("document-status", list[2].Path, "", "有效性写在正文中：有效期五年")

	c := p.col("政府办文件")
	day := c.articles[3].Date.AddDate(0, 0, 1)
	a := &article{col: c, Date: day, Path: fmt.Sprintf("%s%s/t%s_9001.html", c.Path, day.Format("200601"), day.Format("20060102")),
		Title: "青岚区人民政府关于张某等同志任免的通知", body: paragraphs(31, 2)}
	a.facts = []string{fmt.Sprintf("文号：青政任〔%d〕5号", day.Year()), "成文日期：" + day.AddDate(0, 0, -2).Format(time.DateOnly)}
	c.articles = append(c.articles, a)
	p.twin("interpretation-missing", a.Path, "", "人事任免不需要解读")
	if !counted(day.AddDate(0, 0, -2), day) {
		p.plantAs("unknown", "disclosure-late", a.Path, "published", "该年的放假安排尚未公布，不能计算工作日")
	}
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
