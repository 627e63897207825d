package main

import (
	"fmt"
	"io"

	"github.com/xunjian/xunjian/checks/columnstale"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/inspect"
)

type discoverCmd struct {
	targetFlags
	Pages int    `default:"300" help:"最多读取页面数"`
	Out   string `short:"o" placeholder:"FILE" help:"写入文件"`
}

func (discoverCmd) Examples() string {
	return "  xunjian discover https://www.example.gov.cn/ > site.yaml\n  xunjian check-config site.yaml\n  xunjian inspect -c site.yaml"
}

func (c *discoverCmd) Run(e *env) error {
	p, err := c.plan()
	if err != nil {
		return err
	}
	if len(p.sites) != 1 {
		return usage("用 --site 选一个", "一次只能发现一个网站的栏目")
	}
	s := p.sites[0]
	fmt.Fprintf(e.stderr, "正在读取 %s 的导航……\n", s.Home)
	found, err := crawler.Discover(e.ctx, p.options(s), s, c.Pages, p.now)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "发现 %d 个栏目。请核对类型后使用。\n", len(found))
	d := &config.Draft{Site: s, Reasons: map[string]string{}}
	s.Columns = nil
	windows := windowsByGenre()
	for _, f := range found {
		f.Column.Window = windows[f.Column.Genre]
		s.Columns = append(s.Columns, f.Column)
		d.Reasons[f.Column.URL] = f.Reason
	}
	out, err := config.Marshal(d)
	if err != nil {
		return err
	}
	return e.output(c.Out, func(w io.Writer) error {
		_, err := w.Write(out)
		return err
	})
}

// windowsByGenre are the windows of the check that judges columns, for a draft
// to show; what a column says there overrides them.
func windowsByGenre() map[inspect.Genre]inspect.Window {
	out := map[inspect.Genre]inspect.Window{}
	f, _, err := config.ReadFront(columnstale.Check)
	if err != nil {
		return out // a draft without windows is still right: the rulebook's hold
	}
	windows, _ := f.With["windows"].(map[string]any)
	for genre, v := range windows {
		if text, ok := v.(string); ok {
			if w, err := inspect.ParseWindow(text); err == nil {
				out[inspect.Genre(genre)] = w
			}
		}
	}
	return out
}
