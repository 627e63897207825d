// Package a11ycontrastinline is the check a11y-contrast-inline: text that its own style makes hard to read.
package a11ycontrastinline

import (
	"context"
	_ "embed"
	"math"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-contrast-inline.
var Check = inspect.NewCheck("a11y-contrast-inline", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for i := range tree.Elements {
		e := &tree.Elements[i]
		style := e.Attr("style")
		if len(style) < 20 || !strings.Contains(style, "background") || !e.Displayed() || e.Disabled() || !hasText(e) {
			continue
		}
		ink, paper, ok := colours(style)
		if !ok || tree.Away(e) || e.Within(atom.Label) != nil || strings.EqualFold(e.Attr("aria-disabled"), "true") {
			continue
		}
		k := ratio(ink.over(paper), paper)
		size, known := tree.FontSize(e)
		if k < 3 || k < 4.5 && known && size < 18.5 {
			g.Doubt(e, "文字与背景的对比度约为%.2f:1：%s", k, places.Shown(e))
		}
	}
	g.End()
	return nil
}

func hasText(e *accname.Element) bool {
	for c := e.Node.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode && !accname.Blank(c.Data) {
			return true
		}
	}
	return false
}

// colours are those of text and background when the style gives both plainly
// and nothing else changes what is seen.
func colours(style string) (ink, paper colour, ok bool) {
	inked, papered, plain := false, false, true
	accname.Declarations(style, func(name, value string, _ bool) {
		switch name {
		case "color":
			ink, inked = parse(value)
		case "background", "background-color":
			paper, papered = parse(value)
		case "background-image", "opacity", "text-shadow", "filter", "mix-blend-mode", "-webkit-text-stroke", "backdrop-filter":
			plain = false
		}
	})
	return ink, paper, inked && papered && plain && paper.a == 1
}

// A colour holds parts from 0 to 1.
type colour struct{ r, g, b, a float64 }

// over is the colour that is seen of c on an opaque one.
func (c colour) over(p colour) colour {
	mix := func(x, y float64) float64 { return x*c.a + y*(1-c.a) }
	return colour{mix(c.r, p.r), mix(c.g, p.g), mix(c.b, p.b), 1}
}

// named are the colours that old pages call by name.
var named = map[string]string{"black": "000", "silver": "c0c0c0", "gray": "808080", "grey": "808080", "white": "fff", "maroon": "800000",
	"red": "f00", "purple": "800080", "fuchsia": "f0f", "green": "008000", "lime": "0f0", "olive": "808000", "yellow": "ff0", "navy": "000080",
	"blue": "00f", "teal": "008080", "aqua": "0ff", "orange": "ffa500"}

func parse(value string) (colour, bool) {
	v := strings.ToLower(strings.TrimSpace(value))
	if h, ok := named[v]; ok {
		v = "#" + h
	}
	if h, ok := strings.CutPrefix(v, "#"); ok {
		return fromHex(h)
	}
	for _, f := range []string{"rgba(", "rgb("} {
		if args, ok := strings.CutPrefix(v, f); ok && strings.HasSuffix(args, ")") {
			return fromNumbers(strings.FieldsFunc(strings.TrimSuffix(args, ")"), func(r rune) bool { return r == ',' || r == ' ' || r == '/' }))
		}
	}
	return colour{}, false
}

func fromHex(h string) (colour, bool) {
	if len(h) == 3 || len(h) == 4 {
		var long []byte
		for i := range len(h) {
			long = append(long, h[i], h[i])
		}
		h = string(long)
	}
	if len(h) == 6 {
		h += "ff"
	}
	n, err := strconv.ParseUint(h, 16, 32)
	if err != nil || len(h) != 8 {
		return colour{}, false
	}
	part := func(shift uint) float64 { return float64(n>>shift&0xFF) / 255 }
	return colour{part(24), part(16), part(8), part(0)}, true
}

func fromNumbers(args []string) (colour, bool) {
	if len(args) != 3 && len(args) != 4 {
		return colour{}, false
	}
	v := [4]float64{0, 0, 0, 255}
	for i, s := range args {
		n, unit := accname.Length(s)
		switch {
		case unit == "%":
			n = n * 255 / 100
		case unit != "":
			return colour{}, false
		case i == 3:
			n *= 255
		}
		v[i] = min(max(n, 0), 255)
	}
	return colour{v[0] / 255, v[1] / 255, v[2] / 255, v[3] / 255}, true
}

// ratio is the contrast of two opaque colours (WCAG 2).
func ratio(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

func (c colour) luminance() float64 {
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}

func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
