package document

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// A grid is a sheet as it is read: what a reader sees, and what is hidden from
// the eye but not from a download.
type grid struct {
	name    string
	hidden  bool // the whole sheet
	shown   [][]string
	aside   [][]string // hidden rows, and the hidden columns of shown rows
	columns map[int]bool
	notes   []string
	cells   int
}

func newGrid(name string, hidden bool) *grid {
	return &grid{name: name, hidden: hidden, columns: map[int]bool{}}
}

// row adds a row; hiddenColumn is asked once a column.
func (g *grid) row(cells []string, hidden bool, hiddenColumn func(int) bool) {
	g.cells += len(cells)
	var shown, aside []string
	any := false
	for i, c := range cells {
		c = strings.TrimSpace(c)
		any = any || c != ""
		h, known := g.columns[i]
		if !known {
			h = hiddenColumn(i)
			g.columns[i] = h
		}
		if h || hidden {
			aside = append(aside, c)
		}
		if !h {
			shown = append(shown, c)
		}
	}
	if !any {
		return
	}
	if len(aside) > 0 {
		g.aside = append(g.aside, aside)
	}
	if !hidden {
		g.shown = append(g.shown, shown)
	}
}

// addTo puts the sheet into the document.
func (g *grid) addTo(r *reader, d *inspect.Document) error {
	if len(g.shown) > 0 {
		if err := r.add(d, inspect.DocumentPart{Name: g.name, Hidden: g.hidden, Tables: [][][]string{g.shown}}); err != nil {
			return err
		}
	}
	if len(g.aside) > 0 {
		if err := r.add(d, inspect.DocumentPart{Name: g.name + "的隐藏行列", Hidden: true, Tables: [][][]string{g.aside}}); err != nil {
			return err
		}
	}
	return r.add(d, inspect.DocumentPart{Name: g.name + "的批注", Hidden: true, Text: strings.Join(g.notes, "\n")})
}
