package privacy

import (
	"strings"
	"time"
)

// A Roll is what a table of persons tells of them.
type Roll struct {
	Values  []Value  // Start and End mean nothing here
	Persons []string // a key for each person whose information stands there, each once
	Rows    int      // rows of persons
}

// columns of a table of persons; -1: there is none.
type layout struct {
	name, id, phone, bank, papers, health, address int
	head                                           int // the row of the headings
	contacts                                       bool
}

// Heading words by column.
var (
	nameWords    = []string{"姓名", "户主", "申请人", "考生", "学生", "受助人", "领取人", "被保障人", "残疾人", "人员名单", "房主", "承租人"}
	idWords      = []string{"身份证", "证件号", "公民身份", "身份号码", "残疾证", "学籍号"}
	phoneWords   = []string{"手机", "电话", "联系方式"}
	bankWords    = []string{"银行", "账号", "帐号", "卡号", "一卡通", "账户", "存折"}
	paperWords   = []string{"护照", "通行证", "居留证"}
	healthWords  = []string{"残疾等级", "残疾类别", "残疾类型", "病种", "病情", "疾病", "诊断", "孕周", "健康状况"}
	addressWords = []string{"家庭住址", "住址", "家庭地址", "居住地址", "详细地址", "户籍地址"}
	// contactWords are columns of lists of offices and staff, whose numbers are
	// published to be called.
	contactWords = []string{"职务", "单位", "科室", "部门", "机构", "企业", "公司", "河长", "网格", "值班", "岗位", "职责", "负责人", "联系人", "辖区", "法定代表人", "医院", "警务", "服务", "项目"}
)

// Table finds personal information in a table of persons. A table without a
// column of names, or with nothing beside the names, tells nothing: that an
// office publishes a list of names is often its duty.
func Table(rows [][]string, now time.Time) Roll {
	l, ok := findLayout(rows)
	if !ok {
		return Roll{}
	}
	var r Roll
	seen := map[string]bool{}
	sensitive := 0
	for _, row := range rows[l.head+1:] {
		name := strings.ReplaceAll(cell(row, l.name), " ", "")
		if name == "" || len([]rune(name)) > 12 {
			continue
		}
		r.Rows++
		values := l.row(row, now)
		if len(values) == 0 {
			if l.sensitive(row) {
				sensitive++
			}
			continue
		}
		r.Values = append(r.Values, values...)
		if key := values[0].key; !seen[key] {
			seen[key] = true
			r.Persons = append(r.Persons, key)
		}
	}
	if sensitive >= 3 { // a single cell may be anything; a column is a column
		for i := range sensitive {
			r.Values = append(r.Values, Value{Kind: Sensitive, key: string(rune(i))})
		}
	}
	return r
}

// findLayout finds the row of headings among the first rows.
func findLayout(rows [][]string) (layout, bool) {
	for i := range rows[:min(6, len(rows))] {
		l := layout{-1, -1, -1, -1, -1, -1, -1, i, false}
		for j, c := range rows[i] {
			c = strings.ReplaceAll(c, " ", "")
			if len([]rune(c)) > 16 {
				continue
			}
			l.place(j, c)
		}
		if l.name >= 0 && (l.id >= 0 || l.phone >= 0 || l.bank >= 0 || l.papers >= 0 || l.health >= 0 || l.address >= 0) {
			return l, true
		}
	}
	return layout{}, false
}

// place files a heading; the first of a kind counts.
func (l *layout) place(j int, c string) {
	for _, k := range []struct {
		at    *int
		words []string
	}{{&l.id, idWords}, {&l.papers, paperWords}, {&l.bank, bankWords}, {&l.phone, phoneWords}, {&l.health, healthWords}, {&l.address, addressWords}, {&l.name, nameWords}} {
		if hasAny(c, k.words) {
			if *k.at < 0 {
				*k.at = j
			}
			return
		}
	}
	if hasAny(c, contactWords) {
		l.contacts = true
	}
}

// row finds the values of one person, an identity number first.
func (l *layout) row(row []string, now time.Time) []Value {
	var out []Value
	add := func(k Kind, raw, plain string) {
		out = append(out, Value{Kind: k, Raw: raw, Mask: mask(k, plain), key: plain})
	}
	whole := strings.Join(row, " ")
	id := cell(row, l.id)
	plain := compact(id)
	switch {
	case strings.Contains(id, "*"):
		if Rebuilt(plain, days(whole), now) {
			add(WeakMask, id, plain)
		}
	case OldIdentity(plain, now):
		add(IdentityNumber, id, plain)
	default:
		for i := 0; i+18 <= len(plain); i++ { // also inside the number of a certificate
			if v := plain[i : i+18]; Identity(v, now) {
				raw := v
				if !strings.Contains(id, v) {
					raw = id
				}
				add(IdentityNumber, raw, v)
				break
			}
		}
	}
	if v := compact(cell(row, l.papers)); passport(v) || permit(v) || residence(v) {
		add(Papers, cell(row, l.papers), v)
	}
	if v := compact(cell(row, l.bank)); len(v) >= 15 && len(v) <= 23 && digits(v) && !hasAny(whole, organisations) {
		add(BankAccount, cell(row, l.bank), v)
	}
	if v := compact(cell(row, l.phone)); Mobile(v) && (!l.contacts || len(out) > 0) {
		add(Phone, cell(row, l.phone), v)
	}
	return out
}

// sensitive reports whether a row tells of a named person's health, or the
// door at which the person lives.
func (l *layout) sensitive(row []string) bool {
	if h := cell(row, l.health); h != "" && h != "无" && h != "/" && h != "-" && !strings.Contains(h, "*") {
		return true
	}
	a := cell(row, l.address)
	return strings.ContainsAny(a, "0123456789") && (strings.HasSuffix(a, "号") || strings.HasSuffix(a, "室")) && !strings.Contains(a, "*")
}

func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// compact leaves the letters, digits and stars of a cell.
func compact(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if word(s[i]) {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
