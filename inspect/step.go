package inspect

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// An Act is what moves a case on.
type Act string

// The acts of inspections and clocks.
const (
	ActSeen     Act = "seen"     // a look saw the fault
	ActGone     Act = "gone"     // a look at its place did not see it
	ActVanished Act = "vanished" // its place is not there any more
	ActUntold   Act = "untold"   // a look could not tell; it never closes anything
	ActExpire   Act = "expire"   // a waiver or a refutation ended
)

// The acts of people.
const (
	ActConfirm     Act = "confirm"
	ActRefute      Act = "refute" // 不成立, remembered by fingerprint until a day or for good
	ActOrder       Act = "order"
	ActExtend      Act = "extend" // of an order's last day
	ActAcknowledge Act = "acknowledge"
	ActClaim       Act = "claim"
	ActAppeal      Act = "appeal"
	ActUphold      Act = "uphold" // the unit is right
	ActReject      Act = "reject" // it is not
	ActWaive       Act = "waive"
	ActApprove     Act = "approve" // the second person's yes to a waiver
	ActRevoke      Act = "revoke"  // of a waiver or a refutation
	ActAccept      Act = "accept"  // what is masked is repaired
	ActDeny        Act = "deny"    // what is masked is not
	ActAssign      Act = "assign"
	ActComment     Act = "comment"
)

// Chinese is the act as users read it.
func (a Act) Chinese() string { return rules[a].chinese }

// A Step is one act on a case: who, when, why, and what became of it.
type Step struct {
	Case       string    `json:"case"` // fingerprint
	N          int64     `json:"n"`    // version of the case that it made
	Act        Act       `json:"act"`
	By         Person    `json:"by"`
	At         time.Time `json:"at"`
	Why        string    `json:"why,omitempty"`
	Until      time.Time `json:"until,omitzero"` // last day of an order, a waiver, a refutation
	Ground     Ground    `json:"ground,omitempty"`
	Order      string    `json:"order,omitempty"` // id
	Assignee   string    `json:"assignee,omitempty"`
	Inspection string    `json:"inspection,omitempty"`
	Proved     bool      `json:"proved,omitempty"` // of a look that saw it: that look proves it
	From       Stage     `json:"from,omitempty"`
	To         Stage     `json:"to"`
	Relapse    bool      `json:"relapse,omitempty"` // a repaired fault came back
}

// Terms are what an office sets for itself; no rule of the state says them.
type Terms struct {
	RepairDays map[Part]int `json:"repair_days"` // working days of an order, by severity
	WaiverDays int          `json:"waiver_days"` // a waiver's longest time
}

// DefaultTerms are ours.
var DefaultTerms = Terms{RepairDays: map[Part]int{Veto: 3, Deduction: 10, Advice: 20}, WaiverDays: 180}

// A Refusal says why a step is not taken; its text is for whoever asked.
type Refusal struct {
	Why  RefusalKind
	Msg  string
	Form string // of which Msg was made, with what: for other languages; "": Msg is all
	With []any
}

// A RefusalKind tells refusals apart.
type RefusalKind string

// The kinds of refusal.
const (
	NotYours   RefusalKind = "not-yours"  // this person may not do it
	NotNow     RefusalKind = "not-now"    // the case does not stand where it could be done
	Incomplete RefusalKind = "incomplete" // something is missing or out of bounds
)

func (r *Refusal) Error() string { return r.Msg }

func refuse(why RefusalKind, format string, a ...any) error {
	return &Refusal{why, fmt.Sprintf(format, a...), format, a}
}

// A rule says from where an act leads where, and who may do it.
type rule struct {
	chinese string
	by      []Role
	from    []Stage // nil: any
	to      Stage   // empty: the act says
	why     bool    // a reason is obligatory
	until   bool    // so is a last day
}

var (
	supervisors = []Role{Supervisor}
	agencies    = []Role{Agency}
	program     = []Role{Program}
	standing    = []Stage{StageConfirmed, StageOrdered, StageClaimed, StageMasked}
)

// rules is the state machine. What a look makes of a case is in observe.
var rules = map[Act]rule{
	ActSeen:     {chinese: "再次发现", by: program},
	ActGone:     {chinese: "复查未见", by: program},
	ActVanished: {chinese: "位置消失", by: program},
	ActUntold:   {chinese: "未能复查", by: program},
	ActExpire:   {chinese: "期满", by: program, from: []Stage{StageWaived, StageRefuted}},

	ActConfirm:     {chinese: "确认", by: supervisors, from: []Stage{StageSuspected}, to: StageConfirmed},
	ActRefute:      {chinese: "认定不成立", by: supervisors, from: []Stage{StageSuspected, StageConfirmed, StageOrdered, StageClaimed, StageMasked, StageVerified}, to: StageRefuted, why: true},
	ActOrder:       {chinese: "交办", by: supervisors, from: []Stage{StageConfirmed}, to: StageOrdered, until: true},
	ActExtend:      {chinese: "延期", by: supervisors, from: []Stage{StageOrdered, StageClaimed, StageMasked}, why: true, until: true},
	ActAcknowledge: {chinese: "签收", by: agencies, from: []Stage{StageOrdered}},
	ActClaim:       {chinese: "报告已整改", by: agencies, from: []Stage{StageConfirmed, StageOrdered}, to: StageClaimed},
	ActAppeal:      {chinese: "申诉", by: agencies, from: []Stage{StageConfirmed, StageOrdered}, to: StageAppealed, why: true},
	ActUphold:      {chinese: "申诉成立", by: supervisors, from: []Stage{StageAppealed}, to: StageRefuted, why: true},
	ActReject:      {chinese: "申诉不成立", by: supervisors, from: []Stage{StageAppealed}, why: true},
	ActWaive:       {chinese: "豁免", by: supervisors, from: standing, to: StageWaived, why: true, until: true},
	ActApprove:     {chinese: "同意豁免", by: supervisors, from: standing, to: StageWaived},
	ActRevoke:      {chinese: "撤销", by: supervisors, why: true},
	ActAccept:      {chinese: "认可整改", by: supervisors, from: []Stage{StageMasked}, to: StageVerified, why: true},
	ActDeny:        {chinese: "不认可整改", by: supervisors, from: []Stage{StageMasked}, why: true},
	ActAssign:      {chinese: "指派", by: []Role{Supervisor, Agency}},
	ActComment:     {chinese: "说明", by: []Role{Supervisor, Agency}, why: true},
}

// After is the case after a step, and the step with what became of it. The case
// itself stays as it is. The error is a [*Refusal] when the step cannot be taken.
func (c Case) After(s Step, t Terms) (Case, Step, error) {
	r, ok := rules[s.Act]
	if !ok {
		return c, s, refuse(Incomplete, "没有“%s”这种操作", string(s.Act))
	}
	if err := c.may(&s, r, t); err != nil {
		return c, s, err
	}
	s.Case, s.From, s.To = c.Fingerprint, c.Stage, c.Stage
	c.move(&s, r)
	if s.To != s.From {
		c.Since = s.At
	}
	c.Stage = s.To
	c.Version++
	s.N = c.Version
	return c, s, nil
}

// longestDays is how far ahead a last day may lie: what is typed wrong is no
// date of the year 9999. It is ours.
const longestDays = 3660

// may reports why a step cannot be taken, or nil.
func (c *Case) may(s *Step, r rule, t Terms) error {
	switch {
	case !slices.Contains(r.by, s.By.Role):
		return refuse(NotYours, "%s不能%s", s.By.Role.Chinese(), r.chinese)
	case s.By.Role != Program && !s.By.Reads(c.Unit):
		return refuse(NotYours, "不是本单位的问题")
	case r.from != nil && !slices.Contains(r.from, c.Stage):
		return refuse(NotNow, "问题现为“%s”，不能%s", c.Stage.Chinese(), r.chinese)
	case r.why && strings.TrimSpace(s.Why) == "":
		return refuse(Incomplete, "%s须说明理由", r.chinese)
	case r.until && s.Until.IsZero():
		return refuse(Incomplete, "%s须填写截止日期", r.chinese)
	case !s.Until.IsZero() && DaysBetween(s.At, s.Until) < 0:
		return refuse(Incomplete, "截止日期 %s 已过", s.Until.In(Zone).Format(time.DateOnly))
	case !s.Until.IsZero() && DaysBetween(s.At, s.Until) > longestDays:
		return refuse(Incomplete, "截止日期不能晚于 %d 天以后", longestDays)
	}
	return c.twoPeople(s, t)
}

// twoPeople holds the rules that name a second person, and what belongs to one act only.
func (c *Case) twoPeople(s *Step, t Terms) error {
	switch s.Act {
	case ActUphold, ActReject:
		if c.Order != nil && c.Order.By == s.By.ID {
			return refuse(NotYours, "申诉须由交办人以外的人裁定")
		}
	case ActAppeal:
		if !slices.Contains(Grounds, s.Ground) {
			return refuse(Incomplete, "申诉须选择事由：误判、非本单位、规则不适用或检查时已整改")
		}
	case ActWaive:
		if c.Excusal != nil && c.Excusal.Pending {
			return refuse(NotNow, "已有待同意的豁免")
		}
		if t.WaiverDays > 0 && DaysBetween(s.At, s.Until) > t.WaiverDays {
			return refuse(Incomplete, "豁免最长 %d 天", t.WaiverDays)
		}
	case ActApprove:
		switch {
		case c.Excusal == nil || !c.Excusal.Pending:
			return refuse(NotNow, "没有待同意的豁免")
		case c.Excusal.By == s.By.ID:
			return refuse(NotYours, "单项否决问题的豁免须由第二人同意")
		case DaysBetween(s.At, c.Excusal.Until) < 0:
			return refuse(NotNow, "豁免的截止日期已过")
		}
	case ActRevoke:
		if c.Stage != StageWaived && c.Stage != StageRefuted && (c.Excusal == nil || !c.Excusal.Pending) {
			return refuse(NotNow, "没有可以撤销的豁免或认定")
		}
	case ActOrder:
		if s.Order == "" {
			return refuse(Incomplete, "交办须有整改单编号")
		}
	case ActExtend:
		if c.Order == nil || DaysBetween(c.Order.Due, s.Until) <= 0 {
			return refuse(Incomplete, "延期须晚于原截止日期")
		}
	case ActAcknowledge:
		if c.Order == nil || !c.Order.Acknowledged.IsZero() {
			return refuse(NotNow, "已经签收")
		}
	}
	return nil
}
