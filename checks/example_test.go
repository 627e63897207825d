package checks_test

import (
	"context"
	"fmt"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/checks/rulepage"
	"github.com/xunjian/xunjian/inspect"
)

// A check is bound with the options of its rule page and run on a page.
func Example() {
	for _, c := range checks.All {
		if c.ID != "a11y-page-title" {
			continue
		}
		page, err := rulepage.Parse(c.Rule)
		if err != nil {
			fmt.Println(err)
			return
		}
		run, err := c.Bind(page.Decoder(nil))
		if err != nil {
			fmt.Println(err)
			return
		}
		p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/a.html", Status: 200, Verdict: inspect.Fine},
			Type: "text/html", Body: []byte("<html lang=zh-CN><p>公告</p></html>")}
		err = run(context.Background(), &inspect.Pass{Site: &inspect.Site{}, Page: p,
			Report: func(f inspect.Finding) { fmt.Println(page.Title+":", f.Message) }, Due: func(int) {}})
		if err != nil {
			fmt.Println(err)
		}
	}
	// Output: 页面没有标题: 页面没有标题（title）
}
