// Package aria holds the facts of WAI-ARIA 1.2 that the accessibility checks
// share: which roles there are, what each takes and asks for, and which states
// and properties there are with which values. Where the later draft allows
// more than 1.2, the draft counts, since nobody is accused of being early.
package aria

import (
	"strconv"
	"strings"
)

// A Role is a role and what belongs to it. Lists hold names without "aria-".
type Role struct {
	Name     string
	Abstract bool // only for building other roles; authors must not use it
	Content  bool // takes its name from what is inside
	Nameless bool // must not be named by the author
	Flat     bool // what is inside has no meaning of its own
	Widget   bool // something to operate
	Attrs    []string
	Required []string
	Parents  []string // roles of which one must be around it
	Children []string // roles that it may own, at least one of them
}

// Lookup is the role of a name in lower case, nil if there is none.
func Lookup(name string) *Role { return roles[name] }

// Valid reports whether authors may use the role.
func Valid(name string) bool {
	r := roles[name]
	return r != nil && !r.Abstract
}

// First is the first token of a role attribute that authors may use, "" if
// there is none.
func First(attr string) string {
	for w := range strings.FieldsSeq(attr) {
		if lower := strings.ToLower(w); Valid(lower) {
			return lower
		}
	}
	return ""
}

// Takes reports whether an attribute, named with "aria-", may stand on the
// role. Version 1.1 let aria-expanded stand on nearly all, which counts here.
func (r *Role) Takes(attr string) bool {
	name := strings.TrimPrefix(attr, "aria-")
	return Global(attr) || name == "expanded" && !r.Nameless || has(r.Attrs, name) || has(r.Required, name)
}

// Owns reports whether the role may own one of the other role.
func (r *Role) Owns(other string) bool { return has(r.Children, other) }

// In reports whether the other role may be around this one.
func (r *Role) In(other string) bool { return has(r.Parents, other) }

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// A Type is what values an attribute takes.
type Type int

// The types of values.
const (
	Text Type = iota
	Bool
	MaybeBool // or undefined
	Tristate  // or mixed, or undefined
	Token
	Tokens
	Integer
	Ordinal // a whole number from 1
	Number
	ID
	IDs
)

// An Attribute is a state or property.
type Attribute struct {
	Type   Type
	Global bool // on every role, also where 1.2 only tolerates it
	Names  bool // names the element, which some roles forbid
	Tokens []string
}

// Known is the attribute of a name with "aria-", and whether there is one.
func Known(name string) (Attribute, bool) {
	a, ok := attributes[strings.TrimPrefix(name, "aria-")]
	return a, ok && strings.HasPrefix(name, "aria-")
}

// Global reports whether an attribute may stand on every role.
func Global(name string) bool { return attributes[strings.TrimPrefix(name, "aria-")].Global }

// Fits reports whether a value that is not empty is of the attribute's type.
// References are not followed here.
func (a *Attribute) Fits(value string) bool {
	v := strings.ToLower(strings.TrimSpace(value))
	switch a.Type {
	case Bool:
		return v == "true" || v == "false"
	case MaybeBool:
		return v == "true" || v == "false" || v == "undefined"
	case Tristate:
		return v == "true" || v == "false" || v == "mixed" || v == "undefined"
	case Token:
		return has(a.Tokens, v)
	case Tokens:
		for w := range strings.FieldsSeq(v) {
			if !has(a.Tokens, w) {
				return false
			}
		}
	case Integer, Ordinal:
		n, err := strconv.Atoi(v)
		return err == nil && (a.Type == Integer || n > 0)
	case Number:
		_, err := strconv.ParseFloat(v, 64)
		return err == nil && !strings.ContainsAny(v, "xn")
	case ID:
		return !strings.ContainsAny(v, " \t\n\r\f")
	}
	return true
}
