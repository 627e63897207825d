package messages

import (
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/loading"
	"github.com/xunjian/xunjian/checks/words"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A token is a label on the page with its value.
type token struct {
	named
	node *html.Node // the text that holds the label
	bare bool       // a state that stands without a label
}

func read(p *inspect.Page) *Board {
	b := &Board{}
	if p.Document != nil || !p.Readable() || p.Home || Excluded(p) {
		return b
	}
	if p.Column != nil && p.Column.Selectors.Letters() {
		b.Messages = configured(p, p.Column.Selectors)
		return b
	}
	among := among(p)
	if !among && !converses(p) {
		return b
	}
	r := newReader(p)
	r.tables()
	r.labels()
	if !r.speaksOfMessages(among) || !worded(p.Body) {
		return b
	}
	b.Messages = append(r.rows, r.group()...)
	b.Messages = slices.DeleteFunc(b.Messages, func(m Message) bool { return !m.shown() })
	b.Script = loading.By(p)
	return b
}

// converses reports whether a page that does not stand among messages may show
// one: labels of both a question and an answer must stand on it, and the letters
// of the latter. No row of a table is known here, so that no label is left out.
func converses(p *inspect.Page) bool {
	if !mayAnswer(p.Text()) {
		return false
	}
	r := newReader(p)
	r.labels()
	asks, answers := r.sides()
	return asks && answers || len(r.tokens) >= most
}

// mayAnswer reports whether the letters stand in a text of which each label of
// an answer has some.
func mayAnswer(text string) bool { return answer.In(text) }

var answer = words.Of("复", "答", "馈", "回")

// worded reports whether a body holds one of the words without which no letter
// is shown. It is asked last: few pages come so far, and most hold one.
func worded(body []byte) bool { return letter.InBytes(body) }

var letter = words.Of("复", "留言", "来信", "信件", "办理", "受理", "办结", "处理")

// shown reports whether enough stands there to call it a message: a form's
// labels have no values.
func (m *Message) shown() bool {
	asks := !m.Asked.IsZero() || m.Question != "" || m.Title != "" || m.Number != ""
	return asks && (!m.Asked.IsZero() || !m.Answered.IsZero() || m.Reply != "" || m.State != Silent)
}

type reader struct {
	page   *inspect.Page
	base   *inspect.Base
	tokens []token
	texts  []*html.Node
	heads  map[*html.Node]bool // rows of tables, with those that only name the columns
	rows   []Message           // of such tables
	fields map[*html.Node]bool // whether an element holds a field to fill in
}

func newReader(p *inspect.Page) *reader {
	return &reader{page: p, base: inspect.NewBase(p.Landed()), heads: map[*html.Node]bool{}, fields: map[*html.Node]bool{}}
}

// context are words in a page's names that tell of messages.
var context = words.Of("信箱", "邮箱", "来信", "信件", "留言", "写信", "咨询", "互动", "答复", "回复", "问政", "诉求", "投诉")

// among reports whether the page's names say that it stands among messages.
func among(p *inspect.Page) bool {
	if p.Column != nil && p.Column.Genre == inspect.Messages {
		return true
	}
	place := p.Parts().Title + " " + p.Parts().Heading + " " + strings.Join(p.Trail(), " ")
	return context.In(place)
}

// sides reports whether labels of messages alone name a question and an answer.
func (r *reader) sides() (asks, answers bool) {
	for _, t := range r.tokens {
		switch t.part {
		case Asked, Question, Title, Number:
			asks = asks || t.strong
		case Answered, Reply:
			answers = answers || t.strong
		}
	}
	return asks, answers
}

// speaksOfMessages keeps out pages that merely use the same words: a tender
// has a 提交时间 too.
func (r *reader) speaksOfMessages(among bool) bool {
	if len(r.rows) == 0 && len(r.tokens) < 2 {
		return false
	}
	if p := r.page; p.Column != nil && p.Column.Genre == inspect.Messages {
		return true
	}
	asks, answers := r.sides()
	return asks && answers || among && (asks || answers || len(r.rows) > 0)
}

// most bounds the labels and rows that are read of one page; a list page of
// any system holds far fewer.
const most = 1500

// labels finds the labels of the page and what stands behind them.
func (r *reader) labels() {
	r.texts = r.page.Texts()
	for i, n := range r.texts {
		if len(r.tokens) >= most {
			return
		}
		if !mayTell(n.Data) || len(n.Data) > 4000 || n.Parent == nil || n.Parent.DataAtom == atom.Option || r.inHead(n) {
			continue
		}
		if stateOf(n.Data) != Silent {
			r.tokens = append(r.tokens, token{named{label{StatePart, false}, "", clean(zh.Fold(n.Data))}, n, true})
			continue
		}
		_, found := labelsIn(n.Data, alone(n))
		for k, f := range found {
			t := token{named: f, node: n}
			if k == len(found)-1 && (f.value == "" || f.part == Reply || f.part == Question) {
				box := r.beside(n)
				if box != nil && r.hasField(box) {
					continue // a form
				}
				if box != nil {
					t.value = strings.TrimSpace(f.value + " " + r.valueIn(box, i, f.part))
				}
			}
			r.tokens = append(r.tokens, t)
		}
	}
}

// alone reports whether a text may be a label without a colon: it is all that
// its element holds, and the element is no link or button.
func alone(n *html.Node) bool {
	if inspect.Within(n, atom.A, atom.Button, atom.H1) != nil {
		return false
	}
	s := zh.Compact(n.Data)
	return len(s) >= 9 || len(s) == 6 && inspect.Within(n, atom.Td, atom.Th, atom.Dt) != nil
}

// beside is the nearest element around a label that holds more than the label:
// there its value stands. Paragraphs run on into their siblings.
func (r *reader) beside(label *html.Node) *html.Node {
	n := label.Parent
	for range 5 {
		if n == nil || n.DataAtom == atom.Body {
			return nil
		}
		if r.hasField(n) || more(n, label) || pictured(n) {
			break
		}
		n = n.Parent
	}
	if n != nil && (n.DataAtom == atom.P || n.DataAtom == atom.Span || n.DataAtom == atom.Strong) && n.Parent != nil && n.Parent.DataAtom != atom.Body {
		return n.Parent
	}
	return n
}

// more reports whether an element holds text besides the label.
func more(n, label *html.Node) bool {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c != label && len(trim(c.Data)) > 1 && inspect.Within(c, atom.Script, atom.Style) == nil {
			return true
		}
	}
	return false
}

func (r *reader) hasField(n *html.Node) bool {
	has, known := r.fields[n]
	if !known {
		has = hasField(n)
		r.fields[n] = has
	}
	return has
}

func hasField(n *html.Node) bool {
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Textarea, atom.Select:
			return true
		case atom.Input:
			if t := strings.ToLower(inspect.Attr(c, "type")); t == "" || t == "text" || t == "password" || t == "tel" || t == "email" {
				return true
			}
		}
	}
	return false
}

func pictured(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Img {
			return true
		}
	}
	return false
}

// valueIn is what stands in box behind the label in text i, up to the next
// label. Dates and names are one text; what was written may be many.
func (r *reader) valueIn(box *html.Node, i int, part Part) string {
	var b strings.Builder
	for _, n := range r.texts[i+1:] {
		if !within(n, box) {
			break
		}
		if s := trim(zh.Fold(n.Data)); s == "" {
			continue
		}
		before, found := labelsIn(n.Data, alone(n))
		if len(found) > 0 && before == "" || stateOf(n.Data) != Silent && part != StatePart {
			break
		}
		b.WriteString(clean(before) + " ")
		if len(found) > 0 || part != Reply && part != Question || b.Len() > 6000 {
			break
		}
	}
	return strings.TrimSpace(b.String())
}

func within(n, box *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}

// group puts labels together that speak of one message.
func (r *reader) group() []Message {
	boxes := r.boxes()
	if len(boxes) < 2 {
		return r.inOrder()
	}
	var out []Message
	for _, box := range boxes {
		m := Message{Labels: map[Part]bool{}}
		n := 0
		for _, t := range r.tokens {
			if within(t.node, box) {
				m.take(t, r.page.Now)
				n++
			}
		}
		if n > 0 {
			r.finish(&m, box)
			out = append(out, m)
		}
	}
	return out
}

// boxes are the elements that hold one message each: as configured, else the
// widest around each label of the kind that stands most often.
func (r *reader) boxes() []*html.Node {
	if c := r.page.Column; c != nil && c.Selectors.Item != "" {
		if nodes := r.page.Query().Find(c.Selectors.Item).Nodes; len(nodes) > 0 {
			return nodes
		}
	}
	anchor, most := Part(""), 1
	for _, part := range []Part{Asked, Answered, Received, Reply, Question, Unit, StatePart} {
		n := 0
		for _, t := range r.tokens {
			if t.part == part && !t.bare {
				n++
			}
		}
		if n > most {
			anchor, most = part, n
		}
	}
	if anchor == "" {
		return nil
	}
	count := map[*html.Node]int{}
	for _, t := range r.tokens {
		if t.part == anchor && !t.bare {
			for n := t.node.Parent; n != nil; n = n.Parent {
				count[n]++
			}
		}
	}
	var out []*html.Node
	for _, t := range r.tokens {
		if t.part != anchor || t.bare {
			continue
		}
		box := t.node.Parent
		if count[box] > 1 {
			return nil // the messages lie flat beside each other
		}
		for box.Parent != nil && count[box.Parent] == 1 {
			box = box.Parent
		}
		out = append(out, box)
	}
	if r.flat(out) {
		return nil
	}
	return out
}

// flat reports whether the boxes hold hardly more than the label itself while
// others stand outside: then the messages are not boxed.
func (r *reader) flat(boxes []*html.Node) bool {
	inside, all := 0, 0
	for _, t := range r.tokens {
		if t.bare || t.part == other {
			continue
		}
		all++
		if slices.ContainsFunc(boxes, func(b *html.Node) bool { return within(t.node, b) }) {
			inside++
		}
	}
	return 2*inside < all
}

// inOrder reads labels one after another; one that comes again begins the next
// message. A page with one message is read so, too.
func (r *reader) inOrder() []Message {
	var out []Message
	m := Message{Labels: map[Part]bool{}}
	end := func() {
		if len(m.Labels) > 0 {
			out = append(out, m)
		}
		m = Message{Labels: map[Part]bool{}}
	}
	for _, t := range r.tokens {
		if t.bare || t.part == other {
			continue
		}
		if m.Labels[t.part] && (t.part == Asked || t.part == Question || t.part == Title && len(m.Labels) > 1) {
			end()
		}
		m.take(t, r.page.Now)
	}
	end()
	for i := range out {
		var box *html.Node
		if len(out) == 1 {
			box = r.common()
		}
		r.finish(&out[i], box)
		if len(out) == 1 {
			out[i].URL, out[i].Whole, out[i].Elsewhere = r.page.URL, true, false
			if out[i].Title == "" {
				out[i].Title = r.page.Parts().Heading
			}
		}
	}
	return out
}

// common is the smallest element around all labels.
func (r *reader) common() *html.Node {
	if len(r.tokens) == 0 {
		return nil
	}
	box := r.tokens[0].node.Parent
	for _, t := range r.tokens[1:] {
		for box != nil && !within(t.node, box) {
			box = box.Parent
		}
	}
	return box
}

// take fills a part of the message in.
func (m *Message) take(t token, now time.Time) {
	if t.part == other {
		return
	}
	m.Labels[t.part] = true
	switch t.part {
	case Asked, Received:
		if d, ok := dateIn(t.value); ok && (m.Asked.IsZero() || t.part == Asked) {
			m.Asked = d
			m.Labels[Asked] = true
		}
	case Answered:
		if d, ok := dateIn(t.value); ok && d.After(m.Answered) {
			m.Answered = d
		}
	case Unit:
		set(&m.Unit, t.value, 40)
	case Question:
		set(&m.Question, t.value, 2000)
	case Reply:
		if stateOf(t.value) != Silent {
			m.state(t.value)
			return
		}
		if _, plain := names[t.word]; !plain && t.word != "" { // the body that answers is the label
			set(&m.Unit, t.word, 40)
		}
		if len(t.value) > len(m.Reply) {
			m.Reply = zh.Truncate(strings.Clone(t.value), 2000)
		}
	case Title:
		set(&m.Title, t.value, 80)
	case Number:
		set(&m.Number, t.value, 40)
	case StatePart:
		m.state(t.value)
	}
}

func (m *Message) state(s string) {
	if st := stateOf(s); st != Silent {
		m.State, m.StateSaid = st, strings.Clone(trim(zh.Fold(s)))
	}
}

func set(to *string, s string, n int) {
	if *to == "" && s != "" && s != "无" && s != "-" {
		*to = zh.Truncate(strings.Clone(s), n)
	}
}

// dateIn is the date that a value begins with.
func dateIn(s string) (time.Time, bool) {
	t, end, ok := zh.DateAt(s)
	return t, ok && end <= 30
}

// finish adds what a message's element shows beside its labels.
func (r *reader) finish(m *Message, box *html.Node) {
	if m.Unit == "" {
		m.Unit = signature(m.Reply)
	}
	if box == nil {
		return
	}
	for n := range box.Descendants() {
		if n.DataAtom == atom.Img {
			m.Media = true
		}
		if n.DataAtom == atom.A {
			r.link(m, n)
		}
		if n.Type == html.TextNode && len(n.Data) < 200 {
			if _, found := labelsIn(n.Data, false); len(found) == 0 {
				if _, end, ok := zh.DateAt(n.Data); ok && end < 60 {
					m.Dates++
				}
			}
		}
	}
	m.Whole = !m.Elsewhere && (m.Question != "" || m.Reply != "")
}

// link takes a link in a message for the way to its own page, or for an
// attachment of the answer. What a link in the answer's text leads to is
// neither, so a message that shows its answer has no other page.
func (r *reader) link(m *Message, a *html.Node) {
	u, scheme := r.base.Resolve(inspect.Attr(a, "href"))
	text := inspect.TextOf(a)
	shown := len([]rune(m.Reply)) > 12 && !strings.HasSuffix(m.Reply, "…") && !strings.HasSuffix(m.Reply, "...")
	switch {
	case scheme == inspect.HTTP && inspect.IsDocument(u):
		m.Media = true
	case shown:
		return
	case scheme == inspect.HTTP && m.URL == "" && !inspect.SamePage(u, r.page.URL):
		m.URL, m.Elsewhere = strings.Clone(u), true
	case scheme == inspect.JavaScript, inspect.Attr(a, "onclick") != "":
		m.Elsewhere = true
	}
	if m.Title == "" && text != "" && len(text) < 400 {
		m.Title = zh.Truncate(strings.Clone(trimTitle(text)), 80)
	}
}

// trimTitle cuts the labelled facts off a link that wraps a whole row.
func trimTitle(s string) string {
	before, found := labelsIn(s, false)
	if len(found) > 0 && before != "" {
		return clean(before)
	}
	return s
}
