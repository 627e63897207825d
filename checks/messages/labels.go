package messages

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A Part is a part of a message that pages name.
type Part string

// The parts.
const (
	Asked     Part = "asked"
	Received  Part = "received" // stands in for asked where that is not printed
	Answered  Part = "answered"
	Unit      Part = "unit"
	Question  Part = "question"
	Reply     Part = "reply"
	Title     Part = "title"
	Number    Part = "number"
	StatePart Part = "state"
	other     Part = "other" // a label that ends the value before it
)

// names are the words by which pages call the parts. strong ones are said of
// messages alone; the others may stand on any page.
var names = func() map[string]label {
	out := map[string]label{}
	add := func(part Part, strong bool, words ...string) {
		for _, w := range words {
			out[w] = label{part, strong}
		}
	}
	for _, what := range []string{"留言", "来信", "信件", "提问", "咨询", "写信", "发信", "诉求", "投诉", "问题"} {
		add(Asked, true, what+"时间", what+"日期")
		add(Title, true, what+"标题", what+"主题", what+"名称", what+"题目")
		add(Number, true, what+"编号", what+"编码")
		add(Question, true, what+"内容", what+"正文")
		add(other, true, what+"人", what+"类型", what+"类别", what+"分类", what+"对象", what+"人姓名", what+"者", what+"地区")
	}
	add(Asked, false, "提交时间", "提交日期", "反映时间", "登记时间")
	add(Received, false, "受理时间", "受理日期", "收件时间", "收信时间")
	for _, what := range []string{"答复", "回复", "办结", "办复", "处理", "反馈", "回信"} {
		strong := what == "答复" || what == "回复" || what == "回信"
		add(Answered, strong, what+"时间", what+"日期")
	}
	for _, what := range []string{"答复", "回复", "办理", "承办", "处理", "受理", "回信"} {
		strong := what == "答复" || what == "回复" || what == "回信"
		add(Unit, strong, what+"单位", what+"部门", what+"机关", what+"机构", what+"人", what+"者")
		add(Reply, strong, what+"内容", what+"结果", what+"意见", what+"情况", what+"信息")
		add(StatePart, false, what+"状态")
	}
	add(Reply, true, "答复", "回复", "官方回复", "官方答复", "留言回复", "反馈内容", "答复正文", "来信回复", "答")
	add(StatePart, false, "状态", "当前状态", "信件状态", "留言状态", "办件状态", "来信状态")
	add(Title, false, "标题", "主题")
	add(Number, false, "受理编号", "编号")
	add(Question, true, "问", "留言", "来信")
	add(other, false, "姓名", "查询编号", "查询码", "浏览次数", "点击数", "满意度", "附件", "发布时间", "发布日期", "来源", "公开时间", "评价", "是否公开", "收信人", "写信人", "分类", "类型", "类别")
	return out
}()

type label struct {
	part   Part
	strong bool
}

// longest is how many letters the longest name has.
const longest = 6

// lasts are the last letters of all names and states, and likely the low bytes
// of them.
var lasts, likely = func() (map[rune]bool, [256]bool) {
	all, low := map[rune]bool{}, [256]bool{}
	add := func(w string) {
		r, _ := utf8.DecodeLastRuneInString(w)
		all[r], low[byte(r)] = true, true
	}
	for w := range names {
		add(w)
	}
	for w := range states {
		add(w)
	}
	return all, low
}()

func ends(r rune) bool { return likely[byte(r)] && lasts[r] }

// mayTell reports whether a text may hold a label or be a state: for either a
// name ends before a colon in it or, marks and blanks at its ends aside, it is a
// name or a state and nothing else, so that it is short and ends as one of them.
func mayTell(s string) bool {
	letters, last := 0, rune(0)
	for i, r := range s {
		if !han(r) {
			if (r == ':' || r == '：') && ends(last) {
				return true
			}
			if r == ':' || r == '：' || between(r) {
				continue
			}
		}
		if letters++; letters > longest {
			return nameEnds(s, i)
		}
		last = r
	}
	return ends(last)
}

// between reports whether a letter is none to mayTell: trim takes it off,
// folding takes it out, or it is broken.
func between(r rune) bool {
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
	}
	switch r {
	case ' ', '\t', '\n', '\r', '[', ']', '【', '】', '(', ')', '<', '>', '|', '·', '•', 0x200B, 0xFEFF, 0x200C, 0x200D, utf8.RuneError:
		return true
	}
	return r < 0x4E00 && unicode.IsSpace(r)
}

// nameEnds reports whether the last letter of a name stands before one of the
// colons from i on.
func nameEnds(s string, i int) bool {
	for {
		k, wide := strings.IndexByte(s[i:], ':'), strings.Index(s[i:], "：")
		if k < 0 || wide >= 0 && wide < k {
			k = wide
		}
		if k < 0 {
			return false
		}
		before := strings.TrimRightFunc(s[:i+k], between)
		if r, _ := utf8.DecodeLastRuneInString(before); ends(r) {
			return true
		}
		i += k + 1
	}
}

// A named is a label in a text, with what follows it there.
type named struct {
	label
	word  string
	value string
}

// labelsIn parts a text at the labels in it: "[提交时间:2021-06-09] 回复人:某局".
// alone says that a text which is nothing but a name is a label too. before is
// what stands in front of the first one.
func labelsIn(s string, alone bool) (before string, out []named) {
	s = zh.Fold(s)
	if w := trim(s); alone {
		if l, ok := names[w]; ok && (l.strong || len(w) > 6) {
			return "", []named{{label: l, word: w}}
		}
	}
	rest, last := s, 0
	for i := 0; i < len(rest); {
		k := strings.IndexByte(rest[i:], ':')
		if k < 0 {
			break
		}
		at := i + k
		i = at + 1
		w, start := nameBefore(rest[:at])
		l := names[w]
		if w == "" && last <= at {
			w, start = answerOf(rest[last:at])
			start += last
			l = label{Reply, true}
		}
		if w == "" || start < last || !l.strong && inSentence(rest[:start]) {
			continue
		}
		if len(out) == 0 {
			before = strings.TrimSpace(rest[:start])
		} else {
			out[len(out)-1].value = clean(rest[last:start])
		}
		out = append(out, named{label: l, word: w})
		last = i
	}
	if len(out) > 0 {
		out[len(out)-1].value = clean(rest[last:])
	} else {
		before = s
	}
	return before, out
}

// inSentence reports whether what follows continues a sentence, where a word
// that may be a label is none.
func inSentence(s string) bool {
	s = strings.TrimRight(s, " ")
	for _, mark := range []string{",", "，", "、"} {
		if strings.HasSuffix(s, mark) {
			return true
		}
	}
	return false
}

// answerOf reads the label by which a body answers under its own name,
// "市教育局回复:". The word is the body.
func answerOf(s string) (body string, start int) {
	start = strings.LastIndexAny(s, " ,;。，；]】") + 1
	if start > 0 && start < len(s) {
		for start < len(s) && s[start]&0xC0 == 0x80 { // the rest of the mark
			start++
		}
	}
	for _, end := range []string{"回复", "答复"} {
		if w, ok := strings.CutSuffix(s[start:], end); ok && organ(w) {
			return w, start
		}
	}
	return "", 0
}

// nameBefore is the longest name that ends a text, and where it starts. It must
// begin the text or follow a blank or a mark; blanks may stand between its letters.
func nameBefore(s string) (word string, start int) {
	letters := ""
	runes, end, apart := 0, 0, false
	for i := len(s); i > 0 && runes < longest; {
		r, n := lastRune(s[:i])
		i -= n
		if r == ' ' {
			continue
		}
		if !han(r) {
			break
		}
		if runes == 0 {
			end = i + n
		}
		if apart = apart || n != 3 || len(letters) != end-i-n; apart { // blanks or broken letters stand in between
			letters = string(r) + letters
		} else {
			letters = s[i:end]
		}
		runes++
		if _, ok := names[letters]; ok && bounded(s[:i]) {
			word, start = letters, i
		}
	}
	return word, start
}

func bounded(s string) bool {
	if s == "" {
		return true
	}
	r, _ := lastRune(s)
	return !han(r)
}

func lastRune(s string) (rune, int) {
	i := len(s) - 1
	for i > 0 && s[i]&0xC0 == 0x80 {
		i--
	}
	return []rune(s[i:])[0], len(s) - i
}

func han(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF }

func trim(s string) string {
	return strings.Trim(strings.ReplaceAll(s, " ", ""), "[]【】:()<>|·•")
}

func clean(s string) string { return strings.Trim(s, " []【】|,;:") }

// states are how pages print them.
var states = func() map[string]State {
	out := map[string]State{}
	for state, words := range map[State][]string{
		Waiting: {"未回复", "未答复", "待回复", "待答复", "待办理", "未办理", "待处理", "未处理", "暂未回复", "暂无回复", "尚未回复", "暂未答复", "尚未答复", "等待回复", "等待答复", "未办结"},
		Done:    {"已回复", "已答复", "已办结", "已办理", "已处理", "办结", "已反馈", "已完成", "已办复", "办理完毕", "处理完毕", "已解决", "已归档"},
		Refused: {"拒绝受理", "不予受理", "无效信件", "已退回", "不受理"},
	} {
		for _, w := range words {
			out[w] = state
		}
	}
	return out
}()

// stateOf reads a state; only a text that is nothing else is one.
func stateOf(s string) State { return states[trim(zh.Fold(s))] }

// away are what is no consultation, though it is laid out like one.
var away = words.Of("访谈", "征集", "调查", "问卷", "信访", "举报", "纪检", "监察", "提案", "建议案", "人大代表", "政协", "议案")

// Excluded reports whether a page is of a kind that rules about messages leave
// out: interviews, surveys, petitions, reports to discipline inspectors, and
// proposals of delegates.
func Excluded(p *inspect.Page) bool {
	place := p.Parts().Title + " " + p.Parts().Heading + " " + strings.Join(p.Trail(), " ")
	if p.Column != nil {
		place = p.Column.Name
	}
	return away.In(place)
}
