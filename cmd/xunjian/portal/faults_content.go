package portal

import (
	"fmt"
	"strings"
	"time"
)

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
	p.twin("date-illogical", p.col("区政府文件").articles[7].Path, "", "成文在前，发布在后")
}

// reports are annual reports and yearly forms whose numbers do not agree.
func (p *Portal) reports() {
	list := p.col("年度报告").articles
	for i, a := range list {
		year := a.Date.Year() - 1
		a.Title = fmt.Sprintf("%s%d年政府信息公开工作年度报告", Name, year)
		a.body = annualReport(year, 0, 1)
		switch i {
		case 0:
			a.body = annualReport(year, 0, 2)
			for _, column := range []string{"自然人", "总计"} {
				p.plant("annual-report-mismatch", a.Path, fmt.Sprintf("RC-4 %s %d", column, year), "上年结转与上年报告的结转下年度不符")
			}
			p.twin("annual-report-unbalanced", a.Path, "", "表内各项相符")
		case 1:
			a.body = annualReport(year, 1, 1)
			p.plant("annual-report-unbalanced", a.Path, "RC-2 自然人", "自然人一列各项之和与总计不符")
			p.plant("annual-report-unbalanced", a.Path, "RC-3 予以公开", "予以公开一行各列之和与总计不符")
			p.twin("annual-report-mismatch", a.Path, "", "与上一年报告衔接")
		}
	}
	p.twin("annual-report-late", "/", "", "上一年度的年报已经公布")

	due := p.dueYear(time.January, 31)
	for year := due; year > due-2; year-- {
		total := 42
		path := fmt.Sprintf("/zwgk/wzbb/%d.html", year)
		if year != due {
			total = 45
			p.plant("annual-form-late", path, "解读总数", "年度报表的合计与各项之和不符")
		} else {
			p.twin("annual-form-late", path, "", "各项之和与合计相符")
		}
		p.yearlyForm(path, year, total)
	}
}

// yearlyForm is a 政府网站工作年度报表, and its entry on the home page.
func (p *Portal) yearlyForm(path string, year, total int) {
	title := fmt.Sprintf("政府网站工作年度报表（%d年度）", year)
	var b strings.Builder
	b.WriteString(`<table><tr><th>类别</th><th>项目</th><th>数量</th></tr>`)
	for _, r := range [][3]string{{"解读信息发布", "总数（单位：条）", fmt.Sprint(total)}, {"解读信息发布", "解读材料数量（单位：条）", "30"}, {"解读信息发布", "解读产品数量（单位：个）", "10"}, {"解读信息发布", "媒体评论文章数量（单位：篇）", "2"},
		{"办件量", "总数（单位：件）", "500"}, {"办件量", "自然人办件量（单位：件）", "420"}, {"办件量", "法人办件量（单位：件）", "80"}, {"留言办理", "收到留言数量（单位：条）", "36"}, {"留言办理", "办结留言数量（单位：条）", "36"}} {
		fmt.Fprintf(&b, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>", r[0], r[1], r[2])
	}
	b.WriteString("</table>")
	p.forms = append(p.forms, form{path, title, b.String()})
}

// wordFaults are wordings and marks that must not stand on a page.
func (p *Portal) wordFaults() {
	news, towns := p.col("青岚要闻").articles, p.col("乡镇动态").articles
	for _, x := range []struct {
		a                           *article
		check, outcome, locus, note string
		html                        string
		like                        *article
		twin, twinNote              string
	}{
		{news[13], "typo", "review", "秸杆", "错别字", `<p>各村要做好秸杆禁烧的宣传。</p>`,
			news[14], `<p>现将公布署名的稿件目录印发。</p>`, "“公布署名”不是“布署”"},
		{news[15], "misstatement", "review", "中华人民共合国", "国名写错", `<p>依据《中华人民共合国政府信息公开条例》办理。</p>`,
			news[16], `<p>规范表述：国名不得误写，“中华人民共合国”应为“中华人民共和国”。</p>`, "说明用语本身的文字"},
		{news[17], "garbled-text", "review", "锟斤拷", "乱码", `<p>联系人：锟斤拷锟斤拷。</p>`,
			news[18], `<p>乱码示例：<code>锟斤拷</code>，多因编码设置不当造成。</p>`, "代码示例中的乱码"},
		{towns[10], "illegal-content", "review", "fraud", "推广欺诈服务的文字", `<p>专业代开发票，无抵押贷款当天到账，联系方式见站外。</p>`,
			towns[11], `<p>严厉打击代开发票和无抵押贷款诈骗，已查处案件三起。</p>`, "打击违法行为的报道"},
		{towns[12], "secrecy-mark", "fail", "此件不公开", "公开了标注不公开的文件", `<p>（此件不公开）</p>`,
			towns[13], `<p>（此件公开发布）</p>`, "标注公开发布"},
		{towns[3], "advertising", "review", "div", "无法关闭的浮动窗口", `<div id="floatAd1" class="float-img" style="position:fixed;top:90px"><a href="/about.html"><img src="/assets/float.png" alt="活动专题"></a></div>`,
			towns[4], `<div id="floatAd2" class="float-img" style="position:fixed;top:90px"><a href="/about.html"><img src="/assets/float.png" alt="活动专题"></a><button type="button">关闭</button></div>`, "浮动窗口可以关闭"},
	} {
		x.a.body += x.html
		p.plantAs(x.outcome, x.check, x.a.Path, x.locus, x.note)
		x.like.body += x.twin
		p.twin(x.check, x.like.Path, "", x.twinNote)
	}
}

// personFaults are personal numbers on a page and in a hidden sheet. The
// persons are made up, and so is their division.
func (p *Portal) personFaults() {
	money := p.col("财政资金").articles
	money[11].body += `<p>附件：<a href="/files/subsidy.xlsx">补助发放名单</a></p>`
	hidden := [][]string{{"姓名", "身份证号", "金额"}}
	masked := [][]string{{"姓名", "身份证号", "金额"}}
	for i, name := range []string{"王某", "李某", "赵某", "陈某"} {
		n := identity(fmt.Sprintf("19%d0305", 70+i), 21+i)
		hidden = append(hidden, []string{name, n, "1200"})
		masked = append(masked, []string{name, n[:6] + "********" + n[14:], "1200"})
	}
	p.file("/files/subsidy.xlsx", xlsx(sheet{name: "公示", rows: masked}, sheet{name: "底表", hidden: true, rows: hidden}))
	p.plantAs("review", "personal-information", "/files/subsidy.xlsx", "", "附件的隐藏工作表中有完整的身份证号")
	money[12].body += `<p>附件：<a href="/files/masked.xlsx">补助发放名单</a></p>`
	p.file("/files/masked.xlsx", xlsx(sheet{name: "公示", rows: masked}))
	p.twin("personal-information", "/files/masked.xlsx", "", "身份证号已经遮盖")
	money[13].body += `<p>申请人张某，身份证号` + identity("19660512", 33) + `，家住石桥镇，符合补助条件。</p>`
	p.plantAs("review", "personal-information", money[13].Path, "", "页面上有完整的身份证号")
	money[14].body += `<p>咨询电话：13800001111，联系人：王先生。统一社会信用代码：91350100M000100Y43。</p>`
	p.twin("personal-information", money[14].Path, "", "公布的咨询电话和社会信用代码")
}
