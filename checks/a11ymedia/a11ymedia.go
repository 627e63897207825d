// Package a11ymedia is the check a11y-media: films and sounds that start by themselves or have no captions, and dead plug-ins.
package a11ymedia

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

// Check is the check a11y-media.
var Check = inspect.NewCheck("a11y-media", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, a := range []atom.Atom{atom.Video, atom.Audio} {
		for _, e := range tree.Named(a) {
			if !e.Displayed() && !e.Has("autoplay") {
				continue
			}
			if e.Has("autoplay") && !e.Has("muted") && !e.Has("controls") {
				g.Doubt(e, "音视频自动播放且没有控制条：%s", places.Shown(e))
			} else if a == atom.Video && !e.Has("muted") && !captioned(tree, e) {
				g.Doubt(e, "视频没有字幕轨道（track）：%s", places.Shown(e))
			}
		}
	}
	for _, a := range []atom.Atom{atom.Object, atom.Embed} {
		for _, e := range tree.Named(a) {
			if e.Displayed() && flash(e) {
				g.Doubt(e, "内容使用浏览器已不支持的 Flash：%s", places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

func captioned(tree *accname.Tree, e *accname.Element) (found bool) {
	tree.Children(e, func(c *accname.Element) {
		k := strings.ToLower(c.Attr("kind"))
		found = found || c.Is(atom.Track) && (k == "" || k == "captions" || k == "subtitles")
	})
	return found
}

func flash(e *accname.Element) bool {
	src, _, _ := strings.Cut(strings.ToLower(e.Attr("src")+e.Attr("data")), "?")
	return strings.HasSuffix(src, ".swf") || strings.Contains(e.Attr("type"), "shockwave-flash") ||
		strings.Contains(strings.ToUpper(e.Attr("classid")), "D27CDB6E")
}
