package portal

import (
	"fmt"
	"time"
)

// A letter is what a visitor wrote, and what was answered.
type letter struct{ asked, answered, unit, question, reply, state string }

func (l letter) body() (out string) {
	for _, x := range [][2]string{{"来信时间", l.asked}, {"来信内容", l.question}, {"办理状态", l.state}, {"答复单位", l.unit}, {"答复时间", l.answered}, {"答复内容", l.reply}} {
		if x[1] != "" {
			out += fmt.Sprintf("<p>%s：%s</p>", x[0], x[1])
		}
	}
	return out
}

// letterFaults are letters without an answer, and with such as are none.
func (p *Portal) letterFaults() {
	list := p.col("区长信箱").articles
	write := func(i, days int, change func(*letter)) {
		day := list[i].Date
		l := letter{asked: day.AddDate(0, 0, -days).Format(time.DateOnly), answered: day.Format(time.DateOnly), unit: pick(offices, i),
			question: "我想了解" + pick(matters, i) + "的办理流程，需要准备哪些材料？", reply: "您好，办理" + pick(matters, i) + "请携带身份证到镇便民服务站，填写申请表后当场受理，五日内告知结果。"}
		if change != nil {
			change(&l)
		}
		list[i].body = l.body()
	}
	uncounted := false
	for i := range list {
		write(i, 3, nil)
		uncounted = uncounted || !counted(list[i].Date.AddDate(0, 0, -3), list[i].Date)
	}
	if uncounted {
		p.plantAs("unknown", "message-late", "/", "messages", "放假安排尚未公布的年份不能计算工作日")
	}
	write(15, 3, func(l *letter) { l.answered, l.unit, l.reply, l.state = "", "", "", "待办理" })
	p.plant("message-unanswered", list[15].Path, "", "来信三个月没有答复")
	p.twin("message-unanswered", list[14].Path, "", "已经答复的来信")
	write(4, 3, func(l *letter) { l.unit = "" })
	p.plant("message-incomplete", list[4].Path, "unit", "没有答复单位")
	p.twin("message-incomplete", list[5].Path, "", "要素齐全")
	write(6, 3, func(l *letter) {
		l.reply = "您好！感谢您的来信，您反映的问题已转相关部门办理。"
	})
	p.plantAs("review", "message-perfunctory", list[6].Path, "", "答复只有套话")
	write(7, 3, func(l *letter) { l.reply = "可以办理。请拨打0990-1234567预约。" })
	p.twin("message-perfunctory", list[7].Path, "", "答复简短但说明了办法")
	write(3, 45, nil)
	if counted(list[3].Date.AddDate(0, 0, -45), list[3].Date) {
		p.plant("message-late", list[3].Path, "", "45 天才答复")
	}
	p.twin("message-late", list[8].Path, "", "三天内答复")
	p.plantAs("review", "message-statistics", "/", "statistics", "没有留言统计数据")
	p.twin("message-channel-missing", "/", "", "有区长信箱和写信页面")
	p.twin("service-missing", "/", "", "有办事指南栏目")
}

// consultations ask the public. Two of the last year have ended: of one, the
// result was told.
func (p *Portal) consultations() {
	list := p.col("征集调查").articles
	for i, a := range list {
		end := a.Date.AddDate(0, 0, 30)
		if i != 4 && i != 5 {
			continue
		}
		a.body = fmt.Sprintf("<p>现就%s公开征求意见，欢迎社会各界提出意见建议，意见反馈截止日期为%d年%d月%d日。</p>", pick(matters, i), end.Year(), int(end.Month()), end.Day()) + paragraphs(i, 2)
	}
	list[5].body += `<h2>征集结果</h2><p>征集期间共收到意见十二条，采纳七条，未采纳的已逐条说明理由。</p>`
	p.plantAs("review", "survey-missing", list[4].Path, "", "征集结束以后没有公布结果")
	p.twin("survey-missing", list[5].Path, "", "征集结果已经公布")
}

// serviceFaults are guides that leave out, blur or promise what they must not,
// and forms that cannot be had.
func (p *Portal) serviceFaults() {
	list := p.col("办事指南").articles
	form := `<a href="/files/form.docx">申请表下载</a>`
	for i, change := range map[int]func(*guide){
		3: func(g *guide) { g.short = true },
		5: func(g *guide) { g.materials = append(g.materials, "其他相关材料") },
		6: func(g *guide) { g.promised = 30 },
		7: func(g *guide) { g.materials = append(g.materials, "居住证明") },
		8: func(g *guide) { g.materials[1] = `<a href="/files/gone.docx">申请表下载</a>` },
		9: func(g *guide) { g.materials[1] = "《供水申请表》" },
	} {
		g := guide{matter: pick(matters, i), office: pick(offices, i), materials: []string{"身份证明", form}, promised: 5}
		change(&g)
		list[i].Title = fmt.Sprintf("%s办理%s事项服务指南", g.office, g.matter)
		list[i].body = g.body() + paragraphs(i, 1)
	}
	p.plant("service-guide-incomplete", list[3].Path, "elements", "指南缺少一半要素")
	p.twin("service-guide-incomplete", list[7].Path, "", "要素齐全")
	p.plant("service-guide-vague", list[5].Path, "materials", "材料写作“其他相关材料”")
	p.plant("service-guide-vague", list[6].Path, "periods", "承诺时限长于法定时限")
	p.twin("service-guide-vague", list[7].Path, "", "材料名称明确")
	p.plant("service-form-broken", list[8].Path, "", "申请表打不开（404）")
	p.plant("link-broken", list[8].Path, "/files/gone.docx", "同一处：申请表打不开（404）")
	p.plantAs("review", "service-form-broken", list[9].Path, "", "提到申请表，没有提供下载")
	p.twin("service-form-broken", list[7].Path, "", "申请表可以下载")
	p.twin("elder-entry", "/", "", "有长者版")
	p.plantAs("unknown", "elder-page", "/elder.html", "EL-4", "字号由样式表决定，不用浏览器不能判定")
}
