package paper_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/bulletins/paper"
)

// parts unpacks a package and holds each part against XML.
func parts(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(bytes.NewReader(data)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		out[f.Name] = string(data)
	}
	return out
}

// A word element with its attributes by local name, and what stands in it.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Inner   []element  `xml:",any"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the elements of a name, in order.
func (e *element) all(name string) (out []*element) {
	for i := range e.Inner {
		x := &e.Inner[i]
		if x.XMLName.Local == name {
			out = append(out, x)
		}
		out = append(out, x.all(name)...)
	}
	return out
}

func parsed(t *testing.T, text string) *element {
	t.Helper()
	e := &element{}
	if err := xml.Unmarshal([]byte(text), e); err != nil {
		t.Fatal(err)
	}
	return e
}

// The layout is that of GB/T 9704-2012: sheets, margins, fonts, lines.
func TestDOCXLayout(t *testing.T) {
	t.Parallel()
	p := parts(t, written(t, "docx", sample(t)))
	doc := parsed(t, p["word/document.xml"])
	sections := doc.all("sectPr")
	portrait, landscape := 0, 0
	for _, s := range sections {
		size, margin, grid := s.all("pgSz")[0], s.all("pgMar")[0], s.all("docGrid")[0]
		got := []string{size.attr("w"), size.attr("h"), margin.attr("top"), margin.attr("right"), margin.attr("bottom"), margin.attr("left"), grid.attr("linePitch")}
		want := []string{"11906", "16838", "2098", "1474", "1984", "1588", "579"} // 210×297, 37, 26, 35, 28 mm, 28.95 pt
		if size.attr("orient") == "landscape" {
			landscape++
			want = []string{"16838", "11906", "1588", "1984", "1474", "2098", "579"}
		} else {
			portrait++
		}
		if !slices.Equal(got, want) {
			t.Errorf("sheet %v, want %v", got, want)
		}
		var feet []string
		for _, f := range s.all("footerReference") {
			feet = append(feet, f.attr("type"))
		}
		if !slices.Equal(feet, []string{"default", "even"}) {
			t.Errorf("footers %v", feet)
		}
	}
	if portrait < 2 || landscape < 2 {
		t.Errorf("%d portrait and %d landscape sections", portrait, landscape)
	}
	if !strings.Contains(p["word/settings.xml"], "<w:evenAndOddHeaders/>") {
		t.Error("odd and even sheets have the same footer")
	}
	for name, side := range map[string]string{"word/footer1.xml": "right", "word/footer2.xml": "left"} {
		f := parsed(t, p[name])
		if f.all("jc")[0].attr("val") != side || strings.TrimSpace(f.all("instrText")[0].Text) != "PAGE" || f.all("ind")[0].attr(side+"Chars") != "100" || !strings.Contains(p[name], "— ") {
			t.Errorf("%s: %s", name, p[name])
		}
	}
}

func TestDOCXStyles(t *testing.T) {
	t.Parallel()
	p := parts(t, written(t, "docx", sample(t)))
	styles := parsed(t, p["word/styles.xml"])
	by := map[string]*element{}
	for _, s := range styles.all("style") {
		by[s.attr("styleId")] = s
	}
	for id, want := range map[string][]string{ // font, half points, exact line
		"Gongwen": {"仿宋_GB2312", "32", "560"}, "Biaoti": {"方正小标宋简体", "44", "560"}, "Heading1": {"黑体", "32", "560"}, "Heading2": {"楷体_GB2312", "32", "560"},
		"Heading3": {"仿宋_GB2312", "32", "560"}, "Fujian": {"黑体", "32", "560"}, "Yema": {"宋体", "28", ""}, "Banji": {"仿宋_GB2312", "28", "560"}} {
		s := by[id]
		line := ""
		if x := s.all("spacing"); len(x) > 0 {
			line = x[0].attr("line")
		}
		fonts := s.all("rFonts")[0]
		if got := []string{fonts.attr("eastAsia"), s.all("sz")[0].attr("val"), line}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	if f := by["Yema"].all("rFonts")[0]; f.attr("ascii") != "宋体" || f.attr("hAnsi") != "宋体" {
		t.Error("page numbers are not of 宋体")
	}
	if len(by["Biaoti"].all("snapToGrid")) != 1 {
		t.Error("the grid doubles the lines of a title")
	}
	for _, f := range styles.all("rFonts") {
		if f.attr("ascii") == "" || f.attr("hAnsi") == "" || f.attr("eastAsia") == "" {
			t.Errorf("a font that names not all scripts: %v", f.Attrs)
		}
	}
	used := map[string]bool{}
	for _, s := range parsed(t, p["word/document.xml"]).all("pStyle") {
		used[s.attr("val")] = true
		if by[s.attr("val")] == nil {
			t.Errorf("style %s is used and not there", s.attr("val"))
		}
	}
	if len(used) < 12 || !strings.Contains(p["word/fontTable.xml"], `<w:altName w:val="仿宋"/>`) {
		t.Errorf("styles %v", used)
	}
	if s := by["Gongwen"].all("ind")[0]; s.attr("firstLineChars") != "200" {
		t.Error("the first line of a paragraph is not moved in by two characters")
	}
	if s := by["Tu"].all("spacing")[0]; s.attr("lineRule") != "" {
		t.Error("a paragraph of exact height cuts its picture")
	}
}

// Every table repeats its head, splits no row and says what it is; annexes are
// numbered from 1, and named in the same order behind the text.
func TestDOCXTables(t *testing.T) {
	t.Parallel()
	paper := sample(t)
	p := parts(t, written(t, "docx", paper))
	doc := parsed(t, p["word/document.xml"])
	tables := doc.all("tbl")
	tables = tables[:len(tables)-1] // the imprint
	printed := paper.Printed()
	if len(tables) != len(printed) {
		t.Fatalf("%d tables for %d annexes", len(tables), len(printed))
	}
	for i, x := range tables {
		rows := x.all("tr")
		if len(rows[0].all("tblHeader")) != 1 || x.all("tblCaption")[0].attr("val") != printed[i].Title || x.all("tblLayout")[0].attr("type") != "fixed" {
			t.Errorf("table %d: no head, no name or no fixed layout", i)
		}
		want := len(printed[i].Table.Rows) + 1
		if printed[i].Table.Total != nil {
			want++
		}
		if len(rows) != want || len(x.all("cantSplit")) != want || len(x.all("gridCol")) != len(printed[i].Table.Heads) {
			t.Errorf("table %d: %d rows, want %d; %d may not split", i, len(rows), want, len(x.all("cantSplit")))
		}
		for _, r := range rows {
			if len(r.all("tc")) != len(printed[i].Table.Heads) {
				t.Errorf("table %d: a row of %d cells", i, len(r.all("tc")))
			}
		}
	}
	var numbers, named []string
	for _, x := range doc.all("p") {
		text := ""
		for _, s := range x.all("t") {
			text += s.Text
		}
		style := ""
		if s := x.all("pStyle"); len(s) > 0 {
			style = s[0].attr("val")
		}
		switch style {
		case "Fujian":
			numbers = append(numbers, text)
		case "Fujianshuoming":
			named = append(named, strings.TrimPrefix(text, "附件："))
		}
	}
	for i, a := range printed {
		n := string(rune('1' + i))
		if numbers[i] != "附件"+n || named[i] != n+"."+a.Title {
			t.Errorf("annex %d is %q, named %q", i+1, numbers[i], named[i])
		}
	}
	if d := doc.all("docPr"); len(d) != 1 || !strings.Contains(d[0].attr("descr"), "2026-10 网站 ") {
		t.Error("the chart has no alternative")
	}
	if !strings.Contains(p["word/_rels/document.xml.rels"], `Target="http://s0.example.gov.cn/xw/0.html?a=1&amp;b=2" TargetMode="External"`) {
		t.Error("faults have no links")
	}
}

// The imprint stands at the foot of an even page, its rules as wide as the type
// area: 0.35 mm outside, 0.25 mm inside.
func TestDOCXImprint(t *testing.T) {
	t.Parallel()
	doc := parsed(t, parts(t, written(t, "docx", sample(t)))["word/document.xml"])
	tables, sections := doc.all("tbl"), doc.all("sectPr")
	x, last := tables[len(tables)-1], sections[len(sections)-1]
	if last.all("type")[0].attr("val") != "evenPage" || last.all("pgSz")[0].attr("orient") != "" || x.all("tblW")[0].attr("w") != "8844" { // 156 mm
		t.Errorf("section %v, width %v", last.all("type")[0].Attrs, x.all("tblW")[0].Attrs)
	}
	b := x.all("tblBorders")[0]
	if got := []string{b.all("top")[0].attr("sz"), b.all("bottom")[0].attr("sz"), b.all("insideH")[0].attr("sz")}; !slices.Equal(got, []string{"8", "8", "6"}) {
		t.Errorf("rules %v", got)
	}
	text := ""
	for _, s := range x.all("t") {
		text += s.Text
	}
	if rows := len(x.all("tr")); rows != 2 || !strings.HasPrefix(text, "抄送：") || !strings.HasSuffix(text, "印发") {
		t.Errorf("%d rows: %s", rows, text)
	}
}

// python-docx is a reader that we did not write.
const pythonReader = `import docx, json, sys
d = docx.Document(sys.argv[1])
print(json.dumps({"title": d.core_properties.title, "sections": [[s.page_width.mm, s.top_margin.mm, s.left_margin.mm] for s in d.sections],
 "paragraphs": [[p.style.name, p.text] for p in d.paragraphs if p.text], "tables": [[len(t.rows), len(t.columns), t.cell(0, 0).text] for t in d.tables]}))`

func TestDOCXIndependentReader(t *testing.T) {
	t.Parallel()
	if err := exec.Command("/usr/bin/python3", "-c", "import docx").Run(); err != nil {
		t.Skip("python3-docx is not installed: scripts/deps.sh installs it")
	}
	file := filepath.Join(t.TempDir(), "p.docx")
	x := sample(t)
	if err := os.WriteFile(file, written(t, "docx", x), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("/usr/bin/python3", "-c", pythonReader, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Title      string
		Sections   [][]float64
		Paragraphs [][2]string
		Tables     [][]any
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != x.Heading() || len(got.Tables) != len(x.Printed())+1 || len(got.Sections) != len(x.Printed())+2 || int(got.Sections[0][1]+0.5) != 37 || int(got.Sections[0][2]+0.5) != 28 {
		t.Errorf("title %q, sections %v, tables %v", got.Title, got.Sections, got.Tables)
	}
	if !slices.Contains(got.Paragraphs, [2]string{"heading 1", "一、总体情况"}) && !slices.Contains(got.Paragraphs, [2]string{"Heading 1", "一、总体情况"}) {
		t.Errorf("no heading in %v", got.Paragraphs[:9])
	}
}

// LibreOffice sets it: fonts of the list only, all inside the file; tagged; the
// head of a table stands on each of its sheets; every figure of the text is there.
func TestPDF(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"soffice", "pdftotext", "pdffonts"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed: scripts/deps.sh installs it")
		}
	}
	if fandol, _ := filepath.Glob("/usr/share/tex*/**/fandol"); len(fandol) == 0 {
		if _, err := os.Stat("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"); err != nil {
			t.Skip("the Fandol fonts are not installed: scripts/deps.sh installs them")
		}
	}
	x := sample(t)
	file := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(file, written(t, "pdf", x), 0o600); err != nil {
		t.Fatal(err)
	}
	tool := func(name string, args ...string) string {
		t.Helper()
		out, err := exec.Command(name, args...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	for line := range strings.Lines(tool("pdffonts", file)) {
		f := strings.Fields(line)
		if len(f) < 6 || f[0] == "name" || strings.HasPrefix(f[0], "---") {
			continue
		}
		if !regexp.MustCompile(`\+(Fandol|NotoSerifCJK|NotoSansCJK|LiberationSerif)`).MatchString(f[0]) || !strings.Contains(line, " yes yes ") {
			t.Errorf("font %s", line)
		}
	}
	text := strings.Join(strings.Fields(tool("pdftotext", file, "-")), "")
	for i := range x.Blocks {
		for _, s := range x.Blocks[i].Text {
			if s.Figure != "" && !strings.Contains(text, s.Text) {
				t.Errorf("the figure %s, %s, is not in the PDF", s.Figure, s.Text)
			}
		}
	}
	sheets := strings.Split(tool("pdftotext", "-layout", file, "-"), "\f")
	heads := 0
	for _, s := range sheets {
		if strings.Contains(s, "监测栏目、页面") {
			heads++
		}
	}
	if heads < 2 || !strings.Contains(tool("pdfinfo", file), "Tagged:          yes") {
		t.Errorf("%d sheets of %d have the head of the long table", heads, len(sheets))
	}
}

// A conversion that is given up leaves no process behind.
func TestPDFGivesUp(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed: scripts/deps.sh installs it")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := paper.PDF(ctx, io.Discard, sample(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
