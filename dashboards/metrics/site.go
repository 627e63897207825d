package metrics

import (
	"strconv"

	"github.com/xunjian/xunjian/inspect"
)

func (b *builder) site(s *Site) {
	b.set("site_info", 1, s.ID, s.Name, s.Agency, s.Region, strconv.FormatBool(s.Portal))
	b.visit(s.ID, s.Visit)
	for window, share := range s.Availability {
		b.set("site_availability_ratio", share, s.ID, window)
	}
	b.columns(s)
	b.moment("site_home_last_publish_timestamp_seconds", s.HomeNewest, s.ID)
	b.moment("site_home_due_timestamp_seconds", s.HomeDue, s.ID)
	b.moment("site_last_success_timestamp_seconds", s.ListsAt, s.ID, "columns")
	if s.Whole != nil {
		b.moment("site_last_success_timestamp_seconds", s.Whole.Ended, s.ID, "whole")
		b.set("site_round_duration_seconds", s.Whole.Ended.Sub(s.Whole.Begun).Seconds(), s.ID)
		b.grade(s.ID, &s.Whole.Grade)
		b.counts(s.ID, &s.Whole.Counts)
		b.checks(s.ID, &s.Whole.Counts)
	}
}

func (b *builder) visit(id string, v *inspect.Probe) {
	if v == nil {
		return
	}
	b.set("site_up", number(v.Verdict == inspect.Fine || v.Verdict == inspect.Information), id)
	b.moment("site_probe_timestamp_seconds", v.At, id)
	b.set("site_http_status_code", float64(v.Status), id)
	for phase, ms := range map[string]inspect.Millis{"dns": v.DNS, "connect": v.Connect, "tls": v.Handshake, "first_byte": v.FirstByte, "whole": v.Whole} {
		if ms > 0 {
			b.set("site_probe_duration_seconds", float64(ms)/1000, id, phase)
		}
	}
	if v.TLS != nil {
		b.moment("site_tls_not_after_timestamp_seconds", v.TLS.NotAfter, id)
	}
}

func (b *builder) columns(s *Site) {
	states := map[string]int{}
	for i := range s.Columns {
		states[s.Columns[i].State]++
	}
	empty := min(s.Empty, states["unknown"])
	states["empty"], states["unknown"] = states["empty"]+empty, states["unknown"]-empty
	for _, state := range ColumnStates {
		b.set("site_columns", float64(states[state]), s.ID, state)
	}
}

func (b *builder) grade(id string, g *inspect.Grade) {
	if g.Scored {
		b.set("site_score", g.Points, id)
	}
	b.compliant("site_compliant", id, g)
	for _, v := range []inspect.Decision{inspect.Passed, inspect.Failed, inspect.Undecided} {
		b.set("site_verdict", number(g.Verdict == v), id, string(v))
	}
	for i := range g.Lines {
		if l := &g.Lines[i]; l.Part == inspect.Veto {
			b.set("site_veto_open", number(l.Hit), id, l.Item)
		}
	}
	b.open("site_open_findings", id, g)
}

func (b *builder) counts(id string, c *inspect.Counts) {
	if c.Due > 0 {
		b.set("site_coverage_ratio", float64(c.Due-c.Untold)/float64(c.Due), id)
	}
	for state, n := range map[string]int{"changed": c.Fetched - c.Unchanged, "unchanged": c.Unchanged, "failed": c.Failed, "skipped": c.Skipped} {
		b.set("site_pages", float64(n), id, state)
	}
	for result, n := range map[string]int{"ok": c.Asked - c.Broken - c.Unknown, "broken": c.Broken, "unknown": c.Unknown} {
		b.set("site_links", float64(n), id, result)
	}
	if v, ok := c.Measures[inspect.ReplyDays]; ok {
		b.set("site_reply_median_workdays", v, id)
	}
}

// checks are the series that rest on what single checks found.
func (b *builder) checks(id string, c *inspect.Counts) {
	families, impacts := map[[2]string]int{}, map[string]int{"critical": 0, "serious": 0, "moderate": 0, "minor": 0, "unrated": 0}
	for check, t := range c.Checks {
		k := b.opt.Checks[check]
		for outcome, n := range outcomes(t) {
			families[[2]string{k.Family, outcome}] += n
		}
		if k.Family != accessibility {
			continue
		}
		if _, ok := impacts[k.Impact]; !ok {
			k.Impact = "unrated"
		}
		impacts[k.Impact] += t.Failed + t.Review
	}
	for k, n := range families {
		if n > 0 {
			b.set("site_findings", float64(n), id, k[0], k[1])
		}
	}
	for impact, n := range impacts {
		b.set("site_accessibility_violations", float64(n), id, impact)
	}
	b.share("site_interpretations", id, c, "interpretation-missing", map[string]string{"late": "interpretation-late", "plain": "interpretation-plain",
		"thin": "interpretation-thin", "unlinked": "interpretation-unlinked"}, "missing")
	b.share("site_messages", id, c, "message-late", map[string]string{"unanswered": "message-unanswered"}, "late")
}

// accessibility is a family of checks.
const accessibility = "accessibility"

// share tells of what was due for a check, how much of it that check found
// wrong, and what others did. Where it could not tell there is nothing to tell.
func (b *builder) share(name, id string, c *inspect.Counts, check string, others map[string]string, wrong string) {
	t, ran := c.Checks[check]
	if !ran {
		return
	}
	b.set(name, float64(t.Due), id, "due")
	b.set(name, float64(t.Unknown), id, "unknown")
	b.set(name, float64(t.Failed+t.Review+t.Waiting), id, wrong)
	for state, check := range others {
		o := c.Checks[check]
		b.set(name, float64(o.Failed+o.Review+o.Waiting), id, state)
	}
}
