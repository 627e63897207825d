package annualreport

import (
	"fmt"
	"strings"
)

// Applicants are the seven columns of the table of applications.
var Applicants = [7]string{"自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"}

// blocks are the three parts of the table of reviews and lawsuits.
var blocks = [3]string{"行政复议", "未经复议直接起诉", "复议后起诉"}

// A Cell is one number of a table. A blank one counts as nought, but no fault
// is found by it.
type Cell struct {
	N     int
	Blank bool
}

// A Row is one line of the table of applications.
type Row struct {
	name  string
	Cells [7]Cell
}

// A Report is what the arithmetic needs of an annual report.
type Report struct {
	Received, Before Row   // R1, R2
	results          []Row // R3.1 to R3.6.3, in order
	Total, After     Row   // R3.7, R4
	lawsuits         *[15]Cell
	Year             int // of the title; 0: none
	periodYear       int // of 统计期限; 0: none
	Told             int // applications received, as part one tells; 0: not told, or not clear
}

// A Fault is one rule that does not hold.
type Fault struct {
	Locus   string
	Message string
	// Doubt says why the fault may be ours: "" if it is sure.
	Doubt string
}

// Faults holds a report against every rule, in the order of their numbers.
func (r *Report) Faults() []Fault {
	var out []Fault
	for i, name := range Applicants {
		out = append(out, r.carried(i, name)...)
	}
	for i, name := range Applicants {
		out = append(out, r.summed(i, name)...)
	}
	for _, x := range r.rows() {
		out = append(out, across(x)...)
	}
	out = append(out, r.court()...)
	return append(out, r.words()...)
}

func (r *Report) rows() []Row {
	out := append([]Row{r.Received, r.Before}, r.results...)
	return append(out, r.Total, r.After)
}

// carried is RC-1: what came in and was carried over is what was done and is
// carried on.
func (r *Report) carried(i int, name string) []Fault {
	a, b, c, d := r.Received.Cells[i], r.Before.Cells[i], r.Total.Cells[i], r.After.Cells[i]
	if a.N+b.N == c.N+d.N {
		return nil
	}
	return []Fault{{"RC-1 " + name, fmt.Sprintf("“%s”列不平衡：新收%d＋上年结转%d＝%d，办理结果总计%d＋结转下年度%d＝%d",
		name, a.N, b.N, a.N+b.N, c.N, d.N, c.N+d.N), blanks(a, b, c, d)}}
}

// summed is RC-2: the total of results is their sum.
func (r *Report) summed(i int, name string) []Fault {
	sum := 0
	all := []Cell{r.Total.Cells[i]}
	for _, x := range r.results {
		sum += x.Cells[i].N
		all = append(all, x.Cells[i])
	}
	if sum == r.Total.Cells[i].N {
		return nil
	}
	return []Fault{{"RC-2 " + name, fmt.Sprintf("“%s”列办理结果各项之和为%d，总计填报为%d", name, sum, r.Total.Cells[i].N), blanks(all...)}}
}

// across is RC-3: the last column is the sum of the others.
func across(x Row) []Fault {
	sum := 0
	for _, c := range x.Cells[:6] {
		sum += c.N
	}
	if sum == x.Cells[6].N {
		return nil
	}
	return []Fault{{"RC-3 " + x.name, fmt.Sprintf("“%s”行各类申请人之和为%d，总计填报为%d", x.name, sum, x.Cells[6].N), blanks(x.Cells[:]...)}}
}

// court is RC-5: each part of reviews and lawsuits adds up.
func (r *Report) court() (out []Fault) {
	if r.lawsuits == nil {
		return nil
	}
	for i, name := range blocks {
		b := r.lawsuits[5*i : 5*i+5]
		if sum := b[0].N + b[1].N + b[2].N + b[3].N; sum != b[4].N {
			out = append(out, Fault{"RC-5 " + name, fmt.Sprintf("“%s”各项结果之和为%d，总计填报为%d", name, sum, b[4].N), blanks(b...)})
		}
	}
	return out
}

// words are RC-7 and RC-10: the text tells the numbers and the year of the tables.
func (r *Report) words() (out []Fault) {
	in, all := r.Received.Cells[6].N, r.Received.Cells[6].N+r.Before.Cells[6].N
	if r.Told != 0 && r.Told != in && r.Told != all {
		out = append(out, Fault{"RC-7 收到", fmt.Sprintf("正文称收到申请%d件，表中新收%d件、连同上年结转共%d件", r.Told, in, all), "正文数字可能另有所指"})
	}
	if r.Year != 0 && r.periodYear != 0 && r.Year != r.periodYear {
		out = append(out, Fault{"RC-10 年度", fmt.Sprintf("标题为%d年度，数据统计期限为%d年", r.Year, r.periodYear), ""})
	}
	return out
}

func blanks(cells ...Cell) string {
	for _, c := range cells {
		if c.Blank {
			return "有单元格未填写"
		}
	}
	return ""
}

// named are the rows by a word that no other row's label holds, in the order
// in which they are tried.
var named = []struct{ word, name string }{
	{"新收", "本年新收"}, {"上年结转", "上年结转"}, {"结转下年", "结转下年度继续办理"},
	{"部分公开", "部分公开"}, {"国家秘密", "属于国家秘密"}, {"法规禁止", "其他法律行政法规禁止公开"}, {"三安全", "危及“三安全一稳定”"},
	{"第三方", "保护第三方合法权益"}, {"内部事务", "属于三类内部事务信息"}, {"过程性", "属于四类过程性信息"}, {"执法案卷", "属于行政执法案卷"},
	{"查询事项", "属于行政查询事项"}, {"不掌握", "本机关不掌握"}, {"另行制作", "需要另行制作"}, {"不明确", "补正后仍不明确"},
	{"信访", "信访举报投诉类申请"}, {"大量反复", "无正当理由大量反复申请"}, {"重复申请", "重复申请"}, {"出版物", "要求提供公开出版物"},
	{"重新出具", "确认或重新出具已获取信息"}, {"不补正", "逾期不补正"}, {"收费通知", "逾期不缴费"}, {"逾期未", "逾期不缴费"},
	{"其他处理", "其他处理"}, {"予以公开", "予以公开"}, {"总计", "总计"}, {"其他", "其他"},
}

// rowName is the name of the row that a label stands for, "" if none.
func rowName(label string) string {
	for _, x := range named {
		if strings.Contains(label, x.word) {
			return x.name
		}
	}
	return ""
}
