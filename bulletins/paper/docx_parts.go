package paper

import (
	"fmt"
	"strings"
	"time"
)

const (
	relType   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	mainTypes = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	relsHead  = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

const packageRels = relsHead +
	`<Relationship Id="rId1" Type="` + relType + `officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

func (d *docx) contentTypes() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`)
	over := func(name, kind string) { fmt.Fprintf(&b, `<Override PartName="/%s" ContentType="%s"/>`, name, kind) }
	over("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")
	over("word/document.xml", mainTypes+"document.main+xml")
	over("word/styles.xml", mainTypes+"styles+xml")
	over("word/settings.xml", mainTypes+"settings+xml")
	over("word/fontTable.xml", mainTypes+"fontTable+xml")
	over("word/footer1.xml", mainTypes+"footer+xml")
	over("word/footer2.xml", mainTypes+"footer+xml")
	if d.p.Options.Draft {
		over("word/header1.xml", mainTypes+"header+xml")
	}
	for i := range d.charts {
		over(fmt.Sprintf("word/charts/chart%d.xml", i+1), "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")
	}
	return b.String() + `</Types>`
}

func (d *docx) relations() string {
	var b strings.Builder
	b.WriteString(relsHead)
	rel := func(id, kind, target string) {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s%s" Target="%s"/>`, id, relType, kind, target)
	}
	rel("rId1", "styles", "styles.xml")
	rel("rId2", "settings", "settings.xml")
	rel("rId3", "fontTable", "fontTable.xml")
	rel("rId5", "footer", "footer1.xml")
	rel("rId6", "footer", "footer2.xml")
	if d.p.Options.Draft {
		rel("rId7", "header", "header1.xml")
	}
	for i := range d.charts {
		rel(fmt.Sprintf("chart%d", i+1), "chart", fmt.Sprintf("charts/chart%d.xml", i+1))
	}
	for i, u := range d.links {
		fmt.Fprintf(&b, `<Relationship Id="link%d" Type="%shyperlink" Target="%s" TargetMode="External"/>`, i+1, relType, esc(u))
	}
	return b.String() + `</Relationships>`
}

// core is title, language and time, which come from the data.
func (d *docx) core() string {
	at := d.p.Options.Date
	if at.IsZero() {
		at = d.p.Source.Period.Span().To
	}
	stamp := at.UTC().Format(time.RFC3339)
	return xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + esc(d.p.Heading()) + `</dc:title><dc:creator>` + esc(d.p.Options.Issuer) + `</dc:creator><dc:language>zh-CN</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:modified></cp:coreProperties>`
}

const wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

const settings = xmlHead + `<w:settings ` + wordSpace + `><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`

const draftHeader = xmlHead + `<w:hdr ` + wordSpace + `><w:p><w:pPr><w:pStyle w:val="Chugao"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>监测初稿</w:t></w:r></w:p></w:hdr>`

// pageNumber is a footer with "— 1 —", one character from the outer edge.
func pageNumber(align, side string) string {
	return xmlHead + `<w:ftr ` + wordSpace + `><w:p><w:pPr><w:pStyle w:val="Yema"/><w:ind ` + side + `="280" ` + side + `Chars="100"/><w:jc w:val="` + align + `"/></w:pPr>` + run("— ") + field("PAGE", "1") + run(" —") + `</w:p></w:ftr>`
}

// The fonts of official papers, as government machines have them.
const (
	latin     = "Times New Roman"
	fangsong  = "仿宋_GB2312"
	kaiti     = "楷体_GB2312"
	heiti     = "黑体"
	songti    = "宋体"
	xiaobiao  = "方正小标宋简体"
	lineExact = `<w:spacing w:line="560" w:lineRule="exact"/>`
)

// fontTable names for each font what stands in where it is missing.
func fontTable() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:fonts ` + wordSpace + `>`)
	for _, f := range [][2]string{{fangsong, "仿宋"}, {kaiti, "楷体"}, {heiti, "SimHei"}, {songti, "SimSun"}, {xiaobiao, "宋体"}} {
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>`, f[0], f[1])
	}
	return b.String() + `<w:font w:name="` + latin + `"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`
}

// A paragraphStyle is a named style of the layout, so that people can set it
// otherwise in one place.
type paragraphStyle struct {
	id, name string
	font     string
	half     int // size in half points
	props    string
	color    string
}

// offGrid keeps paragraphs of small type off the grid of the body's lines.
const offGrid = `<w:snapToGrid w:val="0"/>`

const twoIn = `<w:ind w:firstLine="640" w:firstLineChars="200"/>`

var paragraphStyles = []paragraphStyle{
	{"Gongwen", "公文正文", fangsong, 32, lineExact + twoIn + `<w:jc w:val="both"/>`, ""},
	{"Biaoti", "公文标题", xiaobiao, 44, `<w:keepNext/>` + offGrid + lineExact + `<w:jc w:val="center"/>`, ""},
	{"Heading1", "heading 1", heiti, 32, `<w:keepNext/>` + lineExact + twoIn + `<w:outlineLvl w:val="0"/>`, ""},
	{"Heading2", "heading 2", kaiti, 32, `<w:keepNext/>` + lineExact + twoIn + `<w:outlineLvl w:val="1"/>`, ""},
	{"Heading3", "heading 3", fangsong, 32, `<w:keepNext/>` + lineExact + twoIn + `<w:outlineLvl w:val="2"/>`, ""},
	{"Zhusong", "主送机关", fangsong, 32, `<w:spacing w:before="560" w:line="560" w:lineRule="exact"/>`, ""},
	{"Jiguan", "发文机关标志", xiaobiao, 72, offGrid + `<w:spacing w:before="1984" w:after="1160" w:line="720" w:lineRule="exact"/><w:jc w:val="center"/>`, "FF0000"},
	{"Zihao", "发文字号", fangsong, 32, `<w:spacing w:after="1160" w:line="560" w:lineRule="exact"/><w:jc w:val="center"/>`, ""},
	{"Chugao", "初稿标记", heiti, 28, `<w:jc w:val="right"/>`, "C00000"},
	{"Fujianshuoming", "附件说明", fangsong, 32, `<w:keepNext/>` + lineExact, ""},
	{"Luokuan", "署名和日期", fangsong, 32, `<w:keepNext/>` + lineExact + `<w:ind w:right="1280" w:rightChars="400"/><w:jc w:val="right"/>`, ""},
	{"Fujian", "附件序号", heiti, 32, lineExact, ""},
	{"FujianBiaoti", "附件标题", xiaobiao, 36, `<w:keepNext/>` + offGrid + `<w:spacing w:before="579" w:after="579" w:line="560" w:lineRule="exact"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>`, ""},
	{"Biaotou", "表头", heiti, 21, offGrid + `<w:spacing w:before="20" w:after="20"/><w:jc w:val="center"/>`, ""},
	{"Biaowen", "表文", fangsong, 21, offGrid + `<w:spacing w:before="20" w:after="20"/>`, ""},
	{"BiaotouXiao", "表头（横排）", heiti, 18, offGrid + `<w:spacing w:before="20" w:after="20"/><w:jc w:val="center"/>`, ""},
	{"BiaowenXiao", "表文（横排）", fangsong, 18, offGrid + `<w:spacing w:before="20" w:after="20"/>`, ""},
	{"Tizhu", "caption", heiti, 24, offGrid + `<w:spacing w:before="120" w:after="60"/><w:jc w:val="center"/>`, ""},
	{"Tu", "图", fangsong, 24, `<w:keepNext/>` + offGrid + `<w:spacing w:before="120"/><w:jc w:val="center"/>`, ""}, // not of exact height: a picture would be cut
	{"Zhu", "注", fangsong, 20, offGrid + `<w:spacing w:before="60" w:after="60"/>`, ""},
	{"Yema", "页码", songti, 28, "", ""},
	{"Banji", "版记", fangsong, 28, offGrid + `<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:left="280" w:right="280"/>`, ""},
	{"Fenjie", "分节", fangsong, 4, offGrid + `<w:spacing w:line="20" w:lineRule="exact"/>`, ""},
}

func styles() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<w:styles ` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(fangsong) + `<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>` +
		`<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0B57A4"/><w:u w:val="single"/></w:rPr></w:style>`)
	for _, s := range paragraphStyles {
		b.WriteString(s.xml())
	}
	return b.String() + `</w:styles>`
}

func (s *paragraphStyle) xml() string {
	color := ""
	if s.color != "" {
		color = `<w:color w:val="` + s.color + `"/>`
	}
	return fmt.Sprintf(`<w:style w:type="paragraph" w:customStyle="%d" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>%s</w:pPr><w:rPr>%s%s<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`,
		custom(s.name), s.id, s.name, s.props, fonts(s.font), color, s.half, s.half)
}

// custom is 0 for the styles that every word processor knows.
func custom(name string) int {
	if name == "caption" || strings.HasPrefix(name, "heading ") {
		return 0
	}
	return 1
}

// fonts names all four: a run with only a Latin one would show Chinese in
// whatever the theme has. Page numbers are half-width digits of 宋体 itself.
func fonts(chinese string) string {
	latin := latin
	if chinese == songti {
		latin = songti
	}
	return `<w:rFonts w:ascii="` + latin + `" w:hAnsi="` + latin + `" w:eastAsia="` + chinese + `" w:cs="` + latin + `"/>`
}
