package inspect

import (
	"strings"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A LinkKind says how a page refers to a target.
type LinkKind string

// The kinds of reference.
const (
	Anchor     LinkKind = "a"
	Area       LinkKind = "area"
	Attachment LinkKind = "attachment" // an anchor that names a document to download
	Image      LinkKind = "img"
	SrcSet     LinkKind = "srcset"
	Script     LinkKind = "script"
	Style      LinkKind = "style"
	Icon       LinkKind = "icon"
	Frame      LinkKind = "iframe"
	Form       LinkKind = "form"
	Media      LinkKind = "media"
	Object     LinkKind = "object"
	CSS        LinkKind = "css" // url() in a style
	Refresh    LinkKind = "refresh"
)

// Chinese is the kind in the words of a notice.
func (k LinkKind) Chinese() string {
	switch k {
	case Anchor, Area, Refresh:
		return "链接"
	case Attachment:
		return "附件"
	case Image, SrcSet, Icon, CSS:
		return "图片"
	case Script, Style:
		return "页面资源"
	case Frame:
		return "框架页"
	case Form:
		return "表单"
	}
	return "媒体"
}

// A Link is one reference on a page.
type Link struct {
	Kind   LinkKind
	Raw    string // as written
	URL    string // normal form; "" unless Scheme is HTTP
	Scheme Scheme
	Node   *html.Node // the element; nil in a reading, and where links are all that is asked of the page

	said string // its text
}

// Text is what a reader sees of the link.
func (l *Link) Text() string { return l.said }

// mostSaid bounds the text of a link, in letters.
const mostSaid = 60

// said is what a reader sees of a link. Of what only holds a link, as a form
// or a box with a picture behind it, that is not all that stands in it.
func said(n *html.Node) string {
	t, anchor := "", n.DataAtom == atom.A
	if anchor {
		t = textOf(n, 4*mostSaid+4)
	}
	if t == "" {
		t = Attr(n, "title")
	}
	for c := n.FirstChild; c != nil && anchor && t == ""; c = c.NextSibling {
		t = Attr(c, "alt")
	}
	if t == "" {
		t = Attr(n, "alt")
	}
	return zh.Truncate(t, mostSaid)
}

// Follows reports whether a visitor goes there, so that a crawler may find
// another page behind it.
func (l *Link) Follows() bool {
	switch l.Kind {
	case Anchor, Area, Frame, Refresh:
		return true
	}
	return false
}

// maxLinks is how many references of a page are read: a hostile page has a
// million. Where there are more, link-broken says so.
const maxLinks = 20_000

// Links are the references of the page, in document order within their kinds.
func (p *Page) Links() []Link {
	return p.links.get(func() []Link {
		if p.Reading != nil && p.Body == nil {
			return p.Reading.Links
		}
		if p.Type == StyleSheet {
			c := linkCollector{base: NewBase(p.Landed())}
			c.css(string(p.Body), nil)
			return c.out
		}
		if p.LinksOnly {
			if links, ok := p.scanLinks(); ok {
				return links
			}
		}
		if _, err := p.Doc(); err != nil {
			return nil
		}
		c := linkCollector{base: p.baseOf(p.index[atom.Base]), out: make([]Link, 0, len(p.index[atom.A])+32)}
		for _, k := range linkSources {
			for _, n := range p.index[k.name] {
				k.take(&c, n)
			}
		}
		c.styles(p.index[atom.Style], p.style)
		return c.out[:min(len(c.out), maxLinks)]
	})
}

// baseOf is where the page's references start: its landing place, or <base>.
func (p *Page) baseOf(bases []*html.Node) *Base {
	b := NewBase(p.Landed())
	b.Query = p.EncodeQuery
	for _, n := range bases {
		if href, ok := LookupAttr(n, "href"); ok {
			if u, s := b.Resolve(href); s == HTTP {
				q := b.Query
				b = NewBase(u)
				b.Query = q
			}
			break
		}
	}
	return b
}

type linkCollector struct {
	base *Base
	out  []Link
}

func (c *linkCollector) add(k LinkKind, raw string, n *html.Node) {
	u, s := c.base.Resolve(raw)
	l := Link{Kind: k, Raw: raw, URL: u, Scheme: s, Node: n}
	if n != nil {
		l.said = said(n)
	}
	c.out = append(c.out, l)
}

// attr adds the value of an attribute if the element has it.
func (c *linkCollector) attr(k LinkKind, n *html.Node, key string) {
	if v, ok := LookupAttr(n, key); ok {
		c.add(k, v, n)
	}
}

// linkSources says which element refers how; a table, since HTML is one.
var linkSources = []struct {
	name atom.Atom
	take func(*linkCollector, *html.Node)
}{
	{atom.A, func(c *linkCollector, n *html.Node) {
		v, ok := LookupAttr(n, "href")
		if !ok {
			return
		}
		c.add(Anchor, v, n)
		if l := &c.out[len(c.out)-1]; l.Scheme == HTTP && IsDocument(l.URL) {
			l.Kind = Attachment
		}
	}},
	{atom.Area, func(c *linkCollector, n *html.Node) { c.attr(Area, n, "href") }},
	{atom.Img, func(c *linkCollector, n *html.Node) {
		if v, ok := LookupAttr(n, "src"); ok && strings.TrimSpace(v) != "" {
			c.add(Image, v, n)
		}
		c.srcset(n)
	}},
	{atom.Source, func(c *linkCollector, n *html.Node) {
		c.attr(Media, n, "src")
		c.srcset(n)
	}},
	{atom.Script, func(c *linkCollector, n *html.Node) {
		if v := Attr(n, "src"); strings.TrimSpace(v) != "" {
			c.add(Script, v, n)
		}
	}},
	{atom.Link, func(c *linkCollector, n *html.Node) {
		rel := strings.ToLower(Attr(n, "rel"))
		switch {
		case strings.Contains(rel, "stylesheet"):
			c.attr(Style, n, "href")
		case strings.Contains(rel, "icon"):
			c.attr(Icon, n, "href")
		}
	}},
	{atom.Iframe, func(c *linkCollector, n *html.Node) {
		if v := Attr(n, "src"); strings.TrimSpace(v) != "" {
			c.add(Frame, v, n)
		}
	}},
	{atom.Frame, func(c *linkCollector, n *html.Node) { c.attr(Frame, n, "src") }},
	{atom.Form, func(c *linkCollector, n *html.Node) {
		// Only what a GET form would open is asked; nothing is ever submitted.
		if m := strings.ToLower(Attr(n, "method")); m == "" || m == "get" {
			if v := Attr(n, "action"); strings.TrimSpace(v) != "" {
				c.add(Form, v, n)
			}
		}
	}},
	{atom.Video, func(c *linkCollector, n *html.Node) { c.attr(Media, n, "src"); c.attr(Image, n, "poster") }},
	{atom.Audio, func(c *linkCollector, n *html.Node) { c.attr(Media, n, "src") }},
	{atom.Embed, func(c *linkCollector, n *html.Node) { c.attr(Media, n, "src") }},
	{atom.Object, func(c *linkCollector, n *html.Node) { c.attr(Object, n, "data") }},
	{atom.Input, func(c *linkCollector, n *html.Node) {
		if strings.EqualFold(Attr(n, "type"), "image") {
			c.attr(Image, n, "src")
		}
	}},
	{atom.Meta, func(c *linkCollector, n *html.Node) {
		if strings.EqualFold(Attr(n, "http-equiv"), "refresh") {
			if u, ok := refreshTarget(Attr(n, "content")); ok {
				c.add(Refresh, u, n)
			}
		}
	}},
}

// refreshTarget reads the address in "0; url='x'"; browsers take it without
// "url=" too.
func refreshTarget(content string) (string, bool) {
	i := strings.IndexAny(content, ";,")
	if i < 0 {
		return "", false
	}
	rest := strings.TrimSpace(content[i+1:])
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if u, ok := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); ok {
			rest = strings.TrimSpace(u)
		}
	}
	rest = strings.TrimSpace(strings.Trim(rest, `"'`))
	return rest, rest != ""
}

// srcset adds each candidate of a srcset.
func (c *linkCollector) srcset(n *html.Node) {
	set, ok := LookupAttr(n, "srcset")
	if !ok {
		return
	}
	for set != "" {
		set = strings.TrimLeft(set, " \t\n\r\f,")
		i := strings.IndexAny(set, " \t\n\r\f")
		u, rest := set, ""
		if i >= 0 {
			u, rest = set[:i], set[i:]
		}
		if strings.HasSuffix(u, ",") { // no descriptor
			u = strings.TrimRight(u, ",")
			set = rest
		} else if _, after, ok := strings.Cut(rest, ","); ok {
			set = after
		} else {
			set = ""
		}
		if u != "" {
			c.add(SrcSet, u, n)
		}
	}
}

// styles adds url() of style attributes, style elements and old background attributes.
func (c *linkCollector) styles(sheets, styled []*html.Node) {
	for _, n := range sheets {
		if n.FirstChild != nil {
			c.css(n.FirstChild.Data, n)
		}
	}
	for _, n := range styled {
		if v, ok := LookupAttr(n, "background"); ok {
			c.add(CSS, v, n)
		}
		c.css(Attr(n, "style"), n)
	}
}

func (c *linkCollector) css(s string, n *html.Node) {
	for u := range CSSURLs(s) {
		c.add(CSS, u, n)
	}
}

// IsDocument reports whether a URL names a document to download.
func IsDocument(u string) bool {
	switch Extension(u) {
	case "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "ofd", "rtf", "zip", "rar", "7z", "csv", "txt":
		return true
	}
	return false
}

// Extension is the lower-case file extension of a URL's path, without dot.
func Extension(u string) string {
	if i := strings.IndexByte(u, '?'); i >= 0 {
		u = u[:i]
	}
	if i := strings.IndexByte(u, '#'); i >= 0 {
		u = u[:i]
	}
	i := strings.LastIndexByte(u, '.')
	if i < 0 || len(u)-i > 6 || strings.IndexByte(u[i:], '/') >= 0 || strings.Count(u[:i], "/") < 3 {
		return ""
	}
	return strings.ToLower(u[i+1:])
}
