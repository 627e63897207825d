package inspect

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Zone is the default zone in which rules count days.
var Zone = func() *time.Location {
	// Asia/Shanghai has had no summer time since 1991; a fixed zone needs no zone data.
	return time.FixedZone("Asia/Shanghai", 8*60*60)
}()

// A Window is a span of calendar time as rules state it: "14d", "6mo", "1y".
// Months are calendar months, so that "six months" means the same day of the
// month. The zero Window means: no limit is known.
type Window struct{ Months, Days int }

// ParseWindow reads "14d", "2w", "6mo" or "1y".
func ParseWindow(s string) (Window, error) {
	for _, u := range []struct {
		suffix       string
		months, days int
	}{{"mo", 1, 0}, {"d", 0, 1}, {"w", 0, 7}, {"y", 12, 0}} {
		if n, ok := strings.CutSuffix(s, u.suffix); ok {
			v, err := strconv.Atoi(n)
			if err != nil || v <= 0 || v > 1200 {
				return Window{}, fmt.Errorf("window %q: want a positive number before %q", s, u.suffix)
			}
			return Window{Months: v * u.months, Days: v * u.days}, nil
		}
	}
	return Window{}, fmt.Errorf("window %q: want a number and d, w, mo or y, as in 14d or 6mo", s)
}

// UnmarshalText implements encoding.TextUnmarshaler with [ParseWindow].
func (w *Window) UnmarshalText(b []byte) (err error) {
	*w, err = ParseWindow(string(b))
	return err
}

// MarshalText implements encoding.TextMarshaler; the zero Window is empty.
func (w Window) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// String is the form that ParseWindow reads.
func (w Window) String() string {
	switch {
	case w.Months > 0 && w.Months%12 == 0:
		return strconv.Itoa(w.Months/12) + "y"
	case w.Months > 0:
		return strconv.Itoa(w.Months) + "mo"
	case w.Days > 0:
		return strconv.Itoa(w.Days) + "d"
	}
	return ""
}

// Chinese is the window as a notice words it: 14天, 6个月, 1年.
func (w Window) Chinese() string {
	switch {
	case w.Months > 0 && w.Months%12 == 0:
		return strconv.Itoa(w.Months/12) + "年"
	case w.Months > 0:
		return strconv.Itoa(w.Months) + "个月"
	}
	return strconv.Itoa(w.Days) + "天"
}

// IsZero reports whether no window is set.
func (w Window) IsZero() bool { return w == Window{} }

// Limit is the last day on which something last updated at t is still inside
// the window.
func (w Window) Limit(t time.Time) time.Time { return Day(t).AddDate(0, w.Months, w.Days) }

// Ends is the moment at which the time of something last updated at t is over:
// the last day inside the window counts to its end.
func (w Window) Ends(t time.Time) time.Time { return w.Limit(t).AddDate(0, 0, 1) }

// Day is the start of t's day in the rules' [Zone].
func Day(t time.Time) time.Time {
	t = t.In(Zone)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, Zone)
}

// DaysBetween is the number of whole days from a's day to b's day, negative
// when b is earlier.
func DaysBetween(a, b time.Time) int { return int(Day(b).Sub(Day(a)).Hours() / 24) }
