package bulletins

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// topFindings is how many findings of one check the scorecard names.
const topFindings = 3

// Text writes the scorecard for a terminal.
func Text(out io.Writer, in *inspect.Inspection) error {
	w := bufio.NewWriter(out)
	s, g := in.Site, &in.Grade
	name := s.Name
	if name == "" {
		name = s.ID
	}
	fmt.Fprintf(w, "%s  %s\n", name, s.Home)
	fmt.Fprintf(w, "监测时间点 %s  指标 %s %s  用时 %s\n\n", in.Now.In(inspect.Zone).Format(time.DateOnly), in.Rules.ID, in.Rules.Version, in.Finished.Sub(in.Started).Round(time.Second/10))
	fmt.Fprintf(w, "结论：%s\n", decision(g))
	for _, why := range g.Undecided {
		fmt.Fprintf(w, "      · %s\n", why)
	}
	fmt.Fprintf(w, "评分：%s\n", scoreLine(in))
	c := &in.Counts
	fmt.Fprintf(w, "覆盖：应判定 %d 项，已判定 %s（%d 项未能判定，不扣分）\n", c.Due, percent(in.Coverage()), c.Untold)
	fmt.Fprintf(w, "范围：读取页面 %d（未变化 %d，失败 %d，未读 %d），检查链接 %d（有问题 %d，未能判定 %d）\n", c.Fetched, c.Unchanged, c.Failed, c.Skipped, c.Asked, c.Broken, c.Unknown)
	if !in.Complete {
		fmt.Fprintf(w, "注意：检查未完成（%s），以下只是已检查部分的结果\n", in.Stopped)
	}
	textVetoes(w, in)
	textDeductions(w, in)
	textClocks(w, in)
	textFindings(w, in)
	if len(in.Notes) > 0 {
		fmt.Fprintf(w, "\n抓取说明\n")
		for _, n := range in.Notes {
			fmt.Fprintf(w, "  · %s\n", n)
		}
	}
	fmt.Fprintf(w, "\n编号 %s。查看一项检查的依据：xunjian explain 检查编号\n", in.ID)
	return w.Flush()
}

func textVetoes(w io.Writer, in *inspect.Inspection) {
	fmt.Fprintf(w, "\n单项否决指标\n")
	for _, ln := range in.Grade.Lines {
		if ln.Part != inspect.Veto {
			continue
		}
		state := "未触发"
		switch {
		case ln.Hit:
			state = "已触发"
		case ln.Failed+ln.Open >= ln.AtLeast && ln.Open > 0:
			state = "未定"
		}
		fmt.Fprintf(w, "  %-6s %s  %s", ln.Item, state, ln.Title)
		if ln.AtLeast > 1 || ln.Failed+ln.Open > 0 {
			fmt.Fprintf(w, "（%d 处，达 %d 处触发", ln.Failed, ln.AtLeast)
			if ln.Open > 0 {
				fmt.Fprintf(w, "；另 %d 处未判定或待确认", ln.Open)
			}
			fmt.Fprint(w, "）")
		}
		fmt.Fprintln(w)
	}
	if n := len(in.Grade.ForPerson); n > 0 {
		fmt.Fprintf(w, "  另有 %d 项指标须人工判断：%s\n", n, strings.Join(in.Grade.ForPerson, "、"))
	}
}

func textDeductions(w io.Writer, in *inspect.Inspection) {
	if !in.Grade.Scored {
		return
	}
	fmt.Fprintf(w, "\n扣分指标（* 分值未经核实）\n")
	for _, ln := range in.Grade.Lines {
		if ln.Part == inspect.Deduction && ln.Points > 0 {
			mark := ""
			if !ln.Verified {
				mark = "*"
			}
			fmt.Fprintf(w, "  %-6s −%.1f%s  %s（%d 处）\n", ln.Item, ln.Points, mark, ln.Title, ln.Failed)
		}
	}
}

func textClocks(w io.Writer, in *inspect.Inspection) {
	if len(in.Clocks) == 0 {
		return
	}
	fmt.Fprintf(w, "\n栏目更新剩余天数（最先到期的在前）\n")
	for i, c := range in.Clocks {
		if i == 12 {
			fmt.Fprintf(w, "  …… 共 %d 个栏目\n", len(in.Clocks))
			break
		}
		left := fmt.Sprintf("剩 %d 天", c.Left)
		if c.Left < 0 {
			left = fmt.Sprintf("超 %d 天", -c.Left)
		}
		fmt.Fprintf(w, "  %-8s %s  最近更新 %s，期限 %s\n", left, c.Name, c.Newest.In(inspect.Zone).Format(time.DateOnly), c.Window.Chinese())
	}
}

func textFindings(w io.Writer, in *inspect.Inspection) {
	fs := families(in)
	if len(fs) == 0 {
		fmt.Fprintf(w, "\n没有发现问题。\n")
		return
	}
	fmt.Fprintf(w, "\n发现的问题\n")
	for _, g := range fs {
		fmt.Fprintf(w, "  [%s] %s（%s）：问题 %d", g.Part.Chinese(), g.Title, g.Check, g.Fail)
		if g.Review > 0 {
			fmt.Fprintf(w, "，待确认 %d", g.Review)
		}
		if g.Unknown > 0 {
			fmt.Fprintf(w, "，未能判定 %d", g.Unknown)
		}
		fmt.Fprintln(w)
		for i, f := range g.Findings {
			if i == topFindings {
				fmt.Fprintf(w, "      …… 其余 %d 条见 --format html 或 json\n", len(g.Findings)-topFindings)
				break
			}
			fmt.Fprintf(w, "    %s %s\n      %s", mark(f.Outcome), zh.Truncate(f.Message, 100), inspect.Readable(f.URL))
			if f.Places > 1 {
				fmt.Fprintf(w, "（共 %d 页）", f.Places)
			}
			fmt.Fprintln(w)
		}
	}
}

func mark(o inspect.Outcome) string {
	switch o {
	case inspect.Fail:
		return "×"
	case inspect.Unknown:
		return "？"
	}
	return "△"
}
