package messages

import (
	"unicode"
	"unicode/utf8"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tables reads lists whose first row names the columns: 标题 来信时间 回复时间 状态.
func (r *reader) tables() {
	for _, name := range []atom.Atom{atom.Tr, atom.Li, atom.Ul, atom.Dl, atom.Div, atom.P} {
		for _, head := range r.page.Elements(name) {
			columns, ok := columnsOf(head)
			if !ok {
				continue
			}
			r.heads[head] = true
			for _, row := range rowsUnder(head) {
				if len(r.rows) >= most {
					return
				}
				if c := children(row); len(c) == len(columns) {
					r.row(row, c, columns)
				}
			}
		}
	}
}

func children(n *html.Node) (out []*html.Node) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			out = append(out, c)
		}
	}
	return out
}

// columnsOf are the parts that the cells of a row name; ok says that most of
// them do and that one tells when a message came or was answered, or its state.
func columnsOf(head *html.Node) (parts []label, ok bool) {
	cells := 0
	for c := head.FirstChild; c != nil && cells <= 12; c = c.NextSibling {
		if c.Type == html.ElementNode {
			cells++
		}
	}
	if cells < 3 || cells > 12 {
		return nil, false
	}
	nameless, telling := 0, false
	for c := head.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		l := columnName(c)
		switch l.part {
		case "":
			if nameless++; 3*nameless > cells { // less than two thirds can be named
				return nil, false
			}
		case Asked, Received, Answered, StatePart:
			telling = true
		}
		parts = append(parts, l)
	}
	return parts, telling && cells-nameless >= 2
}

// columnName is the part that a cell names, none if it says anything else.
func columnName(cell *html.Node) label {
	const most = 40 // bytes; some print marks around a name
	if cell.FirstChild == nil {
		return label{}
	}
	if s, ok := only(cell); ok && !mayTell(s) || letters(cell, most) > most {
		return label{}
	}
	s := inspect.TextOf(cell)
	if len(s) > most {
		return label{}
	}
	return names[trim(zh.Fold(s))]
}

// only is the one text that an element holds, however deep; false if it holds
// anything else.
func only(n *html.Node) (string, bool) {
	for n.FirstChild != nil && n.FirstChild == n.LastChild {
		if n = n.FirstChild; n.Type == html.TextNode {
			return n.Data, true
		}
	}
	return "", false
}

// letters is how many bytes of TextOf are no blanks; more than most are not counted.
func letters(n *html.Node, most int) (k int) {
	switch {
	case n.Type == html.TextNode:
		for i := 0; i < len(n.Data) && k <= most; {
			r, size := utf8.DecodeRuneInString(n.Data[i:])
			if i += size; !unicode.IsSpace(r) {
				k += size
			}
		}
	case n.DataAtom == atom.Script || n.DataAtom == atom.Style || n.DataAtom == atom.Template:
	default:
		for c := n.FirstChild; c != nil && k <= most; c = c.NextSibling {
			k += letters(c, most-k)
		}
	}
	return k
}

// rowsUnder are the rows below a row of names.
func rowsUnder(head *html.Node) (out []*html.Node) {
	if head.DataAtom == atom.Tr {
		table := inspect.Within(head, atom.Table)
		if table == nil {
			return nil
		}
		below := false
		for n := range table.Descendants() {
			if n == head {
				below = true
			} else if below && n.DataAtom == atom.Tr {
				out = append(out, n)
			}
		}
		return out
	}
	for n := head.NextSibling; n != nil; n = n.NextSibling {
		if n.Type != html.ElementNode {
			continue
		}
		if n.DataAtom == head.DataAtom {
			out = append(out, n)
		} else {
			out = append(out, children(n)...)
		}
	}
	return out
}

// row reads one row of such a list.
func (r *reader) row(row *html.Node, cells []*html.Node, columns []label) {
	m := Message{Labels: map[Part]bool{}}
	for i, c := range cells {
		if l := columns[i]; l.part != "" {
			m.take(token{named: named{label: l, value: zh.Fold(inspect.TextOf(c))}}, r.page.Now)
		}
	}
	r.finish(&m, row)
	r.heads[row] = true
	r.rows = append(r.rows, m)
}

// inHead reports whether a text was read as part of such a list.
func (r *reader) inHead(n *html.Node) bool {
	if len(r.heads) == 0 {
		return false
	}
	for ; n != nil; n = n.Parent {
		if r.heads[n] {
			return true
		}
	}
	return false
}
