// Package messages reads what visitors wrote to a site (留言、来信) and what was
// answered, once a page for all checks that judge it. A message stands on a
// page of its own or is a row of a list; it is known by the labels beside its
// parts, since no system names its elements alike.
package messages

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A State is what a page prints of how far a message was dealt with.
type State string

// The states. What is merely accepted or passed on is neither of them.
const (
	Silent  State = ""        // no state is printed, or one that says neither
	Waiting State = "waiting" // 未回复、待办理
	Done    State = "done"    // 已回复、已办结
	Refused State = "refused" // 不予受理: no valid message
)

// A Message is one letter with what is shown of its answer.
type Message struct {
	URL       string // its own page; "" when the list shows the whole of it or leads nowhere
	Number    string // 编号; "" if none is printed
	Title     string
	Asked     time.Time // zero: not printed
	Answered  time.Time
	Unit      string
	Question  string
	Reply     string
	State     State
	StateSaid string // as printed

	// Labels holds the parts that the page names, filled in or not: a name
	// without a value proves that the value is missing.
	Labels map[Part]bool
	Whole  bool // the page shows the message itself, not only a row that leads to it
	// Elsewhere says that the row leads to a page of the message; URL is empty
	// when only a script knows which.
	Elsewhere bool
	Dates     int  // dates in it without a label
	Media     bool // a picture or an attachment stands in it, which may be the answer
}

// HasReply reports whether the page shows that the message was answered.
func (m *Message) HasReply() bool {
	return m.Reply != "" || !m.Answered.IsZero() || m.State == Done
}

// Key names the message's place: its number or, where none is printed, a
// digest of what it is called, since titles may name persons.
func (m *Message) Key() string {
	if m.Number != "" {
		return m.Number
	}
	day := "undated"
	if !m.Asked.IsZero() {
		day = m.Asked.In(inspect.Zone).Format(time.DateOnly)
	}
	sum := sha256.Sum256([]byte(zh.Compact(m.Title + m.Question)))
	return day + "-" + hex.EncodeToString(sum[:4])
}

// Name is the message for people: its title, else how its text begins.
func (m *Message) Name() string {
	for _, s := range []string{m.Title, m.Question, m.Number} {
		if s != "" {
			return zh.Truncate(s, 30)
		}
	}
	return "（无标题）"
}

// A Board is what a page holds of messages.
type Board struct {
	Messages []Message
	Script   string // the sign that scripts load content into the page; "" if none
}

type memo struct{}

// Of reads a page; the board is empty when it holds no messages.
func Of(p *inspect.Page) *Board {
	return inspect.Memo(p, memo{}, func() *Board { return read(p) })
}
