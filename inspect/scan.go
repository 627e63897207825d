package inspect

import (
	"bytes"
	"cmp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A page of which nothing is asked but where its links lead needs no tree:
// taking it apart costs most of what reading it costs. A scan of its tags comes
// to the same, as long as they nest as they are written; where a tree would
// put something elsewhere, the scan gives up and the tree is made.

// scan is the scan of the page, made once; nil: it needs the tree.
func (p *Page) scan() *scan {
	return p.scanned.get(func() *scan {
		s := &scan{z: html.NewTokenizer(bytes.NewReader(p.Body))}
		if bytes.IndexByte(p.Body, 0) >= 0 || !s.run() {
			return nil
		}
		return s
	})
}

// MayScan reports whether the links may be all that is read of the page: not
// of the home page, and not of a list that is watched.
func (p *Page) MayScan(s *Site) bool {
	return !SamePage(p.URL, s.Home) && s.ColumnAt(p.URL) == nil
}

// enough is how many bytes of text a scan counts at least, if a page has them.
const enough = 4096

// Says reports whether a scan is enough to know that a visitor reads so many
// bytes on the page, 4,096 at most. If it is not, the page may still say more.
func (p *Page) Says(n int) bool {
	s := p.scan()
	return s != nil && s.shown >= n
}

// scanLinks are the links of the page by a scan; false: it needs the tree.
func (p *Page) scanLinks() ([]Link, bool) {
	s := p.scan()
	if s == nil {
		return nil, false
	}
	c := linkCollector{base: p.baseOf(s.bases), out: make([]Link, 0, len(s.of[atom.A])+32)}
	for _, k := range linkSources {
		for _, n := range s.of[k.name] {
			k.take(&c, n)
		}
	}
	c.styles(s.of[atom.Style], s.style)
	for i := range c.out { // the elements were made for the moment
		c.out[i].Node = nil
	}
	return c.out[:min(len(c.out), maxLinks)], true
}

// A scan reads tags. What it keeps are elements without parents: of an anchor
// the text, as one child.
type scan struct {
	z     *html.Tokenizer
	of    map[atom.Atom][]*html.Node
	bases []*html.Node
	style []*html.Node

	anchor   *html.Node // that is open
	inside   nest       // elements that are open in it
	text     []byte     // of it
	sel      bool       // in a select, of which parsers differ
	par      bool       // in a paragraph, perhaps
	form     bool       // in a form, which holds no other
	body     bool       // the start of one was met
	root     bool
	unread   bool // in a script or a style
	silent   bool // what is next is read by no visitor
	blind    bool // something hid itself, and nobody knows where it ends
	hidden   nest // elements that are open in one that hides itself
	svg      nest // in a drawing
	shown    int  // bytes that a visitor surely reads
	styleTag *html.Node

	nodes []html.Node
	attrs []html.Attribute
}

// A nest are elements that are open in each other.
type nest struct {
	open  []atom.Atom
	names []string // of those that the parser has no number for
}

func (n *nest) push(a atom.Atom, name []byte) {
	n.open = append(n.open, a)
	if a == 0 {
		n.names = append(n.names, string(name))
	}
}

// pop closes the last that was opened; false if the end is not its own.
func (n *nest) pop(a atom.Atom, name []byte) bool {
	k := len(n.open) - 1
	if k < 0 || a != n.open[k] {
		return false
	}
	if a == 0 {
		if n.names[len(n.names)-1] != string(name) {
			return false
		}
		n.names = n.names[:len(n.names)-1]
	}
	n.open = n.open[:k]
	return true
}

func (n *nest) empty() bool { return len(n.open) == 0 }

func (n *nest) clear() { n.open, n.names = n.open[:0], n.names[:0] }

// drawn are the elements of a drawing that lead nowhere and hold nothing else.
func drawn(name []byte) bool {
	switch string(name) {
	case "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs", "use", "symbol", "lineargradient", "radialgradient", "stop", "clippath", "mask":
		return true
	}
	return false
}

// scanned are the elements whose tags tell where something leads.
var scanned = func() map[atom.Atom]bool {
	m := map[atom.Atom]bool{atom.Base: true, atom.Style: true}
	for _, k := range linkSources {
		m[k.name] = true
	}
	return m
}()

// raw reports whether what follows the tag is text that no visitor reads as it is.
func raw(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Title, atom.Textarea, atom.Noscript, atom.Iframe, atom.Noembed, atom.Noframes, atom.Xmp:
		return true
	}
	return false
}

// void are the elements that hold nothing.
func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Image, atom.Input, atom.Link, atom.Meta, atom.Param,
		atom.Source, atom.Track, atom.Wbr, atom.Keygen, atom.Basefont, atom.Bgsound, atom.Frame:
		return true
	}
	return false
}

// closesOthers are the elements that close one of their kind around them,
// whatever else is open in it.
func closesOthers(a atom.Atom) bool {
	switch a {
	case atom.Li, atom.Dd, atom.Dt, atom.Button:
		return true
	}
	return false
}

// closesParagraph are the elements that close a paragraph around them.
func closesParagraph(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Fieldset, atom.Figcaption,
		atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Listing, atom.Main, atom.Menu,
		atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Ul, atom.Xmp:
		return true
	}
	return false
}

// inTable are the elements that are nothing outside a table, and move what
// stands wrongly in one.
func inTable(a atom.Atom) bool {
	switch a {
	case atom.Table, atom.Caption, atom.Colgroup, atom.Col, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr:
		return true
	}
	return false
}

// run reads the page; false: the tree could tell otherwise.
func (s *scan) run() bool {
	s.of, s.attrs = make(map[atom.Atom][]*html.Node, 12), make([]html.Attribute, 0, 128)
	for {
		switch s.z.Next() {
		case html.ErrorToken:
			return s.anchor == nil && s.svg.empty()
		case html.CommentToken:
			if !s.svg.empty() && bytes.HasPrefix(s.z.Raw(), []byte("<![")) {
				return false // text, in a drawing
			}
		case html.TextToken:
			s.words()
		case html.StartTagToken:
			if !s.start(false) {
				return false
			}
		case html.SelfClosingTagToken:
			if !s.start(true) {
				return false
			}
		case html.EndTagToken:
			if !s.end() {
				return false
			}
		}
	}
}

func (s *scan) words() {
	counts := !s.silent && !s.blind && !s.sel && s.hidden.empty() && s.svg.empty() && s.shown < enough
	if s.styleTag != nil || s.anchor != nil && !s.unread || counts {
		t := s.z.Text()
		if counts {
			s.shown += len(bytes.TrimSpace(t))
		}
		switch {
		case s.styleTag != nil:
			s.styleTag.AppendChild(s.node(html.Node{Type: html.TextNode, Data: string(t)}))
		case s.anchor != nil && !s.unread:
			s.text = append(s.text, t...)
		}
	}
	s.silent = false
	s.styleTag, s.unread = nil, false
}

func (s *scan) start(closed bool) bool {
	name, more := s.z.TagName()
	a := atom.Lookup(name)
	if a == atom.Svg || !s.svg.empty() {
		return s.draw(a, name, more, closed)
	}
	s.styleTag, s.unread, s.silent = nil, a == atom.Script || a == atom.Style, raw(a)
	switch a {
	case atom.Object:
		s.blind = true
	case atom.Math, atom.Template, atom.Frameset, atom.Frame, atom.Plaintext:
		return false
	case atom.Image: // the parser makes it an img
		a = atom.Img
	case atom.Select:
		if s.sel {
			return false
		}
		s.sel = true
	case atom.Form:
		if s.form {
			return false
		}
		s.form = true
	}
	if s.anchor != nil && (a == atom.A || inTable(a) || closesOthers(a) || s.par && closesParagraph(a)) {
		return false // the parser may close the anchor first, and open another
	}
	s.par = s.par && !closesParagraph(a) || a == atom.P
	hides := false
	n := s.element(a, more, &hides)
	s.hide(a, name, hides)
	if s.sel && inTable(a) || hides && (a == atom.Body || a == atom.Html) { // its end may count for nothing
		s.blind, s.shown = true, 0
	}
	if n != nil {
		switch {
		case a == atom.Base && len(s.bases) > 0:
			return false // a table may change their order
		case s.sel && a != atom.Select && scanned[a], s.sel && len(n.Attr) > 0 && styled(n):
			return false
		case (inTable(a) && a != atom.Table || a == atom.Head) && styled(n):
			return false // dropped where it does not belong
		case (a == atom.Body || a == atom.Html) && s.again(a):
			return false // the attributes of both are those of the first
		}
		s.keep(a, n)
	}
	if s.anchor == nil {
		if a == atom.A {
			s.anchor, s.text = n, s.text[:0]
			s.inside.clear()
		}
		return true
	}
	return s.nest(a, name, n)
}

// again reports whether the tag was met before.
func (s *scan) again(a atom.Atom) (was bool) {
	if a == atom.Body {
		was, s.body = s.body, true
	} else {
		was, s.root = s.root, true
	}
	return was
}

// nest notes an element that opens in an anchor.
func (s *scan) nest(a atom.Atom, name []byte, n *html.Node) bool {
	switch a {
	case atom.Br:
		s.text = append(s.text, ' ')
	case atom.Body, atom.Html, atom.Head: // the parser drops them there
		return false
	}
	if n != nil {
		s.child(n)
	}
	if !void(a) {
		s.inside.push(a, name)
	}
	return true
}

// child notes the alternative text of an element directly in an anchor, which
// said reads.
func (s *scan) child(n *html.Node) {
	if s.anchor != nil && s.inside.empty() && Attr(n, "alt") != "" {
		s.anchor.AppendChild(s.node(html.Node{Type: html.ElementNode, Attr: n.Attr}))
	}
}

// hide notes an element that hides itself, or that opens in one.
func (s *scan) hide(a atom.Atom, name []byte, hides bool) {
	if (hides || !s.hidden.empty()) && !void(a) {
		s.hidden.push(a, name)
	}
}

// draw reads a tag of a drawing; false if it is one that would end it, or lead
// somewhere. There, and only there, an element can close itself.
func (s *scan) draw(a atom.Atom, name []byte, more, closed bool) bool {
	if !drawn(name) {
		return false
	}
	if n := s.element(a, more, new(bool)); n != nil {
		s.keep(a, n)
		s.child(n)
	}
	if closed {
		return true
	}
	s.svg.push(a, name)
	if s.anchor != nil {
		s.inside.push(a, name)
	}
	if !s.hidden.empty() {
		s.hidden.push(a, name)
	}
	return true
}

func (s *scan) end() bool {
	name, _ := s.z.TagName()
	a := atom.Lookup(name)
	s.styleTag, s.unread, s.silent = nil, false, false
	switch a {
	case atom.P:
		s.par = false
	case atom.Select:
		s.sel = false
	case atom.Form:
		s.form = false
	}
	if !s.svg.empty() && !s.svg.pop(a, name) {
		return false
	}
	if !s.hidden.empty() && !s.hidden.pop(a, name) {
		s.blind = true
	}
	if s.anchor == nil {
		return true
	}
	if !s.inside.empty() {
		return s.inside.pop(a, name)
	}
	if a != atom.A {
		return false
	}
	if len(s.text) > 0 {
		s.anchor.InsertBefore(s.node(html.Node{Type: html.TextNode, Data: string(s.text)}), s.anchor.FirstChild)
	}
	s.anchor = nil
	return true
}

// element is the element of the tag, where one is needed, and whether it hides.
func (s *scan) element(a atom.Atom, more bool, hides *bool) (n *html.Node) {
	need := scanned[a] || a == atom.Body || a == atom.Html
	if !need && (!more || !telling(s.z.Raw())) {
		return nil
	}
	from := len(s.attrs)
	for more {
		var k, v []byte
		k, v, more = s.z.TagAttr()
		key := atom.Lookup(k)
		behind := string(k) == "background" // for which there is no number
		if key == 0 && !behind {
			continue
		}
		*hides = *hides || key == atom.Hidden || key == atom.Style && hiding(v)
		if need && wanted(key) || key == atom.Style && containsURL(string(v)) || behind || s.anchor != nil && key == atom.Alt {
			s.attrs = append(s.attrs, html.Attribute{Key: cmp.Or(key.String(), "background"), Val: string(v)})
		}
	}
	if !need && len(s.attrs) == from {
		return nil
	}
	return s.node(html.Node{Type: html.ElementNode, DataAtom: a, Attr: s.attrs[from:len(s.attrs):len(s.attrs)]})
}

// node is the node in memory that many share: a page has hundreds.
func (s *scan) node(n html.Node) *html.Node {
	if len(s.nodes) == cap(s.nodes) {
		s.nodes = make([]html.Node, 0, 64)
	}
	s.nodes = append(s.nodes, n)
	return &s.nodes[len(s.nodes)-1]
}

// telling reports whether a tag may have an attribute that matters in any
// element: style, background, hidden or alt.
func telling(tag []byte) bool {
	for i, c := range tag {
		switch c | 0x20 {
		case 's':
			if begins(tag[i:], "style") {
				return true
			}
		case 'b':
			if begins(tag[i:], "background") {
				return true
			}
		case 'h':
			if begins(tag[i:], "hidden") {
				return true
			}
		case 'a':
			if begins(tag[i:], "alt") {
				return true
			}
		}
	}
	return false
}

func begins(s []byte, word string) bool {
	return len(s) >= len(word) && bytes.EqualFold(s[:len(word)], []byte(word))
}

// hiding reports whether a style may hide its element.
func hiding(style []byte) bool {
	return bytes.Contains(bytes.ToLower(style), []byte("none")) || bytes.Contains(bytes.ToLower(style), []byte("hidden"))
}

// wanted reports whether what links are read from needs the attribute.
func wanted(key atom.Atom) bool {
	switch key {
	case atom.Href, atom.Src, atom.Srcset, atom.Rel, atom.Method, atom.Action, atom.Poster, atom.Data, atom.Type, atom.HttpEquiv, atom.Content,
		atom.Title, atom.Alt:
		return true
	}
	return false
}

func (s *scan) keep(a atom.Atom, n *html.Node) {
	if styled(n) {
		s.style = append(s.style, n)
	}
	switch {
	case a == atom.Base:
		s.bases = append(s.bases, n)
	case scanned[a]:
		s.of[a] = append(s.of[a], n)
	}
	if a == atom.Style {
		s.styleTag = n
	}
}
