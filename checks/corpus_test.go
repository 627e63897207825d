package checks

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/inspect"
)

// A mirror is a site of which real pages were kept; it is a source.
type mirror struct {
	name  string
	dir   string
	pages []mirrorPage
	tree  map[string]bool // files of the site, kept or not
	now   time.Time
}

type mirrorPage struct{ path, kind string }

// mirrors reads the list of kept pages.
func mirrors(t testing.TB) []*mirror {
	t.Helper()
	dir := filepath.Join(sharedDir(), "corpus")
	f, err := os.Open(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		t.Skip("no real pages here: set XUNJIAN_SHARED")
	}
	defer f.Close()
	var out []*mirror
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		row := strings.Split(lines.Text(), "\t")
		name, path, ok := strings.Cut(row[0], "/")
		if !ok || !strings.HasPrefix(name, "mirror-") || !strings.HasSuffix(path, "html") {
			continue
		}
		if len(out) == 0 || out[len(out)-1].name != name {
			day, err := time.ParseInLocation(time.DateOnly, strings.TrimPrefix(row[4], "<="), inspect.Zone)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, &mirror{name: name, dir: filepath.Join(dir, name), now: day.Add(9 * time.Hour)})
		}
		m := out[len(out)-1]
		m.pages = append(m.pages, mirrorPage{path, row[5]})
	}
	for _, m := range out {
		m.readTree(t)
	}
	return out
}

func (m *mirror) readTree(t testing.TB) {
	b, err := os.ReadFile(filepath.Join(m.dir, "_tree.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	m.tree = map[string]bool{}
	for line := range strings.Lines(string(b)) {
		path, _, _ := strings.Cut(line, "\t")
		m.tree["/"+path] = true
		m.tree["/"+strings.TrimSuffix(path, "index.html")] = true
	}
}

func (m *mirror) base() string { return "http://" + m.name + ".test/" }

func (m *mirror) site() *inspect.Site {
	s := &inspect.Site{ID: m.name, Kind: inspect.Website, Home: m.base()}
	for _, p := range m.pages {
		if p.kind == "column" {
			u := m.base() + strings.TrimSuffix(p.path, "index.html")
			s.Columns = append(s.Columns, inspect.Column{Name: p.path, URL: u, Genre: inspect.Planning})
		}
	}
	return s
}

// page makes a page of a kept file.
func (m *mirror) page(t testing.TB, path string) *inspect.Page {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(m.dir, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	return &inspect.Page{Target: inspect.Target{URL: m.base() + strings.TrimSuffix(path, "index.html"), Status: 200, Verdict: inspect.Fine,
		Fetched: m.now.UTC(), Digest: "sha256:" + hex.EncodeToString(sum[:])}, Type: "text/html", Charset: "utf-8", Raw: body, Body: body}
}

// A kept is a mirror as a source of events.
type kept struct {
	*mirror
	t testing.TB
}

// Events implements inspect.Source: the kept pages, and of the links to files
// of the site that are not kept, whether the site has them.
func (k kept) Events(context.Context, *inspect.Site) iter.Seq2[inspect.Event, error] {
	return func(yield func(inspect.Event, error) bool) {
		seen, linked := map[string]bool{}, map[string]bool{}
		for _, x := range k.pages {
			p := k.page(k.t, x.path)
			seen[p.URL] = true
			for _, l := range p.Links() {
				if strings.HasPrefix(l.URL, k.base()) {
					linked[l.URL] = true
				}
			}
			if !yield(inspect.Event{Page: p}, nil) {
				return
			}
		}
		for u := range linked {
			t := inspect.Target{URL: u, Status: 200, Verdict: inspect.Fine, Fetched: k.now.UTC()}
			if path, _, _ := strings.Cut(inspect.Path(u), "?"); !k.tree[path] {
				t.Status, t.Verdict, t.Cause = 404, inspect.Fault, inspect.Status4xx
			}
			if !seen[u] && !yield(inspect.Event{Target: &t}, nil) {
				return
			}
		}
	}
}

// TestRealPages runs all checks over real sites. With -v it shows what they
// say; the rest is for a reader. What it asserts is that no check breaks, that
// nothing is accused on a page that is not there, and that evidence is whole.
func TestRealPages(t *testing.T) {
	for _, m := range mirrors(t) {
		t.Run(m.name, func(t *testing.T) {
			in := &inspect.Inspector{Source: kept{m, t}, Rules: checktest.Rulebook(t, nil, All...), Deadline: time.Minute}
			out, err := in.Inspect(t.Context(), "real", m.site(), m.now)
			if err != nil {
				t.Fatal(err)
			}
			count := map[string]int{}
			for i := range out.Findings {
				f := &out.Findings[i]
				count[f.Check+" "+string(f.Outcome)]++
				t.Logf("%s %s %s %s ×%d | %s", f.Check, f.Outcome, inspect.Path(f.URL), f.Locus, f.Places, f.Message)
				if f.Locus == "check" {
					t.Errorf("%s broke: %s", f.Check, f.Message)
				}
				if f.Outcome == inspect.Fail && f.Evidence.Fetched.IsZero() {
					t.Errorf("%s accuses %s without evidence", f.Check, f.URL)
				}
			}
			for _, k := range out.Clocks {
				t.Logf("clock %s %s", k.URL, k.Newest.Format(time.DateOnly))
			}
			keys := make([]string, 0, len(count))
			for k := range count {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			for _, k := range keys {
				t.Logf("%6d %s", count[k], k)
			}
			t.Logf("%d pages, coverage %.3f, kinds %v", out.Counts.Fetched, out.Coverage(), out.Counts.Kinds)
		})
	}
}

// BenchmarkPageChecks runs all page checks on one page of ordinary size,
// parsing it and computing its shared parts included and apart.
func BenchmarkPageChecks(b *testing.B) {
	body := ordinaryPage()
	now := time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone)
	rb := checktest.Rulebook(b, nil, All...)
	pass := &inspect.Pass{Site: &inspect.Site{Home: "http://www.example.gov.cn/", Code: "1410020001"}, Now: now,
		Report: func(inspect.Finding) {}, Due: func(int) {}, Clock: func(inspect.Clock) {}}
	run := func(b *testing.B, shared func(*inspect.Page), checks bool) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			b.StopTimer()
			p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/news/202405/t20240530_1.html", Status: 200, Verdict: inspect.Fine},
				Type: "text/html", Body: body, Now: now}
			pass.Page = p
			shared(p)
			b.StartTimer()
			if !checks {
				p.Links()
				p.Labels()
				p.Parts()
				continue
			}
			for _, c := range rb.Checks {
				if c.Check.Scope == inspect.PerPage {
					if err := c.Run(b.Context(), pass); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	}
	b.Run("parts", func(b *testing.B) { run(b, func(p *inspect.Page) { p.Texts() }, false) })
	b.Run("checks", func(b *testing.B) {
		run(b, func(p *inspect.Page) { p.Links(); p.Labels(); p.Parts() }, true)
	})
}

// BenchmarkEachPageCheck runs each page check by itself on a page whose shared
// parts are there.
func BenchmarkEachPageCheck(b *testing.B) {
	body := ordinaryPage()
	now := time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone)
	rb := checktest.Rulebook(b, nil, All...)
	pass := &inspect.Pass{Site: &inspect.Site{Home: "http://www.example.gov.cn/", Code: "1410020001"}, Now: now,
		Report: func(inspect.Finding) {}, Due: func(int) {}, Clock: func(inspect.Clock) {}}
	for i := range rb.Checks {
		c := rb.Checks[i]
		if c.Check.Scope != inspect.PerPage {
			continue
		}
		b.Run(c.Check.ID, func(b *testing.B) {
			p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/news/202405/t20240530_1.html", Status: 200, Verdict: inspect.Fine},
				Type: "text/html", Body: body, Now: now}
			p.Links()
			p.Labels()
			p.Parts()
			pass.Page = p
			for b.Loop() {
				if err := c.Run(b.Context(), pass); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// ordinaryPage is an article of about 19 KB and 500 elements.
func ordinaryPage() []byte {
	var s strings.Builder
	s.WriteString(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>全县防汛工作会议召开_示例县人民政府</title>`)
	for _, m := range []string{"SiteName=示例县人民政府", "SiteDomain=www.example.gov.cn", "SiteIDCode=1410020001", "ColumnName=要闻", "ColumnDescription=要闻",
		"ColumnKeywords=要闻", "ColumnType=工作动态", "ArticleTitle=全县防汛工作会议召开", "PubDate=2024-05-30 08:00", "ContentSource=县政府办"} {
		k, v, _ := strings.Cut(m, "=")
		s.WriteString(`<meta name="` + k + `" content="` + v + `">`)
	}
	s.WriteString(`<script src="/js/jquery.min.js"></script></head><body><div class="header"><img src="/images/logo.png" alt="示例县人民政府"><ul class="nav">`)
	for range 40 {
		s.WriteString(`<li class="item"><a href="/zwgk/fdzdgknr/index.html" target="_blank">法定主动公开内容</a></li>`)
	}
	s.WriteString(`</ul></div><h1>全县防汛工作会议召开</h1><div class="info"><span>发布时间：2024-05-30 08:00</span><span>来源：县政府办</span></div><div class="TRS_Editor">`)
	for range 30 {
		s.WriteString(`<p style="text-indent: 2em"><span>五月三十日，全县防汛工作会议在县政府召开，会议传达了省市有关会议精神，安排部署了下一阶段防汛备汛工作，县直有关单位负责人参加会议。</span></p>`)
	}
	s.WriteString(`<p><img src="./W020240530.jpg" alt="会场"></p></div><ul class="related">`)
	for range 60 {
		s.WriteString(`<li><a href="/news/202405/t20240529_2.html">县政府召开常务会议</a><span>2024-05-29</span></li>`)
	}
	s.WriteString(`</ul><div class="footer"><a href="http://bszs.conac.cn/sitename?id=1"><img src="/i/red.png" alt="党政机关"></a>
<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=1410020001">我为政府网站找错</a><a href="/wzdt/">网站地图</a>
<p>主办单位：示例县人民政府办公室　联系电话：0357-0000000　网站标识码：1410020001</p>
<p><a href="https://beian.miit.gov.cn/">晋ICP备05000000号-1</a> <a href="http://www.beian.gov.cn/">晋公网安备 14100202000001号</a></p></div></body></html>`)
	return []byte(s.String())
}
