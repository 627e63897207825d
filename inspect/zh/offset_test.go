package zh

import (
	"testing"
	"time"
)

func TestDateAtSaysWhereItEndsInTheTextGiven(t *testing.T) {
	for _, s := range []string{"会议（扩大）召开(2020-12-16", "会议（扩大）召开（２０２０－１２－１６", "2020-12-16", "（一）二〇二〇年十二月十六日"} {
		got, end, ok := DateAt(s)
		if !ok || got.Format(time.DateOnly) != "2020-12-16" || end != len(s) {
			t.Errorf("DateAt(%q) = %v, %d, %v; want 2020-12-16 and %d", s, got, end, ok, len(s))
		}
	}
}

func TestRelativeIsNotTheHeadOfAPage(t *testing.T) {
	now := time.Date(2024, 6, 1, 9, 0, 0, 0, Zone)
	if d, ok := Relative("今天是：", now); ok {
		t.Errorf("今天是： reads as %v", d)
	}
	if d, ok := Relative("昨天 08:30", now); !ok || d.Day() != 31 {
		t.Errorf("昨天 08:30 reads as %v, %v", d, ok)
	}
}
