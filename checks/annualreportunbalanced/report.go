package annualreportunbalanced

import (
	"fmt"
	"strings"
)

// applicants are the seven columns of the table of applications.
var applicants = [7]string{"自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"}

// blocks are the three parts of the table of reviews and lawsuits.
var blocks = [3]string{"行政复议", "未经复议直接起诉", "复议后起诉"}

// A cell is one number of a table. A blank one counts as nought, but no fault
// is found by it.
type cell struct {
	n     int
	blank bool
}

// A row is one line of the table of applications.
type row struct {
	name  string
	cells [7]cell
}

// A report is what the arithmetic needs of an annual report.
type report struct {
	received, before row   // R1, R2
	results          []row // R3.1 to R3.6.3, in order
	total, after     row   // R3.7, R4
	lawsuits         *[15]cell
	titleYear        int // of the title; 0: none
	periodYear       int // of 统计期限; 0: none
	told             int // applications received, as part one tells; 0: not told, or not clear
}

// A fault is one rule that does not hold.
type fault struct {
	locus   string
	message string
	// doubt says why the fault may be ours: "" if it is sure.
	doubt string
}

// faults holds a report against every rule, in the order of their numbers.
func (r *report) faults() []fault {
	var out []fault
	for i, name := range applicants {
		out = append(out, r.carried(i, name)...)
	}
	for i, name := range applicants {
		out = append(out, r.summed(i, name)...)
	}
	for _, x := range r.rows() {
		out = append(out, across(x)...)
	}
	out = append(out, r.court()...)
	return append(out, r.words()...)
}

func (r *report) rows() []row {
	out := append([]row{r.received, r.before}, r.results...)
	return append(out, r.total, r.after)
}

// carried is RC-1: what came in and was carried over is what was done and is
// carried on.
func (r *report) carried(i int, name string) []fault {
	a, b, c, d := r.received.cells[i], r.before.cells[i], r.total.cells[i], r.after.cells[i]
	if a.n+b.n == c.n+d.n {
		return nil
	}
	return []fault{{"RC-1 " + name, fmt.Sprintf("“%s”列不平衡：新收%d＋上年结转%d＝%d，办理结果总计%d＋结转下年度%d＝%d",
		name, a.n, b.n, a.n+b.n, c.n, d.n, c.n+d.n), blanks(a, b, c, d)}}
}

// summed is RC-2: the total of results is their sum.
func (r *report) summed(i int, name string) []fault {
	sum := 0
	all := []cell{r.total.cells[i]}
	for _, x := range r.results {
		sum += x.cells[i].n
		all = append(all, x.cells[i])
	}
	if sum == r.total.cells[i].n {
		return nil
	}
	return []fault{{"RC-2 " + name, fmt.Sprintf("“%s”列办理结果各项之和为%d，总计填报为%d", name, sum, r.total.cells[i].n), blanks(all...)}}
}

// across is RC-3: the last column is the sum of the others.
func across(x row) []fault {
	sum := 0
	for _, c := range x.cells[:6] {
		sum += c.n
	}
	if sum == x.cells[6].n {
		return nil
	}
	return []fault{{"RC-3 " + x.name, fmt.Sprintf("“%s”行各类申请人之和为%d，总计填报为%d", x.name, sum, x.cells[6].n), blanks(x.cells[:]...)}}
}

// court is RC-5: each part of reviews and lawsuits adds up.
func (r *report) court() (out []fault) {
	if r.lawsuits == nil {
		return nil
	}
	for i, name := range blocks {
		b := r.lawsuits[5*i : 5*i+5]
		if sum := b[0].n + b[1].n + b[2].n + b[3].n; sum != b[4].n {
			out = append(out, fault{"RC-5 " + name, fmt.Sprintf("“%s”各项结果之和为%d，总计填报为%d", name, sum, b[4].n), blanks(b...)})
		}
	}
	return out
}

// words are RC-7 and RC-10: the text tells the numbers and the year of the tables.
func (r *report) words() (out []fault) {
	in, all := r.received.cells[6].n, r.received.cells[6].n+r.before.cells[6].n
	if r.told != 0 && r.told != in && r.told != all {
		out = append(out, fault{"RC-7 收到", fmt.Sprintf("正文称收到申请%d件，表中新收%d件、连同上年结转共%d件", r.told, in, all), "正文数字可能另有所指"})
	}
	if r.titleYear != 0 && r.periodYear != 0 && r.titleYear != r.periodYear {
		out = append(out, fault{"RC-10 年度", fmt.Sprintf("标题为%d年度，数据统计期限为%d年", r.titleYear, r.periodYear), ""})
	}
	return out
}

func blanks(cells ...cell) string {
	for _, c := range cells {
		if c.blank {
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
