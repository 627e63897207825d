package paper

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// DOCX writes a paper as WordprocessingML in the layout of GB/T 9704-2012. The
// same paper gives the same bytes. An office's own template goes before it.
func DOCX(_ context.Context, w io.Writer, p *Paper) error {
	if p.Options.Template != nil {
		return fill(w, p)
	}
	d := &docx{p: p}
	d.letterhead()
	d.title()
	for i := range p.Blocks {
		d.block(&p.Blocks[i], i == len(p.Blocks)-1)
	}
	d.signature()
	for i, a := range p.Printed() {
		d.annex(i+1, &a)
	}
	d.imprint()
	return d.write(w)
}

// A docx is a document under way.
type docx struct {
	p      *Paper
	body   strings.Builder
	wide   bool     // the section that is being written lies on landscape sheets
	even   bool     // it begins on an even page
	links  []string // targets of hyperlinks, in order of their relations
	charts []*Chart
	tables int  // captioned so far
	plain  bool // without links, charts and sheets of ours: into a template
}

// paragraph writes a paragraph of a style; props go behind the style.
func (d *docx) paragraph(style, props, runs string) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>%s</w:p>`, style, props, runs)
}

// run is text in the style of its paragraph. The hint makes quotation marks
// and dashes take the Chinese font.
func run(text string) string {
	return `<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">` + esc(text) + `</w:t></w:r>`
}

// esc is text for XML, in one line and without what XML cannot hold.
func esc(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r == utf8.RuneError || r >= 0xFFFE && r <= 0xFFFF:
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return "" // a builder takes everything
	}
	return b.String()
}

// field is a field with the text that it shows until somebody updates it.
func field(code, text string) string {
	return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + code + ` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` +
		run(text) + `<w:r><w:fldChar w:fldCharType="end"/></w:r>`
}

// block writes a block. The last one keeps to the signature: no sheet holds a
// signature without text.
func (d *docx) block(b *Block, last bool) {
	switch {
	case b.Table != nil:
		d.table(b.Table)
	case b.Chart != nil:
		d.chart(b.Chart)
	default:
		style := map[Style]string{Body: "Gongwen", Head1: "Heading1", Head2: "Heading2", Head3: "Heading3", Note: "Zhu"}[b.Style]
		keep := ""
		if last {
			keep = `<w:keepNext/>`
		}
		d.paragraph(style, keep, run(b.Text.String()))
	}
}

// letterhead is the 版头: red issuer, number, red rule.
func (d *docx) letterhead() {
	o := &d.p.Options
	switch o.Letterhead {
	case FileHead:
		d.paragraph("Jiguan", "", run(o.Issuer+"文件"))
		d.paragraph("Zihao", redRule, run(o.Number))
	case LetterHead:
		d.paragraph("Jiguan", redRule, run(o.Issuer))
		d.paragraph("Zihao", `<w:jc w:val="right"/>`, run(o.Number))
	}
}

const redRule = `<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="11" w:color="FF0000"/></w:pBdr>`

func (d *docx) title() {
	if d.p.Options.Draft {
		d.paragraph("Chugao", "", run("监测初稿"+window(d.p.Options.Window)))
	}
	for _, line := range d.p.Title {
		if line != "" {
			d.paragraph("Biaoti", "", run(line))
		}
	}
	if to := d.p.Options.To; to != "" {
		d.paragraph("Zhusong", "", run(strings.TrimSuffix(to, "：")+"："))
	}
}

// window says until when units may object.
func window(t time.Time) string {
	if t.IsZero() {
		return "，未经确认，不作为通报依据"
	}
	return "，" + chineseDay(t) + "前可提出异议"
}

// signature is the list of annexes, the issuer and the day.
func (d *docx) signature() {
	for i, a := range d.p.Printed() {
		lead, props := fmt.Sprint(i+1)+".", `<w:ind w:left="1760" w:leftChars="550" w:hanging="160" w:hangingChars="50"/>`
		if i == 0 { // one line below the text
			lead, props = "附件："+lead, `<w:spacing w:before="560" w:line="560" w:lineRule="exact"/><w:ind w:left="1760" w:leftChars="550" w:hanging="1120" w:hangingChars="350"/>`
		}
		d.paragraph("Fujianshuoming", props, run(lead+a.Title))
	}
	o := &d.p.Options
	if o.Date.IsZero() {
		return
	}
	d.paragraph("Luokuan", `<w:spacing w:before="1120"/>`, run(o.Issuer)) // two lines, and room for a seal
	d.paragraph("Luokuan", "", run(chineseDay(o.Date)))
}

// imprint is the 版记 of a paper with a file's letterhead: at the foot of an
// even page behind all else, its rules as wide as the type area, thick outside
// and thin inside.
func (d *docx) imprint() {
	o := &d.p.Options
	if o.Letterhead != FileHead {
		return
	}
	d.section(false)
	d.even = true
	var lines []string
	if o.Copies != "" {
		lines = append(lines, run("抄送："+strings.TrimSuffix(o.Copies, "。")+"。"))
	}
	day := ""
	if !o.Date.IsZero() {
		day = chineseDay(o.Date) + "印发"
	}
	lines = append(lines, run(o.Issuer)+`<w:r><w:tab/></w:r>`+run(day))
	const thick, thin = 8, 6 // eighths of a point: 0.35 and 0.25 mm
	rule := func(side string, size int) string {
		return fmt.Sprintf(`<w:%s w:val="single" w:sz="%d" w:space="0" w:color="000000"/>`, side, size)
	}
	width := d.textWidth()
	d.paragraph("Fenjie", fmt.Sprintf(`<w:spacing w:before="%d" w:line="20" w:lineRule="exact"/>`, typeHeight-imprintLine*len(lines)-imprintLine/4), "") // down to the foot
	fmt.Fprintf(&d.body, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:tblBorders>%s%s%s</w:tblBorders><w:tblLayout w:type="fixed"/>`+
		`<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar><w:tblCaption w:val="版记"/></w:tblPr><w:tblGrid><w:gridCol w:w="%d"/></w:tblGrid>`, width, rule("top", thick), rule("bottom", thick), rule("insideH", thin), width)
	for _, l := range lines {
		d.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		d.cell(width, "Banji", fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, width-280), l)
		d.body.WriteString(`</w:tr>`)
	}
	d.body.WriteString(`</w:tbl>`)
	d.paragraph("Fenjie", "", "")
}

// annex begins a page: its number, its title, its table.
func (d *docx) annex(n int, a *Annex) {
	first := ""
	if d.plain {
		first = `<w:pageBreakBefore/>` // a template has sheets of its own
	} else {
		d.section(a.Wide)
	}
	d.paragraph("Fujian", first, run("附件"+fmt.Sprint(n)))
	d.paragraph("FujianBiaoti", "", run(a.Title))
	for _, t := range a.Before {
		d.paragraph("Zhu", "", run(t.String()))
	}
	rows, left := cut(a.Table)
	t := *a.Table
	t.Rows = rows
	t.Caption = ""
	d.rows(&t, a.Title)
	if left > 0 {
		d.paragraph("Zhu", "", run(fmt.Sprintf("本表共 %d 行，此处印出前 %d 行，其余 %d 行见电子表格。", len(a.Table.Rows), len(rows), left)))
	}
	for _, t := range a.After {
		d.paragraph("Zhu", "", run(t.String()))
	}
}

// section ends the section that is being written: what follows lies on new
// sheets.
func (d *docx) section(wide bool) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="Fenjie"/>%s</w:pPr></w:p>`, d.sheet())
	d.wide = wide
}

// The sheets, in twentieths of a point: A4, the type area of GB/T 9704.
const (
	sheetWidth, sheetHeight = 11906, 16838
	marginTop, marginRight  = 2098, 1474
	marginBottom            = 1984
	marginLeft              = 1588
	typeHeight              = sheetHeight - marginTop - marginBottom
	imprintLine             = 560
	footer                  = 1400
)

// sheet is the properties of the section that is being written. On landscape
// sheets the binding edge is the upper one.
func (d *docx) sheet() string {
	refs := `<w:footerReference w:type="default" r:id="rId5"/><w:footerReference w:type="even" r:id="rId6"/>`
	if d.p.Options.Draft {
		refs = `<w:headerReference w:type="default" r:id="rId7"/><w:headerReference w:type="even" r:id="rId7"/>` + refs
	}
	size := fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/>`, sheetWidth, sheetHeight, marginTop, marginRight, marginBottom, marginLeft, footer)
	if d.wide {
		size = fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="851" w:gutter="0"/>`, sheetHeight, sheetWidth, marginLeft, marginBottom, marginRight, marginTop)
	}
	begins := "nextPage"
	if d.even {
		begins = "evenPage"
	}
	return `<w:sectPr>` + refs + `<w:type w:val="` + begins + `"/>` + size + `<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>`
}

// textWidth is the width of the type area.
func (d *docx) textWidth() int {
	if d.wide {
		return sheetHeight - marginTop - marginBottom
	}
	return sheetWidth - marginLeft - marginRight
}

// A part is a file of the package.
type part struct{ name, text string }

// epoch is the time of every file of a package: the earliest that zip can tell.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// pack writes files in their order.
func pack(w io.Writer, parts []part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, p.text); err != nil {
			return err
		}
	}
	return z.Close()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const documentHead = xmlHead + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><w:body>`

func (d *docx) write(w io.Writer) error {
	parts := []part{
		{"[Content_Types].xml", d.contentTypes()},
		{"_rels/.rels", packageRels},
		{"docProps/core.xml", d.core()},
		{"word/document.xml", documentHead + d.body.String() + d.sheet() + "</w:body></w:document>"},
		{"word/_rels/document.xml.rels", d.relations()},
		{"word/styles.xml", styles()},
		{"word/settings.xml", settings},
		{"word/fontTable.xml", fontTable()},
		{"word/footer1.xml", pageNumber("right", "w:right")},
		{"word/footer2.xml", pageNumber("left", "w:left")},
	}
	if d.p.Options.Draft {
		parts = append(parts, part{"word/header1.xml", draftHeader})
	}
	for i, c := range d.charts {
		parts = append(parts, part{fmt.Sprintf("word/charts/chart%d.xml", i+1), chartXML(c)})
	}
	return pack(w, parts)
}
