package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// How many alerts a message holds; it counts the others. What programs read is
// parted instead.
const (
	maxAlerts  = 200
	maxMachine = 1000
)

// A desk is what must be known to make messages of what waits.
type desk struct {
	policy   *Policy
	now      time.Time
	quiet    bool // while trouble of our own is open, agencies are told nothing
	silences []inspect.Silence
	outgoing []inspect.Message // of the last hour, and those not sent yet
}

// groups are the alerts that go now, by channel and contact, in a fixed order.
// Those that are due within the time of gathering go with the first.
func (d *desk) groups(waiting []inspect.Alert) [][]inspect.Alert {
	by := map[[2]string][]inspect.Alert{}
	first := map[[2]string]bool{}
	for _, a := range waiting {
		if k := [2]string{a.Channel, a.Contact}; !d.holds(&a) && !a.Due.After(d.now.Add(d.policy.Gather)) {
			by[k] = append(by[k], a)
			first[k] = first[k] || !a.Due.After(d.now)
		}
	}
	var out [][]inspect.Alert
	for k, group := range by {
		if first[k] && !d.full(k[0], k[1]) {
			slices.SortFunc(group, inOrder)
			out = append(out, group)
		}
	}
	slices.SortFunc(out, func(a, b []inspect.Alert) int { return inOrder(a[0], b[0]) })
	return out
}

// holds reports whether an alert has to wait.
func (d *desk) holds(a *inspect.Alert) bool {
	if a.Held && d.quiet {
		return true
	}
	return slices.ContainsFunc(d.silences, func(s inspect.Silence) bool { return silenced(&s, a) && d.now.Before(s.Until) })
}

// silenced reports whether a silence is about an alert. One that names nothing
// is about none.
func silenced(s *inspect.Silence, a *inspect.Alert) bool {
	if s.Unit == "" && s.Site == "" && s.Check == "" && s.Key == "" {
		return false
	}
	return (s.Unit == "" || s.Unit == a.Unit) && (s.Site == "" || s.Site == a.Site) && (s.Key == "" || s.Key == a.Key) && (s.Check == "" || family(s.Check, a.Check))
}

// full reports whether a contact has had enough for the hour, or a message to
// him waits for its turn: then the rest waits and goes in one.
func (d *desk) full(channel, contact string) bool {
	n := 0
	for i := range d.outgoing {
		m := &d.outgoing[i]
		if m.Channel != channel || m.Contact != contact {
			continue
		}
		if m.State == inspect.MessageWaiting {
			return true
		}
		if d.now.Sub(m.Created) < time.Hour {
			n++
		}
	}
	return n >= d.policy.Flood
}

// messages are what a group of alerts becomes: one message, but for programs
// one for so many alerts.
func (d *desk) messages(group []inspect.Alert) (out []*inspect.Message, ids [][]string) {
	size := len(group)
	if d.policy.Machines[group[0].Channel] {
		size = maxMachine
	}
	for part := range slices.Chunk(group, size) {
		m := &inspect.Message{Channel: part[0].Channel, Contact: part[0].Contact, Total: len(part), Counts: map[inspect.AlertKind]int{}, Created: d.now.UTC(), Next: d.now.UTC(),
			State: inspect.MessageWaiting}
		all := make([]string, len(part))
		for i := range part {
			all[i] = part[i].ID
			m.Counts[part[i].Kind]++
		}
		m.ID = id(all...)
		m.Subject = subject(m, part)
		m.Alerts = part
		if size != maxMachine {
			m.Alerts = part[:min(len(part), maxAlerts)]
		}
		out, ids = append(out, m), append(ids, all)
	}
	return out, ids
}

// subject says how much of what a message tells, and whose it is.
func subject(m *inspect.Message, all []inspect.Alert) string {
	whose := "巡检"
	if one := all[0].Office; one != "" && !slices.ContainsFunc(all, func(a inspect.Alert) bool { return a.Office != one }) {
		whose = one
	}
	var parts []string
	for _, k := range inspect.AlertKinds {
		if n := m.Counts[k]; n > 1 || n == 1 && len(all) > 1 {
			parts = append(parts, fmt.Sprintf("%s %d 条", k.Chinese(), n))
		} else if n == 1 {
			parts = append(parts, k.Chinese())
		}
	}
	if len(parts) > 3 {
		parts = append(parts[:3], "等")
	}
	return plain(whose, 40) + "：" + strings.Join(parts, "，")
}

// inOrder is the order of alerts in a message: the kind, then what weighs most.
func inOrder(a, b inspect.Alert) int {
	return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Contact, b.Contact), cmp.Compare(slices.Index(inspect.AlertKinds, a.Kind), slices.Index(inspect.AlertKinds, b.Kind)),
		-cmp.Compare(weight(a.Severity), weight(b.Severity)), cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Site, b.Site), cmp.Compare(a.Check, b.Check), cmp.Compare(a.ID, b.ID))
}

func weight(p inspect.Part) int {
	return slices.Index([]inspect.Part{inspect.Bonus, inspect.Advice, inspect.Deduction, inspect.Veto}, p)
}
