package inspect

import (
	"slices"
	"time"
)

// A Stage is where a case stands in its life.
type Stage string

// The stages.
const (
	StageSuspected Stage = "suspected" // 待确认: one look does not prove it, or a person must judge
	StageLapsed    Stage = "lapsed"    // 未复现: it was suspected and not seen again, so nobody is accused
	StageConfirmed Stage = "confirmed" // 已确认
	StageOrdered   Stage = "ordered"   // 已交办
	StageClaimed   Stage = "claimed"   // 待复核: its unit says that it is repaired
	StageVerified  Stage = "verified"  // 已整改: looked at again and gone
	StageMasked    Stage = "masked"    // 位置消失: its place is gone, not proved repaired; a person decides
	StageRefuted   Stage = "refuted"   // 不成立
	StageWaived    Stage = "waived"    // 豁免, until a day
	StageAppealed  Stage = "appealed"  // 申诉中
)

// Stages lists the stages in display order.
var Stages = []Stage{StageSuspected, StageConfirmed, StageOrdered, StageClaimed, StageMasked, StageAppealed, StageWaived, StageVerified, StageRefuted, StageLapsed}

// Chinese is the stage as users read it.
func (s Stage) Chinese() string {
	switch s {
	case StageSuspected:
		return "待确认"
	case StageLapsed:
		return "未复现"
	case StageConfirmed:
		return "已确认"
	case StageOrdered:
		return "已交办"
	case StageClaimed:
		return "待复核"
	case StageVerified:
		return "已整改"
	case StageMasked:
		return "位置消失"
	case StageRefuted:
		return "不成立"
	case StageWaived:
		return "豁免"
	case StageAppealed:
		return "申诉中"
	}
	return string(s)
}

// Stands reports whether a fault counts as there: proved, and neither repaired
// nor excused. What is appealed stands until somebody decides.
func (s Stage) Stands() bool {
	return slices.Contains([]Stage{StageConfirmed, StageOrdered, StageClaimed, StageMasked, StageAppealed}, s)
}

// Open reports whether somebody still has to do something.
func (s Stage) Open() bool { return s == StageSuspected || s.Stands() }

// A Case is the life of one fault: what later inspections saw of it and what
// people decided. It is known by the fault's fingerprint for ever, so that its
// page has one address however often the fault comes back.
type Case struct {
	Fingerprint string   `json:"fingerprint"`
	Site        string   `json:"site"` // id
	Kind        Kind     `json:"kind"` // of the target
	Unit        string   `json:"unit"` // id of the responsible unit
	Check       string   `json:"check"`
	Items       []string `json:"items,omitempty"`
	Severity    Part     `json:"severity"` // the heaviest part that prices it; Advice when none does
	URL         string   `json:"url"`
	Locus       string   `json:"locus"`
	Message     string   `json:"message"` // of the last look that saw it
	Places      int      `json:"places"`
	Review      bool     `json:"review,omitempty"` // only a person can confirm it

	Stage      Stage     `json:"stage"`
	Back       Stage     `json:"back,omitempty"`   // where it stood before it was claimed, masked or appealed
	Since      time.Time `json:"since"`            // of the stage
	First      time.Time `json:"first"`            // when it was seen first
	Last       time.Time `json:"last"`             // when it was seen last
	Looked     time.Time `json:"looked"`           // when it was last told whether it is there
	Absent     bool      `json:"absent,omitempty"` // that look did not see it
	Inspection string    `json:"inspection"`       // the last that saw it: where its evidence lies
	Times      int       `json:"times"`            // inspections that saw it, since it came
	Closed     time.Time `json:"closed,omitzero"`  // when its repair was verified
	Relapses   int       `json:"relapses,omitempty"`

	Order    *Order  `json:"order,omitempty"`
	Claim    *Claim  `json:"claim,omitempty"`
	Appeal   *Appeal `json:"appeal,omitempty"`
	Excusal  *Waiver `json:"excusal,omitempty"` // waived, or refuted until a day
	Assignee string  `json:"assignee,omitempty"`
	Version  int64   `json:"version"` // grows with each step
}

// An Order (整改单) tells a unit to repair. One order may hold many cases.
type Order struct {
	ID           string    `json:"id"`
	By           string    `json:"by"` // id of the person
	At           time.Time `json:"at"`
	Due          time.Time `json:"due"`                   // the last day
	Acknowledged time.Time `json:"acknowledged,omitzero"` // 签收
	Extended     int       `json:"extended,omitempty"`
}

// A Claim is a unit's word that a fault is repaired.
type Claim struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Failed int       `json:"failed,omitempty"` // claims that a look refuted
}

// An Appeal (申诉) asks another person to decide.
type Appeal struct {
	Ground Ground    `json:"ground"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Why    string    `json:"why"`
}

// A Ground is why a unit appeals.
type Ground string

// The grounds.
const (
	Misjudged    Ground = "misjudged"     // 误判
	NotOurs      Ground = "not-ours"      // 非本单位
	NotTheRule   Ground = "not-the-rule"  // 规则不适用
	AlreadyFixed Ground = "already-fixed" // 检查时已整改
)

// Grounds lists the grounds in display order.
var Grounds = []Ground{Misjudged, NotOurs, NotTheRule, AlreadyFixed}

// Chinese is the ground as users read it.
func (g Ground) Chinese() string {
	switch g {
	case Misjudged:
		return "误判"
	case NotOurs:
		return "非本单位"
	case NotTheRule:
		return "规则不适用"
	case AlreadyFixed:
		return "检查时已整改"
	}
	return string(g)
}

// A Waiver (豁免) excuses a fault until a day. For a veto a second person must agree.
type Waiver struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Why      string    `json:"why"`
	Until    time.Time `json:"until"`
	Approved string    `json:"approved,omitempty"` // who agreed
	Pending  bool      `json:"pending,omitempty"`  // a second person has not agreed yet
}

// Overdue reports whether an order's last day has passed unrepaired.
func (c *Case) Overdue(now time.Time) bool {
	return c.Owes() && DaysBetween(c.Order.Due, now) > 0
}

// Owes reports whether an order still asks something of its unit. What the unit
// reported, and no look has seen since, waits for us; what was excused and came
// back waits for a new order.
func (c *Case) Owes() bool {
	if c.Order == nil {
		return false
	}
	switch c.Stage {
	case StageOrdered:
		return true
	case StageMasked:
		return c.Back == StageOrdered && (c.Claim == nil || !c.Claim.At.After(c.Last))
	case StageAppealed:
		return c.Back == StageOrdered
	}
	return false
}

// severity is the heaviest part of the items that price a finding; review says
// that a person confirms before one of them counts.
func (rb *Rulebook) severity(ids []string) (part Part, review bool) {
	part = Advice
	if rb == nil {
		return part, false
	}
	for i := range rb.Items {
		if it := &rb.Items[i]; slices.Contains(ids, it.ID) {
			review = review || it.Review
			if weight(it.Part) > weight(part) {
				part = it.Part
			}
		}
	}
	return part, review
}

func weight(p Part) int { return slices.Index([]Part{Bonus, Advice, Deduction, Veto}, p) }
