// Package captcha finds pictures to copy letters from, for checks that ask
// whether there is another way.
package captcha

import (
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"golang.org/x/net/html/atom"
)

// Silent calls tell for each such picture beside which nothing speaks of sound
// or of a message by telephone.
func Silent(tree *accname.Tree, tell func(*accname.Element)) {
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
				tell(e)
			}
		}
	}
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
