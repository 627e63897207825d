package messages

import (
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tables reads lists whose first row names the columns: 标题 来信时间 回复时间 状态.
func (r *reader) tables() {
	for _, head := range r.page.Elements(atom.Tr, atom.Li, atom.Ul, atom.Dl, atom.Div, atom.P) {
		cells := children(head)
		if len(cells) < 3 || len(cells) > 12 {
			continue
		}
		columns, ok := columnsOf(cells)
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
func columnsOf(cells []*html.Node) (parts []label, ok bool) {
	named, telling := 0, false
	for _, c := range cells {
		l := label{}
		if c.FirstChild != nil {
			if s := inspect.TextOf(c); len(s) <= 40 {
				l, ok = names[trim(zh.Fold(s))]
				if ok {
					named++
				}
			}
		}
		switch l.part {
		case Asked, Received, Answered, StatePart:
			telling = true
		}
		parts = append(parts, l)
	}
	return parts, telling && named >= 2 && 3*named >= 2*len(cells)
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
