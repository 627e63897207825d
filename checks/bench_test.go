package checks

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/inspect"
)

// A sheet is a page of which a benchmark makes fresh ones: what checks share
// of a page is computed once in its life.
type sheet struct {
	path string
	body []byte
}

var benchNow = time.Date(2026, 11, 24, 9, 0, 0, 0, inspect.Zone)

// fresh is a page whose shared parts are there, but for what checks make by
// themselves.
func (s sheet) fresh() *inspect.Page {
	p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/" + s.path, Status: 200, Verdict: inspect.Fine},
		Depth: strings.Count(s.path, "/"), Home: s.path == "index.html", Type: "text/html", Raw: s.body, Body: s.body, Now: benchNow}
	p.Links()
	p.Text()
	p.Parts()
	p.Trail()
	p.List(inspect.Selectors{})
	p.Codes()
	return p
}

// sheets are an article, a list, a guide and a letter; with XUNJIAN_PAGES the
// .html files below that folder instead.
func sheets(tb testing.TB) (out []sheet) {
	dir := os.Getenv("XUNJIAN_PAGES")
	if dir == "" {
		article := string(ordinaryPage())
		middle := func(s string) []byte {
			before, rest, _ := strings.Cut(article, `<div class="TRS_Editor">`)
			_, after, _ := strings.Cut(rest, `<ul class="related">`)
			return []byte(before + s + `<ul class="related">` + after)
		}
		guide := `<div class="con">`
		for _, s := range []string{"事项名称", "设定依据", "申请条件", "申请材料", "办理地点", "办理机构", "收费标准", "办理时间", "联系电话", "办理流程"} {
			guide += `<p><b>` + s + `：</b>持《某某登记申请表》到县政务服务大厅二楼综合窗口，按照规定提出申请。</p>`
		}
		list := `<div class="list"><ul>` + strings.Repeat(`<li><a href="/news/202405/t20240529_3.html">县政府召开常务会议</a><span>2024-05-29</span></li>`, 30) + `</ul></div>`
		letter := `<table><tr><td>来信时间</td><td>2024-05-20</td></tr><tr><td>来信内容</td><td>请问何时供暖？</td></tr><tr><td>答复单位</td><td>示例县住建局</td></tr><tr><td>答复时间</td><td>2024-05-22</td></tr><tr><td>答复内容</td><td>您好，十一月一日开始供暖。</td></tr></table>`
		return []sheet{{"news/202405/t20240530_1.html", []byte(article)}, {"news/index.html", middle(list)}, {"bsfw/guide.html", middle(guide + `</div>`)}, {"hd/xjx/1.html", middle(letter)}}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".html") && !strings.HasSuffix(path, ".htm") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if enc, _, _ := charset.DetermineEncoding(b, "text/html"); enc != nil {
			if d, err := enc.NewDecoder().Bytes(b); err == nil {
				b = d
			}
		}
		rel, err := filepath.Rel(dir, path)
		out = append(out, sheet{filepath.ToSlash(rel), b})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// says runs a check on a page, or lets it gather, and shows what came of it.
func says(tb testing.TB, c *inspect.Bound, p *inspect.Page, show func(...any)) {
	pass := &inspect.Pass{Site: &inspect.Site{ID: "x", Home: "http://www.example.gov.cn/", Code: "1410020001", Portal: os.Getenv("XUNJIAN_PORTAL") != "", Name: os.Getenv("XUNJIAN_PORTAL")}, Now: benchNow, Page: p,
		Options: func(string, any) bool { return false }, Report: func(f inspect.Finding) { show(f) }, Due: func(n int) { show(n) },
		Clock: func(c inspect.Clock) { show(c) }, Measure: func(m inspect.Measure, v float64) { show(m, v) }, Conceal: func(s ...inspect.Secret) { show(s) }}
	switch {
	case c.Check.Gather != nil:
		if x := c.Check.Gather(pass); x != nil {
			show(x)
		}
	case c.Check.Scope == inspect.PerPage:
		if err := c.Run(tb.Context(), pass); err != nil {
			show(err)
		}
	}
}

// BenchmarkAllChecks runs all of them over fresh pages, as an inspection does.
func BenchmarkAllChecks(b *testing.B) {
	set := sheets(b)
	rb := checktest.Rulebook(b, nil, All...)
	b.ReportAllocs()
	pages := make([]*inspect.Page, len(set))
	for b.Loop() {
		b.StopTimer()
		for i := range set {
			pages[i] = set[i].fresh()
		}
		b.StartTimer()
		for _, p := range pages {
			for i := range rb.Checks {
				says(b, &rb.Checks[i], p, func(...any) {})
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(set)), "us/page")
}

// BenchmarkEachCheck is what each check costs over fresh pages, those included
// that only gather; us/page is of one page.
func BenchmarkEachCheck(b *testing.B) {
	set := sheets(b)
	rb := checktest.Rulebook(b, nil, All...)
	for i := range rb.Checks {
		c := &rb.Checks[i]
		if c.Check.Scope != inspect.PerPage && c.Check.Gather == nil {
			continue
		}
		b.Run(c.Check.ID, func(b *testing.B) {
			b.ReportAllocs()
			pages := make([]*inspect.Page, len(set))
			for b.Loop() {
				b.StopTimer()
				for i := range set {
					pages[i] = set[i].fresh()
				}
				b.StartTimer()
				for _, p := range pages {
					says(b, c, p, func(...any) {})
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(set)), "us/page")
		})
	}
}

// TestSays writes to the file XUNJIAN_SAYS what every check says or gathers of
// every page of XUNJIAN_PAGES: two programs that should say the same can be
// compared by it. With XUNJIAN_PORTAL the site is a portal of that name.
func TestSays(t *testing.T) {
	name := os.Getenv("XUNJIAN_SAYS")
	if name == "" {
		t.Skip("XUNJIAN_SAYS names no file")
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	defer out.Flush()
	rb := checktest.Rulebook(t, nil, All...)
	set := sheets(t)
	slices.SortFunc(set, func(a, b sheet) int { return strings.Compare(a.path, b.path) })
	for _, s := range set {
		p := s.fresh()
		for i := range rb.Checks {
			sum := sha256.New()
			said, start := 0, ""
			says(t, &rb.Checks[i], p, func(x ...any) {
				line := ""
				for _, v := range x {
					line += written(reflect.ValueOf(v), 0) + "\n"
				}
				sum.Write([]byte(line))
				if said++; said == 1 {
					start = line[:min(len(line), 200)]
				}
			})
			if said > 0 {
				fmt.Fprintf(out, "%s %s %d %x %q\n", s.path, rb.Checks[i].Check.ID, said, sum.Sum(nil)[:6], start)
			}
		}
	}
}

// written shows a value to its leaves, those included that are not exported.
func written(v reflect.Value, depth int) string {
	if !v.IsValid() || depth > 12 {
		return "-"
	}
	var b strings.Builder
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Type() == reflect.TypeFor[*html.Node]() || v.Type() == reflect.TypeFor[*time.Location]() {
			return fmt.Sprint(v.IsNil())
		}
		return written(v.Elem(), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			b.WriteString(v.Type().Field(i).Name + ":" + written(v.Field(i), depth+1) + " ")
		}
		return "{" + b.String() + "}"
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			b.WriteString(written(v.Index(i), depth+1) + " ")
		}
		return "[" + b.String() + "]"
	case reflect.Map:
		var all []string
		for _, k := range v.MapKeys() {
			all = append(all, written(k, depth+1)+"="+written(v.MapIndex(k), depth+1))
		}
		slices.Sort(all)
		return fmt.Sprint(all)
	case reflect.Func:
		return fmt.Sprint(v.IsNil())
	}
	return fmt.Sprint(v)
}
