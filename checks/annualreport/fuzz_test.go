package annualreport

import (
	"strings"
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

// FuzzTables: whatever stands in the tables of a page or in the lines of an
// attachment, reading it neither breaks nor finds a fault by a blank cell alone.
func FuzzTables(f *testing.F) {
	f.Add("<table><tr><td>一、本年新收政府信息公开申请数量<td>1<td>2<td>0<td>0<td>0<td>0<td>3</table>")
	f.Add("2023年政府信息公开工作年度报告\n（七）总计 1 2 3 4 5 6 7\n全年公开发布政策解读信息54条。")
	f.Add("<table><tr><td rowspan=99999>总计<td colspan=-1>１２<td>—</table>")
	f.Fuzz(func(t *testing.T, s string) {
		page := &inspect.Page{Target: inspect.Target{URL: "http://a.gov.cn/nb/1.html", Status: 200, Verdict: inspect.Fine}, Type: "text/html",
			Body: []byte(strings.ToValidUTF8("<title>2023年政府信息公开工作年度报告</title><h1>2023年政府信息公开工作年度报告</h1><p>发布时间：2024-03-01<div class=TRS_Editor>"+s, ""))}
		file := &inspect.Page{Document: &inspect.Document{Parts: []inspect.DocumentPart{{Text: s, Tables: [][][]string{{strings.Fields(s)}}}}}}
		for _, p := range []*inspect.Page{page, file} {
			r := Of(p)
			if r == nil || r.Report == nil {
				continue
			}
			for _, x := range r.Report.Faults() {
				if x.Locus == "" || x.Message == "" {
					t.Errorf("a fault without place or words: %+v", x)
				}
			}
		}
	})
}
