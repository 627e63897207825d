package alerts

import (
	"context"
	"net/http"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// maxWeCom is how many bytes of markdown a group robot of WeCom takes.
const maxWeCom = 4096

// weCom is a group robot of WeCom (企业微信). Its address holds its only secret.
type weCom struct {
	client  *http.Client
	address string
	console string
}

func newWeCom(o Options) (Channel, error) {
	u, err := robotURL(&o, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "key")
	if err != nil {
		return nil, err
	}
	return &weCom{client(&o), u.String(), o.Console}, nil
}

// Send posts markdown, which knows no escapes: what could be read as markup or
// as a mention is written full width.
func (c *weCom) Send(ctx context.Context, m *inspect.Message, _ string) error {
	return tellRobot(ctx, c.client, c.address, map[string]any{"msgtype": "markdown",
		"markdown": map[string]string{"content": markdownOf(m, c.console, maxWeCom)}},
		map[int]time.Duration{45009: time.Minute, -1: 0})
}

// markdownOf is a message in the markdown that the robots share, in at most so
// many bytes.
func markdownOf(m *inspect.Message, console string, limit int) string {
	t := wordsOf(m, console)
	head := "### " + inert.Replace(t.subject) + "\n"
	foot := ""
	if t.link != "" {
		foot = "\n[打开巡检](" + t.link + ")"
	}
	title := func(s section) string { return "**" + inert.Replace(s.title) + "**\n" }
	body := t.fit(limit-len(head)-len(foot), title, func(l line) string {
		s := "- " + inert.Replace(l.text)
		if l.link != "" && len(l.link) < 500 {
			s += " [详情](" + l.link + ")"
		}
		return s + "\n"
	})
	return head + body + foot
}
