package paper

import (
	"strings"

	"github.com/xunjian/xunjian/bulletins/period"
)

// chart shows the pass rates of the last months, when there is more than one.
func (w *writer) chart() {
	h := w.b.History
	if len(h) < 2 {
		return
	}
	c := &Chart{Title: "近" + chineseNumber(len(h)) + "个月合格率", Unit: "%", Series: []Series{{Name: "政府网站"}, {Name: "政务新媒体"}}}
	var alt []string
	for _, p := range h {
		c.Labels = append(c.Labels, p.Month)
		c.Series[0].Values = append(c.Series[0].Values, rate(p.Sites))
		c.Series[1].Values = append(c.Series[1].Values, rate(p.Media))
		alt = append(alt, p.Month+" 网站 "+rateText(p.Sites)+"、新媒体 "+rateText(p.Media))
	}
	c.Alt = c.Title + "：" + strings.Join(alt, "；") + "。"
	w.p.Blocks = append(w.p.Blocks, Block{Chart: c})
}

func rate(p period.Passes) int64 {
	if p.Judged() == 0 {
		return -1
	}
	return period.Hundredths(int64(p.Passed), int64(p.Judged()))
}

func rateText(p period.Passes) string {
	if p.Judged() == 0 {
		return "没有结论"
	}
	return period.Percent(int64(p.Passed), int64(p.Judged()))
}
