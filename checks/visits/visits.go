// Package visits reads the measured visits to a site's home page for all
// checks that judge by them.
package visits

import (
	"slices"
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// Home is this inspection's visit to the home page over a network, nil if
// there was none.
func Home(p *inspect.Pass, network string) *inspect.Probe {
	for i := range p.Probes {
		if v := &p.Probes[i]; v.Network == network && v.URL == p.Site.Home {
			return v
		}
	}
	return nil
}

// Secure is the visit that reached the home page, or would have, over
// https://; nil if visitors are not led there.
func Secure(p *inspect.Pass) *inspect.Probe {
	v := Home(p, "tcp")
	if v == nil || !strings.HasPrefix(v.URL, "https://") && !strings.HasPrefix(v.Final, "https://") {
		return nil
	}
	if v.TLS == nil && v.Cause != inspect.TLSFailure && v.Cause != inspect.Certificate {
		return nil // it did not come so far
	}
	return v
}

// Evidence is what proves a finding about a visit.
func Evidence(v *inspect.Probe) inspect.Evidence {
	return inspect.Evidence{Status: v.Status, Fetched: v.At}
}

// A Tale is what the visits of some days told.
type Tale struct {
	Told, Failed int
	Took         []inspect.Millis // of those that opened, shortest first
	Evidence     inspect.Evidence // of the last that failed, else of the last

	days []int // visits that told something, by days before the last
}

// Tell reads the visits to the home page of the last days, the day of the
// check among them. With seconds, a page that took that long has failed.
func Tell(p *inspect.Pass, days, seconds int) *Tale { return TellUntil(p, 0, days, seconds) }

// TellUntil is Tell of the days that end before days before the check.
func TellUntil(p *inspect.Pass, before, days, seconds int) *Tale {
	t := &Tale{days: make([]int, days)}
	var past []inspect.Probe
	if p.Site.Past != nil {
		past = p.Site.Past.Probes
	}
	for _, all := range [][]inspect.Probe{past, p.Site.Visits, p.Probes} {
		for i := range all {
			v := &all[i]
			ago := inspect.DaysBetween(v.At, p.Now) - before
			if v.Network == "tcp" && v.URL == p.Site.Home && ago >= 0 && ago < days {
				t.add(v, ago, seconds)
			}
		}
	}
	slices.Sort(t.Took)
	return t
}

// add counts one visit. A wall, a fault of our own, or a visit that was given up
// before its time counts neither way.
func (t *Tale) add(v *inspect.Probe, ago, seconds int) {
	limit := inspect.Millis(1000 * seconds)
	opened := v.Verdict == inspect.Fine || v.Verdict == inspect.Information
	early := v.Cause == inspect.Timeout && v.Whole > 0 && v.Whole < limit
	failed := v.Verdict == inspect.Fault && !early || opened && seconds > 0 && v.Whole >= limit
	if !opened && !failed {
		return
	}
	t.Told++
	t.days[ago]++
	if failed {
		t.Failed++
	}
	if opened {
		t.Took = append(t.Took, v.Whole)
	}
	if failed || t.Failed == 0 {
		t.Evidence = Evidence(v)
	}
}

// Thin is how many of the days have fewer visits than they should.
func (t *Tale) Thin(perDay int) (n int) {
	for _, v := range t.days {
		if v < perDay {
			n++
		}
	}
	return n
}

// Quantile is the time within which that share of the visits opened.
func (t *Tale) Quantile(q float64) inspect.Millis {
	if len(t.Took) == 0 {
		return 0
	}
	return t.Took[min(len(t.Took)-1, int(q*float64(len(t.Took))))]
}
