package period

import (
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// FaultsOf are the lives of a case as far as they were known at a moment: one,
// and another for each time that it came back. names gives a check's title and
// remedy.
func FaultsOf(c *inspect.Case, steps []inspect.Step, known time.Time, names func(check string) (title, remedy string)) (out []Fault) {
	first := Fault{Fingerprint: c.Fingerprint, Site: c.Site, Check: c.Check, Severity: c.Severity, URL: c.URL, Locus: c.Locus, Message: c.Message, Seen: c.First.UTC()}
	first.Title, first.Remedy = names(c.Check)
	for _, id := range c.Items {
		first.Items = append(first.Items, Clause{ID: id})
	}
	f := first
	for i := range steps {
		s := &steps[i]
		if !s.At.Before(known) {
			break
		}
		if s.Relapse {
			relapse := f.Relapse + 1
			out = append(out, f)
			f = first
			f.Relapse, f.Seen = relapse, s.At.UTC()
		}
		f.step(s)
	}
	return append(out, f)
}

// step moves a life on.
func (f *Fault) step(s *inspect.Step) {
	at := s.At.UTC()
	switch s.Act {
	case inspect.ActConfirm, inspect.ActReject:
		f.ByPerson = true
	case inspect.ActOrder:
		f.Ordered, f.Due = at, s.Until.UTC()
	case inspect.ActExtend:
		f.Due = s.Until.UTC()
	case inspect.ActWaive:
		f.Waived, f.Why = s.Until.UTC(), s.Why
	case inspect.ActAppeal:
		f.Appeal = s.Ground.Chinese()
	case inspect.ActRefute, inspect.ActUphold:
		f.Why = s.Why
	}
	if s.From == s.To {
		return
	}
	f.Turns = append(f.Turns, Turn{at, s.To})
	f.Dropped = time.Time{}
	switch {
	case s.To == inspect.StageRefuted:
		f.Dropped = at
	case s.To == inspect.StageVerified:
		f.Closed = at
	case s.To.Stands() && f.Confirmed.IsZero():
		f.Confirmed = at
	}
}
