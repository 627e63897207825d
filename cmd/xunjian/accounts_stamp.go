package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/xunjian/xunjian/checks/accountcontent"
	"github.com/xunjian/xunjian/crawler/media"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

type accountsStampCmd struct {
	accountFlags
	ID          string `arg:"" help:"账号代号"`
	URL         string `placeholder:"URL" help:"看到的发布的链接"`
	Title       string `placeholder:"TEXT" help:"看到的发布的标题"`
	Published   string `placeholder:"DATE" help:"该条发布的日期"`
	Interaction string `enum:",comments,messages,menu,none" default:"" help:"可用的互动功能：comments、messages、menu；none 为三项均不可用"`
	Proof       string `required:"" placeholder:"FILE" help:"证明：截图等"`
	By          string `placeholder:"NAME" help:"核查人"`
}

func (accountsStampCmd) Examples() string {
	return "  xunjian accounts stamp dy-1 -c district.yaml --url https://… --published 2026-11-20 --proof 截图.png --by 张主任"
}

func (c *accountsStampCmd) Run(e *env) error {
	cfg, st, now, err := c.open(e)
	if err != nil {
		return err
	}
	defer st.Close()
	if cfg.Account(c.ID) == nil {
		return usage("xunjian accounts -c "+c.Config, "登记中没有账号 %q", c.ID)
	}
	proof, err := os.ReadFile(c.Proof)
	if err != nil {
		return usage("证明须是能读取的文件", "证明文件 %s 无法读取", c.Proof)
	}
	col := &inspect.Collection{Source: "人工登记", Kind: inspect.FromStamp, At: time.Now().UTC(), To: now, Verdict: inspect.Fine, By: c.By,
		Partial: "人工登记只说明看到的那一条"}
	if c.URL != "" || c.Title != "" || c.Published != "" {
		p := inspect.Post{Title: c.Title}
		var ok bool
		if p.Published, ok = media.Moment(c.Published); !ok || inspect.DaysBetween(p.Published, now) < 0 {
			return usage("例：--published 2026-11-20", "--published %q 不是今天或以前的日期", c.Published)
		}
		if p.URL, ok = inspect.Normal(c.URL); c.URL != "" && !ok {
			return usage("例：--url https://…", "%q 不是网址", c.URL)
		}
		if p.URL == "" && p.Title == "" {
			return usage("--url 或 --title 至少给一项", "没有说明看到了哪一条发布")
		}
		col.Posts, col.URL = []inspect.Post{p}, p.URL
	}
	if c.Interaction != "" {
		col.Interaction = ways(c.Interaction, now)
	}
	if len(col.Posts) == 0 && col.Interaction == nil {
		return usage("xunjian accounts stamp --help", "没有说明看到了什么：给出 --url 与 --published，或 --interaction")
	}
	accountcontent.Seal(col)
	err = st.Deposit(e.ctx, c.ID, col, &store.Proof{Name: filepath.Base(c.Proof), Content: proof})
	if errors.Is(err, store.ErrTwice) {
		return usage("", "%s：%v", c.ID, err)
	}
	if err == nil {
		fmt.Fprintf(e.stdout, "%s：已登记，证明 %s（%s）\n", c.ID, filepath.Base(c.Proof), col.Proof)
	}
	return err
}

// ways is what a person saw of the ways to ask.
func ways(word string, now time.Time) *inspect.Interaction {
	yes, no := true, false
	i := &inspect.Interaction{Checked: now}
	switch word {
	case "comments":
		i.Comments = &yes
	case "messages":
		i.Messages = &yes
	case "menu":
		i.Menu = &yes
	default:
		i.Comments, i.Messages, i.Menu = &no, &no, &no
	}
	return i
}
