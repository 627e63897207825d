package bulletins

import (
	"fmt"

	"github.com/xunjian/xunjian/inspect"
)

// A compared is how a static rule stands against the browser, by its title.
type compared struct {
	inspect.Comparison
	Title string
}

func comparedOf(in *inspect.Inspection) (out []compared) {
	for _, c := range in.Compared {
		out = append(out, compared{c, titleOf(in, c.Check)})
	}
	return out
}

// ComparedHead says what the static rules and the browser came to together.
func (a *access) ComparedHead() string {
	var c inspect.Comparison
	for _, x := range a.Compared {
		c.Both, c.Refuted, c.Unsaid, c.Missed, c.Script, c.Left = c.Both+x.Both, c.Refuted+x.Refuted, c.Unsaid+x.Unsaid, c.Missed+x.Missed, c.Script+x.Script, c.Left+x.Left
	}
	return fmt.Sprintf("静态规则与浏览器对同一元素的判定：一致 %d 处；静态判为问题而浏览器判为合格 %d 处（以浏览器为准，已改为待人工确认）；"+
		"浏览器判为问题而静态规则没有看到 %d 处，静态规则留待人工确认 %d 处，另有 %d 处由脚本写入；静态判为问题而浏览器没有判定 %d 处（隐藏、已变化、待人工确认或不能与相似的元素区分）",
		c.Both, c.Refuted, c.Missed, c.Left, c.Script, c.Unsaid)
}

func textCompared(w sheet, all []compared) {
	if len(all) == 0 {
		return
	}
	w.printf("  %s。\n", (&access{Compared: all}).ComparedHead())
	for _, c := range all {
		if c.Refuted+c.Missed > 0 {
			w.printf("    %s（%s）：一致 %d，浏览器判为合格 %d，静态没有看到 %d\n", c.Title, c.Check, c.Both, c.Refuted, c.Missed)
		}
	}
}
