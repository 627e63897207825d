package accname

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html/atom"
)

// hidingWords are parts of class names that commonly hide until a script shows.
var hidingWords = []string{"hide", "hidden", "none", "modal", "popup", "dialog", "drop", "submenu", "sub-menu", "invisible", "collapse", "tab-pane"}

func mayHide(class string) bool {
	if len(class) < 4 {
		return false
	}
	lower := strings.ToLower(class)
	for _, w := range hidingWords {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// unshown is what browsers by themselves do not show of an element.
func unshown(e *Element) flag {
	if e.Node.Namespace != "" {
		return 0
	}
	switch e.Node.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Noscript, atom.Datalist, atom.Link, atom.Meta, atom.Title, atom.Base, atom.Noframes, atom.Noembed, atom.Rp:
		return undisplayed
	case atom.Template:
		if !e.Has("shadowrootmode") {
			return undisplayed
		}
	case atom.Dialog:
		if !e.Has("open") {
			return perhaps
		}
	case atom.Input:
		if strings.EqualFold(e.Attr("type"), "hidden") {
			return undisplayed
		}
	case atom.Audio:
		if !e.Has("controls") {
			return undisplayed
		}
	}
	if e.Up.Is(atom.Details) && !e.Is(atom.Summary) && !e.Up.Has("open") {
		return perhaps
	}
	if e.Has("popover") {
		return perhaps
	}
	return 0
}

// below is what an element does to those inside it: some show them only when
// they themselves cannot be shown, and the host of a shadow tree only where it
// has a slot.
func below(e *Element) flag {
	switch e.Node.DataAtom {
	case atom.Option: // browsers show the text alone
		return undisplayed
	case atom.Object, atom.Canvas, atom.Audio, atom.Video:
		return perhaps
	}
	for c := e.Node.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Template {
			if _, ok := inspect.LookupAttr(c, "shadowrootmode"); ok {
				return perhaps
			}
		}
	}
	return 0
}

// Away reports whether the element, or one around it, may be moved out of sight
// or cut to nothing, so that nobody sees it although it is exposed.
func (t *Tree) Away(e *Element) bool {
	for ; e != nil; e = e.Up {
		if moved(e.Attr("style")) || t.sheet.moves(e.Node) {
			return true
		}
	}
	return false
}

// moved reports whether declarations move an element out of sight, or hide it
// by a trick.
func moved(style string) bool {
	if len(style) < 8 {
		return false
	}
	s := strings.ToLower(strings.ReplaceAll(style, " ", ""))
	for _, sign := range []string{":-9", ":-1000", ":-2000", ":-3000", ":-5000", "clip:rect", "clip-path:", "opacity:0", "font-size:0", "text-indent:-", "height:0", "width:0", "height:1px", "width:1px", "translate", "scale(0", "color:transparent"} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}
