package messages

import (
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Letter is what is kept of a message for checks that look at a whole site:
// no more of its text than its name.
type Letter struct {
	Page     *inspect.Facts // the page on which it was seen: its own, if that was read
	URL      string         // its own page; "" if it has none
	Key      string
	Name     string
	Asked    time.Time
	Answered time.Time
	Replied  bool // an answer is shown in any way
	Blank    bool // a place for the answer is named and empty
	State    State
	Said     string // the state as printed
	Whole    bool
	Script   bool // scripts load content into the page, perhaps the answer

	number string
}

// Gather keeps the messages of a page; nil if it holds none.
func Gather(p *inspect.Pass) any {
	b := Of(p.Page)
	if len(b.Messages) == 0 {
		return nil
	}
	out := make([]Letter, 0, len(b.Messages))
	for i := range b.Messages {
		m := &b.Messages[i]
		out = append(out, Letter{URL: m.URL, Key: m.Key(), Name: strings.Clone(m.Name()), Asked: m.Asked, Answered: m.Answered,
			Replied: m.HasReply() || m.Media && m.Labels[Reply], Blank: m.Labels[Answered] && m.Answered.IsZero() || m.Labels[Reply] && m.Reply == "",
			State: m.State, Said: m.StateSaid, Whole: m.Whole, Script: b.Script != "", number: m.Number})
	}
	return out
}

// Read gathers the messages of a site. One that is seen on several pages, in
// a list and on its own page or in two columns, is one letter.
func Read(p *inspect.Pass) []*Letter {
	var out []*Letter
	by := map[string]*Letter{}
	for g := range p.Gathered {
		letters, _ := g.Kept.([]Letter)
		for i := range letters {
			l := letters[i]
			l.Page = g.Page
			old := (*Letter)(nil)
			for _, k := range l.keys() {
				if old == nil {
					old = by[k]
				}
			}
			if old == nil {
				old = &l
				out = append(out, old)
			} else {
				old.join(&l)
			}
			for _, k := range append(l.keys(), old.keys()...) {
				by[k] = old
			}
		}
	}
	return out
}

// keys are the names by which a letter is known again.
func (l *Letter) keys() (out []string) {
	if l.URL != "" {
		out = append(out, "url "+l.URL)
	}
	day := l.Asked.Format(time.DateOnly)
	if l.number != "" && !l.Asked.IsZero() {
		out = append(out, "number "+l.number+" "+day)
	}
	return append(out, "key "+l.Key)
}

// join adds what another page shows of the same letter; what its own page
// shows counts before what a row does.
func (l *Letter) join(x *Letter) {
	if x.Whole && !l.Whole {
		l.Page, l.Key, l.Name, l.Whole, l.Blank, l.Script = x.Page, x.Key, x.Name, true, x.Blank, x.Script
	}
	l.Replied = l.Replied || x.Replied
	if l.Asked.IsZero() {
		l.Asked = x.Asked
	}
	if l.Answered.IsZero() {
		l.Answered = x.Answered
	}
	if l.State == Silent || x.State == Done {
		l.State, l.Said = x.State, x.Said
	}
	if l.URL == "" {
		l.URL = x.URL
	}
	if l.number == "" {
		l.number = x.number
	}
}

// Unread says why the messages of a site cannot be told, "" if some were read
// and no registered column of them was left out.
func Unread(p *inspect.Pass, read []*Letter) string {
	for i := range p.Site.Columns {
		c := &p.Site.Columns[i]
		if c.Genre != inspect.Messages {
			continue
		}
		f := p.Facts(c.URL)
		switch {
		case f == nil:
			return "本次没有读取到栏目“" + c.Name + "”"
		case f.Verdict != inspect.Fine && f.Verdict != inspect.Information || f.Status/100 != 2:
			return "栏目“" + c.Name + "”未能读取"
		case len(read) == 0 && (f.List.Script != "" || f.Loads != ""):
			return "栏目“" + c.Name + "”由脚本载入，静态读取不到"
		}
	}
	if len(read) == 0 {
		return "本次没有读到公开的留言"
	}
	return ""
}

// Where is the page and evidence of a letter for a finding.
func (l *Letter) Where() (string, inspect.Evidence) {
	if l.Page == nil {
		return l.URL, inspect.Evidence{}
	}
	return l.Page.URL, l.Page.Evidence
}
