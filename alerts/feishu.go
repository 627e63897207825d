package alerts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// maxFeishu is how many bytes a request to a custom bot of Feishu may have.
const maxFeishu = 20 << 10

// feishu is a custom bot of Feishu (飞书).
type feishu struct {
	client  *http.Client
	address string
	secret  string
	console string
	clock   func() time.Time
}

func newFeishu(o Options) (Channel, error) {
	u, err := robotURL(&o, "https://open.feishu.cn/open-apis/bot/v2/hook/", "")
	if err != nil {
		return nil, err
	}
	return &feishu{client(&o), u.String(), o.Secret.Sign, o.Console, o.Clock}, nil
}

// A node is a piece of a post. In a post text is text: only a node of its own
// kind mentions anybody.
type node struct {
	Tag  string `json:"tag"`
	Text string `json:"text"`
	Href string `json:"href,omitempty"`
}

// Send posts rich text.
func (c *feishu) Send(ctx context.Context, m *inspect.Message, _ string) error {
	body := map[string]any{"msg_type": "post"}
	if c.secret != "" {
		now := strconv.FormatInt(c.clock().Unix(), 10)
		body["timestamp"], body["sign"] = now, signFeishu(c.secret, now)
	}
	t := wordsOf(m, c.console)
	body["content"] = map[string]any{"post": map[string]any{"zh_cn": map[string]any{"title": t.subject, "content": t.paragraphs(maxFeishu - 1000)}}}
	return tellRobot(ctx, c.client, c.address, body, map[int]time.Duration{11232: time.Minute})
}

// paragraphs are as many lines as fit in so many bytes of JSON.
func (t *text) paragraphs(limit int) [][]node {
	out := [][]node{}
	add := func(p ...node) bool {
		limit -= len(toJSON(p)) + 1
		if limit >= 0 {
			out = append(out, p)
		}
		return limit >= 0
	}
	whole := true
	for _, s := range t.sections {
		whole = whole && add(node{Tag: "text", Text: "【" + s.title + "】"})
		for _, l := range s.lines {
			p := []node{{Tag: "text", Text: "· " + l.text}}
			if l.link != "" {
				p = append(p, node{Tag: "text", Text: " "}, node{Tag: "a", Text: "详情", Href: l.link})
			}
			whole = whole && add(p...)
		}
	}
	if !whole || t.total > t.shown() {
		out = append(out, []node{{Tag: "text", Text: t.tail()}})
	}
	if t.link != "" {
		out = append(out, []node{{Tag: "a", Text: "打开巡检", Href: t.link}})
	}
	return out
}

func signFeishu(secret, seconds string) string {
	h := hmac.New(sha256.New, []byte(seconds+"\n"+secret))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
