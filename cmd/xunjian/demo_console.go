package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/schedule"
)

// demoUsers are one of each role, for whoever wants to look.
var demoUsers = []inspect.Person{
	{ID: "jianguan", Name: "监管员甲", Role: inspect.Supervisor}, {ID: "fuhe", Name: "监管员乙", Role: inspect.Supervisor}, {ID: "danwei", Name: "责任单位经办人", Role: inspect.Agency},
	{ID: "yunwei", Name: "运维人员", Role: inspect.Operations}, {ID: "shenji", Name: "审计员", Role: inspect.Auditor}, {ID: "guanli", Name: "管理员", Role: inspect.Admin}}

// serve goes on with the portal and a console over what was found, on loopback
// alone, until it is told to stop. What somebody claims to have repaired is
// looked at again; nothing else is planned.
func (c *demoCmd) serve(e *env, addr portal.Addr) (err error) {
	p, err := (&targetFlags{Config: c.file(), Data: filepath.Join(c.Dir, "data"), Now: c.Now}).plan()
	if err != nil {
		return err
	}
	s, err := newService(e.ctx, p, &workFlags{}, false, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer s.close()
	begun := time.Now() // of the day that the demonstration plays on
	s.now = func() time.Time { return p.now.Add(time.Since(begun)) }
	s.engine, err = schedule.New(e.ctx, schedule.Config{Dir: p.cfg.Data, Handlers: s.handlers(), Short: 2, Long: 2, Stop: time.Second, Log: s.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.engine.Close()) }()
	if err := s.engine.Start(e.ctx); err != nil {
		return err
	}
	srv, err := s.http()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:8080")
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return err
		}
	}
	if err := s.demoPeople(e, p); err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(e.stderr, "控制台：http://%s/\n演示网站继续运行于 http://%s/ ，按 Ctrl-C 结束。\n", l.Addr(), addr.Plain)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	select {
	case <-e.ctx.Done():
	case err = <-failed:
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), 10*time.Second)
	defer cancel()
	return errors.Join(err, srv.Shutdown(ctx), s.engine.Stop(ctx))
}

// demoPeople adds the users of the demonstration, with passwords that only the
// one who started it sees.
func (s *service) demoPeople(e *env, p *plan) error {
	d, err := s.desk()
	if err != nil {
		return err
	}
	admin := &inspect.Person{ID: "demo", Name: "演示", Role: inspect.Admin}
	fmt.Fprintln(e.stderr, "\n演示用户（密码随机产生，只在这里显示）：")
	for _, person := range demoUsers {
		password := strings.ToLower(rand.Text()[:12])
		if person.Role == inspect.Agency {
			person.Unit = p.cfg.Units[0].ID
			person.Name += "（" + cmp.Or(p.cfg.Units[0].Name, person.Unit) + "）"
		}
		if err := d.AddUser(e.ctx, admin, inspect.User{Person: person}, password); errors.Is(err, desk.ErrKnown) {
			err = d.ChangeUser(e.ctx, admin, person.ID, password, func(*inspect.User) {})
			if err != nil {
				return err
			}
		} else if err != nil {
			return err
		}
		fmt.Fprintf(e.stderr, "  %-10s %s  %s\n", person.ID, password, person.Role.Chinese())
	}
	return nil
}
