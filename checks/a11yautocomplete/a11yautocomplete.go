// Package a11yautocomplete is the check a11y-autocomplete: fields whose autocomplete says nothing that a browser understands.
package a11yautocomplete

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

// Check is the check a11y-autocomplete.
var Check = inspect.NewCheck("a11y-autocomplete", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, a := range []atom.Atom{atom.Input, atom.Select, atom.Textarea} {
		for _, e := range tree.Named(a) {
			if v := e.Attr("autocomplete"); v != "" && asked(e) && !valid(v) {
				g.Fault(e, "autocomplete 的值“%s”无效：%s", zh.Truncate(v, 30), places.Shown(e))
			}
		}
	}
	g.End()
	return nil
}

// asked reports whether the field is one that people fill in.
func asked(e *accname.Element) bool {
	if !e.Exposed() || e.Disabled() || strings.EqualFold(e.Attr("aria-disabled"), "true") || e.Has("readonly") ||
		strings.EqualFold(e.Attr("aria-readonly"), "true") {
		return false
	}
	if e.Is(atom.Input) {
		switch e.Type() {
		case "hidden", "submit", "reset", "button", "image", "checkbox", "radio", "file":
			return false
		}
	}
	if r := e.Facts(); e.HasRole() && (r == nil || !r.Widget) && !e.Tabbable() {
		return false
	}
	return true
}

// off are words that are no field, but meant to keep browsers from filling in.
var off = []string{"", "on", "off", "false", "true", "none", "nope", "no", "disabled", "enabled", "undefined", "null"}

func valid(value string) bool {
	words := strings.Fields(strings.ToLower(value))
	if len(words) <= 1 {
		for _, w := range off {
			if len(words) == 0 || words[0] == w {
				return true
			}
		}
	}
	next := func(ok func(string) bool) bool {
		if len(words) > 0 && ok(words[0]) {
			words = words[1:]
			return true
		}
		return false
	}
	next(func(w string) bool { return len(w) >= 8 && strings.HasPrefix(w, "section-") })
	next(func(w string) bool { return w == "shipping" || w == "billing" })
	contact := next(func(w string) bool { return w == "home" || w == "work" || w == "mobile" || w == "fax" || w == "pager" })
	if len(words) == 0 || !(contacts[words[0]] || !contact && fields[words[0]]) {
		return false
	}
	words = words[1:]
	next(func(w string) bool { return w == "webauthn" })
	return len(words) == 0
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		out[w] = true
	}
	return out
}

// fields are the names of fields in HTML; contacts those that may be at home
// or at work.
var (
	fields = set("name honorific-prefix given-name additional-name family-name honorific-suffix nickname username new-password " +
		"current-password one-time-code organization-title organization street-address address-line1 address-line2 address-line3 " +
		"address-level4 address-level3 address-level2 address-level1 country country-name postal-code cc-name cc-given-name " +
		"cc-additional-name cc-family-name cc-number cc-exp cc-exp-month cc-exp-year cc-csc cc-type transaction-currency " +
		"transaction-amount language bday bday-day bday-month bday-year sex url photo device-eid device-imei")
	contacts = set("tel tel-country-code tel-national tel-area-code tel-local tel-local-prefix tel-local-suffix tel-extension email impp")
)
