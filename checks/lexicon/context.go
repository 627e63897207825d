package lexicon

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/prose"
)

// excused reports whether the context of a word excuses it.
func excused(t *prose.Text, h Hit) bool {
	e := h.Entry
	b := t.Block(h.Start)
	if !e.from.IsZero() || !e.until.IsZero() {
		if !outside(t, b, h) {
			return true
		}
	}
	for _, list := range [2][]string{e.pack.Unless, e.Unless} {
		for _, u := range list {
			if excuses(u, t, b, h) {
				return true
			}
		}
	}
	return false
}

// outside reports whether a text is known to be of a day on which the wording
// was not right. A block that tells of a year in which it was right is about
// that time.
func outside(t *prose.Text, b *prose.Block, h Hit) bool {
	e := h.Entry
	if t.Published.IsZero() {
		return false
	}
	before := !e.from.IsZero() && t.Published.Before(e.from)
	after := !e.until.IsZero() && !t.Published.Before(e.until)
	if !before && !after {
		return false
	}
	text, _, _ := around(t, b, h)
	for _, y := range years(text) {
		if (e.from.IsZero() || y >= e.from.Year()) && (e.until.IsZero() || y <= e.until.Year()) {
			return false
		}
	}
	return true
}

// years are the years that a text names.
func years(s string) []int {
	var out []int
	for i := 0; i+4 < len(s); i++ {
		if (i == 0 || s[i-1] < '0' || s[i-1] > '9') && (s[i] == '1' || s[i] == '2') && (s[i+4] < '0' || s[i+4] > '9') {
			if y, err := strconv.Atoi(s[i : i+4]); err == nil && y >= 1900 {
				out = append(out, y)
			}
		}
	}
	return out
}

var (
	corrected = []string{"应为", "应写", "误写", "写成", "写作", "误为", "误作", "错写", "错别字", "别字", "错字", "勘误", "更正", "改为", "改成", "正确写法", "易混", "易错",
		"规范表述", "不得称", "不能称", "不称", "不使用", "不得使用", "不能使用", "禁用", "慎用", "不宜", "误用", "正确表述", "统称", "代之以"}
	historical = []string{"时任", "原任", "曾任", "前任", "已故", "历史", "史料", "当年", "年代", "民国", "清朝", "清代", "明清", "古代", "解放前", "旧时", "旧社会", "旧称", "原名", "曾用名",
		"日伪", "侵华", "抗战", "抗日", "战争", "殖民", "古称", "原称", "遗址", "典籍", "文言"}
	opposed = []string{"打击", "查处", "严禁", "禁止", "防范", "整治", "涉案", "案件", "警惕", "谨防", "取缔", "处罚", "拘留", "判决", "被告", "民警", "公安", "警方", "举报", "犯罪",
		"违法", "非法", "扫黄", "打非", "抵制", "远离", "骗局", "诈骗", "反诈", "受害", "清理", "不得", "预防", "戒", "禁赌", "禁毒", "危害", "陷阱", "法院", "检察", "监管", "治理", "揭", "专项行动",
		"第三百", "刑法", "治安管理", "不良信息", "有害信息", "条例", "规定"}
	studied = []string{"保密法", "保守国家秘密", "保密知识", "保密条例", "保密规定", "保密宣传", "保密教育", "保密工作", "保密管理", "定密", "密级", "公文处理", "公文格式", "公文写作", "信息公开条例",
		"公开属性", "档案法", "档案管理", "错别字", "规范用语", "禁用词", "用字", "标点符号", "语文", "汉字", "成语"}
)

// excuses reports whether one named context holds.
func excuses(name string, t *prose.Text, b *prose.Block, h Hit) bool {
	text, at, end := around(t, b, h)
	switch name {
	case "quoted":
		return quoted(text, at, end)
	case "corrected":
		return hasAny(text, corrected)
	case "historical":
		return hasAny(text, historical) || hasAny(t.Title, historical)
	case "opposed":
		return hasAny(text, opposed) || hasAny(t.Title, opposed)
	case "studied":
		return hasAny(text, studied) || hasAny(t.Title, studied)
	case "name":
		return named(text, at, end)
	}
	return false
}

// reach is how many bytes around a word its context reaches: a block may be a
// whole book, and hold the word on every page.
const reach = 900

// around is the text near a hit, within its block, and where the hit stands in it.
func around(t *prose.Text, b *prose.Block, h Hit) (text string, at, end int) {
	from, to := max(b.Start, h.Start-reach), min(b.End, h.End+reach)
	for from > b.Start && !utf8.RuneStart(t.All[from]) {
		from--
	}
	for to < b.End && !utf8.RuneStart(t.All[to]) {
		to++
	}
	return t.All[from:to], h.Start - from, h.End - from
}

func hasAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// pairs are marks that quote.
var pairs = [][2]string{{"《", "》"}, {"“", "”"}, {"‘", "’"}, {"「", "」"}, {"『", "』"}, {"〈", "〉"}}

// quoted reports whether text[at:end] stands between marks that quote.
func quoted(text string, at, end int) bool {
	for _, p := range pairs {
		open := strings.LastIndex(text[:at], p[0])
		if open >= 0 && !strings.Contains(text[open:at], p[1]) && strings.Contains(text[end:], p[1]) {
			return true
		}
	}
	return strings.HasSuffix(text[:at], `"`) && strings.HasPrefix(text[end:], `"`)
}

// after are letters that make what stands before them a name.
var after = []string{"村", "镇", "乡", "路", "街", "巷", "小区", "公司", "厂", "店", "集团", "小学", "中学", "大厦", "花园", "某", "先生", "女士", "同志", "老师"}

// named reports whether text[at:end] is part of a name, or a short cell of a
// list by itself.
func named(text string, at, end int) bool {
	for _, a := range after {
		if strings.HasPrefix(text[end:], a) {
			return true
		}
	}
	return at == 0 && end == len(text) && utf8.RuneCountInString(text) <= 3
}

// Excerpt is the word with a few letters around it, for messages. Long numbers
// in it are made unreadable: a finding must not hold what nobody may keep.
func Excerpt(t *prose.Text, start, end int) string {
	b := t.Block(start)
	from, to := start, end
	for range 10 {
		if from > b.Start {
			_, n := utf8.DecodeLastRuneInString(t.All[b.Start:from])
			from -= n
		}
		if to < b.End {
			_, n := utf8.DecodeRuneInString(t.All[to:b.End])
			to += n
		}
	}
	text, at, _ := around(t, b, Hit{Start: from, End: to}) // more than is shown, so that half a number is seen as one
	s := Blur(text)[at : at+to-from]
	if from > b.Start {
		s = "…" + s
	}
	if to < b.End {
		s += "…"
	}
	return s
}

// numeral reports whether a byte is part of a number: masks are numbers too,
// so that a text reads the same before and after it was masked.
func numeral(c byte) bool { return digit(c) || c == '*' }

// Blur replaces the digits of numbers of five and more by stars; a number may
// be grouped by blanks or hyphens, then it is one of nine and more.
func Blur(s string) string {
	out := []byte(s)
	for i := 0; i < len(out); {
		if !numeral(out[i]) {
			i++
			continue
		}
		j, digits, run, most := i, 0, 0, 0
		for ; j < len(out) && (numeral(out[j]) || (out[j] == ' ' || out[j] == '-') && j+1 < len(out) && numeral(out[j+1])); j++ {
			if !numeral(out[j]) {
				run = 0
				continue
			}
			digits, run = digits+1, run+1
			most = max(most, run)
		}
		if most >= 5 || digits >= 9 {
			for k := i; k < j; k++ {
				if numeral(out[k]) {
					out[k] = '*'
				}
			}
		}
		i = j
	}
	return string(out)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
