package inspect

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// move makes of a case what a step makes of it, and notes in the step where it
// stands then.
func (c *Case) move(s *Step, r rule) {
	if r.to != "" {
		s.To = r.to
	}
	switch s.Act {
	case ActSeen, ActGone, ActVanished:
		c.observe(s)
	case ActConfirm:
		c.relapse(s)
	case ActOrder:
		c.Order = &Order{ID: s.Order, By: s.By.ID, At: s.At, Due: s.Until}
	case ActExtend:
		o := *c.Order
		o.Due, o.Extended = s.Until, o.Extended+1
		c.Order = &o
	case ActAcknowledge:
		o := *c.Order
		o.Acknowledged = s.At
		c.Order = &o
	case ActClaim:
		failed := 0
		if c.Claim != nil {
			failed = c.Claim.Failed
		}
		c.Back, c.Claim = c.Stage, &Claim{By: s.By.ID, At: s.At, Failed: failed}
	case ActAppeal:
		c.Back, c.Appeal = c.Stage, &Appeal{Ground: s.Ground, By: s.By.ID, At: s.At, Why: s.Why}
	case ActReject, ActDeny:
		s.To = c.back()
		if s.Act == ActReject && c.Absent { // repaired while it was argued about
			s.To, c.Closed = StageVerified, s.At
		}
	case ActUphold, ActRefute:
		c.Excusal = &Waiver{By: s.By.ID, At: s.At, Why: s.Why, Until: s.Until}
	case ActWaive:
		c.Excusal = &Waiver{By: s.By.ID, At: s.At, Why: s.Why, Until: s.Until, Pending: c.Severity == Veto}
		if c.Excusal.Pending {
			s.To = c.Stage
		}
	case ActApprove:
		w := *c.Excusal
		w.Approved, w.Pending = s.By.ID, false
		c.Excusal = &w
	case ActRevoke, ActExpire:
		if c.Stage == StageWaived || c.Stage == StageRefuted {
			s.To = c.excused()
		}
		c.Excusal = nil
	case ActAccept:
		c.Closed = s.At
	case ActAssign:
		c.Assignee = s.Assignee
	}
}

// back is where a case returns to from being claimed, masked or appealed.
func (c *Case) back() Stage {
	if c.Back != "" {
		return c.Back
	}
	return StageConfirmed
}

// excused is where a case returns to when its excuse ends: what the last look
// did not see is not accused again until it is seen.
func (c *Case) excused() Stage {
	switch {
	case c.Absent:
		return StageLapsed
	case c.Stage == StageRefuted:
		return StageSuspected // a person said it was none
	}
	return StageConfirmed
}

// observe is what a look makes of a case. A look that began before a unit said
// that it had repaired says nothing of the repair.
func (c *Case) observe(s *Step) {
	if c.Claim != nil && c.Stage == StageClaimed && s.At.Before(c.Claim.At) {
		return
	}
	c.Looked = s.At
	if s.Act == ActSeen {
		c.seen(s)
		return
	}
	c.Absent = true
	switch c.Stage {
	case StageSuspected:
		s.To = StageLapsed
	case StageWaived:
		if s.Act == ActGone {
			s.To, c.Closed = StageVerified, s.At
		}
	case StageMasked:
		if s.Act == ActGone {
			s.To, c.Closed = StageVerified, s.At
		}
	case StageConfirmed, StageOrdered, StageClaimed:
		if s.Act == ActGone {
			s.To, c.Closed = StageVerified, s.At
			return
		}
		s.To = StageMasked
		if c.Stage != StageClaimed {
			c.Back = c.Stage
		}
	}
}

// seen is what it makes of a case that a look saw its fault.
func (c *Case) seen(s *Step) {
	c.Last, c.Absent = s.At, false
	c.Times++
	switch c.Stage {
	case StageClaimed:
		s.To = c.back()
		claim := *c.Claim
		claim.Failed++
		c.Claim = &claim
	case StageMasked:
		s.To = c.back()
	case "", StageSuspected, StageLapsed, StageVerified:
		s.To = StageSuspected
		if s.Proved && !c.Review {
			s.To = StageConfirmed
			c.relapse(s)
		}
	}
}

// relapse begins a case anew that was repaired once: what was ordered then is
// done with.
func (c *Case) relapse(s *Step) {
	if c.Closed.IsZero() {
		return
	}
	c.Relapses++
	c.Closed, c.Order, c.Claim, c.Appeal, c.Excusal, c.Back = time.Time{}, nil, nil, nil, nil, ""
	s.Relapse = true
}

// A Sight is what an inspection tells of a case.
type Sight struct {
	Act     Act
	Finding *Finding // when it saw the fault
}

// Observe is a case after an inspection that tells of it. The zero Case is one
// that was never seen. quiet says that nothing happened that its history must
// tell.
func (c Case) Observe(in *Inspection, sight Sight) (after Case, s Step, quiet bool) {
	s = Step{Act: sight.Act, By: Person{Role: Program}, At: in.Now.UTC(), Inspection: in.ID}
	if s.At.Before(c.Looked) { // a later look has told already
		return c, s, true
	}
	if f := sight.Finding; f != nil {
		s.Act, s.Proved = ActSeen, f.Outcome == Fail && f.State == Confirmed
		c.describe(in, f)
	}
	version := c.Version
	after, s, err := c.After(s, Terms{})
	if err != nil { // a look may always tell
		panic(err)
	}
	quiet = s.From == s.To && !(s.Act == ActUntold && c.Stage == StageClaimed)
	if quiet {
		after.Version = version // whoever has the case before his eyes need not look again
	}
	return after, s, quiet
}

// describe takes over what an inspection says of a case's fault.
func (c *Case) describe(in *Inspection, f *Finding) {
	if c.Fingerprint == "" {
		c.Fingerprint, c.First = f.Fingerprint, f.First.UTC()
	}
	c.Site, c.Kind, c.Unit, c.Inspection = in.Site.ID, cmp.Or(in.Site.Kind, Website), in.Site.UnitID, in.ID
	c.Check, c.Items, c.URL, c.Locus, c.Message, c.Places = f.Check, f.Items, f.URL, f.Locus, f.Message, f.Places
	c.Severity, c.Review = in.Rules.severity(f.Items)
	c.Review = c.Review || f.Outcome == Review
}

// Sights are what an inspection tells of cases, in order of fingerprint: its
// findings, and what it did not see of what was known. Only a complete one tells.
func (in *Inspection) Sights(yield func(fingerprint string, s Sight) bool) {
	if !in.Complete {
		return
	}
	seen := map[string]*Finding{}
	for i := range in.Findings {
		f := &in.Findings[i]
		if old := seen[f.Fingerprint]; f.Outcome == Fail || f.Outcome == Review && old == nil {
			seen[f.Fingerprint] = f
		}
	}
	all := maps.Clone(in.Missing)
	if all == nil {
		all = map[string]Act{}
	}
	for print := range seen {
		all[print] = ActSeen
	}
	for _, print := range slices.Sorted(maps.Keys(all)) {
		if !yield(print, Sight{all[print], seen[print]}) {
			return
		}
	}
}
