package alerts

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// maxKept is how many letters of foreign text an alert keeps.
const maxKept = 300

// An event is an alert that nobody is named in yet, with what makes it one of a
// kind: told twice, it is the same.
type event struct {
	inspect.Alert
	mark string
}

// id is made of who is told what, by which way.
func id(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// about makes an event of a case.
func (p *Policy) about(c *inspect.Case, k inspect.AlertKind, at time.Time, words string) event {
	a := inspect.Alert{Key: c.Fingerprint, Kind: k, At: at.UTC(), Unit: c.Unit, Office: p.Offices[c.Unit], Site: c.Site, Name: p.name(c.Site), Check: c.Check, Severity: c.Severity,
		Text: plain(words+c.Message, maxKept), URL: link(c.URL)}
	if c.Order != nil && c.Stage.Stands() {
		a.Limit = c.Order.Due
	}
	return event{Alert: a}
}

func (p *Policy) name(site string) string {
	if s := p.Sites[site]; s != nil {
		return plain(cmp.Or(s.Name, s.ID), maxKept)
	}
	return site
}

// step is what a step of a case tells, if anything.
func (p *Policy) step(s *inspect.Step, c *inspect.Case, now time.Time) (event, bool) {
	k, words := told(s)
	if k == "" {
		return event{}, false
	}
	if (k == inspect.AlertFound || k == inspect.AlertRelapsed) && now.Sub(s.At) > p.Fresh {
		k = inspect.AlertKnown
	}
	e := p.about(c, k, s.At, words)
	e.mark = fmt.Sprint(s.Case, "#", s.N)
	return e, true
}

// told is the kind of alert that a step makes, and words that go before the
// message of its case.
func told(s *inspect.Step) (k inspect.AlertKind, words string) {
	moved := s.From != s.To
	said := s.Act.Chinese() + "："
	switch {
	case s.Relapse:
		return inspect.AlertRelapsed, ""
	case s.Act == inspect.ActOrder:
		return inspect.AlertOrdered, ""
	case s.Act == inspect.ActExtend:
		return inspect.AlertOrdered, said
	case s.Act == inspect.ActWaive && !moved: // a second person has to agree
		return inspect.AlertAsked, "豁免待同意："
	case !moved:
		return "", ""
	case slices.Contains([]inspect.Stage{inspect.StageClaimed, inspect.StageAppealed, inspect.StageMasked}, s.To):
		return inspect.AlertAsked, said
	case s.To == inspect.StageVerified:
		return inspect.AlertRepaired, ""
	case !s.To.Open():
		return inspect.AlertDropped, said
	case s.To == inspect.StageSuspected:
		return inspect.AlertSuspect, ""
	case s.From == inspect.StageClaimed || s.From == inspect.StageMasked && s.Act == inspect.ActSeen:
		return inspect.AlertFailed, ""
	case s.By.Role != inspect.Program && s.Act != inspect.ActConfirm, s.Act == inspect.ActExpire:
		return inspect.AlertAnswered, said
	}
	return inspect.AlertFound, ""
}

// order is what the last day of an order tells on a day, if anything: the
// nearest threshold that was reached, and no other.
func (p *Policy) order(c *inspect.Case, now time.Time) (event, bool) {
	if !c.Owes() {
		return event{}, false
	}
	left := inspect.DaysBetween(now, c.Order.Due)
	reached, kind := -1, inspect.AlertDue
	for _, d := range p.Before {
		if left >= 0 && left <= d && (reached < 0 || d < reached) {
			reached = d
		}
	}
	for i, d := range p.Overdue {
		if left < 0 && -left >= d {
			reached, kind = d, inspect.AlertOverdue
			if i > 0 {
				kind = inspect.AlertEscalated
			}
		}
	}
	if reached < 0 {
		return event{}, false
	}
	words := fmt.Sprintf("还剩 %d 天：", left)
	if left < 0 {
		words = fmt.Sprintf("逾期 %d 天：", -left)
	}
	e := p.about(c, kind, now, words)
	e.mark = fmt.Sprint(c.Fingerprint, " ", c.Order.ID, " ", c.Order.Due.Unix(), " ", kind, reached)
	return e, true
}

// An Incident is trouble of the program's own.
type Incident struct {
	ID, Kind, Detail string
	Begun, Ended     time.Time
}

// silences reports whether agencies are told nothing while it is open: what
// looks like their fault may be ours.
func (i *Incident) silences() bool {
	return i.Ended.IsZero() && (i.Kind == "line" || i.Kind == "wave")
}

// incident is what trouble of our own tells.
func (p *Policy) incident(i *Incident, now time.Time) (event, bool) {
	at, k := i.Begun, inspect.AlertIncident
	if !i.Ended.IsZero() {
		at, k = i.Ended, inspect.AlertEnded
	}
	if now.Sub(at) > p.Fresh {
		return event{}, false
	}
	a := inspect.Alert{Key: "incident:" + i.ID, Kind: k, At: at.UTC(), Text: plain(incidentWord(i.Kind)+"："+i.Detail, maxKept)}
	return event{a, i.ID + string(k)}, true
}

func incidentWord(kind string) string {
	kind, channel, _ := strings.Cut(kind, ":")
	switch kind {
	case "line":
		return "检查端线路故障，暂停判断"
	case "wave":
		return "成批网站同时异常"
	case "canary":
		return "自检未通过"
	case "channel":
		return "通知渠道 " + channel + " 故障"
	}
	return kind
}
