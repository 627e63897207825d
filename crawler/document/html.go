package document

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/xunjian/xunjian/inspect"
)

// looksLikeHTML reports whether a file that calls itself a sheet or a text is
// a web page inside, as exports of old systems are.
func looksLikeHTML(data []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 1024)], "\ufeff \t\r\n"))
	for _, m := range []string{"<html", "<!doctype html", "<table", "<meta", "<head"} {
		if bytes.HasPrefix(head, []byte(m)) {
			return true
		}
	}
	return bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("<html"))
}

// html reads tables as tables and the rest as text.
func (r *reader) html(d *inspect.Document, data []byte) error {
	if len(data) > maxText {
		return errLimit
	}
	p := &inspect.Page{Target: inspect.Target{Status: 200, Verdict: inspect.Fine}, Type: "text/html", Body: []byte(r.decode(data))}
	if _, err := p.Doc(); err != nil {
		return err
	}
	part := inspect.DocumentPart{Text: outside(p)}
	for _, t := range p.Elements(atom.Table) {
		var rows [][]string
		for tr := range t.Descendants() {
			if tr.DataAtom != atom.Tr || inspect.Within(tr.Parent, atom.Table) != t {
				continue
			}
			var row []string
			for c := tr.FirstChild; c != nil; c = c.NextSibling {
				if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
					row = append(row, inspect.TextOf(c))
				}
			}
			rows = append(rows, row)
		}
		part.Tables = append(part.Tables, rows)
	}
	return r.add(d, part)
}

// outside is the text that stands in no table: a block a line, so that marks
// inside a word do not cut it.
func outside(p *inspect.Page) string {
	var b strings.Builder
	var last *html.Node
	for _, n := range p.Texts() {
		if inspect.Within(n, atom.Table) != nil {
			continue
		}
		if at := block(n); at != last {
			if last != nil {
				b.WriteByte('\n')
			}
			last = at
		}
		b.WriteString(strings.Join(strings.Fields(n.Data), " "))
	}
	b.WriteByte('\n')
	return b.String()
}

// block is the nearest element around n that begins a line.
func block(n *html.Node) *html.Node {
	return inspect.Within(n, atom.P, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dt, atom.Dd, atom.Blockquote,
		atom.Pre, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Title, atom.Body)
}
