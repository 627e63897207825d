package console

import (
	"net/http"
	"strconv"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/sheet"
	"github.com/xunjian/xunjian/inspect"
)

// A usersView is who may log in, and which programs.
type usersView struct {
	Desk   *desk.Desk
	Users  []inspect.User
	Tokens []inspect.Token
	Roles  []inspect.Role
	Units  []desk.Unit
	MayAct bool
	Key    string // of a token that was just made: it is shown once
	Name   string // its
}

func (c *console) users(q *request) error { return q.showUsers(usersView{}) }

func (q *request) showUsers(v usersView) error {
	v.Desk, v.Roles, v.Units, v.MayAct = q.desk, inspect.Roles, q.desk.Units, q.user.Role == inspect.Admin
	var err error
	if v.Users, err = q.desk.Users(q.r.Context(), q.who()); err != nil {
		return err
	}
	if q.exported() != "" {
		type u = inspect.User
		return export(q, "users", []sheet.Column[u]{
			sheet.Of("login", "登录名", func(x u) any { return x.ID }), sheet.Of("name", "姓名", func(x u) any { return x.Name }), sheet.Of("role", "角色", func(x u) any { return q.tr(x.Role.Chinese()) }),
			sheet.Of("unit", "责任单位", func(x u) any { return q.desk.UnitName(x.Unit) }), sheet.Of("disabled", "停用", func(x u) any { return x.Disabled }),
		}, sheet.List(v.Users))
	}
	if v.Tokens, err = q.desk.Tokens(q.r.Context(), q.who()); err != nil {
		return err
	}
	return q.show(http.StatusOK, "users", q.tr("用户"), v)
}

func (c *console) changeUsers(q *request) error {
	ctx, r := q.r.Context(), q.r
	login := r.FormValue("login")
	role, unit := inspect.Role(r.FormValue("role")), r.FormValue("unit")
	var err error
	switch r.FormValue("do") {
	case "add":
		err = c.desk.AddUser(ctx, q.who(), inspect.User{Person: inspect.Person{ID: login, Name: r.FormValue("name"), Role: role, Unit: unit}}, r.FormValue("password"))
	case "change":
		err = c.desk.ChangeUser(ctx, q.who(), login, r.FormValue("password"), func(u *inspect.User) {
			u.Name, u.Role, u.Unit, u.Disabled = r.FormValue("name"), role, unit, r.FormValue("disabled") != ""
		})
	case "token":
		days, convErr := strconv.Atoi(r.FormValue("days"))
		if convErr != nil {
			return errForm
		}
		key, err := c.desk.AddToken(ctx, q.who(), login, role, unit, days)
		if err != nil {
			return err
		}
		return q.showUsers(usersView{Key: key, Name: login})
	case "end":
		err = c.desk.EndToken(ctx, q.who(), login)
	default:
		err = errForm
	}
	if err != nil {
		return err
	}
	return q.see("/admin/users", "saved")
}
