package metrics

import (
	"context"

	"github.com/xunjian/xunjian/inspect"
)

// A Repair is how many cases of an agency and severity are at a stage.
type Repair struct {
	Agency                   string // name
	Severity                 inspect.Part
	Stage                    inspect.Stage
	Cases, Overdue           int
	Expiring, ExpiredWaivers int // of waived ones
}

// Events are what can become of a case.
var Events = []string{"opened", "confirmed", "assigned", "submitted", "passed", "failed", "appealed", "upheld", "rejected", "refuted", "waived", "waiver_expired", "reopened"}

// event is the word for a step, or "" where metrics have none.
func event(s *inspect.Step) string {
	switch {
	case s.From == "":
		return "opened"
	case s.Relapse, s.Act == inspect.ActSeen && s.From == inspect.StageVerified:
		return "reopened"
	case s.Act == inspect.ActExpire:
		return "waiver_expired"
	case s.Act == inspect.ActUphold:
		return "upheld"
	case s.Act == inspect.ActReject:
		return "rejected"
	case s.To == s.From:
		return ""
	case s.From == inspect.StageClaimed && s.Act == inspect.ActSeen, s.Act == inspect.ActDeny:
		return "failed"
	}
	return map[inspect.Stage]string{inspect.StageConfirmed: "confirmed", inspect.StageOrdered: "assigned", inspect.StageClaimed: "submitted", inspect.StageVerified: "passed",
		inspect.StageAppealed: "appealed", inspect.StageRefuted: "refuted", inspect.StageWaived: "waived"}[s.To]
}

// Moved counts a step of a case, which is now c.
func (m *Metrics) Moved(s *inspect.Step, c *inspect.Case) {
	e := event(s)
	if e == "" {
		return
	}
	m.count("rectification_events_total", 1, e)
	if e != "passed" {
		return
	}
	begun := c.First
	if c.Order != nil {
		begun = c.Order.At
	}
	m.observe(context.Background(), "rectification_duration_seconds", s.At.Sub(begun), severity(c.Severity))
}

// repairs makes the series of cases.
func (b *builder) repairs(all []Repair) {
	overdue, waivers := map[string]int{}, map[string]int{"active": 0, "expiring": 0, "expired": 0}
	type key struct{ agency, severity, state string }
	cases := map[key]int{}
	for _, r := range all {
		cases[key{r.Agency, severity(r.Severity), string(r.Stage)}] += r.Cases
		overdue[r.Agency] += r.Overdue
		if r.Stage == inspect.StageWaived {
			waivers["active"] += r.Cases - r.ExpiredWaivers
			waivers["expiring"] += r.Expiring
			waivers["expired"] += r.ExpiredWaivers
		}
	}
	for k, n := range cases {
		b.set("rectifications", float64(n), k.agency, k.severity, k.state)
	}
	for agency, n := range overdue {
		b.set("rectifications_overdue", float64(n), agency)
	}
	for state, n := range waivers {
		b.set("waivers", float64(n), state)
	}
}
