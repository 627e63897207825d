package console

import (
	"cmp"
	"net/http"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// An interpretationsView is which interpretations belong to which documents of
// a site, and which documents have none.
type interpretationsView struct {
	Desk  *desk.Desk
	Sites []*inspect.Site // that can be chosen
	Site  string
	Links []desk.Link
	Cases []inspect.Case // of the checks on interpretations
	Next  string
}

func (c *console) interpretations(q *request) error {
	v := interpretationsView{Desk: c.desk, Site: q.r.FormValue("site")}
	_, all := q.choices()
	for _, s := range all {
		if s.Account == nil {
			v.Sites = append(v.Sites, s)
		}
	}
	if v.Site == "" && len(v.Sites) > 0 {
		v.Site = v.Sites[0].ID
	}
	if v.Site != "" {
		var err error
		if v.Links, err = c.desk.Graph(q.r.Context(), q.who(), v.Site); err != nil {
			return err
		}
		var next string
		query := inspect.CaseQuery{Sites: []string{v.Site}, Checks: []string{"interpretation-*"}, Stages: openStages(), After: q.r.FormValue("after")}
		if v.Cases, next, err = c.desk.List(q.r.Context(), q.who(), query); err != nil {
			return err
		}
		if next != "" {
			v.Next = with(here(q.r.URL), "after", next)
		}
	}
	if q.exported() != "" {
		type l = desk.Link
		return export(q, "interpretations", []sheet.Column[l]{
			sheet.Of("policy", "文件", func(x l) any { return cmp.Or(x.Policy.Title, x.Policy.URL) }),
			sheet.Of("policy_url", "文件网址", func(x l) any { return x.Policy.URL }),
			sheet.Of("interpretation", "解读", func(x l) any { return cmp.Or(x.Interpretation.Title, x.Interpretation.URL) }),
			sheet.Of("interpretation_url", "解读网址", func(x l) any { return x.Interpretation.URL }),
			sheet.Of("sure", "对应确定", func(x l) any { return x.Sure }),
			sheet.Of("forth", "文件链接解读", func(x l) any { return x.Forth }),
			sheet.Of("back", "解读链接文件", func(x l) any { return x.Back }),
		}, sheet.List(v.Links))
	}
	return q.show(http.StatusOK, "interpretations", q.tr("文件与解读"), v)
}
