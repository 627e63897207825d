// Package a11yorientationlock is the check a11y-orientation-lock: style sheets that turn the page so that it can be read one way only.
package a11yorientationlock

import (
	"context"
	_ "embed"
	"math"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check a11y-orientation-lock.
var Check = inspect.NewCheck("a11y-orientation-lock", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	var rules []*accname.StyleRule
	turning := false
	for _, r := range tree.StyleRules() {
		if strings.Contains(r.Body, "transform") {
			rules = append(rules, r)
			turning = turning || side(r) != ""
		}
	}
	if !turning {
		return nil
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		if e.Node.Namespace == "" && e.Displayed() && turned(rules, e) && hasText(e) {
			g.Fault(e, "样式表按屏幕方向旋转内容，只能以一种方向阅读：%s", places.Shown(e))
		}
	}
	g.End()
	return nil
}

func hasText(e *accname.Element) bool { return !accname.Blank(inspect.TextOf(e.Node)) }

// side is the orientation for which a rule is, "" if it is for both.
func side(r *accname.StyleRule) string {
	m := strings.ReplaceAll(strings.ToLower(r.Media), " ", "")
	switch {
	case strings.Contains(m, "orientation:portrait") && !strings.Contains(m, "not"):
		return "portrait"
	case strings.Contains(m, "orientation:landscape") && !strings.Contains(m, "not"):
		return "landscape"
	}
	return ""
}

// turned reports whether an element stands at a right angle to itself when the
// screen is turned.
func turned(rules []*accname.StyleRule, e *accname.Element) bool {
	angle := map[string]float64{}
	sure := true
	for i := range rules {
		r := rules[i]
		if !r.Selects(e) {
			continue
		}
		s := side(r)
		if s == "" && r.Holds != accname.Yes {
			return false
		}
		accname.Declarations(r.Body, func(name, value string, important bool) {
			if name != "transform" {
				return
			}
			a, ok := rotation(value)
			sure = sure && !important
			if !ok {
				return
			}
			if s == "" {
				angle["portrait"], angle["landscape"] = a, a
			} else {
				angle[s] = a
			}
		})
	}
	d := math.Mod(math.Abs(angle["portrait"]-angle["landscape"]), 360)
	return sure && (math.Abs(d-90) < 1 || math.Abs(d-270) < 1)
}

// rotation is by how many degrees a transform turns; not ok when it is not
// valid or does more than turn, shift and enlarge.
func rotation(value string) (sum float64, ok bool) {
	s := strings.ToLower(strings.TrimSpace(value))
	if s == "none" {
		return 0, true
	}
	for s != "" {
		name, rest, found := strings.Cut(s, "(")
		args, after, closed := strings.Cut(rest, ")")
		if !found || !closed {
			return 0, false
		}
		a, ok := one(strings.TrimSpace(name), strings.FieldsFunc(args, func(r rune) bool { return r == ',' || r == ' ' }))
		if !ok {
			return 0, false
		}
		sum += a
		s = strings.TrimSpace(after)
	}
	return sum, true
}

func one(name string, args []string) (float64, bool) {
	switch {
	case (name == "rotate" || name == "rotatez") && len(args) == 1:
		return degrees(args[0])
	case name == "rotate3d" && len(args) == 4 && zero(args[0]) && zero(args[1]) && !zero(args[2]):
		a, ok := degrees(args[3])
		if strings.HasPrefix(args[2], "-") {
			a = -a
		}
		return a, ok
	case name == "matrix" && len(args) == 6 || name == "matrix3d" && len(args) == 16:
		a, u := accname.Length(args[0])
		b, v := accname.Length(args[1])
		if strings.HasPrefix(v, "e-") {
			b, v = 0, ""
		}
		return math.Atan2(b, a) * 180 / math.Pi, u == "" && v == ""
	case strings.HasPrefix(name, "translate"):
		return 0, true
	}
	return 0, false
}

func zero(s string) bool {
	n, unit := accname.Length(s)
	return n == 0 && unit == ""
}

func degrees(s string) (float64, bool) {
	n, unit := accname.Length(s)
	switch unit {
	case "deg":
		return n, true
	case "turn":
		return n * 360, true
	case "rad":
		return n * 180 / math.Pi, true
	case "grad":
		return n * 0.9, true
	}
	return 0, unit == "" && n == 0
}
