package console

import (
	"errors"
	"net/http"

	"github.com/xunjian/xunjian/dashboards/desk"
)

// A loginView is what the login page shows.
type loginView struct {
	Login, Next, Wrong string
	OIDC               string // name of the other house; "": none
}

func (q *request) loginView() loginView {
	v := loginView{Login: q.r.FormValue("login"), Next: local(q.r.FormValue("next"), "/")}
	if q.OIDC != nil {
		v.OIDC = q.OIDC.Name
	}
	return v
}

func (c *console) loginPage(q *request) error {
	if q.user != nil {
		return q.see(local(q.r.FormValue("next"), "/"), "")
	}
	return q.show(http.StatusOK, "login", q.tr("登录"), q.loginView())
}

func (c *console) login(q *request) error {
	if err := q.r.ParseForm(); err != nil {
		return errors.Join(errForm, err)
	}
	key, err := c.desk.Login(q.r.Context(), q.r.PostForm.Get("login"), q.r.PostForm.Get("password"), q.visit())
	if errors.Is(err, desk.ErrLogin) || errors.Is(err, desk.ErrMany) {
		v := q.loginView()
		v.Wrong = plain(err)
		status, _ := statusOf(err)
		return q.show(status, "login", q.tr("登录"), v)
	}
	if err != nil {
		return err
	}
	return q.letIn(key, q.r.PostForm.Get("next"))
}

// letIn gives the browser its key. Whatever key it had means nothing any more.
func (q *request) letIn(key, next string) error {
	if q.session != nil {
		if err := q.desk.Logout(q.r.Context(), q.user, q.session); err != nil {
			return err
		}
	}
	q.setCookie(q.cookieName(), key)
	return q.see(local(next, "/"), "")
}

func (c *console) logout(q *request) error {
	if err := c.desk.Logout(q.r.Context(), q.user, q.session); err != nil {
		return err
	}
	q.setCookie(q.cookieName(), "")
	return q.see("/login", "")
}

// language keeps the language that a browser or its user chose.
func (c *console) language(q *request) error {
	chosen := q.r.FormValue("language")
	if chosen != "zh" && chosen != "en" {
		return errForm
	}
	if q.user != nil {
		if err := c.desk.SetLanguage(q.r.Context(), q.user, chosen); err != nil {
			return err
		}
	}
	q.setCookie("language", chosen)
	return q.see(local(q.r.FormValue("next"), "/"), "")
}
