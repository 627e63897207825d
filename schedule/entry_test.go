package schedule_test

import (
	"testing"
	"time"

	"github.com/xunjian/xunjian/schedule"
)

var shanghai = time.FixedZone("CST", 8*3600)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, shanghai)
	if err != nil {
		panic(err)
	}
	return t
}

func span(s string) schedule.Span {
	x, err := schedule.ParseSpan(s)
	if err != nil {
		panic(err)
	}
	return x
}

func TestNext(t *testing.T) {
	night := []schedule.Span{span("22:00-06:30")}
	repair := []schedule.Window{{From: at("2026-11-24 10:00:00"), To: at("2026-11-24 12:00:00")}}
	for _, c := range []struct {
		name        string
		entry       schedule.Entry
		after, want string
	}{
		{"daily in the rules' zone", schedule.Entry{Spec: "0 5 * * *"}, "2026-11-24 05:00:00", "2026-11-25 05:00:00"},
		{"just before", schedule.Entry{Spec: "0 5 * * *"}, "2026-11-24 04:59:59", "2026-11-24 05:00:00"},
		{"every quarter of an hour", schedule.Entry{Spec: "*/15 * * * *"}, "2026-11-24 05:01:00", "2026-11-24 05:15:00"},
		{"quiet hours end", schedule.Entry{Spec: "0 23 * * *", Quiet: night}, "2026-11-24 05:00:00", "2026-11-25 06:30:00"},
		{"quiet hours after midnight", schedule.Entry{Spec: "0 3 * * *", Quiet: night}, "2026-11-24 02:00:00", "2026-11-24 06:30:00"},
		{"quiet hours begin at their first minute", schedule.Entry{Spec: "0 22 * * *", Quiet: night}, "2026-11-24 21:00:00", "2026-11-25 06:30:00"},
		{"the last minute before", schedule.Entry{Spec: "59 21 * * *", Quiet: night}, "2026-11-24 21:00:00", "2026-11-24 21:59:00"},
		{"maintenance", schedule.Entry{Spec: "0 11 * * *", Closed: repair}, "2026-11-24 09:00:00", "2026-11-24 12:00:00"},
		{"after maintenance", schedule.Entry{Spec: "0 11 * * *", Closed: repair}, "2026-11-24 11:00:00", "2026-11-25 11:00:00"},
		{"maintenance into quiet hours", schedule.Entry{Spec: "0 21 * * *", Quiet: night, Closed: []schedule.Window{{From: at("2026-11-24 20:00:00"), To: at("2026-11-24 23:00:00")}}},
			"2026-11-24 12:00:00", "2026-11-25 06:30:00"},
	} {
		c.entry.Kind, c.entry.Zone = schedule.Crawl, shanghai
		r, err := schedule.NewTimer(c.entry)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.Next(at(c.after), "a"); err != nil || !got.Equal(at(c.want)) {
			t.Errorf("%s: %v, %v; want %s", c.name, got.In(shanghai), err, c.want)
		}
	}
}

// Times are those of the wall clock of the line's own zone, also on the days on
// which it is changed.
func TestZones(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	urumqi, err := time.LoadLocation("Asia/Urumqi")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, spec, quiet, after, want string }{
		{"another zone", "0 5 * * *", "", "2026-11-24T00:00:00+08:00", "2026-11-24T07:00:00+08:00"},
		{"the day that is shorter", "0 3 * * *", "01:00-06:00", "2026-03-28T12:00:00+01:00", "2026-03-29T06:00:00+02:00"},
		{"the day that is longer", "0 4 * * *", "01:00-06:00", "2026-10-24T12:00:00+02:00", "2026-10-25T06:00:00+01:00"},
		{"quiet past midnight of a day that is longer", "0 23 * * *", "22:00-06:00", "2026-10-24T12:00:00+02:00", "2026-10-25T06:00:00+01:00"},
	} {
		e := schedule.Entry{Kind: schedule.Crawl, Spec: c.spec, Zone: berlin}
		if c.quiet == "" {
			e.Zone = urumqi
		} else {
			e.Quiet = []schedule.Span{span(c.quiet)}
		}
		r, err := schedule.NewTimer(e)
		if err != nil {
			t.Fatal(err)
		}
		after, err1 := time.Parse(time.RFC3339, c.after)
		want, err2 := time.Parse(time.RFC3339, c.want)
		if got, err := r.Next(after, "a"); err1 != nil || err2 != nil || err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v; want %s", c.name, got.In(e.Zone), err, c.want)
		}
	}
}

// The jitter of a target is the same every time, and spreads targets out.
func TestJitter(t *testing.T) {
	r, err := schedule.NewTimer(schedule.Entry{Kind: schedule.Columns, Spec: "0 5 * * *", Zone: shanghai, Jitter: 3 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	hours := map[int]int{}
	for i := range 300 {
		id := "site-" + string(rune('a'+i%26)) + string(rune('a'+i/26))
		first, err := r.Next(at("2026-11-24 00:00:00"), id)
		if err != nil {
			t.Fatal(err)
		}
		if first.Before(at("2026-11-24 05:00:00")) || !first.Before(at("2026-11-24 08:00:00")) {
			t.Errorf("%s begins at %v", id, first.In(shanghai))
		}
		if second, err := r.Next(first, id); err != nil || second.Sub(first) != 24*time.Hour {
			t.Errorf("%s: next after %v is %v, %v", id, first, second, err)
		}
		hours[first.In(shanghai).Hour()]++
	}
	for _, h := range []int{5, 6, 7} {
		if hours[h] < 60 {
			t.Errorf("only %d of 300 begin in hour %d", hours[h], h)
		}
	}
}

func TestBadEntries(t *testing.T) {
	for _, e := range []schedule.Entry{
		{Kind: "bake", Spec: "@daily"},
		{Kind: schedule.Crawl, Spec: "61 * * * *"},
		{Kind: schedule.Crawl, Spec: "* * * * * *"},
		{Kind: schedule.Crawl, Spec: ""},
		{Kind: schedule.Crawl, Spec: "0 0 31 2 *"},
	} {
		if _, err := schedule.NewTimer(e); err == nil {
			t.Errorf("%+v is taken", e)
		}
	}
	r, err := schedule.NewTimer(schedule.Entry{Kind: schedule.Crawl, Spec: "@hourly", Quiet: []schedule.Span{{0, 1440}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.Next(at("2026-11-24 00:00:00"), ""); err == nil {
		t.Errorf("quiet all day, but due at %v", got)
	}
	for _, s := range []string{"", "22:00", "25:00-01:00", "10:60-11:00", "10:00-10:00", "a-b", "10:00-11:00x"} {
		if x, err := schedule.ParseSpan(s); err == nil {
			t.Errorf("span %q is read as %v", s, x)
		}
	}
}
