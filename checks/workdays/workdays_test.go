package workdays_test

import (
	"testing"
	"time"

	"github.com/xunjian/xunjian/checks/workdays"
	"github.com/xunjian/xunjian/inspect"
)

func day(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, inspect.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// The holidays of 2024 and 2026 as the State Council announced them.
func TestIs(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"2024-02-04": true,  // a Sunday, worked for the Spring Festival
		"2024-02-13": false, // a Tuesday of the Spring Festival
		"2024-02-18": true,  // a Sunday, worked
		"2024-04-04": false, // Qingming
		"2024-05-11": true,  // a Saturday, worked for Labour Day
		"2024-10-07": false,
		"2024-10-08": true,
		"2024-06-15": false, // an ordinary Saturday
		"2024-06-14": true,
		"2026-10-01": false,
	} {
		if got, known := workdays.Is(day(s)); got != want || !known {
			t.Errorf("%s: working day %v, known %v; want %v", s, got, known, want)
		}
	}
	if _, known := workdays.Is(day("2035-01-04")); known {
		t.Error("a year that nobody has announced is known")
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		n    int
		ok   bool
	}{
		{"2024-06-14", "2024-06-14", 0, true},
		{"2024-06-14", "2024-06-17", 1, true}, // Friday to Monday
		{"2024-09-30", "2024-10-08", 1, true}, // over National Day
		{"2024-10-08", "2024-09-30", -1, true},
		{"2024-02-08", "2024-02-19", 3, true}, // 9 and 18 February were worked
		{"2024-12-30", "2035-01-05", 0, false},
	} {
		n, ok := workdays.Between(day(tc.a), day(tc.b))
		if n != tc.n || ok != tc.ok {
			t.Errorf("%s to %s: %d, %v; want %d, %v", tc.a, tc.b, n, ok, tc.n, tc.ok)
		}
		if ok && n >= 0 {
			if d, ok := workdays.Add(day(tc.a), n); n > 0 && (!ok || d.After(day(tc.b))) {
				t.Errorf("%s and %d working days is %s", tc.a, n, d)
			}
		}
	}
}
