package document_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/xunjian/xunjian/crawler/document"
	"github.com/xunjian/xunjian/crawler/document/bombtest"
	"github.com/xunjian/xunjian/inspect"
)

func plain(b []byte) string { return strings.ToValidUTF8(string(b), "") }

func read(t testing.TB, name string, data []byte) *inspect.Document {
	t.Helper()
	return document.Read(context.Background(), name, data, plain)
}

// flat is a document as one text: cells parted by |, rows and parts by newlines.
func flat(d *inspect.Document) string {
	var b strings.Builder
	for _, p := range d.Parts {
		if p.Name != "" || p.Hidden {
			fmt.Fprintf(&b, "[%s %v]\n", p.Name, p.Hidden)
		}
		b.WriteString(p.Text + "\n")
		for _, t := range p.Tables {
			for _, row := range t {
				b.WriteString(strings.Join(row, "|") + "\n")
			}
		}
	}
	return b.String()
}

// TestFixtures reads one notice and one list in every format that LibreOffice
// writes.
func TestFixtures(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"notice.docx": {"关于公布示例县临时救助对象名单的公告", "张三|11010519491231002X|800", "联系电话：0357-2000000"},
		"notice.doc":  {"关于公布示例县临时救助对象名单的公告", "张三|11010519491231002X|800", "联系电话：0357-2000000"},
		"notice.pdf":  {"关于公布示例县临时救助对象名单的公告", "11010519491231002X", "联系电话：0357-2000000"},
		"list.xlsx":   {"姓名|身份证号|金额|备注", "张三|11010519491231002X|800|无", "合计||2000.5"},
		"list.xls":    {"姓名|身份证号|金额|备注", "张三|11010519491231002X|800|无", "合计||2000.5"},
		"hidden.xls":  {"[工作表“名单” false]\n\n姓名|金额\n张三|800\n", "[工作表“名单”的隐藏行列 true]", "11010519491231002X", "李四", "[工作表“底册” true]"},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			// The name lies: what counts are the bytes.
			d := read(t, "download.aspx", data)
			if d.Incomplete != "" || "."+d.Format != filepath.Ext(name) {
				t.Fatalf("format %q, incomplete %q", d.Format, d.Incomplete)
			}
			got := flat(d)
			for _, w := range want {
				if !strings.Contains(got, w) {
					t.Errorf("%q is missing in\n%s", w, got)
				}
			}
		})
	}
}

// hiddenBook is a workbook with a hidden sheet, row and column.
func hiddenBook(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetName("Sheet1", "名单"))
	for i, row := range [][]any{{"姓名", "身份证号", "金额"}, {"张三", "11010519491231002X", 800}, {"李四", "略", 1200}} {
		must(f.SetSheetRow("名单", fmt.Sprintf("A%d", i+1), &row))
	}
	must(f.SetColVisible("名单", "B", false))
	must(f.SetRowVisible("名单", 3, false))
	_, err := f.NewSheet("底册")
	must(err)
	must(f.SetCellStr("底册", "A1", "内部编号"))
	must(f.SetSheetVisible("底册", false))
	must(f.AddComment("名单", excelize.Comment{Cell: "A2", Author: "a", Text: "此人电话另存"}))
	var b bytes.Buffer
	must(f.Write(&b))
	return b.Bytes()
}

func TestHiddenParts(t *testing.T) {
	t.Parallel()
	data := hiddenBook(t)
	if dir := os.Getenv("XUNJIAN_FIXTURES"); dir != "" { // to make hidden.xls anew with LibreOffice
		if err := os.WriteFile(filepath.Join(dir, "hidden.xlsx"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := flat(read(t, "a.xlsx", data))
	for _, w := range []string{"[工作表“名单” false]\n\n姓名|金额\n张三|800\n", "[工作表“名单”的隐藏行列 true]", "11010519491231002X", "李四",
		"[工作表“底册” true]\n\n内部编号", "[工作表“名单”的批注 true]\n此人电话另存"} {
		if !strings.Contains(got, w) {
			t.Errorf("%q is missing in\n%s", w, got)
		}
	}
	if shown, _, _ := strings.Cut(got, "的隐藏行列"); strings.Contains(shown, "1101") || strings.Contains(shown, "李四") {
		t.Errorf("what is hidden stands among what is shown:\n%s", got)
	}
}

func archive(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const word = `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>公开的文字</w:t></w:r></w:p>` +
	`<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏的文字</w:t></w:r><w:del><w:r><w:delText>删去的文字</w:delText></w:r></w:del></w:p>` +
	`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>乙</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>`

func TestArchives(t *testing.T) {
	t.Parallel()
	docx := string(archive(t, "word/document.xml", word, "word/media/image1.png", "x"))
	d := read(t, "a.docx", []byte(docx))
	got := flat(d)
	if !strings.Contains(got, "公开的文字\n") || !strings.Contains(got, "甲|乙") || !strings.Contains(got, "true]\n隐藏的文字删去的文字") || d.Parts[0].Images != 1 {
		t.Errorf("docx:\n%s", got)
	}
	inner := string(archive(t, "名单.csv", "姓名,电话\n张三,略\n", "文件.docx", docx, "图.jpg", "\xFF\xD8\xFFx"))
	d = read(t, "a.zip", archive(t, "里面.zip", inner))
	if got := flat(d); !strings.Contains(got, "里面.zip 名单.csv") && !strings.Contains(got, "名单.csv") || !strings.Contains(got, "公开的文字") || !strings.Contains(d.Incomplete, "图片") {
		t.Errorf("zip: %q\n%s", d.Incomplete, got)
	}
	ofd := archive(t, "OFD.xml", "<ofd/>", "Doc_0/Pages/Page_10/Content.xml", `<o:Page xmlns:o="o"><o:TextObject><o:TextCode>后页</o:TextCode></o:TextObject></o:Page>`,
		"Doc_0/Pages/Page_2/Content.xml", `<o:Page xmlns:o="o"><o:TextObject><o:TextCode>前</o:TextCode><o:TextCode>页</o:TextCode></o:TextObject></o:Page>`)
	if got := flat(read(t, "a.ofd", ofd)); !strings.Contains(got, "[第1页 false]\n前页") || !strings.Contains(got, "[第2页 false]\n后页") {
		t.Errorf("ofd:\n%s", got)
	}
	if got := flat(read(t, "a.xls", []byte("<html><table><tr><td>甲</td><td>乙</td></tr></table><p>外面</p>"))); !strings.Contains(got, "甲|乙") || !strings.Contains(got, "外面") {
		t.Errorf("html that calls itself a sheet:\n%s", got)
	}
}

// TestHostile: whatever a file says of itself, it ends soon, within the
// limits, and says that not all was read.
func TestHostile(t *testing.T) {
	bomb := func(name string) []byte { // some 300 MB
		return bombtest.Zip(name, strings.Repeat("<w:p><w:r><w:t>AAAAAAAAAAAAAAAA</w:t></w:r></w:p>", 20000), 300)
	}
	deep := "<w:document>" + strings.Repeat("<w:tbl><w:tr><w:tc>", 5000)
	nested := archive(t, "a.txt", "x")
	for range 6 {
		nested = archive(t, "a.zip", string(nested))
	}
	loop := "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>endobj\ntrailer<</Root 1 0 R>>\n"
	for _, tc := range []struct {
		name string
		data []byte
	}{
		{"bomb.zip", bomb("a.txt")}, {"bomb.docx", bomb("word/document.xml")}, {"bomb.xlsx", bomb("xl/workbook.xml")},
		{"deep.docx", archive(t, "word/document.xml", deep)}, {"nested.zip", nested}, {"loop.pdf", []byte(loop)},
		{"cut.doc", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\xFF", 600))}, {"empty.doc", nil},
		{"cut.pdf", []byte("%PDF-1.7\n")}, {"scan.jpg", []byte("\xFF\xD8\xFF\xE0")}, {"a.rar", []byte("Rar!\x1a\x07")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			begin := time.Now()
			d := read(t, tc.name, tc.data)
			if d.Incomplete == "" {
				t.Errorf("said to be whole: %.200q", flat(d))
			}
			if took := time.Since(begin); took > 45*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
	// The engine is there again for the next file.
	data, err := os.ReadFile("testdata/notice.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if d := read(t, "a.pdf", data); d.Incomplete != "" {
		t.Errorf("after hostile files: %s", d.Incomplete)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"notice.docx", "notice.doc", "list.xlsx", "list.xls", "hidden.xls"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("<table><tr><td>1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
			return // PDFium has fuzzers of its own, and its sandbox
		}
		d := read(t, "a.txt", data)
		if strings.Contains(d.Incomplete, "解析出错") {
			t.Errorf("panic: %s", d.Incomplete)
		}
	})
}
