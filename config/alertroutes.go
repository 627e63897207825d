package config

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

var mobileForm = regexp.MustCompile(`^\+?[0-9]{5,20}$`)

func (b *builder) alertContacts(a *Alerts) {
	seen := map[string]bool{}
	for i := range a.Contacts {
		c := &a.Contacts[i]
		path := fmt.Sprintf("alerts.contacts[%d]", i)
		b.id(seen, c.ID, path)
		if slices.Contains(inspect.Roles, inspect.Role(c.ID)) {
			b.fault(join(path, "id"), "%q 是角色，不能作联系人代号", c.ID)
		}
		if len(c.Roles) == 0 {
			b.fault(join(path, "roles"), "缺少 roles")
		}
		for j, r := range c.Roles {
			if !slices.Contains(inspect.Roles, r) {
				b.fault(fmt.Sprintf("%s.roles[%d]", path, j), "没有角色 %q，可用：supervisor、agency、operations、auditor、admin", r)
			}
		}
		if len(c.Units) == 0 && len(c.Roles) > 0 && !slices.ContainsFunc(c.Roles, func(r inspect.Role) bool { return r != inspect.Agency }) {
			b.fault(join(path, "units"), "责任单位的联系人须写明单位")
		}
		b.unitIDs(c.Units, path)
		b.reaches(a, c, path)
	}
}

func (b *builder) reaches(a *Alerts, c *AlertContact, path string) {
	if len(c.Reach) == 0 {
		b.fault(join(path, "reach"), "缺少 reach")
	}
	ways := map[string]bool{}
	for j, r := range c.Reach {
		p := fmt.Sprintf("%s.reach[%d]", path, j)
		i := slices.IndexFunc(a.Channels, func(x AlertChannel) bool { return x.ID == r.Channel })
		switch {
		case i < 0:
			b.fault(join(p, "channel"), "channels 中没有渠道 %q", r.Channel)
		case ways[r.Channel]:
			b.fault(join(p, "channel"), "渠道 %q 重复", r.Channel)
		default:
			b.address(a.Channels[i].Kind, r.Address, p)
		}
		ways[r.Channel] = true
	}
}

// address checks what reaches a person by a kind of channel.
func (b *builder) address(kind, address, path string) {
	p := join(path, "address")
	f := formOf(kind)
	switch {
	case f == nil: // told already
	case f.direct == (address == ""):
		if f.direct {
			b.fault(p, "缺少 address")
		} else {
			b.fault(p, "%s 没有收件地址", kind)
		}
	case kind == "email":
		if _, err := mail.ParseAddress(address); err != nil {
			b.fault(p, "不是邮箱地址")
		}
	case kind == "sms" && !mobileForm.MatchString(address):
		b.fault(p, "不是手机号码")
	}
}

func (b *builder) unitIDs(ids []string, path string) {
	for j, id := range ids {
		if !slices.ContainsFunc(b.raw.Units, func(u Unit) bool { return u.ID == id }) {
			b.fault(fmt.Sprintf("%s.units[%d]", path, j), "units 中没有单位 %q", id)
		}
	}
}

func (b *builder) alertRoute(a *Alerts, r *AlertRoute, path string) {
	if len(r.To) == 0 {
		b.fault(join(path, "to"), "缺少 to")
	}
	for j, to := range r.To {
		known := slices.Contains(inspect.Roles, inspect.Role(to)) || slices.ContainsFunc(a.Contacts, func(c AlertContact) bool { return c.ID == to })
		if !known {
			b.fault(fmt.Sprintf("%s.to[%d]", path, j), "没有角色或联系人 %q", to)
		}
	}
	for j, k := range r.Kinds {
		if !slices.Contains(inspect.AlertKinds, k) {
			b.fault(fmt.Sprintf("%s.kinds[%d]", path, j), "没有通知类别 %q，可用：%s", k, alertKindNames())
		}
	}
	for j, s := range r.Severity {
		if !slices.Contains([]inspect.Part{inspect.Veto, inspect.Deduction, inspect.Advice}, s) {
			b.fault(fmt.Sprintf("%s.severity[%d]", path, j), "应为 veto、deduction 或 advice")
		}
	}
	b.unitIDs(r.Units, path)
	for j, id := range r.Sites {
		if b.out.Site(id) == nil && b.out.Account(id) == nil {
			b.fault(fmt.Sprintf("%s.sites[%d]", path, j), "没有网站或账号 %q", id)
		}
	}
	for j, id := range r.Channels {
		if !slices.ContainsFunc(a.Channels, func(c AlertChannel) bool { return c.ID == id }) {
			b.fault(fmt.Sprintf("%s.channels[%d]", path, j), "channels 中没有渠道 %q", id)
		}
	}
	if !slices.Contains([]string{"always", "now", "digest", "never"}, r.When) {
		b.fault(join(path, "when"), "应为 always、now、digest 或 never")
	}
}

func alertKindNames() string {
	var out []string
	for _, k := range inspect.AlertKinds {
		out = append(out, string(k))
	}
	return strings.Join(out, "、")
}

// alertTimes checks the times and numbers that are written; the others have
// their defaults.
func (b *builder) alertTimes(a *Alerts) {
	for j, q := range a.Quiet {
		if !spanOK(q) {
			b.fault(fmt.Sprintf("alerts.quiet[%d]", j), "%q 不是时段，应如 22:00-07:00", q)
		}
	}
	if _, err := time.Parse("15:04", a.Digest); a.Digest != "" && (err != nil || len(a.Digest) != 5) {
		b.fault("alerts.digest", "%q 不是时间，应如 08:40", a.Digest)
	}
	for _, x := range []struct {
		key         string
		set         time.Duration
		least, most time.Duration
		say         string
	}{
		{"gather", a.Gather, time.Second, time.Hour, "应在 1s 到 1h 之间"},
		{"window", a.Window, 10 * time.Minute, 30 * 24 * time.Hour, "应在 10m 到 720h 之间"},
		{"fresh", a.Fresh, time.Hour, 30 * 24 * time.Hour, "应在 1h 到 720h 之间"},
		{"give_up", a.GiveUp, 10 * time.Minute, 30 * 24 * time.Hour, "应在 10m 到 720h 之间"},
	} {
		if p := join("alerts", x.key); b.has(p) && (x.set < x.least || x.set > x.most) {
			b.fault(p, "%s", x.say)
		}
	}
	if b.has("alerts.flood") && (a.Flood < 1 || a.Flood > 1000) {
		b.fault("alerts.flood", "应在 1 到 1000 之间")
	}
	for j, s := range a.Shares {
		if s <= 0 || s >= 1 {
			b.fault(fmt.Sprintf("alerts.shares[%d]", j), "应在 0 到 1 之间，如 0.75")
		}
	}
	for j, d := range a.Before {
		if d < 0 || d > 366 {
			b.fault(fmt.Sprintf("alerts.before[%d]", j), "应为天数，0 至 366")
		}
	}
	for j, d := range a.Overdue {
		if d < 1 || d > 366 || j > 0 && d <= a.Overdue[j-1] {
			b.fault(fmt.Sprintf("alerts.overdue[%d]", j), "应为天数，1 至 366，从小到大")
		}
	}
}
