package inspect_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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

// A fault is never overruled by what the browser says of another element that
// looks the same.
func TestTwinsOverruleNothing(t *testing.T) {
	t.Parallel()
	const hide = ` style="display:none"`
	for name, tt := range map[string]struct {
		source, shown string
		passed        []string
		want          inspect.Comparison
	}{
		"hidden beside one with a name":  {`<img src="p.png"><img src="p.png" alt="甲">`, `<img src="p.png"` + hide + `><img src="p.png" alt="甲">`, []string{"img:nth-child(2)"}, inspect.Comparison{Unsaid: 1}},
		"gone beside one with a name":    {`<img src="p.png"><img src="p.png" alt="甲">`, `<img src="p.png" alt="甲">`, []string{"img"}, inspect.Comparison{Unsaid: 1}},
		"hidden beside one just like it": {`<img src="p.png"><img src="p.png">`, `<img src="p.png"` + hide + `><img src="p.png">`, []string{"img:nth-child(2)"}, inspect.Comparison{Unsaid: 2}},
		"gone beside one just like it":   {`<img src="p.png"><img src="p.png">`, `<img src="p.png">`, []string{"img"}, inspect.Comparison{Unsaid: 2}},
		"a copy with a name came":        {`<img src="p.png">`, `<img src="p.png"` + hide + `><img src="p.png" alt="甲">`, []string{"img:nth-child(2)"}, inspect.Comparison{Unsaid: 1}},
		"a script gave it a name":        {`<img src="p.png">`, `<img src="p.png" alt="甲">`, []string{"img"}, inspect.Comparison{Refuted: 1}},
		"and its twin too":               {`<img src="p.png"><img src="p.png">`, `<img src="p.png" alt="甲"><img src="p.png" alt="甲">`, []string{"img:nth-child(1)", "img:nth-child(2)"}, inspect.Comparison{Refuted: 2}},
	} {
		r := &inspect.Rendered{URL: home, HTML: "<html><head></head><body>" + tt.shown + "</body></html>", Passed: map[string][]string{"image-alt": tt.passed}}
		in := inspectAll(t, feed{{Page: newPage(home, tt.source)}, {Shown: r}}, rules(nameless()))
		tt.want.Check, tt.want.Rules = "a11y-img-alt", "image-alt role-img-alt"
		if diff := cmp.Diff([]inspect.Comparison{tt.want}, in.Compared); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		want := inspect.Fail
		if tt.want.Refuted > 0 {
			want = inspect.Review
		}
		if got := in.Findings[0].Outcome; got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What a rule leaves to a person in the browser's document is not missed.
func TestCompareCountsWhatIsLeftToAPerson(t *testing.T) {
	t.Parallel()
	doubt := nameless()
	doubt.Run = func(_ context.Context, p *inspect.Pass) error {
		p.Report(inspect.Finding{Outcome: inspect.Review, Locus: "img", Nodes: p.Page.Elements(atom.Img)[:1]})
		return nil
	}
	const two = `<img id="a" src="a.png"><img id="b" src="b.png">`
	r := &inspect.Rendered{URL: home, HTML: two, Violations: []inspect.Violation{says("image-alt", "#a", "#b")}, Passed: map[string][]string{}}
	in := inspectAll(t, feed{{Page: newPage(home, two)}, {Shown: r}}, rules(doubt))
	want := []inspect.Comparison{{Check: "a11y-img-alt", Rules: "image-alt role-img-alt", Left: 1, Missed: 1}}
	if diff := cmp.Diff(want, in.Compared); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The forms in which axe-core names elements find the one that is meant.
func TestTargetsAreFound(t *testing.T) {
	t.Parallel()
	const body = `<div id="1a"><ul class="x a:b"><li><img src="/p/1.png"></li><li><img src="/p/2.png?a=&quot;b&quot;"></li></ul></div><img src="/q.png" data-x="1"><p><span><img src="/z.png" class="z"></span></p>`
	for target, want := range map[string]string{
		`#\31 a > .x > li:nth-child(1) > img`: "/p/1.png", `.a\:b > li:nth-child(2) > img`: `/p/2.png?a="b"`, `img[src$="q.png"]`: "/q.png",
		`img[src="/p/2.png?a=\"b\""]`: `/p/2.png?a="b"`, `img[data-x]`: "/q.png", `p img`: "/z.png", `body > img`: "/q.png", `.z`: "/z.png", `*.z`: "/z.png",
		`img`: "", `li > img`: "", `#none`: "", `img:hover`: "", `img[`: "", `img >`: "", `> img`: "", ``: "", `img[src="`: "", `#\`: "", `li:nth-child(0) > img`: "", `li:nth-child(`: "",
	} {
		only := nameless()
		only.Run = func(_ context.Context, p *inspect.Pass) error {
			for _, n := range p.Page.Elements(atom.Img) {
				if inspect.Attr(n, "src") == want {
					p.Report(inspect.Finding{Locus: want, Nodes: []*html.Node{n}})
				}
			}
			return nil
		}
		r := &inspect.Rendered{URL: home, HTML: "<html><head></head><body>" + body + "</body></html>", Violations: []inspect.Violation{says("image-alt", target)}, Passed: map[string][]string{}}
		in := inspectAll(t, feed{{Page: newPage(home, body)}, {Shown: r}}, rules(only))
		if want == "" && in.Compared != nil || want != "" && (len(in.Compared) != 1 || in.Compared[0].Both != 1) {
			t.Errorf("%s: %+v", target, in.Compared)
		}
	}
}

// A stop that comes before the comparison ends it: nothing is overruled by
// half of it, and the inspection can be resumed.
func TestCompareHeedsAStop(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	last := bound("last", inspect.PerSite, func(context.Context, *inspect.Pass) error { cancel(); return nil })
	const img = `<img id="b" src="b.png">`
	r := &inspect.Rendered{URL: home, HTML: img, Passed: map[string][]string{"image-alt": {"#b"}}}
	in, err := (&inspect.Inspector{Source: feed{{Page: newPage(home, img)}, {Shown: r}}, Rules: rules(nameless(), last)}).Inspect(ctx, "id", site(), today)
	if !errors.Is(err, context.Canceled) || in.Complete || in.Compared != nil || in.Findings[0].Outcome != inspect.Fail {
		t.Errorf("%v, complete %v, %+v, %+v", err, in.Complete, in.Compared, in.Findings)
	}
}

// A page of thousands of faults is compared in little time: half a second on
// an idle machine, 53 s when each selector was looked for in the whole tree.
func TestCompareScales(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	var targets []string
	for i := range 3000 {
		fmt.Fprintf(&b, `<li><img src="%d.png"></li>`, i)
		targets = append(targets, fmt.Sprintf("li:nth-child(%d) > img", i+1))
	}
	page := "<ul>" + b.String() + "</ul>"
	r := &inspect.Rendered{URL: home, HTML: page, Violations: []inspect.Violation{says("image-alt", targets...)}, Passed: map[string][]string{"role-img-alt": targets}}
	began := time.Now()
	in := inspectAll(t, feed{{Page: newPage(home, page)}, {Shown: r}}, rules(nameless()))
	if took := time.Since(began); took > 25*time.Second {
		t.Errorf("took %v", took)
	}
	if c := in.Compared[0]; c.Both != 500 || c.Both+c.Script != 1000 || c.Unsaid+c.Missed+c.Refuted != 0 {
		t.Errorf("%+v", c)
	}
}
