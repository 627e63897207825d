package bulletins

import (
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// textAccount says what the sources of an account gave.
func textAccount(w sheet, in *inspect.Inspection) {
	m := in.Site.Account
	a := m.ActivityOf(in.Feeds, in.Now)
	w.printf("账号：%s，%s", m.Platform.Chinese(), m.On(in.Now).Chinese())
	if len(a.Posts) > 0 {
		w.printf("；最近更新 %s", a.Posts[0].Published.In(inspect.Zone).Format(time.DateOnly))
	}
	if a.Known {
		w.printf("；最长间隔 %d 天", a.Gap)
	}
	w.printf("\n")
	if len(a.Months) > 0 {
		var months []string
		for _, x := range a.Months[:min(len(a.Months), 6)] {
			months = append(months, fmt.Sprintf("%s %d 条", x.Month, x.Posts))
		}
		w.printf("发布：%s\n", strings.Join(months, "，"))
	}
	for _, c := range in.Feeds {
		h := c.Health()
		state := "正常"
		switch {
		case c.Verdict == inspect.CouldNotTell:
			state = "未能读取：" + c.Why()
		case !c.Read():
			state = "有应答：" + c.Why()
		case h.Detail != "":
			state += "（" + h.Detail + "）"
		}
		kinds := ""
		for _, k := range c.Sees {
			kinds += "（" + k.Chinese() + "）"
		}
		w.printf("来源：%s%s  %s  %d 条  %s\n", c.Source, kinds, c.At.In(inspect.Zone).Format("2006-01-02 15:04"), h.Posts, state)
	}
	if len(in.Feeds) == 0 {
		w.printf("来源：没有登记来源，也没有导入或登记过\n")
	}
}
