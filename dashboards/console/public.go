package console

import (
	"cmp"
	"net/http"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
)

// A Status is a public page on how some sites were reached. It tells no
// finding.
type Status struct {
	Title string
	Sites []string // ids
}

type statusView struct {
	Title string
	Sites []statusSite
	Width int
}

type statusSite struct {
	Name  string
	Home  string
	Beats []beat
	Share string // of the last day that was told
}

const statusDays = 30

func (c *console) status(q *request) error {
	if c.Status == nil {
		return desk.ErrNone
	}
	v := statusView{Title: cmp.Or(c.Status.Title, q.tr("网站运行状况")), Width: statusDays * beatWidth}
	for _, id := range c.Status.Sites {
		t, days, err := c.desk.Availability(q.r.Context(), id)
		if err != nil {
			return err
		}
		s := statusSite{Name: cmp.Or(t.Name, t.ID), Home: t.Home, Beats: beats(days, c.desk.Now(), statusDays), Share: "—"}
		for _, b := range s.Beats {
			if b.Told > 0 {
				s.Share = b.Share
			}
		}
		v.Sites = append(v.Sites, s)
	}
	return q.show(http.StatusOK, "status", v.Title, v)
}

// scorecard shows a scorecard as it was issued: a page of its own with its own
// style, from which nothing is loaded.
func (c *console) scorecard(q *request) error {
	page, err := c.desk.Scorecard(q.r.Context(), q.who(), q.r.PathValue("month"), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Security-Policy", "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = q.w.Write(page) // #nosec G705 -- a page of ours, escaped by html/template, and in a sandbox
	return nil
}

type helpView struct {
	Terms inspect.Terms
	Acts  []form
}

func (c *console) help(q *request) error {
	return q.show(http.StatusOK, "help", q.tr("帮助"), helpView{c.desk.Terms, formsOf(actsOf())})
}

func actsOf() (out []inspect.Act) {
	for _, f := range forms {
		out = append(out, f.Act)
	}
	return out
}
