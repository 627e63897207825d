package inspect

import (
	"slices"
	"time"

	"github.com/xunjian/xunjian/inspect/zh"
)

// An Activity is what the sources of an account together tell of its posting.
type Activity struct {
	Posts  []Post      // dated ones, each once, newest first
	Newest *Collection // that holds the newest; nil: no dated post is known
	Months []MonthPosts
	Since  time.Time // from when on posts are completely known; zero with Known: always
	Known  bool      // Since says something: gaps may be told
	Gap    int       // the longest span of days between two posts since then
	GapEnd time.Time // the day on which it ended
}

// MonthPosts is how many posts a month has.
type MonthPosts struct {
	Month string `json:"month"` // 2026-11
	Posts int    `json:"posts"`
}

// tomorrow is how far in the future a post may be dated: clocks and zones differ.
const tomorrow = 24 * time.Hour

// ActivityOf joins what the sources of an account gave. Posts dated more than
// a day after now are left out: they make nothing fresh.
func (m *MediaAccount) ActivityOf(feeds []*Collection, now time.Time) Activity {
	var a Activity
	seen := map[string]bool{}
	var newest time.Time
	for _, c := range feeds {
		if !c.Read() {
			continue
		}
		for _, p := range c.Posts {
			if p.Published.IsZero() || p.Published.After(now.Add(tomorrow)) {
				continue
			}
			if p.Published.After(newest) {
				newest, a.Newest = p.Published, c
			}
			if k := postKey(&p); !seen[k] {
				seen[k] = true
				a.Posts = append(a.Posts, p)
			}
		}
	}
	slices.SortStableFunc(a.Posts, func(x, y Post) int { return y.Published.Compare(x.Published) })
	a.months()
	a.gap(m, feeds, now)
	return a
}

// postKey is the same for a post that two sources name.
func postKey(p *Post) string {
	day := p.Published.In(Zone).Format(time.DateOnly)
	if t := zh.Compact(p.Title); t != "" {
		return day + t
	}
	if p.URL != "" {
		return p.URL
	}
	return day + p.ID + zh.Truncate(p.Text, 40)
}

func (a *Activity) months() {
	for _, p := range a.Posts {
		m := p.Published.In(Zone).Format("2006-01")
		if n := len(a.Months); n == 0 || a.Months[n-1].Month != m {
			a.Months = append(a.Months, MonthPosts{Month: m})
		}
		a.Months[len(a.Months)-1].Posts++
	}
}

// gap finds the longest silence of the time of which all posts are known: one
// between posts of which some may be missing is no silence.
func (a *Activity) gap(m *MediaAccount, feeds []*Collection, now time.Time) {
	for _, c := range feeds { // the earliest moment from which all kinds are covered
		if !c.Read() || !c.Complete || a.Known && !c.From.Before(a.Since) || m.SilentUntil(feeds, c.From).IsZero() {
			continue
		}
		a.Since, a.Known = c.From, true
	}
	if !a.Known {
		return
	}
	end := m.SilentUntil(feeds, a.Since)
	if end.After(now) {
		end = now
	}
	for _, p := range a.Posts {
		if p.Published.Before(a.Since) {
			break
		}
		if d := DaysBetween(p.Published, end); d > a.Gap {
			a.Gap, a.GapEnd = d, end
		}
		end = p.Published
	}
}
