// Package workdays counts working days (工作日) with the holidays and shifted
// working days (调休) that the State Council announces each year.
package workdays

import (
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/xunjian/xunjian/inspect"
)

// Known reports whether a year's holidays are known. Those of the next year
// are announced in the autumn; until the library holds them, days of that year
// must not be called working days.
func Known(year int) bool { return HolidayUtil.GetHolidaysByYear(year).Len() > 0 }

// Is reports whether a day is a working day, and whether that is known.
func Is(t time.Time) (work, known bool) {
	t = t.In(inspect.Zone)
	if !Known(t.Year()) {
		return false, false
	}
	if h := HolidayUtil.GetHolidayByYmd(t.Year(), int(t.Month()), t.Day()); h != nil {
		return h.IsWork(), true
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday, true
}

// Between is the number of working days after a's day until b's day, b's
// among them: the next working day is one away. It is negative when b comes
// first; known is false when a year between them is not known.
func Between(a, b time.Time) (n int, known bool) {
	a, b = inspect.Day(a), inspect.Day(b)
	if b.Before(a) {
		n, known = Between(b, a)
		return -n, known
	}
	for y := a.Year(); y <= b.Year(); y++ {
		if !Known(y) {
			return 0, false
		}
	}
	for d := a.AddDate(0, 0, 1); !d.After(b); d = d.AddDate(0, 0, 1) {
		if work, _ := Is(d); work {
			n++
		}
	}
	return n, true
}

// Add is the working day n working days after t.
func Add(t time.Time, n int) (day time.Time, known bool) {
	day = inspect.Day(t)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		work, known := Is(day)
		if !known {
			return time.Time{}, false
		}
		if work {
			n--
		}
	}
	return day, true
}
