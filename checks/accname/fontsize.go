package accname

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// FontSize is the size of the element's letters in pixels, as far as the page
// alone decides it: not where a style sheet was not read, a browser has sizes
// of its own, or several rules speak.
func (t *Tree) FontSize(e *Element) (px float64, ok bool) {
	if t.Linked {
		return 0, false
	}
	if e == nil {
		return 16, true
	}
	value, ok := t.declared(e, "font-size")
	if !ok {
		return 0, false
	}
	if value == "" {
		if ownSize(e) {
			return 0, false
		}
		return t.FontSize(e.Up)
	}
	n, unit := Length(value)
	switch unit {
	case "px":
		return n, true
	case "pt":
		return n * 4 / 3, true
	case "rem":
		return n * 16, !t.rootSized()
	case "em", "%":
		if unit == "%" {
			n /= 100
		}
		up, ok := t.FontSize(e.Up)
		return n * up, ok
	}
	return 0, false
}

func (t *Tree) rootSized() bool {
	for _, e := range t.byName[atom.Html] {
		if v, ok := t.declared(e, "font-size"); !ok || v != "" {
			return true
		}
	}
	return false
}

// ownSize reports whether browsers give the element another size than its surroundings.
func ownSize(e *Element) bool {
	return e.Is(atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Small, atom.Big, atom.Sub, atom.Sup, atom.Code, atom.Pre, atom.Tt,
		atom.Kbd, atom.Samp, atom.Font, atom.Button, atom.Input, atom.Select, atom.Textarea, atom.Table, atom.Td, atom.Th)
}

// declared is the value that the element's style or a single certain rule
// gives a property, "" if none does; not ok when it cannot be said.
func (t *Tree) declared(e *Element, property string) (value string, ok bool) {
	own := ""
	Declarations(e.Attr("style"), func(name, v string, _ bool) {
		switch name {
		case property:
			own = v
		case "font":
			if property == "font-size" {
				own = "?"
			}
		}
	})
	found := 0
	for _, r := range t.sheet.rules {
		if !strings.Contains(r.Body, "font") && property == "font-size" || !strings.Contains(r.Body, strings.SplitN(property, "-", 2)[0]) || !r.Selects(e) {
			continue
		}
		Declarations(r.Body, func(name, v string, important bool) {
			if name == property || name == "font" && property == "font-size" {
				found++
				value = v
				if name == "font" || important || r.Holds != Yes {
					found += 2
				}
			}
		})
	}
	switch {
	case found > 1:
		return "", false
	case own != "":
		return own, own != "?"
	}
	return value, true
}

// Declares reports whether the element's style or a rule may set a property.
func (t *Tree) Declares(e *Element, property string) bool {
	v, ok := t.declared(e, property)
	return !ok || v != ""
}

// Length parts a value into its number and its unit; a unit of "?" says that
// it is none.
func Length(v string) (n float64, unit string) {
	v = strings.ToLower(strings.TrimSpace(v))
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || v[end] == '.' || v[end] == '-' || v[end] == '+') {
		end++
	}
	n, err := strconv.ParseFloat(v[:end], 64)
	if err != nil {
		return 0, "?"
	}
	return n, v[end:]
}
