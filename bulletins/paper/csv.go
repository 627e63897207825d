package paper

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strings"
)

// CSV writes the tables of a paper, as Format.Files gives it one: with a mark
// by which spreadsheets know UTF-8.
func CSV(_ context.Context, w io.Writer, p *Paper) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	for _, a := range p.Tables() {
		linked := a.Table.linked()
		var head []string
		for _, h := range a.Table.Heads {
			head = append(head, h.Name)
		}
		if linked {
			head = append(head, "网址")
		}
		if err := c.Write(head); err != nil {
			return err
		}
		for _, r := range a.Table.Rows {
			row := make([]string, len(r), len(r)+1)
			for i, h := range a.Table.Heads {
				row[i] = h.plain(r[i])
			}
			if linked {
				row = append(row, safe(rowURL(r)))
			}
			if err := c.Write(row); err != nil {
				return err
			}
		}
	}
	c.Flush()
	return c.Error()
}

// plain is a cell for programs: nothing is empty, numbers have no sign of theirs.
func (h ColumnHead) plain(c Cell) string {
	switch {
	case h.Kind == Words:
		return safe(c.Text)
	case h.Text(c) == "—":
		return ""
	}
	return h.Text(c)
}

// safe is text that no spreadsheet takes for a formula.
func safe(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r") || strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠") {
		return "'" + s
	}
	return s
}

// linked reports whether rows of the table name addresses.
func (t *Table) linked() bool {
	return slices.ContainsFunc(t.Rows, func(r []Cell) bool { return rowURL(r) != "" })
}

// rowURL is the first address of a row.
func rowURL(r []Cell) string {
	for _, c := range r {
		if c.URL != "" {
			return c.URL
		}
	}
	return ""
}
