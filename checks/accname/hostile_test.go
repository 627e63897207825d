package accname

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// hostile are pages made to make a checker fall over.
func hostile() map[string]string {
	r := func(s string, n int) string { return strings.Repeat(s, n) }
	var rings, labels strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&rings, `<a id=a%d href=/ aria-labelledby="a%d a%d" aria-owns=a%d></a>`, i, (i+1)%2000, i, (i+7)%2000)
	}
	for i := range 20000 {
		fmt.Fprintf(&labels, `<label for=f>x</label><input id=f aria-labelledby=all>`)
		_ = i
	}
	return map[string]string{
		"nesting":               r("<div role=list><span>", 250) + "深" + r("</span></div>", 250),
		"too deep":              r("<div>", 5000),
		"rings":                 rings.String(),
		"itself":                `<a id=x href=/ aria-labelledby="x x x" aria-owns=x></a>`,
		"links":                 r(`<a href=/></a>`, 100_000),
		"links naming the page": `<body id=all>` + r(`<a href=/ aria-labelledby=all></a>`, 50_000),
		"one label":             `<div id=all>` + labels.String() + `</div>`,
		"one label for all":     `<label>` + r(`<input>`, 50_000) + `</label>`,
		"same ids":              r(`<i id=x></i><label for=x></label>`, 20_000),
		"broken bytes":          "<a href=/>\xff\xfe\x00\x80<img alt=\"\xe4\xb8\"><p title='\xc0' lang=\xff aria-\xff=1 role=\xfe style=\"\xff:\xfe!important\">",
		"unclosed":              `<style>a{display:none` + r("{", 5000),
		"sheet":                 `<style>` + r(`li:nth-child(2n+1) ~ li{display:none}`, 50) + `</style><ul>` + r(`<li>`, 30_000),
		"selectors":             `<style>` + r(`:not(:not(a[b="}"])),a:hover::x >> b,{visibility:hidden}`, 2000) + `</style>` + r(`<a href=/ class="a b c">`, 100),
		"attributes":            `<a href=/ ` + r(`aria-x="1" `, 20_000) + `>`,
		"references":            `<a id=x href=/ aria-labelledby="` + r(`x y z `, 50_000) + `">`,
		"frames":                `<frameset>` + r(`<frame>`, 10_000),
		"nothing":               "",
		"only text":             "甲",
	}
}

// TestHostile asks everything of every element of such pages.
func TestHostile(t *testing.T) {
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			tree, err := For(&inspect.Page{Type: "text/html", Body: []byte(body)})
			if err != nil {
				if name != "too deep" {
					t.Fatal(err)
				}
				return
			}
			for i := range tree.Elements {
				e := &tree.Elements[i]
				tree.Name(e)
				tree.Nameless(e)
				if i < 2000 {
					tree.Seen(e)
					tree.Away(e)
					tree.FontSize(e)
				}
				e.Focusable()
				e.Tabbable()
				tree.Owner(e)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %s", d)
			} else {
				t.Log(d)
			}
		})
	}
}

// FuzzTree takes any bytes for a page.
func FuzzTree(f *testing.F) {
	for _, body := range hostile() {
		if len(body) < 20_000 {
			f.Add([]byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		tree, err := For(&inspect.Page{Type: "text/html", Body: body})
		if err != nil {
			return
		}
		for i := range tree.Elements {
			e := &tree.Elements[i]
			if e.Index != i || e.End <= i || e.End > len(tree.Elements) || e.Up != nil && e.Up.Index >= i {
				t.Fatalf("element %d: index %d, end %d", i, e.Index, e.End)
			}
			if name := tree.Name(e); tree.Nameless(e) != Blank(name) {
				t.Fatalf("element %d <%s>: name %q, nameless %v", i, e.Node.Data, name, tree.Nameless(e))
			}
			tree.Seen(e)
			tree.Away(e)
			tree.FontSize(e)
		}
	})
}
