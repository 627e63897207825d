package portal

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// The attachments are made here, small but whole: readers refuse less.

// pack is a zip archive of parts, as office files are.
func pack(parts [][2]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, x := range parts {
		w, err := z.Create(x[0])
		if err == nil {
			_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + x[1]))
		}
		if err != nil {
			panic("portal: " + err.Error()) // memory does not fail to write
		}
	}
	if err := z.Close(); err != nil {
		panic("portal: " + err.Error())
	}
	return b.Bytes()
}

const (
	contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>%s</Types>`
	override     = `<Override PartName="%s" ContentType="application/vnd.openxmlformats-officedocument.%s+xml"/>`
	relations    = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	relation     = `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>`
)

// docx is a word-processor file of paragraphs.
func docx(paragraphs ...string) []byte {
	var b strings.Builder
	b.WriteString(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for _, p := range paragraphs {
		fmt.Fprintf(&b, `<w:p><w:r><w:t>%s</w:t></w:r></w:p>`, html.EscapeString(p))
	}
	b.WriteString(`</w:body></w:document>`)
	return pack([][2]string{
		{"[Content_Types].xml", fmt.Sprintf(contentTypes, fmt.Sprintf(override, "/word/document.xml", "wordprocessingml.document.main"))},
		{"_rels/.rels", fmt.Sprintf(relations, fmt.Sprintf(relation, 1, "officeDocument", "word/document.xml"))},
		{"word/document.xml", b.String()},
	})
}

// A sheet is one of a workbook.
type sheet struct {
	name   string
	hidden bool
	rows   [][]string
}

// xlsx is a workbook of sheets.
func xlsx(sheets ...sheet) []byte {
	var list, types, rels strings.Builder
	var parts [][2]string
	for i, s := range sheets {
		state := ""
		if s.hidden {
			state = ` state="hidden"`
		}
		fmt.Fprintf(&list, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, html.EscapeString(s.name), i+1, state, i+1)
		file := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		fmt.Fprintf(&types, override, "/xl/"+file, "spreadsheetml.worksheet")
		fmt.Fprintf(&rels, relation, i+1, "worksheet", file)
		parts = append(parts, [2]string{"xl/" + file, s.xml()})
	}
	return pack(append([][2]string{
		{"[Content_Types].xml", fmt.Sprintf(contentTypes, fmt.Sprintf(override, "/xl/workbook.xml", "spreadsheetml.sheet.main")+types.String())},
		{"_rels/.rels", fmt.Sprintf(relations, fmt.Sprintf(relation, 1, "officeDocument", "xl/workbook.xml"))},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", fmt.Sprintf(relations, rels.String())},
	}, parts...))
}

func (s *sheet) xml() string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for i, row := range s.rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for k, cell := range row {
			fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+k, i+1, html.EscapeString(cell))
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	return b.String()
}

// pdf is a page with one line of Latin letters, its table of objects in order.
func pdf(line string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	stream := fmt.Sprintf("BT /F1 12 Tf 72 720 Td (%s) Tj ET", line)
	var at []int
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return b.Bytes()
}

var fileTypes = map[string]string{"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "pdf": "application/pdf"}

func (p *Portal) file(path string, body []byte) {
	p.put(path, &answer{status: http.StatusOK, typ: fileTypes[path[strings.LastIndexByte(path, '.')+1:]], body: body})
}

// identity is a made-up identity number with the right check digit; 141099 is
// a division that does not exist.
func identity(birth string, n int) string {
	s := fmt.Sprintf("141099%s%03d", birth, n)
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return s + string("10X98765432"[sum%11])
}
