package console

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A filter is the query of a list as its address says it, so that every view
// has a link.
type filter struct {
	Text, Unit, Site, Check string
	Kind                    inspect.Kind
	Stages                  []string
	Severities              []string
	From, To                string // days
	Overdue, Relapsed, Mine bool
	Soon                    bool // due soon
	Pending                 bool // waivers that wait for a second person
	Sort                    inspect.CaseSort
	After                   string
}

// filter reads the address of a list of cases.
func (q *request) filter() filter {
	v := q.r.URL.Query()
	f := filter{Text: strings.TrimSpace(v.Get("q")), Unit: q.desk.UnitID(v.Get("unit")), Site: q.desk.TargetID(v.Get("site")), Check: v.Get("check"), Kind: inspect.Kind(v.Get("kind")),
		Stages: told(v["stage"]), Severities: told(v["severity"]), From: v.Get("from"), To: v.Get("to"), Overdue: v.Get("overdue") != "", Relapsed: v.Get("relapsed") != "",
		Mine: v.Get("mine") != "", Soon: v.Get("soon") != "", Pending: v.Get("pending") != "", Sort: inspect.CaseSort(v.Get("sort")), After: v.Get("after")}
	if f.Sort == inspect.ByChange && f.From+f.To != "" {
		f.Sort = inspect.ByFirst // days are those of the first finding, and so is the order
	}
	return f
}

// told are the words that a form sends, without those that choose nothing.
func told(words []string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// query is the filter as the desk takes it.
func (f *filter) query(q *request) (inspect.CaseQuery, error) {
	c := inspect.CaseQuery{Kind: f.Kind, Text: f.Text, Relapsed: f.Relapsed, Pending: f.Pending, Sort: f.Sort, After: f.After}
	for _, s := range f.Stages {
		if s == "open" {
			c.Stages = append(c.Stages, openStages()...)
		} else if slices.Contains(inspect.Stages, inspect.Stage(s)) {
			c.Stages = append(c.Stages, inspect.Stage(s))
		} else {
			return c, errForm
		}
	}
	for _, s := range f.Severities {
		c.Severities = append(c.Severities, inspect.Part(s))
	}
	for _, x := range []struct {
		word string
		into *[]string
	}{{f.Unit, &c.Units}, {f.Site, &c.Sites}, {f.Check, &c.Checks}} {
		if x.word != "" {
			*x.into = []string{x.word}
		}
	}
	if f.Soon {
		c.DueFrom, c.Due = q.desk.Soon()
	}
	if f.Overdue {
		c.DueFrom, c.Due = time.Time{}, inspect.Day(q.desk.Now())
	}
	if f.Mine {
		c.Assignee = q.user.ID
	}
	from, err1 := dayOf(f.From)
	to, err2 := dayOf(f.To)
	if !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	c.From, c.To = from, to
	return c, errors.Join(err1, err2)
}

func openStages() (out []inspect.Stage) {
	for _, s := range inspect.Stages {
		if s.Open() {
			out = append(out, s)
		}
	}
	return out
}

// dayOf reads a day as browsers send it; "" is the zero time.
func dayOf(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, inspect.Zone)
	if err != nil {
		return t, errForm
	}
	return t, nil
}

// with is the address of a list with some words changed: key, value, …; an
// empty value takes the key away. The page begins anew.
func with(here string, pairs ...string) string {
	u, err := url.Parse(here)
	if err != nil {
		return "/"
	}
	v := u.Query()
	v.Del("after")
	v.Del("format")
	for i := 0; i+1 < len(pairs); i += 2 {
		if v.Del(pairs[i]); pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = v.Encode()
	return u.String()
}

// exportsOf is the address of a list as a file, up to the name of the format.
func exportsOf(here string) string {
	u := with(here)
	if strings.Contains(u, "?") {
		return u + "&format="
	}
	return u + "?format="
}
