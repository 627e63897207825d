package bulletins

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// annexCheck judges the version for the old; its rule page names the points
// that a machine can see.
const annexCheck = "elder-page"

// annexPoints are the points of annex 1 (websites) of the ministry's notice,
// in our words. The first was read in the notice itself, the rest at second hand.
var annexPoints = []struct{ ID, Title string }{
	{"EL-1", "适老版没有广告、随机弹窗和诱导按钮"},
	{"EL-2", "可全程用键盘操作，提供特大鼠标指针"},
	{"EL-3", "提供大字、高对比度、文字放大和语音阅读（机器只查放大是否受限）"},
	{"EL-4", "字号不小于 18"},
	{"EL-5", "焦点状态清楚"},
	{"EL-6", "文章页可语音阅读"},
	{"EL-7", "验证码可放大并有语音等替代方式"},
	{"EL-8", "三分钟内失效的验证码有提示并可延长"},
	{"EL-9", "法律或资金事务十分钟内可以撤回"},
	{"EL-10", "浮动窗口随页面出现并能永久关闭"},
	{"EL-11", "栏目名称通俗，操作可以撤销"},
	{"EL-12", "有专门的简明版面（机器只查是否与普通首页相同）"},
}

// An annex is what was found of those points.
type annex struct {
	None   bool // no entry leads to a version
	Points []annexPoint
}

// An annexPoint is one of them with its state.
type annexPoint struct{ ID, Title, State string }

// The states of a point: seen none is less than met, and said only of what was
// looked at.
const (
	annexClear  = "未见问题"
	annexDoubt  = "可能不符合，待人工确认"
	annexUntold = "未能判定"
	annexPerson = "须由人检查"
)

// annexOf gathers them; nil where the rulebook does not run the check.
func annexOf(in *inspect.Inspection) *annex {
	var machine []string
	runs := false
	for i := range in.Rules.Checks {
		if c := in.Rules.Checks[i].Check; c.ID == annexCheck {
			machine, runs = frontList(c, "items"), true
		}
	}
	if !runs || in.Counts.Kinds[inspect.HomePage] == 0 {
		return nil
	}
	state := map[string]string{}
	for _, id := range machine {
		state[id] = annexUntold
	}
	judged := judgedPoints(in)
	for _, id := range judged {
		if state[id] != "" {
			state[id] = annexClear
		}
	}
	a := &annex{}
	for i := range in.Findings {
		f := &in.Findings[i]
		switch {
		case f.Check == "elder-entry" && (f.Class == "absent" || f.Class == "claimed" || f.Class == "keyboard"):
			a.None = len(judged) == 0
		case f.Check != annexCheck || state[f.Class] == "" && f.Locus != "check":
		case f.Locus == "check": // it broke
			for id := range state {
				state[id] = annexUntold
			}
		case f.Outcome == inspect.Unknown:
			state[f.Class] = annexUntold
		default:
			state[f.Class] = annexDoubt
		}
	}
	for _, p := range annexPoints {
		s := state[p.ID]
		if s == "" {
			s = annexPerson
		}
		a.Points = append(a.Points, annexPoint{p.ID, p.Title, s})
	}
	return a
}

// judgedPoints are the points that the check itself says it looked at, in this
// inspection and not in an earlier one.
func judgedPoints(in *inspect.Inspection) []string {
	var k struct {
		At     time.Time `json:"at"`
		Judged []string  `json:"judged"`
	}
	if in.Past == nil || json.Unmarshal(in.Past.Kept[annexCheck], &k) != nil || !k.At.Equal(in.Now) {
		return nil
	}
	return k.Judged
}

// Head counts the points.
func (a *annex) Head() string {
	n := map[string]int{}
	for _, p := range a.Points {
		n[p.State]++
	}
	m := len(a.Points)
	s := fmt.Sprintf("工信部67号附件1：共 %d 项，机器可查 %d 项，其中未见问题 %d 项，可能不符合、待人工确认 %d 项，未能判定 %d 项；其余 %d 项须由人检查",
		m, m-n[annexPerson], n[annexClear], n[annexDoubt], n[annexUntold], n[annexPerson])
	if a.None {
		s += "；首页没有确认可用的适老版入口"
	}
	return s + "（除 EL-1 外据第二手资料；提示，不计分）"
}

func textAnnex(w sheet, a *annex) {
	if a == nil {
		return
	}
	w.printf("  %s。\n", a.Head())
	for _, state := range []string{annexDoubt, annexUntold} {
		var ids []string
		for _, p := range a.Points {
			if p.State == state {
				ids = append(ids, p.ID+" "+p.Title)
			}
		}
		if len(ids) > 0 {
			w.printf("    %s：%s\n", state, strings.Join(ids, "、"))
		}
	}
}
