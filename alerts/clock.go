package alerts

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A Clock is how much time a column or an account has left, as the last
// inspection of its site saw it.
type Clock struct {
	Site *inspect.Site
	At   time.Time // of the inspection
	inspect.Clock
}

// Left is how many days are left on a day; negative when the limit has passed.
func (c *Clock) Left(now time.Time) int { return inspect.DaysBetween(now, c.Limit) }

// Used is the share of its time that is gone.
func (c *Clock) Used(now time.Time) float64 {
	whole := inspect.DaysBetween(c.Newest, c.Limit)
	if whole <= 0 {
		return 1
	}
	return float64(inspect.DaysBetween(c.Newest, now)) / float64(whole)
}

// Sort puts first what falls first.
func Sort(clocks []Clock) {
	slices.SortStableFunc(clocks, func(a, b Clock) int {
		return cmp.Or(a.Limit.Compare(b.Limit), cmp.Compare(a.Site.Unit, b.Site.Unit), cmp.Compare(a.Site.ID, b.Site.ID), cmp.Compare(a.Name, b.Name))
	})
}

// Known reports whether a clock says anything on a day: what was last looked at
// long ago may have been updated since.
func (p *Policy) Known(c *Clock, now time.Time) bool {
	return now.Sub(c.At) <= p.Fresh && !c.Newest.IsZero() && !c.Limit.IsZero()
}

// clockKey is what alerts about a clock are about.
func clockKey(c *Clock) string { return "clock:" + c.Site.ID + ":" + c.Name }

// clock is what a clock tells on a day, if anything: the greatest share that is
// gone. Past its limit the fault itself is told.
func (p *Policy) clock(c *Clock, now time.Time) (event, bool) {
	left, used := c.Left(now), c.Used(now)
	if !p.Known(c, now) || left < 0 {
		return event{}, false
	}
	reached := 0.0
	for _, s := range p.Shares {
		if used >= s {
			reached = max(reached, s)
		}
	}
	if reached == 0 {
		return event{}, false
	}
	what := "栏目“" + c.Name + "”"
	if c.Site.Kind == inspect.Account {
		what = "账号"
	}
	a := inspect.Alert{Key: clockKey(c), Kind: inspect.AlertClock, At: now.UTC(), Unit: c.Site.UnitID, Office: p.Offices[c.Site.UnitID], Site: c.Site.ID, Name: p.name(c.Site.ID),
		Text: plain(fmt.Sprintf("%s最近更新于 %s，还剩 %d 天", what, day(c.Newest), left), maxKept), URL: link(c.URL), Limit: c.Limit}
	return event{a, fmt.Sprint(clockKey(c), " ", c.Limit.Unix(), " ", reached)}, true
}

// updated are the waiting alerts about clocks that ran anew since.
func updated(clocks []Clock, waiting []inspect.Alert) (ids []string) {
	limit := map[string]time.Time{}
	for i := range clocks {
		limit[clockKey(&clocks[i])] = clocks[i].Limit
	}
	for i := range waiting {
		a := &waiting[i]
		if l, ok := limit[a.Key]; ok && a.Kind == inspect.AlertClock && !l.Equal(a.Limit) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
