package privacy

import (
	"slices"
	"strings"
	"time"
)

// A Kind is a kind of personal information.
type Kind string

// The kinds, the gravest first.
const (
	IdentityNumber Kind = "identity"     // 身份证号码
	WeakMask       Kind = "weak-mask"    // 隐去部分可还原的身份证号码
	BankAccount    Kind = "bank-account" // 银行卡号、账号
	Papers         Kind = "papers"       // 护照、通行证、居留证号码
	Phone          Kind = "phone"        // 手机号码
	Sensitive      Kind = "sensitive"    // 名单中的健康状况、住址
)

// Kinds are the kinds in order.
var Kinds = []Kind{IdentityNumber, WeakMask, BankAccount, Papers, Phone, Sensitive}

// Chinese is the kind in the words of a notice.
func (k Kind) Chinese() string {
	switch k {
	case IdentityNumber:
		return "身份证号码"
	case WeakMask:
		return "隐去部分仍可还原的身份证号码"
	case BankAccount:
		return "银行账号"
	case Papers:
		return "出入境证件号码"
	case Phone:
		return "手机号码"
	}
	return "与姓名同列的健康状况或详细住址"
}

// A Value is one piece of personal information in a text.
type Value struct {
	Kind       Kind
	Start, End int    // in the text
	Raw        string // as it stands there: never to be shown or kept
	Mask       string
	key        string // the value without blanks
}

// Scan finds personal information in one block of text: a paragraph, a line
// or a cell. What is on both sides of a number decides what it is.
func Scan(text string, now time.Time) []Value {
	s := scanner{text: text, now: now}
	for i := 0; i < len(text); {
		c := text[i]
		if c < '0' || c > '9' {
			i++
			continue
		}
		from, to := s.token(i)
		s.number(from, to)
		i = to
	}
	return s.settle()
}

// What Scan finds has so many letters, digits and stars at least, blanks and
// hyphens aside; what it judges by the day of the inspection has Dated.
const (
	Shortest = 8
	Dated    = 15 // an old identity number
)

// Longest is how many letters, digits and stars stand in the longest number of
// a text, or a little more: where it is less than Shortest Scan finds nothing,
// and most text has no such number.
func Longest(text string) int {
	most, n, digit := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch sorts[text[i]] {
		case isDigit:
			n++
			digit = true
		case isWord:
			n++
		case isOther:
			if digit {
				most = max(most, n)
			}
			n, digit = 0, false
		}
	}
	if digit {
		most = max(most, n)
	}
	return most
}

// What a byte is to Longest; blanks and hyphens may stand in a number.
const (
	isOther = iota
	isDigit
	isWord
	isGap
)

var sorts = func() (out [256]byte) {
	for i := range out {
		switch c := byte(i); {
		case number(c):
			out[i] = isDigit
		case word(c):
			out[i] = isWord
		case c == ' ' || c == '-':
			out[i] = isGap
		}
	}
	return out
}()

type scanner struct {
	text  string
	now   time.Time
	found []Value
	loose []Value // phones, kept only when the block is about a person
}

// token is the run of letters, digits and stars around a digit, and numbers
// that are grouped by single blanks or hyphens.
func (s *scanner) token(i int) (from, to int) {
	from, to = i, i
	for from > 0 && word(s.text[from-1]) {
		from--
	}
	for to < len(s.text) {
		c := s.text[to]
		if !word(c) && !((c == ' ' || c == '-') && to+1 < len(s.text) && number(s.text[to+1]) && number(s.text[to-1])) {
			break
		}
		to++
	}
	return from, to
}

func number(c byte) bool { return c >= '0' && c <= '9' }
func word(c byte) bool {
	return c == '*' || number(c) || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// number takes a token apart.
func (s *scanner) number(from, to int) {
	raw := s.text[from:to]
	if len(raw) < 8 {
		return
	}
	if strings.ContainsAny(raw, " -") {
		s.grouped(from, to)
		return
	}
	if CreditCode(strings.ToUpper(raw)) && !s.near(from, "身份证", "公民身份") {
		return
	}
	if strings.Contains(raw, "*") {
		s.masked(from, to)
		return
	}
	if s.identities(from, to) {
		return
	}
	s.others(from, to, raw)
}

// identities finds identity numbers, also inside longer numbers such as those
// of disability certificates and pupils.
func (s *scanner) identities(from, to int) bool {
	any := false
	if to-from > 40 {
		return false
	}
	for i := from; i+18 <= to; i++ {
		if v := s.text[i : i+18]; Identity(v, s.now) {
			s.add(IdentityNumber, i, i+18, v)
			any = true
			i += 17
		}
	}
	return any
}

// grouped handles numbers written in groups; the groups of other numbers that
// merely stand side by side are looked at one by one.
func (s *scanner) grouped(from, to int) {
	raw := s.text[from:to]
	plain := compact(raw)
	switch {
	case Identity(plain, s.now):
		s.add(IdentityNumber, from, to, plain)
		return
	case Mobile(plain) && groups(raw, 3, 4, 4):
		s.loose = append(s.loose, Value{Phone, from, to, raw, mask(Phone, plain), plain})
		return
	case BankCard(plain) && (groups(raw, 4, 4, 4, 4) || groups(raw, 4, 4, 4, 4, 3)):
		s.others(from, to, plain)
		return
	}
	for i := from; i < to; {
		j := i
		for j < to && word(s.text[j]) {
			j++
		}
		if j > i {
			s.number(i, j)
		}
		i = j + 1
	}
}

// groups reports whether a number is written in groups of these sizes.
func groups(s string, sizes ...int) bool {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' })
	if len(parts) != len(sizes) {
		return false
	}
	for i, p := range parts {
		if len(p) != sizes[i] {
			return false
		}
	}
	return true
}

// masked handles numbers with stars in them.
func (s *scanner) masked(from, to int) {
	raw := s.text[from:to]
	if len(raw) != 18 {
		return
	}
	if Rebuilt(raw, days(s.text), s.now) {
		s.add(WeakMask, from, to, raw)
	}
}

// others are numbers that only their context tells.
func (s *scanner) others(from, to int, plain string) {
	phone := plain
	if len(phone) == 13 && strings.HasPrefix(phone, "86") {
		phone = phone[2:]
	}
	switch {
	case OldIdentity(plain, s.now) && s.near(from, "身份证", "身份号码", "证件号"):
		s.add(IdentityNumber, from, to, plain)
	case Mobile(phone) && !decimal(s.text, from, to):
		s.loose = append(s.loose, Value{Phone, from, to, s.text[from:to], mask(Phone, phone), phone})
	case BankCard(plain) && s.near(from, "卡号", "账号", "帐号", "账户", "帐户", "银行", "一卡通") && !hasAny(s.text, organisations):
		s.add(BankAccount, from, to, plain)
	case passport(plain) && s.near(from, "护照"), permit(plain) && s.near(from, "通行证", "回乡证", "台胞证"),
		residence(plain) && s.near(from, "居留"):
		s.add(Papers, from, to, plain)
	}
}

// decimal reports whether a number is a part of another: 0.13800001111.
func decimal(text string, from, to int) bool {
	return from > 1 && text[from-1] == '.' && number(text[from-2]) || to+1 < len(text) && text[to] == '.' && number(text[to+1])
}

func passport(s string) bool {
	switch {
	case len(s) != 9:
		return false
	case strings.Contains("EGDSP", s[:1]) && digits(s[1:]):
		return true
	}
	return s[0] == 'E' && s[1] >= 'A' && s[1] <= 'Z' && digits(s[2:])
}

func permit(s string) bool {
	return len(s) >= 9 && len(s) <= 11 && strings.Contains("CHM", s[:1]) && digits(s[1:]) || len(s) == 8 && digits(s)
}

func residence(s string) bool {
	return len(s) == 15 && digits(s[3:]) && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' && s[2] >= 'A' && s[2] <= 'Z'
}

// near reports whether one of the words stands shortly before a number.
func (s *scanner) near(at int, words ...string) bool {
	return hasAny(s.text[max(0, at-60):at], words)
}

func hasAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

func (s *scanner) add(k Kind, from, to int, plain string) {
	s.found = append(s.found, Value{k, from, to, s.text[from:to], mask(k, plain), plain})
}

// Words that say whose number it is.
var (
	// organisations own the accounts of tenders and fees.
	organisations = []string{"公司", "保证金", "对公", "财政", "专户", "缴款", "单位名称", "开户单位", "基金会", "协会", "学校", "工会", "合作社", "收款单位"}
	// official numbers are published to be called.
	official = []string{"咨询", "联系人", "联系电话", "联系方式", "举报", "投诉", "热线", "值班", "监督", "办公", "报名", "客服", "记者", "通讯员", "招标", "采购", "代理", "传真", "邮箱",
		"售后", "经办", "负责人", "服务电话", "电话：", "电话:", "公司", "主任", "科长", "局长", "书记", "警官", "民警", "律师", "公示", "网格", "河长", "客户", "供应商", "投标", "项目", "预约", "报警", "救援"}
	// personal words say that a block is about a private person.
	personal = []string{"本人", "我的电话", "我的手机", "我家", "家住", "住址", "家庭", "身份证", "患者", "家长", "户主", "村民", "居民", "考生", "受助", "低保", "残疾", "手机号"}
	// samples are made up.
	samples = []string{"填写示例", "示例：", "示例:", "示例如下", "样例", "范例", "例如", "填写样本", "填写说明", "填表说明", "假设", "虚构"}
)

// settle keeps of the phones those of a private person, and drops what is
// only a sample.
func (s *scanner) settle() []Value {
	if len(s.found)+len(s.loose) == 0 || hasAny(s.text, samples) {
		return nil
	}
	identified := slices.ContainsFunc(s.found, func(v Value) bool { return v.Kind == IdentityNumber || v.Kind == BankAccount })
	if identified || hasAny(s.text, personal) && !hasAny(s.text, official) {
		s.found = append(s.found, s.loose...)
		slices.SortFunc(s.found, func(a, b Value) int { return a.Start - b.Start })
	}
	return s.found
}

// mask is a value as it may be shown: of an identity number the region and the
// last four, of a phone the first three and last four, of an account the last
// four, of other papers the first and the last two.
func mask(k Kind, s string) string {
	switch {
	case k == IdentityNumber && len(s) == 18:
		return s[:6] + "********" + s[14:]
	case k == IdentityNumber && len(s) == 15:
		return s[:6] + "******" + s[12:]
	case k == WeakMask && len(s) == 18:
		return s[:6] + "********" + "****"
	case k == Phone:
		return s[:3] + "****" + s[7:]
	case k == BankAccount && len(s) > 4:
		return strings.Repeat("*", len(s)-4) + s[len(s)-4:]
	case len(s) > 4:
		return s[:1] + strings.Repeat("*", len(s)-3) + s[len(s)-2:]
	}
	return strings.Repeat("*", len(s))
}

// days are the days of birth that a text names in full, as yyyymmdd.
func days(text string) []string {
	var out []string
	for i := 0; i+8 <= len(text); i++ {
		if !number(text[i]) || i > 0 && number(text[i-1]) {
			continue
		}
		if d, ok := dayAt(text[i:]); ok {
			out = append(out, d)
		}
	}
	return out
}

// dayAt reads 1949-12-31, 1949.12.31, 1949/12/31, 1949年12月31日 or 19491231.
func dayAt(s string) (string, bool) {
	if digits(s[:8]) && (len(s) == 8 || !number(s[8]) && s[8] != '*') {
		return s[:8], true
	}
	if !digits(s[:4]) {
		return "", false
	}
	month, rest := part(s[4:])
	date, _ := part(rest)
	if month == "" || date == "" {
		return "", false
	}
	return s[:4] + month + date, true
}

// part reads a separator and one or two digits, which it makes two.
func part(s string) (two, rest string) {
	for _, sep := range []string{"-", ".", "/", "年", "月"} {
		if after, ok := strings.CutPrefix(s, sep); ok {
			n := 0
			for n < len(after) && n < 2 && number(after[n]) {
				n++
			}
			switch n {
			case 1:
				return "0" + after[:1], after[1:]
			case 2:
				return after[:2], after[2:]
			}
		}
	}
	return "", s
}

// Key is the value without blanks: equal for equal values however they are
// written. Like Raw it is never to be shown or kept.
func (v *Value) Key() string { return v.key }
