package bulletins

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// topFindings is how many findings of one check the scorecard names.
const topFindings = 3

// topClocks is how many columns the scorecard counts days for.
const topClocks = 12

// A sheet is the scorecard being written. What is printed on it may come from
// foreign pages: no string of theirs reaches the terminal with what it obeys.
type sheet struct{ *bufio.Writer }

func (w sheet) printf(format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = harmless(s)
		}
	}
	fmt.Fprintf(w.Writer, format, args...)
}

// harmless is s with control characters, and those that turn the direction of
// writing, as blanks.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0xFFFD {
			return ' '
		}
		return r
	}, s)
}

// Text writes the scorecard for a terminal.
func Text(out io.Writer, in *inspect.Inspection) error {
	w := sheet{bufio.NewWriter(out)}
	s, g, c := in.Site, &in.Grade, &in.Counts
	name := s.Name
	if name == "" {
		name = s.ID
	}
	w.printf("%s  %s\n", name, s.Home)
	w.printf("监测时间点 %s  检查指标 %s（第 %s 版）  用时 %s\n\n", in.Now.In(inspect.Zone).Format(time.DateOnly), in.Rules.ID, in.Rules.Version, in.Finished.Sub(in.Started).Round(time.Second/10).String())
	w.printf("结论：%s\n", decision(g))
	if n := openVetoes(in); n > 0 {
		w.printf("      另有 %d 项单项否决指标须人工判断，本结论不含这些指标\n", n)
	}
	for _, why := range g.Undecided {
		w.printf("      · %s\n", undecidedWords(in, why))
	}
	if s.Account == nil {
		w.printf("评分：%s\n", scoreLine(in))
	}
	w.printf("覆盖：应判定 %d 项，已判定 %s（%d 项未能判定，不扣分）\n", c.Due, percent(in.Coverage()), c.Untold)
	if s.Account != nil {
		textAccount(w, in)
	} else {
		w.printf("范围：读取页面 %d 个（其中未变化 %d，打不开 %d），另有 %d 个未读；检查链接 %d 个（有问题 %d，未能判定 %d）\n", c.Fetched, c.Unchanged, c.Failed, c.Skipped, c.Asked, c.Broken, c.Unknown)
	}
	if !in.Complete {
		w.printf("注意：检查未完成（%s），以下只是已检查部分的结果\n", in.Stopped)
	}
	textVetoes(w, in)
	textDeductions(w, in)
	textClocks(w, in)
	textFindings(w, in)
	textAccess(w, in)
	textPerson(w, in)
	if len(in.Notes) > 0 {
		w.printf("\n抓取说明\n")
		for _, n := range in.Notes {
			w.printf("  · %s\n", n)
		}
	}
	w.printf("\n检查编号 %s。某一项的依据与整改建议：xunjian explain 括号中的编号\n", in.ID)
	return w.Flush()
}

// state says in one word what a veto item came to.
func state(ln *inspect.Line) string {
	switch {
	case ln.Hit:
		return "已触发"
	case ln.Failed+ln.Open >= ln.AtLeast && ln.Open > 0:
		return "未定"
	}
	return "未触发"
}

func textVetoes(w sheet, in *inspect.Inspection) {
	if !slices.ContainsFunc(in.Grade.Lines, func(ln inspect.Line) bool { return ln.Part == inspect.Veto }) {
		return // the rulebook has none that a program judges
	}
	w.printf("\n单项否决指标（有一项触发即不合格）\n")
	for i := range in.Grade.Lines {
		ln := &in.Grade.Lines[i]
		if ln.Part != inspect.Veto {
			continue
		}
		w.printf("  %s %s %s", pad(state(ln), 6), pad(ln.Item, 6), ln.Title)
		if ln.AtLeast > 1 || ln.Failed+ln.Open > 0 {
			w.printf("（发现 %d 处，满 %d 处触发", ln.Failed, ln.AtLeast)
			if ln.Open > 0 {
				w.printf("；另有 %d 处未能判定或待人工确认", ln.Open)
			}
			w.printf("）")
		}
		w.printf("\n")
		if it := item(in, ln.Item); it != nil && it.Text != "" {
			w.printf("                %s\n", zh.Truncate(it.Text, 60))
		}
	}
}

func textDeductions(w sheet, in *inspect.Inspection) {
	if !in.Grade.Scored {
		return
	}
	w.printf("\n扣分指标")
	if in.Grade.Unverified {
		w.printf("（* 该项分值未经核实）")
	}
	w.printf("\n")
	none := true
	for _, ln := range in.Grade.Lines {
		if ln.Part == inspect.Deduction && ln.Points > 0 {
			mark := " "
			if !ln.Verified {
				mark = "*"
			}
			w.printf("  %s %s %s（%d 处）\n", pad(fmt.Sprintf("−%.1f%s", ln.Points, mark), 6), pad(ln.Item, 6), ln.Title, ln.Failed)
			none = false
		}
	}
	if none {
		w.printf("  没有扣分\n")
	}
}

func textClocks(w sheet, in *inspect.Inspection) {
	if len(in.Clocks) == 0 {
		return
	}
	if in.Site.Account != nil {
		w.printf("\n账号更新剩余天数\n")
	} else {
		w.printf("\n栏目更新剩余天数（最先到期的在前）\n")
	}
	for i, c := range in.Clocks {
		if i == topClocks {
			w.printf("  …… 共 %d 个栏目，全部见 --format html\n", len(in.Clocks))
			break
		}
		w.printf("  %s %s  最近更新 %s，期限 %s\n", pad(daysLeft(c.Left), 10), c.Name, c.Newest.In(inspect.Zone).Format(time.DateOnly), c.Window.Chinese())
	}
}

func textFindings(w sheet, in *inspect.Inspection) {
	fs := families(in)
	if len(fs) == 0 {
		w.printf("\n没有发现问题。\n")
		return
	}
	w.printf("\n发现的问题（× 问题  ◇ 疑似，另一天再次出现才算  △ 待人工确认  ？ 未能判定，不扣分）\n")
	for _, g := range fs {
		w.printf("  [%s] %s（%s）：%s\n", partWord(g.Part), g.Title, g.Check, g.counts())
		for i, f := range g.Findings {
			if i == topFindings {
				w.printf("      …… 其余 %d 条见 --format html 或 json\n", len(g.Findings)-topFindings)
				break
			}
			w.printf("    %s %s\n", mark(f), zh.Truncate(f.Message, 100))
			if f.URL == "" { // an account need not have an address
				continue
			}
			w.printf("      %s", inspect.Readable(f.URL))
			if f.Places > 1 {
				w.printf("（共 %d 页）", f.Places)
			}
			w.printf("\n")
		}
	}
}

// textPerson lists what no program can judge, by part and title.
func textPerson(w sheet, in *inspect.Inspection) {
	groups := personGroups(in)
	if len(groups) == 0 {
		return
	}
	w.printf("\n须人工判断的指标（%d 项；程序不能判定，以上没有发现问题不等于这些指标合格）\n", len(in.Grade.ForPerson))
	for _, g := range groups {
		var titles []string
		for _, it := range g.Items {
			titles = append(titles, it.Titles())
		}
		head := g.Part.Chinese()
		if g.Name != "" && g.Name != head {
			head += " · " + g.Name
		}
		w.printf("  %s：%s\n", head, strings.Join(titles, "、"))
	}
}

func mark(f *inspect.Finding) string {
	switch {
	case suspected(f):
		return "◇"
	case f.Outcome == inspect.Fail:
		return "×"
	case f.Outcome == inspect.Unknown:
		return "？"
	}
	return "△"
}

// pad fills s with blanks up to n cells; Han letters and full-width signs take two.
func pad(s string, n int) string {
	for _, r := range s {
		n--
		if r >= 0x2E80 {
			n--
		}
	}
	return s + strings.Repeat(" ", max(0, n))
}
