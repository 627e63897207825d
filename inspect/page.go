package inspect

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Page is a target of the site whose body was read. What a page consists of
// is computed once, on the first call that asks, and shared by all checks; a
// Page may be read by several goroutines.
type Page struct {
	Target
	Depth       int    // links away from the home page
	Home        bool   // the site's home page
	Type        string // media type, without parameters
	Charset     string // by which the body was decoded, as "utf-8" or "gb18030"
	CharsetFrom string // why: bom, valid, meta, header, guess, host
	Raw         []byte // the body as received, decompressed; evidence
	Wire        []byte // the body as received when it came gzipped, else nil
	Body        []byte // UTF-8; nil if the page is no text
	Truncated   bool   // the body was cut at our limit
	Unchanged   bool   // same bytes as in the last inspection
	LinksOnly   bool   // nothing is asked of it but its links; see Rulebook.LinksOnly
	Ran         bool   // the document as it is once scripts have run
	Now         time.Time
	Column      *Column   // the watched column whose list this is, or nil
	Document    *Document // what an attachment holds; nil for pages
	Reading     *Reading  // of the same bytes, instead of a body; or what the loop made of the page, to be kept
	Print       uint64    // of what it says, by which a crawler knows error pages

	Secrets []Secret             // what must not be kept; see Pass.Conceal
	Sealed  map[string][]Finding // by check: findings told when the secrets could still be read

	// EncodeQuery encodes a query in the page's charset; nil for UTF-8.
	EncodeQuery func(string) string `json:"-"`

	parse sync.Once
	doc   *html.Node
	err   error
	index map[atom.Atom][]*html.Node // elements in document order, by name
	texts []*html.Node
	style []*html.Node // elements that refer to files by style or background

	scanned lazy[*scan]
	links   lazy[[]Link]
	text    lazy[string]
	labels  lazy[Labels]
	lists   lazy[[]group]
	parts   lazy[*Parts]
	trail   lazy[[]string]
	codes   lazy[[]SeenCode]
	foot    lazy[*html.Node]
	body    lazy[string]
	gq      lazy[*goquery.Document]
	memos   sync.Map // see Memo

	hingeMu sync.Mutex
	hinges  []int64 // days; see Hinge
	passing bool    // see Passing
}

// Memo is what f makes of the page, made once and shared by all checks that
// ask with the same key. The key should be of a type of the asking package.
func Memo[T any](p *Page, key any, f func() T) T {
	l, ok := p.memos.Load(key)
	if !ok {
		l, _ = p.memos.LoadOrStore(key, new(lazy[T]))
	}
	return l.(*lazy[T]).get(f)
}

// lazy computes a value on the first call. A computation that panicked panics
// on every call: an empty value in its place would read as "there is none".
type lazy[T any] struct {
	once sync.Once
	v    T
	done bool
	bad  any
}

func (l *lazy[T]) get(f func() T) T {
	l.once.Do(func() {
		defer func() {
			if !l.done {
				l.bad = recover()
			}
		}()
		l.v, l.done = f(), true
	})
	if !l.done {
		panic(l.bad)
	}
	return l.v
}

// errNoHTML is what a page without an HTML body answers.
var errNoHTML = errors.New("not an HTML page")

// IsHTML reports whether the page has an HTML body that arrived whole.
func (p *Page) IsHTML() bool {
	return p.Body != nil && !p.Truncated && (p.Type == "text/html" || p.Type == "application/xhtml+xml")
}

// Readable reports whether page checks can judge the page: it opened, it is
// HTML, nothing is missing of it, and it is what was asked for.
func (p *Page) Readable() bool {
	return p.Status/100 == 2 && (p.Verdict == Fine || p.Verdict == Information) && p.IsHTML()
}

// StyleSheet is the media type of style sheets, which a source tells of as
// pages because they link files; no rule asks anything else of them.
const StyleSheet = "text/css"

// Linking reports whether the page's links can be read.
func (p *Page) Linking() bool {
	return p.Body == nil && p.Reading != nil || p.Readable() || p.Type == StyleSheet && p.Body != nil && p.Status/100 == 2
}

// Doc is the parsed document; an error says that there is none.
func (p *Page) Doc() (*html.Node, error) {
	p.parse.Do(func() {
		if p.Body == nil {
			p.err = errNoHTML
			return
		}
		p.doc, p.err = html.Parse(bytes.NewReader(p.Body))
		if p.err == nil {
			p.walk()
		}
	})
	return p.doc, p.err
}

// Query is the document for selectors; an empty one when there is no HTML.
func (p *Page) Query() *goquery.Document {
	return p.gq.get(func() *goquery.Document {
		d, err := p.Doc()
		if err != nil {
			d = &html.Node{Type: html.DocumentNode}
		}
		return goquery.NewDocumentFromNode(d)
	})
}

// walk is the one walk over the tree: it files every element under its name
// and keeps the texts that a reader can see.
func (p *Page) walk() {
	p.index = make(map[atom.Atom][]*html.Node, 48)
	var visit func(n *html.Node, quiet bool)
	visit = func(n *html.Node, quiet bool) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Type {
			case html.ElementNode:
				p.index[c.DataAtom] = append(p.index[c.DataAtom], c)
				if styled(c) {
					p.style = append(p.style, c)
				}
				visit(c, quiet || silent(c))
			case html.TextNode:
				if !quiet && !blank(c.Data) {
					p.texts = append(p.texts, c)
				}
			}
		}
	}
	visit(p.doc, false)
}

// styled reports whether an element's own attributes refer to a file.
func styled(n *html.Node) bool {
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "style":
			if containsURL(n.Attr[i].Val) {
				return true
			}
		case "background":
			return true
		}
	}
	return false
}

// silent reports whether nothing in an element is read by a visitor.
func silent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Textarea, atom.Select, atom.Iframe, atom.Object, atom.Svg:
		return true
	}
	return Hidden(n)
}

// Hidden reports whether an element hides itself by its own attributes. Style
// sheets are not seen here: what this calls shown may still be hidden.
func Hidden(n *html.Node) bool {
	for i := range n.Attr {
		switch n.Attr[i].Key {
		case "hidden":
			return n.Attr[i].Val != "until-found"
		case "style":
			v := n.Attr[i].Val
			if len(v) < 12 || !strings.Contains(v, "none") && !strings.Contains(v, "hidden") && !strings.Contains(v, "NONE") {
				continue
			}
			s := strings.ToLower(strings.ReplaceAll(v, " ", ""))
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func blank(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] > ' ' {
			return strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " ")) == ""
		}
	}
	return true
}

// Elements returns the elements of any of the names, in document order within
// each name; the slice must not be changed when one name is asked for.
func (p *Page) Elements(names ...atom.Atom) []*html.Node {
	if _, err := p.Doc(); err != nil {
		return nil
	}
	if len(names) == 1 {
		return p.index[names[0]]
	}
	var out []*html.Node
	for _, a := range names {
		out = append(out, p.index[a]...)
	}
	return out
}

// Each calls f for every element of the document, in document order.
func (p *Page) Each(f func(*html.Node)) {
	d, err := p.Doc()
	if err != nil {
		return
	}
	var visit func(*html.Node)
	visit = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode {
				f(c)
				visit(c)
			}
		}
	}
	visit(d)
}

// Texts are the text nodes that a visitor can see, in document order.
func (p *Page) Texts() []*html.Node {
	if _, err := p.Doc(); err != nil {
		return nil
	}
	return p.texts
}

// Text is what a visitor reads on the page, its pieces parted by newlines.
func (p *Page) Text() string {
	return p.text.get(func() string {
		var b strings.Builder
		for i, n := range p.Texts() {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(strings.TrimSpace(n.Data))
		}
		return b.String()
	})
}

// Attr is the value of an attribute, "" if it is absent.
func Attr(n *html.Node, key string) string {
	v, _ := LookupAttr(n, key)
	return v
}

// LookupAttr is the value of an attribute and whether it is there.
func LookupAttr(n *html.Node, key string) (string, bool) {
	for i := range n.Attr {
		if n.Attr[i].Key == key && n.Attr[i].Namespace == "" {
			return n.Attr[i].Val, true
		}
	}
	return "", false
}

// TextOf is the text inside an element, blanks folded; scripts and styles are left out.
func TextOf(n *html.Node) string { return textOf(n, math.MaxInt) }

// textOf is TextOf of an element with little text; of one with more it is at
// least so many bytes of it.
func textOf(n *html.Node, enough int) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode && !unread(n) {
		if s := strings.TrimSpace(c.Data); evenly(s) { // most elements
			return s
		}
	}
	w := textWriters.Get().(*textWriter)
	defer textWriters.Put(w)
	w.b, w.blank, w.enough = w.b[:0], false, enough
	w.visit(n)
	text := string(w.b)
	if cap(w.b) > 1<<20 { // one huge page must not stay
		w.b = nil
	}
	return text
}

var textWriters = sync.Pool{New: func() any { return new(textWriter) }}

func unread(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Br:
		return true
	}
	return false
}

// evenly reports whether text has no blanks but single ones.
func evenly(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c == 0xC2 || c >= 0xE1 && c <= 0xE3 {
			if _, as := blankAt(s[i:]); as && (c != ' ' || s[i+1] == ' ') {
				return false
			}
		}
	}
	return true
}

// blankAt reports whether s begins with a kind of space, and how long it is.
func blankAt(s string) (int, bool) {
	n, as := zh.Unusual(s)
	return n, n > 0 && as == ' '
}

// A textWriter gathers text with single blanks.
type textWriter struct {
	b      []byte
	blank  bool // one is due before the next letter
	enough int
}

func (w *textWriter) visit(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.put(n.Data)
	case n.DataAtom == atom.Br:
		w.blank = true
	case unread(n):
	default:
		for c := n.FirstChild; c != nil && len(w.b) < w.enough; c = c.NextSibling {
			w.visit(c)
		}
	}
}

func (w *textWriter) put(s string) {
	for i := 0; i < len(s); {
		if n, ok := blankAt(s[i:]); ok {
			w.blank = true
			i += n
			continue
		}
		from := i
		for i++; i < len(s); i++ {
			if c := s[i]; c <= ' ' || c == 0xC2 || c >= 0xE1 && c <= 0xE3 {
				if _, ok := blankAt(s[i:]); ok {
					break
				}
			}
		}
		if w.blank && len(w.b) > 0 {
			w.b = append(w.b, ' ')
		}
		w.blank = false
		w.b = append(w.b, s[from:i]...)
	}
}

// Within is the nearest ancestor of n, or n itself, that has one of the names; nil if none.
func Within(n *html.Node, names ...atom.Atom) *html.Node {
	for ; n != nil; n = n.Parent {
		for _, a := range names {
			if n.DataAtom == a && n.Type == html.ElementNode {
				return n
			}
		}
	}
	return nil
}
