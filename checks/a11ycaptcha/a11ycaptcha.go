// Package a11ycaptcha is the check a11y-captcha: pictures to copy letters from, with nothing for those who cannot see.
package a11ycaptcha

import (
	"context"
	_ "embed"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/captcha"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check a11y-captcha.
var Check = inspect.NewCheck("a11y-captcha", rule, inspect.PerPage, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	captcha.Silent(tree, func(e *accname.Element) {
		g.Doubt(e, "验证码图片旁没有见到语音等替代方式：%s", places.Shown(e))
	})
	g.End()
	return nil
}
