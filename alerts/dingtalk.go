package alerts

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// maxDingTalk is how many bytes of text we send; its documentation names about
// 20 kB for the whole request, in which a letter may take more.
const maxDingTalk = 12000

// dingTalk is a custom robot of DingTalk (钉钉).
type dingTalk struct {
	client  *http.Client
	address url.URL // without a signature
	secret  string  // empty: the robot goes by keyword or address
	console string
	clock   func() time.Time
}

func newDingTalk(o Options) (Channel, error) {
	u, err := robotURL(&o, "https://oapi.dingtalk.com/robot/send", "access_token")
	if err != nil {
		return nil, err
	}
	return &dingTalk{client(&o), *u, o.Secret.Sign, o.Console, o.Clock}, nil
}

// Send posts markdown. After too many messages the robot is shut for ten minutes.
func (c *dingTalk) Send(ctx context.Context, m *inspect.Message, _ string) error {
	return tellRobot(ctx, c.client, c.signed(), map[string]any{"msgtype": "markdown",
		"markdown": map[string]string{"title": cut(inert.Replace(plain(m.Subject, 60)), 200), "text": markdownOf(m, c.console, maxDingTalk)}},
		map[int]time.Duration{130101: 10 * time.Minute, -1: 0})
}

// signed is the address with a signature of this moment; an hour later it is
// refused.
func (c *dingTalk) signed() string {
	u := c.address
	if c.secret != "" {
		q := u.Query()
		now := strconv.FormatInt(c.clock().UnixMilli(), 10)
		q.Set("timestamp", now)
		q.Set("sign", signDingTalk(c.secret, now))
		u.RawQuery = q.Encode()
	}
	return u.String()
}

func signDingTalk(secret, millis string) string {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(millis + "\n" + secret))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
