package main

import (
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// A site is named by its code only where nothing else has that name.
func TestSiteLabels(t *testing.T) {
	t.Parallel()
	got := siteLabels([]*inspect.Site{{ID: "a", Code: "1"}, {ID: "b", Code: "2"}, {ID: "c", Code: "2"}, {ID: "d"}, {ID: "e", Code: "f"}, {ID: "f", Code: "3"}, {ID: "4", Code: "4"}})
	for id, want := range map[string]string{"a": "1", "b": "b", "c": "c", "d": "d", "e": "e", "f": "3", "4": "4"} {
		if got[id] != want {
			t.Errorf("%s is called %s, want %s", id, got[id], want)
		}
	}
}

// A column is stale when somebody looked after its time ran out and found
// nothing new, not when the time ran out and nobody has looked.
func TestColumnsByTheLastLook(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, inspect.Zone)
	week := inspect.Window{Days: 7}
	look := func(ago time.Duration, newest ...time.Time) *store.Result {
		r := &store.Result{Started: at.Add(-ago)}
		for i, n := range newest {
			r.Clocks = append(r.Clocks, inspect.Clock{Name: string(rune('a' + i)), Newest: n, Window: week, Limit: week.Limit(n)})
		}
		return r
	}
	const day = 24 * time.Hour
	site := &inspect.Site{Columns: []inspect.Column{{Name: "a", Window: week}, {Name: "b", Window: week}}}
	for _, c := range []struct {
		name string
		l    standing
		want [2]string
	}{
		{"looked just now", standing{lists: look(0, at.Add(-9*day), at)}, [2]string{"stale", "fresh"}},
		{"its time ran out at midnight, looked before", standing{lists: look(7*time.Hour, at.Add(-8*day), at.Add(-5*day))}, [2]string{"due_soon", "due_soon"}},
		{"nobody has looked for a month", standing{whole: look(30*day, at.Add(-31*day), at.Add(-60*day))}, [2]string{"due_soon", "stale"}},
		{"the newer look counts", standing{whole: look(2*day, at.Add(-20*day), at.Add(-20*day)), lists: look(time.Hour, at.Add(-2*day))}, [2]string{"fresh", "unknown"}},
		{"never", standing{}, [2]string{"unknown", "unknown"}},
	} {
		got, _ := (&fleet{}).columns(site, c.l, at)
		if [2]string{got[0].State, got[1].State} != c.want {
			t.Errorf("%s: %s and %s, want %v", c.name, got[0].State, got[1].State, c.want)
		}
	}
}

// The home page's time is that of the last look that could tell, which is most
// days that of the columns.
func TestHomeByTheLastLook(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	look := func(started time.Time, newest, due float64) *store.Result {
		r := &store.Result{Started: started}
		if due > 0 {
			r.Counts.Measures = map[inspect.Measure]float64{inspect.HomeNewest: newest, inspect.HomeDue: due}
		}
		return r
	}
	for _, c := range []struct {
		name string
		l    standing
		want int64
	}{
		{"both told", standing{whole: look(at.AddDate(0, 0, -6), 1, 100), lists: look(at, 2, 200)}, 200},
		{"the newer could not tell", standing{whole: look(at.AddDate(0, 0, -6), 1, 100), lists: look(at, 0, 0)}, 100},
		{"the crawl is newer", standing{whole: look(at, 1, 100), lists: look(at.AddDate(0, 0, -1), 2, 200)}, 100},
	} {
		if newest, due := c.l.home(); due.Unix() != c.want || newest.Unix() != c.want/100 {
			t.Errorf("%s: due %d", c.name, due.Unix())
		}
	}
	if newest, due := (standing{}).home(); !newest.IsZero() || !due.IsZero() {
		t.Error("a home page that nobody saw is due")
	}
}
