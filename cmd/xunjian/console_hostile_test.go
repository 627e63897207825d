package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"github.com/xunjian/xunjian/inspect"
)

// hostile are what a page may say to run something where people look at it.
var hostile = []string{
	`<script>document.title='owned'</script>`,
	`"><img src=x onerror="document.title='owned'">`,
	`'-alert(1)-'`,
	`</textarea></title></style></script><svg onload=document.title='owned'>`,
	`javascript:document.title='owned'`,
	`=HYPERLINK("http://evil.example","x")`, `+1+1`, `-2+3`, `@SUM(A1)`, "\t=1+1", `＝1＋1`,
	`{{.User}} {{template "page"}}`,
	"\u202ecod.exe\u0000\ufffe",
	strings.Repeat("很长", 20000),
	strings.Repeat("<div>", 3000) + strings.Repeat("<table><tr><td>", 500),
	`<base href="http://evil.example/"><form action="/logout" method=post><button>x</button></form><meta http-equiv=refresh content="0;url=http://evil.example/">`,
	`<iframe srcdoc="<script>top.document.title='owned'</script>"></iframe><object data="data:text/html,<script>1</script>"></object>`,
}

// plantHostile plants a case for each of the corpus, hostile in every place
// that a foreign page fills.
func (h *house) plantHostile(t *testing.T) (prints []string) {
	t.Helper()
	pages := map[string]string{}
	var all []inspect.Finding
	for i, bad := range hostile {
		u := fmt.Sprintf("http://s00.district.gov.test/%d.html?q=%s", i, strings.NewReplacer("\u0000", "", "\t", "").Replace(bad[:min(len(bad), 300)]))
		if i%3 == 1 {
			u = bad[:min(len(bad), 300)] // no address at all
		}
		pages[u] = `<!DOCTYPE html><html><head><title>` + bad + `</title></head><body onload="document.title='owned'"><p>` + bad + `</p><a href="` + bad + `">附件` + bad + `</a></body>`
		print := fmt.Sprintf("%024x", i+1)
		prints = append(prints, print)
		all = append(all, inspect.Finding{Check: "link-broken", URL: u, Locus: bad, Message: bad, Class: bad, Unit: bad, On: bad, Places: 2, Examples: []string{bad, u}, Fingerprint: print})
	}
	h.planted(t, "s00", pages, all...)
	return prints
}

// Nothing that a page says runs where people look at what was found of it: it
// is text in the console, bare in its cage, and no formula in a spreadsheet.
func TestConsoleIsNotRunByPages(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	prints := h.plantHostile(t)
	v := h.enter(t, "li")
	paths := []string{"/", "/findings", "/findings?q=" + "%3Cscript%3E", "/sites/s00", "/findings?unit=%22%3E%3Cscript%3E&site=%3Cscript%3E&from=", "/login?next=javascript:alert(1)"}
	for _, p := range prints {
		paths = append(paths, "/findings/"+p)
	}
	for _, path := range paths {
		res, err := v.Get(v.base + path)
		if err != nil {
			t.Fatal(err)
		}
		if policy := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "script") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		_, body := answered(t, res, nil)
		bare(t, path, body, false)
	}
	shown := 0
	for _, p := range prints {
		res, err := v.Get(v.base + "/findings/" + p + "/page")
		if err != nil {
			t.Fatal(err)
		}
		status, body := answered(t, res, nil)
		if policy := res.Header.Get("Content-Security-Policy"); status == http.StatusOK && !strings.HasPrefix(policy, "sandbox; default-src 'none';") {
			t.Errorf("%s: policy %q", p, policy)
		}
		bare(t, p+"/page", body, true)
		if status == http.StatusOK {
			shown++
		}
		if res, err = v.Get(v.base + "/findings/" + p + "/page/raw"); err != nil {
			t.Fatal(err)
		}
		if status, _ := answered(t, res, nil); status == http.StatusOK && (res.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment")) {
			t.Errorf("%s/page/raw: %v", p, res.Header)
		}
	}
	if shown < len(prints)/2 {
		t.Errorf("only %d saved pages were shown", shown)
	}
	h.tameExports(t, v)
}

// bare reports what could act in a page. Of the console's own pages only what
// came from elsewhere could.
func bare(t *testing.T, path, body string, saved bool) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "object", "embed", "base", "frame", "template":
			t.Errorf("%s has a %s", path, n.Data)
		case "iframe", "img", "svg", "link", "meta", "form":
			if saved && !(n.Data == "form" && len(n.Attr) == 0) {
				t.Errorf("%s has a %s %v", path, n.Data, n.Attr)
			}
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "srcdoc", a.Key == "style" && !saved, a.Key == "http-equiv",
				saved && (a.Key == "href" || a.Key == "src" || a.Key == "action"),
				strings.HasPrefix(value, "javascript:") && a.Key != "value" && a.Key != "content", (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(value, "data:"):
				t.Errorf("%s: %s %s=%.80q", path, n.Data, a.Key, a.Val)
			}
		}
	}
}

// tameExports holds the corpus against each format.
func (h *house) tameExports(t *testing.T, v *visitor) {
	t.Helper()
	_, body := v.get(t, "/findings?site=s00&format=csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\uFEFF"))).ReadAll()
	if err != nil || len(rows) != len(hostile)+1 {
		t.Errorf("%d rows of csv, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("csv: %.40q would be a formula", cell)
			}
		}
	}
	_, body = v.get(t, "/findings?site=s00&format=json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(body), &list); err != nil || len(list) != len(hostile) {
		t.Errorf("%d rows of json, %v", len(list), err)
	}
	_, body = v.get(t, "/findings?site=s00&format=xlsx")
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet, err := f.GetRows("Sheet1")
	if err != nil || len(sheet) != len(hostile)+1 {
		t.Errorf("%d rows of xlsx, %v", len(sheet), err)
	}
	for y := range sheet {
		for x := range sheet[y] {
			at, _ := excelize.CoordinatesToCellName(x+1, y+1)
			if formula, _ := f.GetCellFormula("Sheet1", at); formula != "" {
				t.Errorf("xlsx %s is the formula %s", at, formula)
			}
		}
	}
}

// A real browser runs nothing of the corpus either, on the console's pages or
// in the cage.
func TestConsoleRunsNothing(t *testing.T) {
	t.Parallel()
	d := newDistrict(2, 3, 0)
	defer d.Close()
	h := newHouse(t, d)
	b := h.browse(t)
	prints := h.plantHostile(t)
	b.as(t, h.enter(t, "li"))
	for _, p := range prints {
		for _, path := range []string{"/findings/" + p, "/findings/" + p + "/page"} {
			b.see(t, path)
			if title := ask[string](t, b, "document.title"); title == "owned" {
				t.Errorf("%s ran a script", path)
			}
			if at := ask[string](t, b, "location.host"); !strings.HasSuffix(b.base, at) {
				t.Errorf("%s led to %s", path, at)
			}
		}
	}
}
