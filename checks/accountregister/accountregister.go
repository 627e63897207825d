// Package accountregister is the check account-register: accounts that are not
// as the register says, or of which the register says what must not be.
package accountregister

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/accounts"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

//go:embed rule.md
var rule string

type options struct {
	Closing inspect.Window `yaml:"closing"` // how long a closing may take before a person looks
}

// Check is the check account-register.
var Check = inspect.NewCheck("account-register", rule, inspect.PerAccount, options{}, run)

func run(_ context.Context, p *inspect.Pass, o options) error {
	r := reading{Pass: p, m: p.Site.Account, name: accounts.Name(p.Site)}
	switch r.m.On(p.Now) {
	case inspect.Closed, inspect.Migrated:
		r.ended()
	default:
		r.twins()
		r.filed()
		r.identity()
		r.closing(o)
	}
	p.Due(r.due)
	return nil
}

type reading struct {
	*inspect.Pass
	m    *inspect.MediaAccount
	name string
	due  int
}

func (r *reading) say(outcome inspect.Outcome, class string, e inspect.Evidence, format string, args ...any) {
	r.Report(inspect.Finding{Outcome: outcome, Locus: class, Class: class, Evidence: e, Message: "账号" + r.name + fmt.Sprintf(format, args...)})
}

// twins are other accounts of the unit on the same platform.
func (r *reading) twins() {
	r.due++
	if len(r.m.Twins) > 0 {
		r.say(inspect.Fail, "duplicate", inspect.Evidence{}, "与%s由同一单位在同一平台开设", strings.Join(r.m.Twins, "、"))
	}
}

func (r *reading) filed() {
	if r.m.Filed == nil {
		return
	}
	r.due++
	if !*r.m.Filed {
		r.say(inspect.Fail, "unfiled", inspect.Evidence{}, "未在全国政务新媒体信息报送系统备案")
	}
}

// identity holds what the platform says against the register.
func (r *reading) identity() {
	var seen *inspect.Collection
	var dead []string
	for _, c := range r.Feeds {
		_, tells := c.Kind.Tells()
		switch {
		case c.Read() && c.Identity != nil && seen == nil:
			seen = c
		case tells && c.Verdict == inspect.CouldNotTell:
			dead = append(dead, c.Source+"："+c.Why())
		}
	}
	if seen == nil {
		if len(dead) > 0 {
			r.due++
			r.say(inspect.Unknown, "identity", inspect.Evidence{}, "在平台上的名称与认证未能核对（%s）", strings.Join(dead, "；"))
		}
		r.verified(r.m.Verified, r.m.Body, inspect.Evidence{})
		return
	}
	r.due++
	id := seen.Identity
	if id.Name != "" && r.Site.Name != "" && zh.Compact(id.Name) != zh.Compact(r.Site.Name) {
		r.say(inspect.Review, "renamed", seen.Evidence(), "在平台上的名称为“%s”，与登记的不一致", id.Name)
	}
	body, verified := r.m.Body, r.m.Verified
	if id.Body != "" {
		body = id.Body
	}
	if id.Verified != nil {
		verified = id.Verified
	}
	r.verified(verified, body, seen.Evidence())
}

func (r *reading) verified(verified *bool, body string, e inspect.Evidence) {
	if verified == nil && body == "" {
		return
	}
	r.due++
	switch {
	case verified != nil && !*verified:
		r.say(inspect.Fail, "unverified", e, "未经平台认证")
	case body != "" && r.Site.Unit != "" && !strings.Contains(zh.Compact(body), zh.Compact(r.Site.Unit)):
		r.say(inspect.Review, "owner", e, "的认证主体为“%s”，登记的主办单位为“%s”", body, r.Site.Unit)
	}
}

// closing is one that was announced and is not done.
func (r *reading) closing(o options) {
	if r.m.On(r.Now) != inspect.Closing || r.m.Since.IsZero() {
		return
	}
	r.due++
	if limit := o.Closing.Limit(r.m.Since); inspect.DaysBetween(r.Now, limit) < 0 {
		r.say(inspect.Review, "closing", inspect.Evidence{}, "自%s起登记为关停中，已%d天仍未注销", accounts.Date(r.m.Since), inspect.DaysBetween(r.m.Since, r.Now))
	}
}

// ended holds a closed or migrated account against what its sources show.
func (r *reading) ended() {
	state := r.m.On(r.Now).Chinese()
	if r.m.On(r.Now) == inspect.Migrated {
		r.due++
		if !r.m.ToKnown {
			r.say(inspect.Fail, "successor", inspect.Evidence{}, "登记为已迁移，迁移后的账号没有登记")
		}
	}
	var page, dead *inspect.Collection
	for _, c := range r.Feeds {
		for i := range c.Posts {
			if post := &c.Posts[i]; c.Read() && r.after(post.Published) {
				r.due++
				r.say(inspect.Fail, "alive", c.Evidence(), "登记为%s，%s仍有发布", state, accounts.Date(post.Published))
				return
			}
		}
		switch presence := c.Kind == inspect.FromPage || c.Kind == inspect.FromITunes; {
		case presence && c.Read():
			page = c
		case c.Verdict == inspect.CouldNotTell:
			dead = c
		}
	}
	switch {
	case page != nil:
		r.due++
		r.say(inspect.Review, "alive", page.Evidence(), "登记为%s，平台上仍能打开", state)
	case dead != nil:
		r.due++
		r.say(inspect.Unknown, "alive", inspect.Evidence{}, "登记为%s，是否确已注销未能核对（%s：%s）", state, dead.Source, dead.Why())
	}
}

// after reports whether a moment lies behind the first day of the standing,
// on which a last word of farewell may still appear.
func (r *reading) after(t time.Time) bool {
	return !t.IsZero() && !r.m.Since.IsZero() && inspect.DaysBetween(r.m.Since, t) > 0 && inspect.DaysBetween(t, r.Now) >= 0
}
