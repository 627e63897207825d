package bulletins_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The report is a file that people open with their browser: nothing that a
// page wrote may run in it, and nothing is loaded from elsewhere.
func TestHTMLIsSafeAndWhole(t *testing.T) {
	t.Parallel()
	got := written(t, "html", sample())
	doc, err := html.Parse(strings.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		attrs(t, n)
		if n.DataAtom == atom.Html && attr(n, "lang") != "zh-CN" {
			t.Errorf("lang = %q", attr(n, "lang"))
		}
		if n.DataAtom == atom.Th && attr(n, "scope") == "" {
			t.Error("a table header without scope")
		}
		if n.DataAtom == atom.Title && !strings.Contains(n.FirstChild.Data, "尧都区人民政府") {
			t.Errorf("title = %q", n.FirstChild.Data)
		}
		if n.DataAtom == atom.Table && (n.FirstChild == nil || !hasChild(n, atom.Caption)) {
			t.Error("a table without a caption")
		}
	}
	if count["h1"] != 1 || count["title"] != 1 || count["main"] != 1 || count["table"] < 3 {
		t.Errorf("elements: %v", count)
	}
	if !strings.Contains(got, "&lt;script&gt;alert(1)") {
		t.Error("the hostile message is not shown as text")
	}
}

func hasChild(n *html.Node, a atom.Atom) bool {
	for c := range n.ChildNodes() {
		if c.DataAtom == a {
			return true
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// attrs fails on an element or an attribute that runs or loads something.
func attrs(t *testing.T, n *html.Node) {
	t.Helper()
	ours := n.DataAtom == atom.Img && strings.HasPrefix(attr(n, "src"), "data:image/jpeg;base64,") && strings.Contains(attr(n, "alt"), "截图")
	switch n.DataAtom {
	case atom.Img:
		if !ours {
			t.Errorf("<img src=%q> in the report", attr(n, "src"))
		}
	case atom.Script, atom.Iframe, atom.Object, atom.Embed, atom.Link, atom.Form, atom.Svg:
		t.Errorf("<%s> in the report", n.Data)
	}
	for _, a := range n.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on") || a.Key == "src" && !ours || a.Key == "srcset" || a.Key == "style":
			t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
		case a.Key == "href" && (n.DataAtom != atom.A || !strings.HasPrefix(a.Val, "http://") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "#")):
			t.Errorf("<%s href=%q>", n.Data, a.Val)
		}
	}
}
