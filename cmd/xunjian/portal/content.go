package portal

import (
	"fmt"
	"strings"
	"time"
)

// Words from which titles and texts are made. All of it is invented.
var (
	towns   = []string{"云溪镇", "石桥镇", "柳湾乡", "东岭街道", "南河街道", "白杨镇", "梅坪乡"}
	offices = []string{"区教育局", "区民政局", "区财政局", "区人社局", "区自然资源局", "区住建局", "区交通运输局", "区农业农村局", "区卫生健康局", "区应急管理局", "区市场监管局"}
	matters = []string{"春季农业生产", "老旧小区改造", "义务教育招生", "城乡居民医保参保", "农村饮水安全", "森林草原防火", "食品安全示范创建", "养老服务设施建设", "营商环境优化", "防汛抗旱准备", "农村公路养护", "残疾人就业帮扶"}
	texts   = []string{
		"会议听取了前一阶段工作情况的汇报，分析了存在的困难和问题，对下一步工作作出安排。",
		"各乡镇、街道和有关部门要压实责任，细化措施，定期调度，确保各项任务按时完成。",
		"工作人员走进村组农户，详细了解群众需求，现场解答政策疑问，并建立台账逐项办理。",
		"今年以来，全区围绕群众关心的实际问题，坚持一件事情接着一件事情办，取得了阶段性成效。",
		"下一步，将继续完善工作机制，加强部门协同，及时回应群众诉求，不断提升服务水平。",
		"活动现场，志愿者发放宣传资料六百余份，接受咨询一百二十余人次，受到群众欢迎。",
	}
)

func pick(list []string, n int) string { return list[n%len(list)] }

// paragraphs is n paragraphs of running text.
func paragraphs(seed, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<p>")
		for k := range 3 {
			b.WriteString(pick(texts, seed+i*2+k))
		}
		b.WriteString("</p>\n")
	}
	return b.String()
}

// write makes the title and the text of a column's n-th piece.
func write(c *column, n int, day time.Time) (title, body string) {
	matter, office, town := pick(matters, n*5), pick(offices, n*3), pick(towns, n)
	body = paragraphs(n, 4)
	switch c.Name {
	case "青岚要闻":
		return fmt.Sprintf("青岚区召开%s工作推进会（第%d次）", matter, n), body
	case "部门动态":
		return fmt.Sprintf("%s扎实推进%s工作", office, matter), body
	case "乡镇动态":
		return fmt.Sprintf("%s开展%s入户宣传", town, matter), body
	case "通知公告":
		return fmt.Sprintf("青岚区关于做好%s有关事项的公告（%d号）", matter, n), body
	case "年度报告":
		year := day.Year() - 1
		return fmt.Sprintf("青岚区%d年政府信息公开工作年度报告", year), annualReport(year, 0, 1)
	case "人事信息":
		return fmt.Sprintf("青岚区公开招聘%s事业单位人员公示", town), body
	case "规划计划":
		return fmt.Sprintf("青岚区%s三年行动计划（%d）", matter, n), body
	case "财政资金":
		return fmt.Sprintf("%s%s专项资金分配情况公示", office, matter), body
	case "领导分工":
		return fmt.Sprintf("副区长分工：分管%s等工作", matter), body
	case "区长信箱":
		return fmt.Sprintf("关于%s%s问题的来信及答复", town, matter), fmt.Sprintf("<p>来信时间：%s</p><p>来信内容：%s的有关办法在哪里可以查到？</p><p>答复单位：%s</p><p>答复时间：%s</p><p>答复内容：您好，有关办法已在本网站通知公告栏目公布，也可拨打咨询电话了解。%s</p>",
			day.AddDate(0, 0, -3).Format(time.DateOnly), matter, office, day.Format(time.DateOnly), pick(texts, n))
	case "征集调查":
		return fmt.Sprintf("关于%s实施意见公开征求意见的公告（%d）", matter, n), body
	case "办事指南":
		return fmt.Sprintf("%s办理%s事项服务指南", office, matter), guide{matter: matter, office: office, materials: []string{"身份证明", "申请表（<a href=\"/files/form.docx\">申请表下载</a>）"}, promised: 5}.body() + paragraphs(n, 1)
	case "办件统计":
		return fmt.Sprintf("青岚区%d年%d月政务服务办件统计", day.Year(), int(day.Month())), body
	case "统计数据":
		return fmt.Sprintf("青岚区%d年%d月主要经济指标（%d）", day.Year(), int(day.Month()), n), body
	case "监督检查":
		return fmt.Sprintf("%s%s专项检查结果通报", office, matter), body
	}
	return fmt.Sprintf("%s%s工作情况（%d）", town, matter, n), body
}

// reportRows are the rows of the application table, grouped as the form prints them.
var reportRows = []struct{ group, name string }{
	{"", "一、本年新收政府信息公开申请数量"},
	{"", "二、上年结转政府信息公开申请数量"},
	{"三、本年度办理结果", "（一）予以公开"},
	{"三、本年度办理结果", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"},
	{"（三）不予公开", "1.属于国家秘密"}, {"（三）不予公开", "2.其他法律行政法规禁止公开"}, {"（三）不予公开", "3.危及“三安全一稳定”"},
	{"（三）不予公开", "4.保护第三方合法权益"}, {"（三）不予公开", "5.属于三类内部事务信息"}, {"（三）不予公开", "6.属于四类过程性信息"},
	{"（三）不予公开", "7.属于行政执法案卷"}, {"（三）不予公开", "8.属于行政查询事项"},
	{"（四）无法提供", "1.本机关不掌握相关政府信息"}, {"（四）无法提供", "2.没有现成信息需要另行制作"}, {"（四）无法提供", "3.补正后申请内容仍不明确"},
	{"（五）不予处理", "1.信访举报投诉类申请"}, {"（五）不予处理", "2.重复申请"}, {"（五）不予处理", "3.要求提供公开出版物"},
	{"（五）不予处理", "4.无正当理由大量反复申请"}, {"（五）不予处理", "5.要求行政机关确认或重新出具已获取信息"},
	{"（六）其他处理", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"}, {"（六）其他处理", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"}, {"（六）其他处理", "3.其他"},
	{"三、本年度办理结果", "（七）总计"},
	{"", "四、结转下年度继续办理"},
}

// annualReport is a report of a year in the form of 2021; extra is added to
// one answered cell alone, so that anything but 0 breaks its sums; carried is
// what came over from the year before and goes over to the next.
func annualReport(year, extra, carried int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p>本报告根据《中华人民共和国政府信息公开条例》编制，所列数据的统计期限自%d年1月1日至%d年12月31日。</p>", year, year)
	b.WriteString("<h2>一、总体情况</h2><p>全年共收到政府信息公开申请12件，全部按期答复。</p>")
	b.WriteString(pick(yearly, year))
	fmt.Fprintf(&b, `<h2>二、主动公开政府信息情况</h2><table><tr><th colspan="4">第二十条第（一）项</th></tr><tr><th>信息内容</th><th>本年制发件数</th><th>本年废止件数</th><th>现行有效件数</th></tr><tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr><tr><td>行政规范性文件</td><td>3</td><td>1</td><td>%d</td></tr></table>`, 7+2*(year-2019))
	b.WriteString("<h2>三、收到和处理政府信息公开申请情况</h2><table><tr><th colspan=\"3\" rowspan=\"3\">（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</th><th colspan=\"7\">申请人情况</th></tr><tr><th rowspan=\"2\">自然人</th><th colspan=\"5\">法人或其他组织</th><th rowspan=\"2\">总计</th></tr><tr><th>商业<br>企业</th><th>科研<br>机构</th><th>社会公益组织</th><th>法律服务机构</th><th>其他</th></tr>")
	for i, r := range reportRows {
		reportRow(&b, i, r.group, r.name, reportValues(i, extra, carried))
	}
	b.WriteString("</table><h2>四、政府信息公开行政复议、行政诉讼情况</h2><table><tr><th colspan=\"5\">行政复议</th><th colspan=\"10\">行政诉讼</th></tr><tr><th rowspan=\"2\">结果维持</th><th rowspan=\"2\">结果纠正</th><th rowspan=\"2\">其他结果</th><th rowspan=\"2\">尚未审结</th><th rowspan=\"2\">总计</th><th colspan=\"5\">未经复议直接起诉</th><th colspan=\"5\">复议后起诉</th></tr><tr>")
	for range 2 {
		b.WriteString("<th>结果维持</th><th>结果纠正</th><th>其他结果</th><th>尚未审结</th><th>总计</th>")
	}
	b.WriteString("</tr><tr><td>1</td><td>0</td><td>0</td><td>0</td><td>1</td>" + strings.Repeat("<td>0</td>", 10) + "</tr></table>")
	b.WriteString("<h2>五、存在的主要问题及改进情况</h2><p>主动公开的及时性还需提高，下一步将加强培训和督促检查。</p><h2>六、其他需要报告的事项</h2><p>本年度没有收取信息处理费。</p>")
	return b.String()
}

// reportValues are the seven numbers of the i-th row.
func reportValues(i, extra, carried int) [7]int {
	switch i {
	case 0:
		return [7]int{10, 2, 0, 0, 0, 0, 12}
	case 1, 24:
		return [7]int{carried, 0, 0, 0, 0, 0, carried}
	case 2:
		return [7]int{8 + extra, 2, 0, 0, 0, 0, 10}
	case 12:
		return [7]int{2, 0, 0, 0, 0, 0, 2}
	case 23:
		return [7]int{10, 2, 0, 0, 0, 0, 12}
	}
	return [7]int{}
}

// reportRow writes a row; the first row of a group carries its merged cells.
func reportRow(b *strings.Builder, i int, group, name string, v [7]int) {
	b.WriteString("<tr>")
	switch {
	case group == "":
		fmt.Fprintf(b, "<td colspan=\"3\">%s</td>", name)
	case i == 2:
		fmt.Fprintf(b, "<td rowspan=\"22\">%s</td><td colspan=\"2\">%s</td>", group, name)
	case group == "三、本年度办理结果":
		fmt.Fprintf(b, "<td colspan=\"2\">%s</td>", name)
	case reportRows[i-1].group != group:
		n := 0
		for _, r := range reportRows {
			if r.group == group {
				n++
			}
		}
		fmt.Fprintf(b, "<td rowspan=\"%d\">%s</td><td>%s</td>", n, group, name)
	default:
		fmt.Fprintf(b, "<td>%s</td>", name)
	}
	for _, x := range v {
		fmt.Fprintf(b, "<td>%d</td>", x)
	}
	b.WriteString("</tr>")
}

const guideText = `<p>公开范围：本机关在履行职责中制作和获取、以一定形式记录和保存的信息。</p><p>公开方式：本网站、政府公报和区政务服务大厅的查阅点。</p><p>受理机构：青岚区人民政府办公室，办公时间为工作日九时至十七时，联系电话0990-1234567。</p>`

// interpretation is the text of an interpretation in words.
func interpretation(i int, name string) string {
	asked := []string{"怎样申请", "由谁负责", "何时开始", "费用多少"}
	return fmt.Sprintf("<h2>一、起草背景</h2><p>%s过去几年由各乡镇分头组织，标准不一，群众办理时往往要多跑几趟，因此有必要制定统一的安排。</p>", name) +
		fmt.Sprintf("<h2>二、目的意义</h2><p>目的是让%d类常见情形都有章可循，既减轻基层负担，也让群众心中有数。</p>", i+3) +
		fmt.Sprintf("<h2>三、主要内容</h2><p>全文共分%d个部分，主要内容包括职责分工、办理流程和监督方式三个方面，其中重点回答群众最常问的“%s”。</p>", i+4, pick(asked, i)) +
		"<p>例如住在镇上的居民，带上身份证到便民服务站填写一张表，五个工作日之内就会收到答复短信，无须再到区里。</p>"
}

// yearly is what the reports of years in a row tell of their year.
var yearly = []string{
	"<p>这一年重点抓了平台改版，投入专人三名、历时半年：栏目由四十三个归并为二十一个，统一了列表样式，旧站内容全部迁移并逐条核对，群众反映找文件难的问题明显减少。区里还请了十二位市民体验员，每季度试用一次并提出修改意见，共采纳三十一条。移动端页面单独设计，字号可以放大，读屏软件也能顺利朗读。夏季汛期，平台连续四十天发布雨情水情和道路管制信息，单日访问最高达到七千人次，没有出现中断。</p>",
	"<p>这一年重点抓了政策宣讲：组织小分队进企业、进社区二十六场，把惠企条款拆成问答卡片，印发九千份；同时开通了电话回访，对来电咨询的每一位市民在三日内回复，回访满意率保持在较高水平。针对小微企业反映的看不懂、不会算，编写了八个计算实例，放在申报页面旁边；宣讲团还录制方言短音频，由村广播播出，听众多为留守老人。</p>",
	"<p>这一年重点抓了基层公开：在七个乡镇街道的便民大厅设置查阅点，配齐查询机和纸质目录，村级公示栏改为图文并排，老年人也看得清；另外清理了积压多年的旧文件，按现行、失效两类重新编目。年中举办一次开放日，邀请五十位居民参观办公场所和档案室，当场回答提问；秋季又对窗口人员轮训两期，考试合格后上岗，差错登记较往年少了一半以上。</p>",
}

// letterForm is a form on which visitors write.
const letterForm = `<form method="post" action="/hdjl/submit"><p><label>您的姓名 <input name="n"></label></p><p><label>咨询内容 <textarea name="t"></textarea></label></p><p><button>提交</button></p></form>`

// A guide is a service guide.
type guide struct {
	matter, office string
	materials      []string
	promised       int  // working days
	short          bool // leaves half of the elements out
}

func (g guide) body() string {
	var b strings.Builder
	row := func(name, value string) { fmt.Fprintf(&b, "<p>%s：%s</p>", name, value) }
	row("事项名称", g.matter)
	row("设定依据", "《青岚区便民服务规定》")
	row("申请条件", "本区居民")
	b.WriteString("<p>办理材料：</p><ul>")
	for _, m := range g.materials {
		fmt.Fprintf(&b, "<li>%s</li>", m)
	}
	b.WriteString("</ul>")
	row("办理地点", "区政务服务大厅")
	if g.short {
		return b.String()
	}
	row("办理机构", g.office)
	row("办理时间", "工作日九时至十七时")
	row("收费标准", "不收费")
	row("办理流程", "申请、核对、告知结果")
	row("法定时限", "20个工作日")
	row("承诺时限", fmt.Sprintf("%d个工作日", g.promised))
	row("联系电话", "0990-7654321")
	return b.String()
}

const elderText = `<p style="font-size:28px">长者版使用大字和简明的版面，可从这里进入<a href="/about.html">本站介绍</a>。</p>`
