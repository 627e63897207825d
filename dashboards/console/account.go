package console

import (
	"net/http"

	"github.com/xunjian/xunjian/inspect"
)

// An accountView is a user's own page.
type accountView struct {
	Sessions []inspect.Session
	Current  string // hash of the session that shows it
	Unit     string
	Password bool // he has one here
}

func (c *console) account(q *request) error {
	all, err := c.desk.People.Sessions(q.r.Context(), q.user.ID)
	if err != nil {
		return err
	}
	return q.show(http.StatusOK, "account", q.tr("我的账号"), accountView{all, q.session.Hash, c.desk.UnitName(q.user.Unit), q.user.Hash != ""})
}

func (c *console) changeAccount(q *request) error {
	switch q.r.FormValue("do") {
	case "password":
		if q.r.FormValue("new") != q.r.FormValue("again") {
			return errForm
		}
		if err := c.desk.SetPassword(q.r.Context(), q.user, q.r.FormValue("old"), q.r.FormValue("new"), q.visit()); err != nil {
			return err
		}
	case "sessions":
		if err := c.desk.LogoutAll(q.r.Context(), q.user); err != nil {
			return err
		}
	default:
		return errForm
	}
	q.setCookie(q.cookieName(), "")
	return q.see("/login", "again")
}
