package paper

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/bulletins/period"
	"github.com/xunjian/xunjian/inspect"
)

// byOffice is printed where only the office knows.
const byOffice = "（由单位填写）"

// yearForms are drafts of the 网站工作年度报表, one for each site: what a
// crawler sees is filled in, all else is left to the office.
func yearForms(b *period.Bulletin, o Options) (out []*Paper) {
	for i := range b.Targets {
		if t := &b.Targets[i]; t.Kind == inspect.Website {
			out = append(out, yearForm(b, t, o))
		}
	}
	return out
}

func yearForm(b *period.Bulletin, t *period.Target, o Options) *Paper {
	p := &Paper{Kind: "yearform", Of: t.ID, Name: "年度报表-" + t.ID + "-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{fmt.Sprintf("政府网站工作年度报表（%d年度）", b.Period.Year), t.Name}
	f := &Table{Heads: []ColumnHead{{"类别", 18, Words, 0}, {"项目", 30, Words, 0}, {"内容", 26, Words, 0}, {"说明", 26, Words, 0}}}
	row := func(block, item, value, note string) {
		f.add(words(block), words(item), words(cmp.Or(value, byOffice)), words(note))
	}
	kind := "部门网站"
	if t.Portal {
		kind = "政府门户网站"
	}
	row("基本信息", "填报单位", t.Unit, "登记表")
	row("基本信息", "网站名称", t.Name, "登记表")
	row("基本信息", "首页网址", t.Home, "登记表")
	row("基本信息", "网站类型", kind, "登记表")
	row("基本信息", "政府网站标识码", t.Code, "登记表")
	for _, x := range []string{"ICP备案号", "公安机关备案号", "独立用户访问总量", "网站总访问量"} {
		row("基本信息", x, "", "")
	}
	v := volumesOf(b, t.ID)
	row("信息发布", "总数", v.all(), "列表页标注日期在本年度的，是下限")
	row("信息发布", "概况类信息更新量", v.of(inspect.Profile), "同上")
	row("信息发布", "政务动态信息更新量", v.of(inspect.News), "同上")
	row("信息发布", "信息公开目录信息更新量", v.of(inspect.Notice, inspect.Policy, inspect.Interpretation, inspect.AnnualReport, inspect.Personnel, inspect.Planning), "同上，按栏目类别归入")
	row("专栏专题", "维护数量", v.columns(inspect.Topic), "登记的专题栏目数")
	row("专栏专题", "新开设数量", "", "")
	row("解读回应", "解读信息发布总数", v.of(inspect.Interpretation), "解读类栏目，是下限")
	for _, x := range [][2]string{{"解读回应", "解读材料、解读产品、媒体评论文章数量"}, {"解读回应", "回应公众关注热点或重大舆情数量"}, {"办事服务", "是否发布服务事项目录、事项数量、办件量"},
		{"互动交流", "留言办理：收到、办结、平均办理时间、公开答复"}, {"互动交流", "征集调查：期数、收到意见、公布结果期数"}, {"互动交流", "在线访谈"}, {"安全防护", "安全检测评估次数、发现问题数量、整改数量"},
		{"安全防护", "监测预警机制、应急演练、安全责任人"}} {
		row(x[0], x[1], "", "")
	}
	p.media(f, t.Unit)
	row("创新发展", "搜索即服务、多语言版本、无障碍浏览、千人千网", "", "")
	p.Blocks = append(p.Blocks, Block{Style: Body, Text: Text{{Text: "草稿：已填的由监测结果得出，须由填报单位核对；其余由填报单位填写。"}}}, Block{Table: f})
	return p
}

// media fills in the accounts of the site's own unit.
func (p *Paper) media(f *Table, unit string) {
	n := 0
	for i := range p.Source.Targets {
		t := &p.Source.Targets[i]
		if t.Kind != inspect.Account || t.Unit != unit {
			continue
		}
		n++
		posts := "未监测"
		if t.PostsKnown {
			posts = fmt.Sprintf("发布 %d 条", t.Posts)
		}
		f.add(words("移动新媒体"), words(t.Platform.Chinese()+"“"+t.Name+"”"), words(posts), words("关注量、订阅数由单位填写"))
	}
	has := "登记表中没有"
	if n > 0 {
		has = fmt.Sprintf("有，登记 %d 个", n)
	}
	f.add(words("移动新媒体"), words("是否有移动新媒体"), words(has), words("登记表"))
}

// volumes are the columns of one site.
type volumes []period.Column

func volumesOf(b *period.Bulletin, site string) (out volumes) {
	for _, c := range b.Columns {
		if c.Site == site {
			out = append(out, c)
		}
	}
	return out
}

// all is what all columns published; "" when there is none.
func (v volumes) all() string { return v.of(inspect.Genres...) }

func (v volumes) of(genres ...inspect.Genre) string {
	n, some := 0, false
	for _, c := range v {
		for _, g := range genres {
			if c.Genre == g {
				n, some = n+c.Items, true
			}
		}
	}
	if !some {
		return ""
	}
	return fmt.Sprint(n)
}

func (v volumes) columns(genre inspect.Genre) string {
	n := 0
	for _, c := range v {
		if c.Genre == genre {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// annualChecks are the checks of annual reports and forms, with what they hold
// against each other.
var annualChecks = []struct{ id, what string }{
	{"annual-report-late", "信息公开工作年度报告按时公布（部门 1 月 31 日前，政府 3 月 31 日前）"},
	{"annual-report-unbalanced", "年报表内勾稽关系：新收＋结转＝办理总计＋结转下年；各行、各列合计"},
	{"annual-report-mismatch", "年报表间关系：与上年结转、与正文文字、与上年文本的一致"},
	{"annual-form-late", "网站工作年度报表按时公布（1 月 31 日前）"},
}

// crosscheck is the sheet on which annual reports are held against each other.
func crosscheck(b *period.Bulletin, o Options) []*Paper {
	p := &Paper{Kind: "crosscheck", Name: "年报核对-" + b.Period.String(), Options: o, Source: b}
	p.Title = []string{b.Title + "政府信息公开工作年度报告核对表"}
	t := &Table{Heads: []ColumnHead{{"单位", 18, Words, 0}, {"网站", 20, Words, 0}, {"核对内容", 34, Words, 0}, {"结果", 12, Words, 0}, {"详情", 16, Words, 0}}}
	said := map[[2]string]period.Annual{}
	for _, a := range b.Annual {
		said[[2]string{a.Site, a.Check}] = a
	}
	for i := range b.Targets {
		x := &b.Targets[i]
		if x.Kind != inspect.Website {
			continue
		}
		for _, c := range annualChecks {
			a := said[[2]string{x.ID, c.id}]
			t.add(words(x.Unit), words(x.Name), words(c.what), words(annualWord(x, a)), words(p.annualDetail(x.ID, c.id)))
		}
	}
	p.Blocks = append(p.Blocks, Block{Style: Body, Text: Text{{Text: "依各网站最后一次检查。“未见问题”只说明程序没有发现，年报为图片、扫描件或未能读到的，见“未能判定”。"}}})
	p.Annexes = []Annex{{Title: "核对表", Wide: true, Table: t}}
	return []*Paper{p}
}

func annualWord(t *period.Target, a period.Annual) string {
	switch {
	case t.Inspection == "":
		return "未检查"
	case a.Fails > 0:
		return fmt.Sprintf("%d 处不符", a.Fails)
	case a.Open > 0:
		return "未能判定或待确认"
	}
	return "未见问题"
}

// annualDetail are the confirmed faults of a check of a site.
func (p *Paper) annualDetail(site, check string) string {
	var out []string
	for i := range p.Source.Faults {
		if f := &p.Source.Faults[i]; f.Site == site && f.Check == check {
			out = append(out, p.message(f))
		}
	}
	return strings.Join(out, "；")
}
