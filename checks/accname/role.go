package accname

import (
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/aria"
	"golang.org/x/net/html/atom"
)

// role settles the element's role: the one its author gave, unless that is
// decoration taken back, else the one its mark-up has.
func (e *Element) role(a *around) {
	given := e.Explicit
	if given == "none" || given == "presentation" {
		if !e.takesBack(true) {
			e.flags |= decorative
			e.Role = "none"
			return
		}
		given = ""
	}
	if given != "" {
		e.Role = given
		return
	}
	e.Role = e.native(a)
	if e.Role == "none" {
		e.flags |= decorative
	}
}

// takesBack reports whether a mark as decoration does not count: a focusable
// element, or one with a global attribute of ARIA, stays exposed. bare says
// that an empty attribute counts too.
func (e *Element) takesBack(bare bool) bool {
	if e.Focusable() {
		return true
	}
	if e.flags&hasARIA == 0 {
		return false
	}
	for i := range e.Node.Attr {
		a := &e.Node.Attr[i]
		if strings.HasPrefix(a.Key, "aria-") && a.Key != "aria-hidden" && aria.Global(a.Key) && (bare || strings.TrimSpace(a.Val) != "") {
			return true
		}
	}
	return false
}

// native is the role of the element's own mark-up (HTML-AAM).
func (e *Element) native(a *around) string {
	n := e.Node
	if n.Namespace != "" {
		return ""
	}
	switch n.DataAtom {
	case atom.A, atom.Area:
		if e.Has("href") {
			return "link"
		}
	case atom.Img:
		if e.Has("alt") && e.Attr("alt") == "" && !e.takesBack(false) {
			return "none"
		}
		return "img"
	case atom.Li:
		if a.list {
			return "listitem"
		}
	case atom.Td, atom.Th, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption:
		return e.inTable(a.table)
	case atom.Input:
		return e.input()
	case atom.Select:
		if e.Has("multiple") {
			return "listbox"
		}
		if k, err := strconv.Atoi(strings.TrimSpace(e.Attr("size"))); err == nil && k > 1 {
			return "listbox"
		}
		return "combobox"
	case atom.Header, atom.Footer:
		if a.sectioned {
			return ""
		}
	case atom.Section, atom.Form:
		if !e.named() {
			return ""
		}
	}
	return plain[n.DataAtom]
}

// plain are the roles that a name alone gives.
var plain = map[atom.Atom]string{atom.Article: "article", atom.Aside: "complementary", atom.Button: "button", atom.Dialog: "dialog",
	atom.Fieldset: "group", atom.Details: "group", atom.Figure: "figure", atom.Footer: "contentinfo", atom.Header: "banner", atom.Form: "form",
	atom.H1: "heading", atom.H2: "heading", atom.H3: "heading", atom.H4: "heading", atom.H5: "heading", atom.H6: "heading", atom.Hr: "separator",
	atom.Main: "main", atom.Menu: "list", atom.Meter: "meter", atom.Nav: "navigation", atom.Ol: "list", atom.Ul: "list", atom.Optgroup: "group",
	atom.Option: "option", atom.Output: "status", atom.P: "paragraph", atom.Progress: "progressbar", atom.Section: "region", atom.Table: "table",
	atom.Textarea: "textbox", atom.Code: "code", atom.Del: "deletion", atom.S: "deletion", atom.Em: "emphasis", atom.Ins: "insertion",
	atom.Strong: "strong", atom.Sub: "subscript", atom.Sup: "superscript", atom.Blockquote: "blockquote", atom.Dfn: "term", atom.Time: "time",
	atom.Mark: "mark"}

// named reports whether the author names the element, as a section must be to
// be a landmark.
func (e *Element) named() bool {
	return e.flags&hasARIA != 0 && (!Blank(e.Attr("aria-label")) || !Blank(e.Attr("aria-labelledby"))) || !Blank(e.Attr("title"))
}

// inTable is the role of a part of a table; one of a layout table has none.
func (e *Element) inTable(table string) string {
	if table != "table" && table != "grid" && table != "treegrid" {
		return ""
	}
	switch e.Node.DataAtom {
	case atom.Td:
		if table != "table" {
			return "gridcell"
		}
		return "cell"
	case atom.Th:
		if s := strings.ToLower(e.Attr("scope")); s == "row" || s == "rowgroup" {
			return "rowheader"
		}
		return "columnheader"
	case atom.Tr:
		return "row"
	case atom.Caption:
		return "caption"
	}
	return "rowgroup"
}

// Type is the type of an input, "text" when it is none that browsers know.
func (e *Element) Type() string {
	switch t := strings.ToLower(strings.TrimSpace(e.Attr("type"))); t {
	case "hidden", "search", "tel", "url", "email", "password", "date", "month", "week", "time", "datetime-local", "number", "range", "color",
		"checkbox", "radio", "file", "submit", "image", "reset", "button":
		return t
	}
	return "text"
}

func (e *Element) input() string {
	switch e.Type() {
	case "button", "submit", "reset", "image":
		return "button"
	case "checkbox":
		return "checkbox"
	case "radio":
		return "radio"
	case "number":
		return "spinbutton"
	case "range":
		return "slider"
	case "text", "tel", "url", "email":
		if e.Has("list") {
			return "combobox"
		}
		return "textbox"
	case "search":
		if e.Has("list") {
			return "combobox"
		}
		return "searchbox"
	}
	return ""
}

// Native is the role that the element would have without its role attribute,
// as far as its own mark-up says.
func (e *Element) Native() string {
	table, list := "table", e.Up.Is(atom.Ul, atom.Ol, atom.Menu)
	return e.native(&around{table: table, list: list})
}

// Focusable reports whether the element can take the keyboard focus, by the
// Tab key or otherwise.
func (e *Element) Focusable() bool {
	if e.flags&(disabled|undisplayed|invisible|inert) != 0 {
		return false
	}
	if _, ok := e.tabIndex(); ok {
		return true
	}
	return e.stop()
}

// Tabbable reports whether the Tab key reaches the element.
func (e *Element) Tabbable() bool {
	if e.flags&(disabled|undisplayed|invisible|inert) != 0 {
		return false
	}
	if i, ok := e.tabIndex(); ok {
		return i >= 0
	}
	return e.stop()
}

// tabIndex is the number of tabindex, read as browsers do.
func (e *Element) tabIndex() (int, bool) {
	v := strings.TrimSpace(e.Attr("tabindex"))
	if v == "" {
		return 0, false
	}
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || end == 0 && (v[0] == '-' || v[0] == '+')) {
		end++
	}
	i, err := strconv.Atoi(v[:end])
	return i, err == nil
}

// stop reports whether the element takes the focus by what it is.
func (e *Element) stop() bool {
	if e.Node.Namespace != "" {
		return e.Node.Namespace == "svg" && e.Node.Data == "a" && (e.Has("href") || hasXLink(e))
	}
	switch e.Node.DataAtom {
	case atom.A, atom.Area:
		return e.Has("href")
	case atom.Button, atom.Select, atom.Textarea, atom.Iframe:
		return true
	case atom.Input:
		return e.Type() != "hidden"
	case atom.Audio, atom.Video:
		return e.Has("controls")
	case atom.Summary:
		return e.FirstSummary()
	}
	if v, ok := lookup(e, "contenteditable"); ok {
		return !strings.EqualFold(v, "false")
	}
	return false
}

func lookup(e *Element, key string) (string, bool) {
	if !e.Has(key) {
		return "", false
	}
	return e.Attr(key), true
}

func hasXLink(e *Element) bool {
	for _, a := range e.Node.Attr {
		if a.Namespace == "xlink" && a.Key == "href" {
			return true
		}
	}
	return false
}

// FirstSummary reports whether the element is the summary of the details around it.
func (e *Element) FirstSummary() bool {
	if !e.Up.Is(atom.Details) {
		return false
	}
	for c := e.Up.Node.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Summary {
			return c == e.Node
		}
	}
	return false
}
