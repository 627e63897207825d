// Package messageperfunctory is the check message-perfunctory.
package messageperfunctory

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/xunjian/xunjian/checks/messages"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

type options struct {
	Letters int `yaml:"letters"` // of an answer without its courtesies, below which it may say nothing
	Asked   int `yaml:"asked"`   // letters of a question from which an answer should take up a word of it
	Same    int `yaml:"same"`    // questions with one and the same answer
}

// Check is the check message-perfunctory.
var Check = inspect.NewCheck("message-perfunctory", rule, inspect.PerPage, options{}, run).Timeless()

// courtesies say nothing about the question.
var courtesies = []string{"尊敬的网友", "尊敬的市民", "尊敬的群众", "尊敬的来信人", "网友您好", "您好", "你好", "感谢您对我们工作的支持与理解", "感谢您对我们工作的理解和支持", "感谢您对政府工作的支持与理解",
	"感谢您的来信", "感谢您的留言", "感谢您的关注", "感谢您的支持", "感谢来信", "谢谢您的来信", "谢谢您的来件", "谢谢您的关注", "谢谢", "感谢", "来信收悉", "留言收悉", "已收悉", "收悉", "现答复如下", "现回复如下",
	"答复如下", "回复如下", "关于您反映的问题", "您反映的问题", "您所反映的问题", "祝您生活愉快", "特此回复", "特此答复", "此复"}

// evasions are what is said in place of an answer.
var evasions = []string{"已转相关部门", "已转有关部门", "已转交相关部门", "已转交有关部门", "已转相关单位", "转相关部门办理", "转有关部门办理", "请咨询相关部门", "请咨询有关部门", "请向相关部门", "请向有关部门",
	"请联系相关部门", "请联系有关部门", "我们将尽快处理", "将尽快处理", "正在处理中", "正在办理中", "正在核实", "正在调查", "暂无相关信息", "按相关规定办理", "按有关规定办理", "不属于我单位职责", "不属于我局职责", "不归我局管", "已阅"}

func run(_ context.Context, p *inspect.Pass, o options) error {
	b := messages.Of(p.Page)
	same := map[string]int{}
	due := 0
	for i := range b.Messages {
		if m := &b.Messages[i]; m.Whole && m.Reply != "" {
			same[zh.Compact(m.Reply)]++
			due++
		}
	}
	p.Due(due)
	for i := range b.Messages {
		m := &b.Messages[i]
		if !m.Whole || m.Reply == "" || m.Media {
			continue
		}
		if class, why := o.judge(m, same[zh.Compact(m.Reply)]); class != "" {
			p.Report(inspect.Finding{Outcome: inspect.Review, Locus: m.Key(), Class: class,
				Message: fmt.Sprintf("留言“%s”的答复%s，是否敷衍请人工确认：%s", m.Name(), why, zh.Truncate(m.Reply, 60))})
		}
	}
	return nil
}

// judge says in which way an answer may be one in name only. An answer that
// names a number, a document or an address tells the visitor something.
func (o options) judge(m *messages.Message, same int) (class, why string) {
	rest := zh.Compact(m.Reply)
	evades := ""
	for _, w := range courtesies {
		rest = strings.ReplaceAll(rest, w, "")
	}
	for _, w := range evasions {
		if evades == "" && strings.Contains(rest, w) {
			evades = w
		}
		rest = strings.ReplaceAll(rest, w, "")
	}
	_, letters := zh.Han(strings.ReplaceAll(rest, m.Unit, ""))
	concrete := strings.ContainsAny(rest, "0123456789《")
	switch {
	case concrete:
		return "", ""
	case evades != "" && letters < o.Letters:
		return "template", "只有“" + evades + "”一类的套话"
	case letters < o.Letters && !direct(rest):
		return "short", fmt.Sprintf("除客套话外只有%d字", letters)
	case same >= o.Same:
		return "same", fmt.Sprintf("与本页另外%d条留言的答复完全相同", same-1)
	case unrelated(m, rest, o.Asked):
		return "unrelated", "与所问内容没有共同的词语"
	}
	return "", ""
}

// direct reports whether a few letters may well answer: yes, no, done, when.
func direct(s string) bool {
	for _, w := range []string{"可以", "不可以", "能", "不能", "需要", "不需要", "是的", "不是", "没有", "有", "符合", "属于", "已解决", "已修复", "已完成", "已恢复", "今天", "明天", "请带", "携带", "年", "月"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// unrelated reports whether a long question and its answer share no two
// letters in a row.
func unrelated(m *messages.Message, reply string, asked int) bool {
	q := zh.Compact(m.Title + "。" + m.Question)
	if han, _ := zh.Han(q); han < asked {
		return false
	}
	pairs := map[string]bool{}
	for _, x := range bigrams(q) {
		pairs[x] = true
	}
	for _, x := range bigrams(reply) {
		if pairs[x] {
			return false
		}
	}
	return true
}

func bigrams(s string) (out []string) {
	r := []rune(s)
	for i := 0; i+1 < len(r); i++ {
		if r[i] >= 0x4E00 && r[i+1] >= 0x4E00 && r[i] <= 0x9FFF && r[i+1] <= 0x9FFF {
			out = append(out, string(r[i:i+2]))
		}
	}
	return out
}
