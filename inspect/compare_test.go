package inspect_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/xunjian/xunjian/inspect"
)

// nameless is a rule that takes every picture without alt for a fault, one
// finding a picture.
func nameless() inspect.Bound {
	c := inspect.NewCheck("a11y-img-alt", "---\naxe: [image-alt, role-img-alt]\n---\n", inspect.PerPage, struct{}{}, nil)
	return inspect.Bound{Check: c, Run: func(_ context.Context, p *inspect.Pass) error {
		for _, n := range p.Page.Elements(atom.Img) {
			if _, ok := inspect.LookupAttr(n, "alt"); !ok {
				p.Report(inspect.Finding{Locus: inspect.Attr(n, "src"), Template: true, Message: "没有替代文本", Nodes: []*html.Node{n}})
			}
		}
		return nil
	}}
}

func says(rule string, targets ...string) inspect.Violation {
	v := inspect.Violation{Rule: rule}
	for _, t := range targets {
		v.Nodes = append(v.Nodes, inspect.ViolationNode{Target: t})
	}
	return v
}

// Where the source and a browser speak of the same element the browser's word
// stands, and the rule is measured by it.
func TestCompareWithBrowser(t *testing.T) {
	t.Parallel()
	source := `<img id="a" src="a.png"><img id="b" src="b.png"><img id="c" src="c.png"><img id="d" src="d.png" alt="丁"><div id="e"></div>`
	shown := strings.Replace(source, `<div id="e"></div>`, `<div id="e"><img src="e.png"></div>`, 1)
	const other = home + "o.html"
	r := &inspect.Rendered{URL: home, Engine: "axe-core 4", HTML: "<html><head></head><body>" + shown + "</body></html>",
		Violations: []inspect.Violation{says("image-alt", "#a", "#d", "#e > img"), says("color-contrast", "#b")},
		Passed:     map[string][]string{"image-alt": {"#b", ".two > .frames >>> img"}, "role-img-alt": {"#b", "#gone"}}}
	in := inspectAll(t, feed{{Page: newPage(home, source)}, {Page: newPage(other, `<img id="a" src="a.png"><img src="b.png" id="b">`)}, {Shown: r}}, rules(nameless()))
	want := []inspect.Comparison{{Check: "a11y-img-alt", Rules: "image-alt role-img-alt", Both: 1, Refuted: 1, Unsaid: 1, Missed: 1, Script: 1}}
	if diff := cmp.Diff(want, in.Compared); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got := map[string]inspect.Outcome{}
	for _, f := range in.Findings {
		got[f.Locus] = f.Outcome
		if marked := strings.Contains(f.Message, "以浏览器为准"); marked != (f.Locus == "b.png") || f.Nodes != nil {
			t.Errorf("%s: %q, %d elements", f.Locus, f.Message, len(f.Nodes))
		}
		if f.Places < 1 || f.Locus == "b.png" && f.Places != 2 {
			t.Errorf("%s at %d places", f.Locus, f.Places)
		}
	}
	if diff := cmp.Diff(map[string]inspect.Outcome{"a.png": inspect.Fail, "b.png": inspect.Review, "c.png": inspect.Fail}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Nothing is compared with a page that the browser could not show, or with a
// record that does not tell what passes.
func TestCompareNeedsBoth(t *testing.T) {
	t.Parallel()
	const img = `<img id="b" src="b.png">`
	for name, r := range map[string]*inspect.Rendered{
		"a problem":    {URL: home, Problem: "没有完成", HTML: img, Passed: map[string][]string{"image-alt": {"#b"}}},
		"no passes":    {URL: home, HTML: img},
		"another page": {URL: home + "x", HTML: img, Passed: map[string][]string{"image-alt": {"#b"}}},
	} {
		in := inspectAll(t, feed{{Page: newPage(home, img)}, {Shown: r}}, rules(nameless()))
		if in.Compared != nil || len(in.Findings) != 1 || in.Findings[0].Outcome != inspect.Fail {
			t.Errorf("%s: %+v %+v", name, in.Compared, in.Findings)
		}
	}
}
