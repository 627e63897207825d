package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/store"
)

// Values that a site leaks must not leak from us: not from evidence, findings,
// output nor the database. A replay says the same all the same.
func TestNothingPrivateIsKept(t *testing.T) {
	const onPage, inFile, grouped = "11010519491231002X", "110105194912310038", "110105 19900112 0172"
	var docx bytes.Buffer
	z := zip.NewWriter(&docx)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, `<w:document xmlns:w="w"><w:p><w:r><w:t>公示名单</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>姓名</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>身份证号</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>李四</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:document>`, inFile)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="zh-CN"><title>示例县人民政府</title><meta name="description" content="%s"><p>张三，身份证号%s。</p><a href="/a.docx">名单 %s</a>`, onPage, onPage, onPage)
		fmt.Fprintf(w, `<p>王五，身份证号 %s。关于布署工作的通知。</p><ul><li><a href="/n/1.html">%s社保查询结果的说明</a><span>2024-05-01</span></li><li><a href="/n/2.html">%s医保查询结果的说明</a><span>2024-05-02</span></li></ul>`, grouped, onPage, onPage)
	})
	mux.HandleFunc("/a.docx", func(w http.ResponseWriter, _ *http.Request) { w.Write(docx.Bytes()) })
	srv := httptest.NewServer(mux)
	defer srv.Close()

	data := t.TempDir()
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"inspect", "--data", data, "--allow", "127.0.0.0/8", "--rate", "-1", "--no-discover", "--format", "json", srv.URL + "/"}, nil, &out, &errs); code != exitFindings {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	if n := strings.Count(out.String(), `"check": "personal-information"`); n != 2 {
		t.Errorf("%d leaks found, want the page's and the file's", n)
	}
	clean := func(where, s string) {
		t.Helper()
		for _, v := range []string{onPage, inFile, grouped, strings.ReplaceAll(grouped, " ", "")} {
			if strings.Contains(s, v) {
				t.Errorf("%s holds %s", where, v)
			}
		}
	}
	clean("the report", out.String())
	clean("what is told while it runs", errs.String())
	st, err := store.Open(t.Context(), data, "")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	all, err := st.Inspections(t.Context(), 1)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	pages := 0
	for e, err := range st.Events(t.Context(), all[0].ID) {
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		clean("an event", string(b))
		if e.Page != nil {
			clean("a body", string(e.Page.Raw))
			if e.Page.Raw != nil || e.Page.Document != nil {
				pages++
			}
		}
	}
	if pages != 4 { // two answers of "not found" among them
		t.Errorf("%d bodies are kept, want the page and the file, masked, and two answers", pages)
	}
	// The pages of the database, whatever table they belong to.
	err = filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		clean(filepath.Base(path), string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out.Reset()
	errs.Reset()
	if code := run(t.Context(), []string{"replay", all[0].ID, "--data", data, "--format", "json"}, nil, &out, &errs); code != exitOK || !strings.Contains(errs.String(), "完全一致") {
		t.Errorf("replay: exit %d, %s", code, errs.String())
	}
	clean("the replayed report", out.String())
}
