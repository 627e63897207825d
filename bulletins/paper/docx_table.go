package paper

import (
	"fmt"
	"strings"
)

// table writes a table within the text, with its caption above.
func (d *docx) table(t *Table) {
	if t.Caption != "" {
		d.tables++
		d.paragraph("Tizhu", `<w:keepNext/>`, run("表")+field("SEQ 表 \\* ARABIC", fmt.Sprint(d.tables))+run("　"+t.Caption))
	}
	rows, left := cut(t)
	short := *t
	short.Rows = rows
	d.rows(&short, t.Caption)
	if left > 0 {
		d.paragraph("Zhu", "", run(fmt.Sprintf("本表共 %d 行，此处印出前 %d 行，其余 %d 行见电子表格。", len(t.Rows), len(rows), left)))
	}
}

// rows writes a table: its head row comes again on every sheet, and no row is
// split.
func (d *docx) rows(t *Table, title string) {
	widths := d.widths(t.Heads)
	head, text := "Biaotou", "Biaowen"
	if d.wide {
		head, text = "BiaotouXiao", "BiaowenXiao"
	}
	b := &d.body
	fmt.Fprintf(b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>%s</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar><w:tblCaption w:val="%s"/><w:tblDescription w:val="%s"/></w:tblPr><w:tblGrid>`,
		sum(widths), borders, esc(title), esc(fmt.Sprintf("%s，%d 列 %d 行，首行为表头", title, len(t.Heads), len(t.Rows))))
	for _, w := range widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, h := range t.Heads {
		d.cell(widths[i], head, "", run(h.Name))
	}
	b.WriteString(`</w:tr>`)
	for _, r := range t.Rows {
		d.row(t.Heads, widths, r, text)
	}
	if t.Total != nil {
		d.row(t.Heads, widths, t.Total, head)
	}
	if len(t.Rows) == 0 {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="` + fmt.Sprint(len(t.Heads)) + `"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="Biaowen"/></w:pPr>` + run("（无）") + `</w:p></w:tc></w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
	d.paragraph("Fenjie", "", "") // two tables in a row would join
}

var borders = func() string {
	var b strings.Builder
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		fmt.Fprintf(&b, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="000000"/>`, side)
	}
	return b.String()
}()

func (d *docx) row(heads []ColumnHead, widths []int, cells []Cell, style string) {
	d.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
	for i, h := range heads {
		text := h.Text(cells[i])
		align := ""
		switch {
		case h.Kind == Number || h.Kind == Share:
			align = `<w:jc w:val="right"/>`
		case h.Kind == Day:
			align = `<w:jc w:val="center"/>`
		}
		runs := run(text)
		if u := cells[i].URL; webAddress(u) && !d.plain {
			runs = d.link(u, text)
		}
		d.cell(widths[i], style, align, runs)
	}
	d.body.WriteString(`</w:tr>`)
}

func (d *docx) cell(width int, style, align, runs string) {
	fmt.Fprintf(&d.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>%s</w:p></w:tc>`, width, style, align, runs)
}

// link is a hyperlink, whose target is a relation of the document.
func (d *docx) link(url, text string) string {
	d.links = append(d.links, url)
	return fmt.Sprintf(`<w:hyperlink r:id="link%d"><w:r><w:rPr><w:rStyle w:val="Hyperlink"/><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:hyperlink>`, len(d.links), esc(text))
}

// webAddress reports whether an address may stand behind a link: nothing that
// a page wrote may run.
func webAddress(u string) bool {
	return strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://")
}

// widths divides the type area by the columns' shares.
func (d *docx) widths(heads []ColumnHead) []int {
	whole := 0
	for _, h := range heads {
		whole += h.Width
	}
	out := make([]int, len(heads))
	for i, h := range heads {
		out[i] = d.textWidth() * h.Width / whole
	}
	return out
}

func sum(ns []int) (n int) {
	for _, x := range ns {
		n += x
	}
	return n
}
