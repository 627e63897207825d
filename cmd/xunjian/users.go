package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// usersCmd is who may log in to the console, and which programs to the API.
type usersCmd struct {
	Add     usersAddCmd     `cmd:"" help:"添加用户；密码从终端或标准输入读取"`
	List    usersListCmd    `cmd:"" default:"withargs" help:"列出用户"`
	Passwd  usersPasswdCmd  `cmd:"" help:"重设密码，该用户的登录全部失效"`
	Disable usersDisableCmd `cmd:"" help:"停用用户，该用户的登录全部失效"`
	Enable  usersEnableCmd  `cmd:"" help:"恢复停用的用户"`
	Token   usersTokenCmd   `cmd:"" help:"为其他程序添加接口令牌，密钥只显示一次"`
}

// houseFlags say where the users are; the configuration knows the units.
type houseFlags struct {
	Config   string `short:"c" required:"" placeholder:"FILE" help:"配置文件（单位）"`
	Data     string `placeholder:"DIR" help:"数据目录（默认取配置）"`
	Database string `placeholder:"URL" help:"postgres://…；默认取配置"`
}

// with opens the store for a command, a new one too: the first administrator
// comes before the first inspection.
func (h *houseFlags) with(e *env, do func(d *desk.Desk, who *inspect.Person) error) error {
	cfg, err := config.Load(h.Config)
	if err != nil {
		return usageError{err: err}
	}
	st, err := store.Open(e.ctx, cmp.Or(h.Data, cfg.Data), cmp.Or(h.Database, cfg.Database))
	if err != nil {
		return err
	}
	c := desk.Config{People: book{st}, Rules: &inspect.Rulebook{}}
	for _, u := range cfg.Units {
		c.Units = append(c.Units, desk.Unit{ID: u.ID, Name: u.Name})
	}
	who := &inspect.Person{ID: "command", Name: cmp.Or(os.Getenv("SUDO_USER"), os.Getenv("USER"), "命令行"), Role: inspect.Admin}
	return errors.Join(do(desk.New(c), who), st.Close())
}

// userError says what was wrong with how a user was described.
func userError(err error) error {
	for _, known := range []error{desk.ErrUser, desk.ErrPassword, desk.ErrKnown, desk.ErrNone} {
		if errors.Is(err, known) {
			return usageError{err: known}
		}
	}
	return err
}

// password reads a password from a terminal without showing it, or the first
// line of what stdin is.
func password(e *env) (string, error) {
	if f, ok := e.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(e.stderr, "密码：")
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(e.stderr)
		return string(b), err
	}
	line, err := bufio.NewReader(e.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", usage("密码从标准输入的第一行读取", "没有密码")
	}
	return line, nil
}

type usersAddCmd struct {
	houseFlags
	Login string `arg:"" help:"登录名"`
	Name  string `help:"姓名（默认同登录名）"`
	Role  string `required:"" enum:"supervisor,agency,operations,auditor,admin" help:"supervisor 监管员、agency 责任单位、operations 运维、auditor 审计员、admin 管理员"`
	Unit  string `placeholder:"ID" help:"责任单位的代号（agency 必填）"`
	OIDC  bool   `name:"oidc" help:"不设密码，只用单点登录"`
}

func (usersAddCmd) Examples() string {
	return "  xunjian users add admin --role admin -c district.yaml\n  xunjian users add zhao --name 赵老师 --role agency --unit edu -c district.yaml < password.txt"
}

func (c *usersAddCmd) Run(e *env) error {
	var pass string
	if !c.OIDC {
		var err error
		if pass, err = password(e); err != nil {
			return err
		}
	}
	return c.with(e, func(d *desk.Desk, who *inspect.Person) error {
		u := inspect.User{Person: inspect.Person{ID: c.Login, Name: cmp.Or(c.Name, c.Login), Role: inspect.Role(c.Role), Unit: c.Unit}}
		if err := d.AddUser(e.ctx, who, u, pass); err != nil {
			return userError(err)
		}
		fmt.Fprintf(e.stdout, "已添加%s %s\n", u.Role.Chinese(), c.Login)
		return nil
	})
}

type usersListCmd struct{ houseFlags }

func (c *usersListCmd) Run(e *env) error {
	return c.with(e, func(d *desk.Desk, who *inspect.Person) error {
		all, err := d.Users(e.ctx, who)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "登录名\t姓名\t角色\t单位\t状态\t登录方式")
		for _, u := range all {
			state, how := "正常", "密码"
			if u.Disabled {
				state = "停用"
			}
			if u.Hash == "" {
				how = "单点登录"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", u.ID, u.Name, u.Role.Chinese(), cmp.Or(d.UnitName(u.Unit), "-"), state, how)
		}
		return w.Flush()
	})
}

// changed changes a user and says that it did.
func (h *houseFlags) changed(e *env, login, pass string, change func(*inspect.User)) error {
	return h.with(e, func(d *desk.Desk, who *inspect.Person) error {
		if err := d.ChangeUser(e.ctx, who, login, pass, change); err != nil {
			return userError(err)
		}
		fmt.Fprintf(e.stdout, "已修改 %s\n", login)
		return nil
	})
}

type usersPasswdCmd struct {
	houseFlags
	Login string `arg:"" help:"登录名"`
}

func (c *usersPasswdCmd) Run(e *env) error {
	pass, err := password(e)
	if err != nil {
		return err
	}
	return c.changed(e, c.Login, pass, func(*inspect.User) {})
}

type usersDisableCmd struct {
	houseFlags
	Login string `arg:"" help:"登录名"`
}

func (c *usersDisableCmd) Run(e *env) error {
	return c.changed(e, c.Login, "", func(u *inspect.User) { u.Disabled = true })
}

type usersEnableCmd struct {
	houseFlags
	Login string `arg:"" help:"登录名"`
}

func (c *usersEnableCmd) Run(e *env) error {
	return c.changed(e, c.Login, "", func(u *inspect.User) { u.Disabled = false })
}

type usersTokenCmd struct {
	houseFlags
	Name string `arg:"" help:"令牌的名称，如 cms"`
	Role string `required:"" enum:"supervisor,agency,operations,auditor,admin" help:"以什么角色访问"`
	Unit string `placeholder:"ID" help:"责任单位的代号（agency 必填）"`
	Days int    `default:"365" help:"多少天后失效"`
	End  bool   `help:"收回这个令牌"`
}

func (usersTokenCmd) Examples() string {
	return "  xunjian users token cms --role agency --unit edu -c district.yaml\n  xunjian users token cms --role agency --end -c district.yaml"
}

func (c *usersTokenCmd) Run(e *env) error {
	return c.with(e, func(d *desk.Desk, who *inspect.Person) error {
		if c.End {
			return d.EndToken(e.ctx, who, c.Name)
		}
		key, err := d.AddToken(e.ctx, who, c.Name, inspect.Role(c.Role), c.Unit, c.Days)
		if err != nil {
			return userError(err)
		}
		fmt.Fprintln(e.stdout, key)
		fmt.Fprintf(e.stderr, "令牌 %s 有效至 %s；密钥只显示这一次。\n", c.Name, time.Now().AddDate(0, 0, c.Days).Format(time.DateOnly))
		return nil
	})
}
