package inspect

import (
	"encoding/json"
	"slices"
	"time"
)

// A Past is what the last complete inspection of a site left for the next. It
// is read-only, and recorded with the inspection that reads it, so that a
// replay knows the same.
type Past struct {
	At       time.Time                  `json:"at"`                 // its Now
	Kept     map[string]json.RawMessage `json:"kept,omitempty"`     // by check: what Pass.Keep was given
	Findings map[string]Earlier         `json:"findings,omitempty"` // by fingerprint
	Probes   []Probe                    `json:"probes,omitempty"`   // visits since then and before, oldest first
}

// Overlay adds what a later look at some pages told. It knows only of the
// faults that it looked for: those it says nothing of stay as they are.
func (p *Past) Overlay(later *Past) {
	for id, e := range later.Findings {
		if was, ok := p.Findings[id]; !ok || !e.Last.Before(was.Last) {
			if p.Findings == nil {
				p.Findings = map[string]Earlier{}
			}
			p.Findings[id] = e
		}
	}
}

// An Earlier is what is known of a fault that was seen before.
type Earlier struct {
	First time.Time `json:"first"` // when it was seen first
	Last  time.Time `json:"last"`
	Times int       `json:"times"` // inspections in a row that saw it
	Check string    `json:"check,omitempty"`
	URL   string    `json:"url,omitempty"` // the page it was seen on
}

// A State says how sure a fault is.
type State string

// The states in which an inspection leaves a fault; what people decide of it
// later is kept apart.
const (
	SeenOnce  State = "suspected" // one look does not prove it; the next inspection on another day will
	Confirmed State = "confirmed"
)

// A Confirm says when a fault that one look does not prove is confirmed.
type Confirm struct {
	Times int `json:"times" yaml:"times"` // inspections in a row that saw it; 0 means 2
	Days  int `json:"days" yaml:"days"`   // days between the first and the last of them, at least; 0 means 1
}

// state holds a finding against what was seen before. Only what one look does
// not prove has to wait.
func (r *loop) state(f *Finding) {
	f.First, f.Times = r.now.UTC(), 1
	if p := r.site.Past; p != nil {
		if e, ok := p.Findings[f.Fingerprint]; ok && !e.First.After(r.now) {
			f.First, f.Times = e.First, e.Times+1
		}
	}
	f.State = Confirmed
	c := r.Rules.Confirm
	if f.Outcome == Fail && f.Tentative && (f.Times < max(2, c.Times) || DaysBetween(f.First, r.now) < max(1, c.Days)) {
		f.State = SeenOnce
	}
}

// past is what the next inspection will know of this one. What could not be
// looked at keeps what was known of it.
func (r *loop) past() *Past {
	out := &Past{At: r.now.UTC(), Kept: map[string]json.RawMessage{}, Findings: map[string]Earlier{}}
	if p := r.site.Past; p != nil {
		for id, k := range p.Kept {
			out.Kept[id] = k
		}
		open := r.openPlaces()
		for print, e := range p.Findings {
			act := r.missing(print, &e, open[print])
			r.out.Missing[print] = act
			if act == ActUntold && DaysBetween(e.Last, r.now) <= earlierDays {
				out.Findings[print] = e
			}
		}
	}
	for id, k := range r.kept {
		out.Kept[id] = k
	}
	out.Probes = r.recent()
	for i := range r.out.Findings {
		if f := &r.out.Findings[i]; f.Outcome != Unknown {
			delete(r.out.Missing, f.Fingerprint)
			out.Findings[f.Fingerprint] = Earlier{First: f.First, Last: r.now.UTC(), Times: f.Times, Check: f.Check, URL: f.URL}
		}
	}
	return out
}

// missing says of an earlier fault what it means that this inspection does not
// tell of it. One that it was not asked for is as good as not looked for.
func (r *loop) missing(print string, e *Earlier, open bool) Act {
	if open || r.unseen(e) || r.ledger.leavesOut(e.Check, print) || r.ledger.open[e.URL] || slices.Contains(r.links.packed, e.URL) || r.Keep != nil && !r.Keep(&Finding{Fingerprint: print, Check: e.Check, URL: e.URL}) {
		return ActUntold
	}
	if e.URL == "" {
		return ActGone
	}
	f, c := r.lookup(e.URL), r.checks[e.Check]
	if f == nil || f.Removed() && c != nil && c.Scope == PerSite {
		return ActVanished // a column that is taken down is not a column that is kept up
	}
	return ActGone
}

// earlierDays is how long what cannot be looked at is remembered.
const earlierDays = 400

// openPlaces are the fingerprints of places of which something could not be
// told this time: no site check had its say there, whichever of them said so.
func (r *loop) openPlaces() map[string]bool {
	out := map[string]bool{}
	for i := range r.out.Findings {
		f := r.out.Findings[i]
		if f.Outcome != Unknown {
			continue
		}
		out[f.Fingerprint] = true
		for _, b := range r.Rules.Checks {
			if b.Check.Scope == PerSite {
				f.Check = b.Check.ID
				out[f.fingerprint(r.site.ID)] = true
			}
		}
	}
	return out
}

// unseen reports whether the check of an earlier fault could not look at its
// page this time.
func (r *loop) unseen(e *Earlier) bool {
	if e.Check == "" {
		return false // kept by a version that did not say of what
	}
	i := slices.IndexFunc(r.Rules.Checks, func(b Bound) bool { return b.Check.ID == e.Check })
	if i < 0 || r.untold[e.Check][e.URL] {
		return true
	}
	if r.Rules.Checks[i].Check.Deep {
		s := r.shown[e.URL]
		return s == nil || s.Problem != ""
	}
	f := r.lookup(e.URL)
	if f == nil { // not linked any more, unless what links it was not read
		return !r.out.Complete || r.unread[e.URL] || r.out.Counts.Kinds[HomePage] == 0
	}
	return !f.Removed() && f.Verdict != Fine && f.Verdict != Information
}

// probeDays is how many days of visits the next inspection needs to know.
const probeDays = 8

// recent are the visits of the last days, this inspection's among them.
func (r *loop) recent() (out []Probe) {
	if p := r.site.Past; p != nil {
		for _, v := range p.Probes {
			if DaysBetween(v.At, r.now) < probeDays {
				out = append(out, v)
			}
		}
	}
	return append(out, r.out.Probes...)
}

// knows reports whether the last inspection left a fault of a page. Few pages
// are skipped of which something is known, and few inspections skip any.
func (r *loop) knows(url string) bool {
	if r.known == nil {
		r.known = map[string]bool{}
		if p := r.site.Past; p != nil {
			for _, e := range p.Findings {
				r.known[e.URL] = true
			}
		}
	}
	return r.known[url]
}

// untell remembers that a check could not tell something of a page.
func (r *loop) untell(check, url string) {
	if r.untold[check] == nil {
		r.untold[check] = map[string]bool{}
	}
	r.untold[check][url] = true
}
