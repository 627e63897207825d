package alerts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// day is a day as a notice prints it.
func day(t time.Time) string { return t.In(inspect.Zone).Format("2006年1月2日") }

// A Span is a part of each day, in minutes since midnight; one whose end is not
// after its start goes over midnight.
type Span struct{ From, To int }

// ParseSpan reads a span, as 22:00-07:00.
func ParseSpan(s string) (Span, error) {
	from, to, _ := strings.Cut(s, "-")
	f, err1 := ParseMinute(from)
	t, err2 := ParseMinute(to)
	return Span{f, t}, errors.Join(err1, err2)
}

// ParseMinute reads a time of the day, as 08:40 or 24:00, in minutes since
// midnight.
func ParseMinute(s string) (int, error) {
	if s == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%q 不是时间，应如 08:40", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// minutes are those of a moment since midnight in the rules' zone.
func minutes(t time.Time) int {
	t = t.In(inspect.Zone)
	return t.Hour()*60 + t.Minute()
}

// holds reports whether a moment lies in the span.
func (s Span) holds(t time.Time) bool {
	m := minutes(t)
	if s.From < s.To {
		return s.From <= m && m < s.To
	}
	return m >= s.From || m < s.To
}

// after is the first moment from t on that lies in no span: a quiet hour's end.
func after(t time.Time, spans []Span) time.Time {
	for range len(spans) + 1 { // spans may touch
		moved := false
		for _, s := range spans {
			if s.holds(t) {
				t, moved = next(t, s.To), true
			}
		}
		if !moved {
			break
		}
	}
	return t
}

// next is the first time after t at so many minutes since midnight.
func next(t time.Time, minutes int) time.Time {
	at := inspect.Day(t).Add(time.Duration(minutes) * time.Minute)
	if !at.After(t) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}
