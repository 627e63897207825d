package inspect

import "time"

// An AlertKind is what an alert tells.
type AlertKind string

// The kinds of alert.
const (
	AlertFound     AlertKind = "found"     // 新发现: a fault was confirmed
	AlertKnown     AlertKind = "known"     // 此前发现: the same, told by an inspection of an earlier day
	AlertRelapsed  AlertKind = "relapsed"  // 回潮: a repaired fault came back
	AlertRepaired  AlertKind = "repaired"  // 已整改
	AlertDropped   AlertKind = "dropped"   // 不再计入: refuted, waived, not seen again
	AlertSuspect   AlertKind = "suspect"   // 待确认: only a person can tell
	AlertOrdered   AlertKind = "ordered"   // 交办, or its last day moved
	AlertFailed    AlertKind = "failed"    // 复查仍存在: claimed as repaired and still there
	AlertAnswered  AlertKind = "answered"  // 申诉、豁免 decided, or a repair not accepted
	AlertAsked     AlertKind = "asked"     // 待办: a unit claims, appeals; a place is gone; a waiver needs a second yes
	AlertDue       AlertKind = "due"       // 临近期限: an order's last day nears
	AlertOverdue   AlertKind = "overdue"   // 逾期
	AlertEscalated AlertKind = "escalated" // 逾期升级: still overdue days later
	AlertClock     AlertKind = "clock"     // 更新期限: a column or an account nears its limit
	AlertIncident  AlertKind = "incident"  // 检查端异常
	AlertEnded     AlertKind = "ended"     // 检查端恢复
	AlertTest      AlertKind = "test"      // 测试通知: somebody tries a channel
)

// AlertKinds lists the kinds in display order.
var AlertKinds = []AlertKind{AlertIncident, AlertEnded, AlertEscalated, AlertOverdue, AlertDue, AlertOrdered, AlertFailed, AlertRelapsed, AlertFound, AlertKnown,
	AlertSuspect, AlertAsked, AlertAnswered, AlertClock, AlertRepaired, AlertDropped, AlertTest}

// Chinese is the kind as a message heads it.
func (k AlertKind) Chinese() string {
	switch k {
	case AlertFound:
		return "新发现问题"
	case AlertKnown:
		return "此前发现的问题"
	case AlertRelapsed:
		return "问题再次出现"
	case AlertRepaired:
		return "已整改"
	case AlertDropped:
		return "不再计入的问题"
	case AlertSuspect:
		return "待人工确认"
	case AlertOrdered:
		return "交办整改"
	case AlertFailed:
		return "复查仍存在"
	case AlertAnswered:
		return "申诉与豁免结果"
	case AlertAsked:
		return "待处理"
	case AlertDue:
		return "整改期限临近"
	case AlertOverdue:
		return "整改逾期"
	case AlertEscalated:
		return "逾期仍未整改"
	case AlertClock:
		return "更新期限临近"
	case AlertIncident:
		return "检查端异常"
	case AlertEnded:
		return "检查端恢复正常"
	case AlertTest:
		return "测试通知"
	}
	return string(k)
}

// OfCase reports whether alerts of the kind are about a case, by its fingerprint.
func (k AlertKind) OfCase() bool {
	return k != AlertClock && k != AlertIncident && k != AlertEnded && k != AlertTest
}

// Decided reports whether the kind tells what a person decided or asks for:
// each is news, however soon it follows another.
func (k AlertKind) Decided() bool {
	return k == AlertOrdered || k == AlertAnswered || k == AlertAsked
}

// Ends reports whether the kind takes back what another told before.
func (k AlertKind) Ends() bool {
	return k == AlertRepaired || k == AlertDropped || k == AlertEnded || k == AlertTest
}

// An Alert is one thing that one contact is told by one channel.
type Alert struct {
	ID   string    `json:"id"`  // the same alert has the same one, however often it is made
	Key  string    `json:"key"` // what it is about: the fingerprint of a case, a clock, an incident
	Kind AlertKind `json:"kind"`
	At   time.Time `json:"at"`            // when it came about
	Due  time.Time `json:"due"`           // when it may be told
	Told time.Time `json:"told,omitzero"` // when it went into a message; zero: it waits

	Channel string `json:"channel"`
	Contact string `json:"contact"`
	Held    bool   `json:"held,omitempty"` // to an agency: not told while trouble of our own is open

	Unit     string    `json:"unit,omitempty"` // id
	Office   string    `json:"office,omitempty"`
	Site     string    `json:"site,omitempty"` // id
	Name     string    `json:"name,omitempty"` // of the site or account
	Check    string    `json:"check,omitempty"`
	Severity Part      `json:"severity,omitempty"`
	Text     string    `json:"text"` // from a page, so anything at all may stand in it
	URL      string    `json:"url,omitempty"`
	Limit    time.Time `json:"limit,omitzero"` // the last day of an order or a clock
}

// A MessageState is how far a message got.
type MessageState string

// The states of a message.
const (
	MessageWaiting MessageState = "waiting" // its time has not come, or it is tried again
	MessageTaken   MessageState = "taken"   // a process has it and has handed nothing over yet
	MessageSending MessageState = "sending" // being handed over: it may have arrived
	MessageSent    MessageState = "sent"
	MessageFailed  MessageState = "failed" // given up
)

// A Message is what one contact gets by one channel at one time: alerts in a
// group. Its id is made of theirs, so the same group is one message.
type Message struct {
	ID      string            `json:"id"`
	Channel string            `json:"channel"`
	Contact string            `json:"contact"`
	Subject string            `json:"subject"`
	Alerts  []Alert           `json:"alerts"` // the first of them
	Total   int               `json:"total"`  // of all of them
	Counts  map[AlertKind]int `json:"counts"`
	Created time.Time         `json:"created"`

	State    MessageState `json:"state"`
	Attempts int          `json:"attempts"`
	Next     time.Time    `json:"next,omitzero"`   // when it is tried
	Begun    time.Time    `json:"begun,omitzero"`  // of the last attempt
	Ended    time.Time    `json:"ended,omitzero"`  // when it was sent, or given up
	Again    bool         `json:"again,omitempty"` // an earlier attempt may have arrived
	Error    string       `json:"error,omitempty"` // of the last attempt; no secret stands in it
}

// A Silence keeps alerts back until it ends. Empty fields match all.
type Silence struct {
	ID    string    `json:"id"`
	Unit  string    `json:"unit,omitempty"`
	Site  string    `json:"site,omitempty"`
	Check string    `json:"check,omitempty"` // id, or a family ending in "*"
	Key   string    `json:"key,omitempty"`   // fingerprint of a case
	Why   string    `json:"why"`
	By    string    `json:"by"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}
