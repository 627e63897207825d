// Package prose is the running text of a page, an attachment or a draft, as
// the checks of wording read it: blocks (a paragraph, a cell, a heading) in
// which inline marks no longer cut words, widths and blanks made even.
package prose

import (
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A Text is all that is read, its blocks parted by line feeds.
type Text struct {
	All       string
	Blocks    []Block
	Title     string    // heading and title of the page; "" for the rest
	Published time.Time // zero: not known

	origin []int32 // of a draft: where each byte of All stood
}

// A Block is one stretch of text.
type Block struct {
	Start, End int        // in All
	Node       *html.Node // the element around it; nil in attachments and drafts
	Part       string     // of an attachment: the sheet, page or file
	Hidden     bool       // of an attachment: in a hidden sheet, row or column
	Linked     bool       // all of it is the text of a link
	Head       bool       // the title of the page
}

type memoKey struct{}

// Of is the text of a page or of an attachment, made once for all checks.
func Of(p *inspect.Page) *Text {
	return inspect.Memo(p, memoKey{}, func() *Text {
		if p.Document != nil {
			return ofDocument(p.Document)
		}
		return ofPage(p)
	})
}

// Plain is the text of a draft, a line a block.
func Plain(s string) *Text {
	w := writer{trace: true}
	w.lines(s, Block{})
	return w.text()
}

// Origin is where a byte of a draft's All stood in the draft; the end of All
// is the end of what was read.
func (t *Text) Origin(at int) int {
	if t.origin == nil {
		return at
	}
	return int(t.origin[at])
}

// Block is the block in which an offset of All lies.
func (t *Text) Block(at int) *Block {
	i := sort.Search(len(t.Blocks), func(i int) bool { return t.Blocks[i].End >= at })
	if i == len(t.Blocks) {
		return &Block{}
	}
	return &t.Blocks[i]
}

// In is the text of a block.
func (t *Text) In(b *Block) string { return t.All[b.Start:b.End] }

// Broken reports whether so much of the text is replacement characters that
// its wording cannot be judged: more than one letter in a thousand.
func (t *Text) Broken() bool {
	n := strings.Count(t.All, "\uFFFD")
	return n > 0 && n*1000 > utf8.RuneCountInString(t.All)
}

func ofDocument(d *inspect.Document) *Text {
	var w writer
	for i := range d.Parts {
		part := &d.Parts[i]
		b := Block{Part: part.Name, Hidden: part.Hidden}
		w.lines(part.Text, b)
		for _, table := range part.Tables {
			for _, row := range table {
				for _, cell := range row {
					w.lines(cell, b)
				}
			}
		}
	}
	return w.text()
}

func ofPage(p *inspect.Page) *Text {
	doc, err := p.Doc()
	if err != nil {
		return &Text{}
	}
	w := writer{blocks: make([]Block, 0, len(p.Texts())+1)}
	w.b.Grow(len(p.Body) / 4)
	q := p.Parts()
	for _, n := range p.Elements(atom.Title) {
		if n.Namespace == "" {
			w.put(q.Title)
			w.end(Block{Node: n, Head: true})
			break
		}
	}
	w.walk(doc, doc)
	w.end(Block{Node: doc})
	t := w.text()
	t.Title = q.Heading + "\n" + q.Title
	t.Published = q.Published()
	return t
}

// A writer gathers blocks.
type writer struct {
	b      strings.Builder
	blocks []Block
	start  int
	blank  bool // a blank is due before the next letter
	linked int  // bytes of the block that stand in a link
	trace  bool
	origin []int32
	at     int // in the draft
}

func (w *writer) text() *Text {
	t := &Text{All: w.b.String(), Blocks: w.blocks}
	if w.trace {
		t.origin = append(w.origin, int32(w.at))
	}
	return t
}

// lines puts text whose lines are blocks.
func (w *writer) lines(s string, b Block) {
	for s != "" {
		i := strings.IndexByte(s, '\n')
		line := s
		if i >= 0 {
			line = s[:i]
		}
		w.put(line)
		if i < 0 {
			w.end(b)
			return
		}
		w.at++
		w.end(b)
		s = s[i+1:]
	}
}

// put adds text to the block.
func (w *writer) put(s string) {
	for i := 0; i < len(s); {
		n, as := unusual(s[i:])
		if n == 0 {
			from := i
			for i++; i < len(s); i++ {
				if c := s[i]; c <= ' ' || c >= 0xC2 && c < 0xE4 || c == 0xEF {
					if n, _ := unusual(s[i:]); n > 0 {
						break
					}
				}
			}
			w.usual(s[from:i])
			w.at += i - from
			continue
		}
		switch {
		case as == ' ':
			w.blank = true
		case as != 0:
			w.due()
			w.b.WriteByte(as)
			if w.trace {
				w.origin = append(w.origin, int32(w.at))
			}
		}
		i += n
		w.at += n
	}
}

// unusual reads the letter that s begins with where it does not stand in the
// text as it is: see zh.Unusual. Control characters are blanks, a soft hyphen
// is nothing.
func unusual(s string) (n int, as byte) {
	switch {
	case s[0] <= ' ':
		return 1, ' '
	case s[0] == 0xC2 && len(s) > 1 && s[1] == 0xAD:
		return 2, 0
	case s[0] == 0xC2 && len(s) > 1 && s[1] == 0x85: // a letter of garbled text more often than a line's end
		return 0, 0
	case s[0] == 0xEF && len(s) > 2 && s[1] == 0xBC && punctuation(s[2]):
		return 0, 0
	}
	return zh.Unusual(s)
}

// due puts the blank that is due.
func (w *writer) due() {
	if w.blank && w.b.Len() > w.start {
		w.add(" ", w.at)
	}
	w.blank = false
}

// usual adds letters that stand as they are.
func (w *writer) usual(s string) {
	w.due()
	w.b.WriteString(s)
	if !w.trace {
		return
	}
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		for range n {
			w.origin = append(w.origin, int32(w.at+i))
		}
		i += n
	}
}

// punctuation reports of a full-width form, by its last byte, whether Chinese
// text is punctuated with it: ，；：？！（） part words, so they are left.
func punctuation(last byte) bool {
	switch last {
	case 0x8C, 0x9B, 0x9A, 0x9F, 0x81, 0x88, 0x89:
		return true
	}
	return false
}

func (w *writer) add(s string, at int) {
	w.b.WriteString(s)
	if w.trace {
		for range len(s) {
			w.origin = append(w.origin, int32(at))
		}
	}
}

// end closes the block, unless nothing stands in it.
func (w *writer) end(b Block) {
	w.blank = false
	n := w.b.Len()
	if n > w.start {
		b.Start, b.End = w.start, n
		b.Linked = w.linked > 0 && w.linked >= n-w.start-2
		w.blocks = append(w.blocks, b)
		w.add("\n", w.at)
		w.start = n + 1
	}
	w.linked = 0
}

// walk puts what a visitor reads below n; box is the block around it.
func (w *writer) walk(n, box *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			w.put(c.Data)
		case c.Type != html.ElementNode || silent(c):
		case c.DataAtom == atom.Br || c.DataAtom == atom.Hr:
			w.end(Block{Node: box})
		case c.DataAtom == atom.A: // one of a row of links: its words are its own
			w.blank = true
			before := w.b.Len()
			w.walk(c, box)
			w.linked += w.b.Len() - before
			w.blank = true
		case inline(c.DataAtom):
			w.walk(c, box)
		default:
			w.end(Block{Node: box})
			w.walk(c, c)
			w.end(Block{Node: c})
		}
	}
}

func inline(a atom.Atom) bool {
	switch a {
	case atom.Span, atom.Font, atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.S, atom.Sub, atom.Sup, atom.Small, atom.Big,
		atom.Mark, atom.Del, atom.Ins, atom.Abbr, atom.Cite, atom.Q, atom.Time, atom.Bdi, atom.Bdo, atom.Wbr, atom.Img, atom.Ruby, atom.Label:
		return true
	}
	return false
}

// silent are elements of which a visitor reads nothing.
func silent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Head, atom.Textarea, atom.Select, atom.Iframe, atom.Object, atom.Svg:
		return true
	}
	return inspect.Hidden(n)
}

// Fold makes the widths and blanks of one text even, as those of all texts here.
func Fold(s string) string {
	var w writer
	w.put(s)
	return w.b.String()
}
