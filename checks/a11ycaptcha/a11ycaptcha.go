// Package a11ycaptcha is the check a11y-captcha: pictures to copy letters from, with nothing for those who cannot see.
package a11ycaptcha

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-captcha.
var Check = inspect.NewCheck("a11y-captcha", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	heard := map[*accname.Element]bool{} // boxes that speak of sound
	for _, a := range []atom.Atom{atom.Img, atom.Input, atom.Canvas} {
		for _, e := range tree.Named(a) {
			if e.Is(atom.Input) && e.Type() != "image" || !e.Displayed() || !puzzle(e) {
				continue
			}
			box := around(e)
			if _, asked := heard[box]; !asked {
				heard[box] = spoken(tree, box)
			}
			if !heard[box] {
				g.Doubt(e, "验证码图片旁没有见到语音等替代方式：%s", places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

// puzzle reports whether the element's own attributes call it a picture of letters.
func puzzle(e *accname.Element) bool {
	for _, k := range []string{"src", "id", "class", "name", "alt", "title", "onclick"} {
		v := strings.ToLower(e.Attr(k))
		if v == "" || strings.HasPrefix(v, "data:") {
			continue
		}
		for _, w := range []string{"captcha", "verifycode", "checkcode", "validatecode", "kaptcha", "randcode", "yzm", "验证码"} {
			if strings.Contains(v, w) {
				return true
			}
		}
	}
	return false
}

// around is the form around the element, else the box three levels out.
func around(e *accname.Element) *accname.Element {
	if f := e.Within(atom.Form); f != nil {
		return f
	}
	for range 3 {
		if e.Up == nil || e.Up.Is(atom.Body) {
			return e
		}
		e = e.Up
	}
	return e
}

// spoken reports whether the box speaks of sound or of a message instead.
func spoken(tree *accname.Tree, box *accname.Element) (found bool) {
	s, _ := tree.Seen(box)
	for _, w := range []string{"语音", "播放", "朗读", "短信", "audio"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	tree.Inside(box, func(c *accname.Element) bool {
		v := strings.ToLower(c.Attr("class") + c.Attr("title") + c.Attr("alt") + c.Attr("aria-label") + c.Attr("onclick") + c.Attr("href"))
		found = found || c.Is(atom.Audio) || strings.Contains(v, "语音") || strings.Contains(v, "audio") || strings.Contains(v, "voice")
		return !found
	})
	return found
}
