// Package forms tells in which form an interpretation (政策解读) comes.
package forms

import (
	"strings"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Form is the form of an interpretation.
type Form string

// The forms that rules name.
const (
	Text    Form = "text"
	Diagram Form = "diagram"
	Video   Form = "video"
	Press   Form = "press"
	Expert  Form = "expert"
	Media   Form = "media"
	Comic   Form = "comic"
)

// Chinese is the form's name in the rules.
func (f Form) Chinese() string {
	switch f {
	case Diagram:
		return "图解"
	case Video:
		return "视频"
	case Press:
		return "新闻发布会"
	case Expert:
		return "专家解读"
	case Media:
		return "媒体解读"
	case Comic:
		return "动漫"
	}
	return "文字"
}

// words in a title or the page's position tell a form before its content does.
var words = []struct {
	form  Form
	words []string
}{
	{Comic, []string{"动漫", "动画", "漫画"}},
	{Press, []string{"新闻发布会", "发布会", "吹风会"}},
	{Video, []string{"视频", "短片", "音频", "访谈"}},
	{Expert, []string{"专家"}},
	{Diagram, []string{"图解", "一图", "图文解读", "图读懂", "图说", "长图"}},
	{Media, []string{"媒体解读", "媒体视角", "媒体评论"}},
}

type memo struct{}

// Of is the form of an interpretation, "" if the page is none.
func Of(p *inspect.Page) Form {
	return inspect.Memo(p, memo{}, func() Form {
		if p.Document != nil || p.Parts().Kind != inspect.InterpretationPage {
			return ""
		}
		return form(p)
	})
}

func form(p *inspect.Page) Form {
	q := p.Parts()
	place := q.Heading + " " + q.Title + " " + strings.Join(p.Trail(), " ")
	for _, w := range words {
		for _, x := range w.words {
			if strings.Contains(place, x) {
				return w.form
			}
		}
	}
	if q.Body == nil {
		return Text
	}
	if len(p.Elements(atom.Video, atom.Audio)) > 0 {
		return Video
	}
	if pictured(q.Body) && utf8.RuneCountInString(p.BodyText()) < 200 {
		return Diagram
	}
	return Text
}

func pictured(box *html.Node) bool {
	for n := range box.Descendants() {
		if n.DataAtom == atom.Img {
			return true
		}
	}
	return false
}
