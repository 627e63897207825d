// Package a11ytableheaders is the check a11y-table-headers: cells that refer to headers that are none, and headers without cells.
package a11ytableheaders

import (
	"cmp"
	"context"
	_ "embed"
	"strings"

	"github.com/xunjian/xunjian/checks/accname"
	"github.com/xunjian/xunjian/checks/locus"
	"github.com/xunjian/xunjian/checks/places"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

//go:embed rule.md
var rule string

// Check is the check a11y-table-headers.
var Check = inspect.NewCheck("a11y-table-headers", rule, inspect.PerPage, struct{}{}, run).Timeless()

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	tree, err := accname.For(p.Page)
	if err != nil {
		return err
	}
	g := places.On(p)
	for _, role := range []string{"table", "grid", "treegrid"} {
		for _, t := range tree.Playing(role) {
			if !t.Exposed() || !t.Is(atom.Table) && tree.Scripted { // scripts fill the tables that are made of boxes
				continue
			}
			cells := read(tree, t)
			if t.Is(atom.Table) {
				refs(tree, g, t, cells)
			}
			lonely(g, cells)
			if bare(tree, t, cells) && locus.InBody(p.Page, t.Node) {
				g.Doubt(t, "数据表格没有表头单元格（th）：%s", places.Shown(t))
			}
		}
	}
	g.End()
	return nil
}

// A cell is a cell with the rows and columns that it covers.
type cell struct {
	e                *accname.Element
	row, col, rs, cs int
	head             bool
}

// widest bounds absurd spans, most absurd tables.
const (
	widest = 200
	most   = 500_000
)

// read places the cells of a table, not those of tables inside it.
func read(tree *accname.Tree, t *accname.Element) (out []cell) {
	taken := map[[2]int]bool{}
	row := -1
	col := 0
	tree.Inside(t, func(e *accname.Element) bool {
		switch {
		case e.Is(atom.Table) || e.Role == "grid" || e.Role == "treegrid":
			return false
		case e.Is(atom.Tr) || e.Role == "row":
			row++
			col = 0
		case row >= 0 && isCell(e):
			for taken[[2]int{row, col}] {
				col++
			}
			if len(taken) > most {
				return false
			}
			c := cell{e, row, col, span(e, "rowspan"), span(e, "colspan"), e.Is(atom.Th) || e.Role == "columnheader" || e.Role == "rowheader"}
			for y := range c.rs {
				for x := range c.cs {
					taken[[2]int{row + y, col + x}] = true
				}
			}
			col += c.cs
			out = append(out, c)
		}
		return true
	})
	return out
}

func isCell(e *accname.Element) bool {
	switch e.Role {
	case "cell", "gridcell", "columnheader", "rowheader":
		return true
	}
	return e.Is(atom.Td, atom.Th)
}

func span(e *accname.Element, key string) int {
	n := 0
	for _, r := range strings.TrimSpace(cmp.Or(e.Attr(key), e.Attr("aria-"+key))) {
		if r < '0' || r > '9' || n > widest {
			break
		}
		n = n*10 + int(r-'0')
	}
	return max(1, min(n, widest))
}

// refs looks at what cells say of their headers.
func refs(tree *accname.Tree, g *places.Gathering, t *accname.Element, cells []cell) {
	for i := range cells {
		c := cells[i].e
		ids := c.Attr("headers")
		if ids == "" || !c.Exposed() || tree.Away(c) {
			continue
		}
		for id := range strings.FieldsSeq(ids) {
			if !heads(tree, t, c, id) {
				g.Fault(c, "单元格的 headers 所指“%s”不是本表的表头：%s", zh.Truncate(id, 30), places.Shown(c))
				break
			}
		}
	}
}

// heads reports whether an id names a header of the table other than the cell.
func heads(tree *accname.Tree, t, c *accname.Element, id string) bool {
	same := tree.Same(id)
	if same == nil {
		if h := tree.ByID(id); h != nil {
			same = []*accname.Element{h}
		}
	}
	for _, h := range same[:min(len(same), widest)] {
		if h != c && h.Up.Within(atom.Table) == t && (h.Role == "columnheader" || h.Role == "rowheader") {
			return true
		}
	}
	return false
}

// lonely finds headers of which neither row nor column has another cell.
func lonely(g *places.Gathering, cells []cell) {
	data := map[string]bool{}
	for i := range cells {
		for id := range strings.FieldsSeq(cells[i].e.Attr("headers")) {
			data[id] = true
		}
	}
	columns, rows, inColumn := map[int]int{}, map[int]bool{}, map[int]bool{}
	for i := range cells {
		c := &cells[i]
		for x := range c.cs {
			columns[c.col+x]++
			inColumn[c.col+x] = inColumn[c.col+x] || !c.head
		}
		for y := range c.rs {
			rows[c.row+y] = rows[c.row+y] || !c.head
		}
	}
	for i := range cells {
		c := &cells[i]
		if !c.head || !c.e.Exposed() || c.e.HasRole() && c.e.Is(atom.Th) || data[c.e.Attr("id")] && c.e.Attr("id") != "" || accname.Blank(inspect.TextOf(c.e.Node)) {
			continue
		}
		if !served(c, columns, rows) && anyData(cells) {
			g.Fault(c.e, "表头单元格没有对应的数据单元格：%s", places.Shown(c.e))
		}
	}
}

func served(c *cell, columns map[int]int, rows map[int]bool) bool {
	for x := range c.cs {
		if columns[c.col+x] > 1 {
			return true
		}
	}
	for y := range c.rs {
		if rows[c.row+y] {
			return true
		}
	}
	return false
}

func anyData(cells []cell) bool {
	for i := range cells {
		if !cells[i].head {
			return true
		}
	}
	return false
}

// bare reports whether a table looks like one of data and has no header.
func bare(tree *accname.Tree, t *accname.Element, cells []cell) bool {
	if t.HasRole() || !t.Is(atom.Table) || len(cells) < 9 || len(cells) > 5000 {
		return false
	}
	rows, columns, filled := 0, 0, 0
	for i := range cells {
		c := &cells[i]
		if c.head {
			return false
		}
		rows, columns = max(rows, c.row+1), max(columns, c.col+c.cs)
		s := inspect.TextOf(c.e.Node)
		if len([]rune(s)) > 60 {
			return false
		}
		if s != "" {
			filled++
		}
	}
	nested := false
	tree.Inside(t, func(e *accname.Element) bool {
		nested = nested || e.Is(atom.Table, atom.Input, atom.Select, atom.Img)
		return !nested
	})
	return !nested && rows >= 3 && columns >= 3 && filled*5 >= len(cells)*4
}
