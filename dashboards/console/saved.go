package console

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/xunjian/xunjian/inspect"
)

// placeID marks the element that a finding speaks of in a saved page.
const placeID = "xunjian-place"

// marked is a saved page with the place marked and without all that could act.
// The headers that it is sent with forbid the same a second time.
func marked(p *inspect.Page, c *inspect.Case) []byte {
	doc, err := html.Parse(bytes.NewReader(p.Body))
	if err != nil {
		return nil // readers of bytes do not fail
	}
	if n := place(doc, p, c); n != nil {
		setAttr(n, "id", placeID)
		setAttr(n, "style", "outline:4px solid #b3261e;outline-offset:3px;scroll-margin:80px")
	}
	quieten(doc)
	var out bytes.Buffer
	if err := html.Render(&out, doc); err != nil {
		return nil // nor do writers to memory
	}
	return out.Bytes()
}

// acting are elements that do or load something.
var acting = []atom.Atom{atom.Script, atom.Iframe, atom.Frame, atom.Frameset, atom.Object, atom.Embed, atom.Applet, atom.Link, atom.Meta, atom.Base, atom.Audio, atom.Video, atom.Source,
	atom.Img, atom.Svg, atom.Math, atom.Template, atom.Noscript}

// quiet are the attributes that stay: they say how something looks or is read.
var quiet = []string{"id", "class", "style", "title", "alt", "lang", "dir", "colspan", "rowspan", "align", "valign", "width", "height", "border", "cellpadding", "cellspacing", "bgcolor", "color", "size", "face", "start", "type"}

// quieten takes out of a page what could act.
func quieten(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.CommentNode || c.Type == html.ElementNode && (slices.Contains(acting, c.DataAtom) || c.Namespace != "" || strings.ContainsAny(c.Data, `"'<>&:`)) {
			n.RemoveChild(c)
		} else {
			quieten(c)
		}
		c = next
	}
	if n.Type == html.ElementNode {
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Namespace != "" || !slices.Contains(quiet, a.Key) })
	}
}

// place is the element that a finding speaks of: its locus is a selector, an
// address that the page links, or words of it; nil if it is not there.
func place(doc *html.Node, p *inspect.Page, c *inspect.Case) *html.Node {
	if c.Locus == "" {
		return nil
	}
	if n := linkTo(doc, p.Landed(), c.Locus); n != nil {
		return n
	}
	if sel, err := cascadia.Parse(c.Locus); err == nil && strings.ContainsAny(c.Locus, ".#>[: ") {
		if n := cascadia.Query(doc, sel); n != nil {
			return n
		}
	}
	return elementWith(doc, c.Locus)
}

// linkTo is the first element that links an address.
func linkTo(doc *html.Node, base, target string) *html.Node {
	root, err := url.Parse(base)
	if err != nil || !strings.Contains(target, "://") {
		return nil
	}
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if a.Key != "href" && a.Key != "src" {
				continue
			}
			u, err := root.Parse(strings.TrimSpace(a.Val))
			if err != nil {
				continue
			}
			if full, ok := inspect.Normal(u.String()); ok && full == target || u.String() == target {
				return n
			}
		}
	}
	return nil
}

// elementWith is the innermost element whose own text has some words.
func elementWith(doc *html.Node, words string) *html.Node {
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, words) && n.Parent != nil && !slices.Contains(acting, n.Parent.DataAtom) && n.Parent.DataAtom != atom.Title {
			return n.Parent
		}
	}
	return nil
}

func setAttr(n *html.Node, key, value string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

// An excerpt is the source around the place that a finding speaks of, as text.
type excerpt struct{ Before, Hit, After string }

const excerptRunes = 240

// excerptOf is the source of the place, and the text around it.
func excerptOf(p *inspect.Page, c *inspect.Case) excerpt {
	doc, err := html.Parse(bytes.NewReader(p.Body))
	if err != nil {
		return excerpt{}
	}
	n := place(doc, p, c)
	if n == nil {
		return excerpt{}
	}
	var hit bytes.Buffer
	if err := html.Render(&hit, n); err != nil {
		return excerpt{}
	}
	e := excerpt{Hit: head(hit.String(), excerptRunes)}
	if s := n.PrevSibling; s != nil {
		e.Before = tail(strings.TrimSpace(textOf(s)), excerptRunes/4)
	}
	if s := n.NextSibling; s != nil {
		e.After = head(strings.TrimSpace(textOf(s)), excerptRunes/4)
	}
	return e
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.DataAtom != atom.Script && d.Parent.DataAtom != atom.Style {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func head(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}

func tail(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return "…" + string(r[len(r)-n:])
}
