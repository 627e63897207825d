// Package a11yimgaltbad is the check a11y-img-alt-bad: text alternatives that say nothing.
package a11yimgaltbad

import (
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-img-alt-bad.
var Check = inspect.NewCheck("a11y-img-alt-bad", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	said := map[*accname.Element]string{} // by link: one may hold thousands of pictures
	for _, e := range tree.Named(atom.Img) {
		if !e.Exposed() {
			continue
		}
		alt := strings.TrimSpace(e.Attr("alt"))
		switch {
		case alt == "":
			if e.Has("alt") && !accname.Blank(e.Attr("title")) {
				g.Doubt(e, "图片的 alt 为空，却有提示文字（title）：%s", places.Shown(e))
			}
		case file(alt):
			g.Doubt(e, "图片的替代文本是文件名：%s", zh.Truncate(alt, 40))
		case empty(alt):
			g.Doubt(e, "图片的替代文本没有说明内容：“%s”", zh.Truncate(alt, 20))
		case repeats(tree, e, alt, said):
			g.Doubt(e, "图片的替代文本与同一链接的文字重复：“%s”", zh.Truncate(alt, 20))
		}
	}
	g.End()
	return nil
}

// file reports whether a text is the name of a picture's file.
func file(alt string) bool {
	lower := strings.ToLower(alt)
	for _, x := range []string{".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".svg"} {
		if strings.HasSuffix(lower, x) {
			return true
		}
	}
	return false
}

// empty reports whether a text would do for any picture: a word for picture, or digits.
func empty(alt string) bool {
	switch strings.ToLower(alt) {
	case "图片", "图", "图像", "照片", "image", "img", "picture", "photo", "pic", "logo.png", "alt", "undefined", "null":
		return true
	}
	return strings.Trim(alt, "0123456789-_. ") == ""
}

// repeats reports whether the link around the picture says the same in words.
func repeats(tree *accname.Tree, e *accname.Element, alt string, said map[*accname.Element]string) bool {
	a := e.Within(atom.A)
	if a == nil || !a.Has("href") {
		return false
	}
	s, ok := said[a]
	if !ok {
		words, doubt := tree.Seen(a)
		if s = zh.Compact(words); doubt {
			s = "\x00" // nobody can say
		}
		said[a] = s
	}
	return s == zh.Compact(alt)
}
