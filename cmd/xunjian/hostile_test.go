package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/crawler/document/bombtest"
)

// bombs are bodies that promise more than anybody should take. Each ends as
// "could not tell", soon, and the rest of the site is inspected all the same.
func bombs() http.Handler {
	mux := http.NewServeMux()
	html := func(path, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, body)
		})
	}
	html("/{$}", `<!DOCTYPE html><html lang="zh-CN"><title>示例县人民政府</title><a href="/endless.html">长</a><a href="/deep.html">深</a><a href="/bomb.docx">炸</a><a href="/bomb.zip">弹</a><a href="/loop.pdf">环</a><a href="/a.html">好</a>`)
	html("/a.html", `<!DOCTYPE html><html><title>通知</title><p>正文没有语言标记`)
	html("/deep.html", "<html><title>深</title>"+strings.Repeat("<div>", 10000)+"底")
	mux.HandleFunc("/endless.html", func(w http.ResponseWriter, _ *http.Request) { // 200 MB
		w.Header().Set("Content-Type", "text/html")
		block := bytes.Repeat([]byte("<p>没有尽头</p>"), 4096)
		for sent := 0; sent < 200<<20; sent += len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	file := func(path string, body []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Write(body)
		})
	}
	bomb := func(name string) []byte { // some 250 MB
		return bombtest.Zip(name, strings.Repeat("<w:p><w:r><w:t>AAAAAAAA</w:t></w:r></w:p>", 20000), 300)
	}
	file("/bomb.docx", bomb("word/document.xml"))
	file("/bomb.zip", bomb("a.txt"))
	file("/loop.pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>endobj\ntrailer<</Root 1 0 R>>\n"))
	return mux
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(bombs())
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	code := run(ctx, []string{"inspect", "--data", t.TempDir(), "--allow", "127.0.0.0/8", "--rate", "-1", "--no-discover", "--format", "json", "-q", srv.URL + "/"}, nil, &out, &errs)
	runtime.ReadMemStats(&after)
	if code != exitFindings {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	var in struct {
		Complete bool
		Findings []struct{ Check, Outcome, URL, Locus, Message string }
	}
	if err := json.Unmarshal(out.Bytes(), &in); err != nil || !in.Complete {
		t.Fatalf("%v, complete %v", err, in.Complete)
	}
	told := map[string]string{}
	for _, f := range in.Findings {
		for _, name := range []string{"/endless.html", "/deep.html", "/bomb.docx", "/bomb.zip", "/loop.pdf"} {
			if !strings.HasSuffix(f.URL, name) && !strings.HasSuffix(f.Locus, name) {
				continue
			}
			if f.Outcome == "fail" && name != "/deep.html" {
				t.Errorf("%s is accused: %s %s", name, f.Check, f.Message)
			}
			told[name] += fmt.Sprintf("%s %s; ", f.Outcome, f.Check)
		}
		if strings.HasSuffix(f.URL, "/a.html") {
			told["/a.html"] += f.Check + "; "
		}
	}
	for _, name := range []string{"/endless.html", "/deep.html", "/bomb.docx", "/bomb.zip", "/loop.pdf"} {
		if !strings.Contains(told[name], "unknown") {
			t.Errorf("%s: nobody says that it could not be told: %q", name, told[name])
		}
	}
	if !strings.Contains(told["/a.html"], "a11y-page-lang") {
		t.Errorf("the page beside them was not inspected: %q", told["/a.html"])
	}
	t.Logf("%v; %d MB allocated in all, heap %d MB from the system", told, (after.TotalAlloc-before.TotalAlloc)>>20, after.HeapSys>>20)
}
