package bulletins_test

import (
	"bytes"
	"context"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/bulletins"
	"github.com/xunjian/xunjian/inspect"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var now = time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone)

const home = "http://www.yaodu.gov.test/"

// hostile is what a page can put into a message, a locus or an address.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)>`

func rule(id, title string) inspect.Bound {
	text := "---\nid: " + id + "\ntitle: " + title + "\n---\n\n## Clause\n\n" + title + "的条文<b>原文</b>。\n\n## Remedy\n\n请整改。\n"
	return inspect.Bound{Check: inspect.NewCheck(id, text, inspect.PerSite, struct{}{}, func(context.Context, *inspect.Pass, struct{}) error { return nil })}
}

// accessRule is a rule of accessibility, with more front matter.
func accessRule(id, title, more string) inspect.Bound {
	b := rule(id, title)
	b.Check.Rule = strings.Replace(b.Check.Rule, "\n---\n", "\nfamily: accessibility\n"+more+"\n---\n", 1)
	return b
}

// perPage is one that goes by every page.
func perPage(id, title, more string) inspect.Bound {
	b := accessRule(id, title, more)
	b.Check.Scope = inspect.PerPage
	return b
}

// items are a veto that is hit, one that is open, one that is not hit,
// deductions with and without a verified price, a bonus and what only a person judges.
func items() []inspect.Item {
	v := inspect.Verified
	return []inspect.Item{
		{ID: "SV-1", Title: "站点无法访问", Text: "首页打不开的次数占比超过5%。", Part: inspect.Veto, Person: true, Mark: v},
		{ID: "SV-3", Title: "首页不更新", Text: "两周内无更新。", Part: inspect.Veto, Checks: []string{"home-stale"}, Mark: v},
		{ID: "SV-4a", Title: "栏目不更新", Text: "动态类栏目 5 个以上。", Part: inspect.Veto, Checks: []string{"column-stale"}, AtLeast: 2, Mark: v},
		{ID: "SV-5", Title: "严重错误", Text: "出现严重错误。", Part: inspect.Veto, Checks: []string{"column-unreadable"}, Mark: inspect.SecondHand},
		{ID: "D-04", Title: "动态要闻", Part: inspect.Deduction, Group: "发布解读", Checks: []string{"column-stale"}, Points: 5, Mark: v, PointsMark: v},
		{ID: "D-07-none", Title: "没有解读", Part: inspect.Deduction, Group: "发布解读", Person: true},
		{ID: "D-25", Title: "可用性", Part: inspect.Deduction, Checks: []string{"link-broken"}, Points: 1, Cap: 10, Mark: v, PointsMark: inspect.FromMemory},
		{ID: "D-29", Title: "页面标签", Part: inspect.Deduction, Checks: []string{"labels-missing"}, Points: 1, Cap: 5, Mark: v, PointsMark: v},
		{ID: "B-1", Title: "创新发展", Part: inspect.Bonus, Person: true},
	}
}

// history is fourteen months, of which twelve inspections are shown; the last
// had a fault that is gone, one that could not be looked at again and one that
// is there still.
func history() (out []inspect.Round) {
	img := func(prints ...string) (fs []inspect.Trace) {
		for _, p := range prints {
			fs = append(fs, inspect.Trace{Check: "a11y-img-alt", Fingerprint: p})
		}
		return fs
	}
	for i := 14; i > 0; i-- {
		out = append(out, inspect.Round{ID: "r", Rules: "sha256:old", Now: now.AddDate(0, -i, 0), Counts: inspect.Counts{Fetched: 280}, Faults: img("gone", "kept", "still")})
	}
	last := &out[len(out)-1]
	last.Counts.Shown, last.Counts.Sampled, last.Counts.Engine = 2, 2, "axe-core 4.14.1"
	last.Faults = append(last.Faults, inspect.Trace{Check: "a11y-deep", Class: "axe-list", Fingerprint: "list"})
	return out
}

func sample() *inspect.Inspection {
	s := &inspect.Site{ID: "yaodu", Kind: inspect.Website, Name: "尧都区人民政府", Home: home, Unit: "区政府办公室", Code: "1410020001", Portal: true, Allow: []netip.Prefix{}}
	at := inspect.Evidence{Status: 200, Fetched: now.UTC(), Digest: "sha256:0123456789abcdef0123456789abcdef"}
	in := &inspect.Inspection{ID: "yaodu-20240601T010000.000", Site: s, Started: now.UTC(), Finished: now.UTC().Add(95 * time.Second), Now: now, Complete: true,
		Counts: inspect.Counts{Fetched: 293, Unchanged: 12, Failed: 9, Skipped: 3, Asked: 321, Broken: 19, Unknown: 2, Due: 3495, Untold: 1, Sampled: 3, Shown: 2, Engine: "axe-core 4.14.1"},
		Rules: &inspect.Rulebook{ID: "guoban-2019", Version: "1", Full: 100, PassAt: 60, BonusAbove: 80, Items: items(), Checks: []inspect.Bound{perPage("a11y-img-alt", "图片没有替代文本", "act: [23a2a8, 59796f]\nwcag: [1.1.1]\nsource: W3C WCAG 2.2；GB/T 37668-2019 非文本内容（条号未核实）"), accessRule("a11y-deep", "深度无障碍检查", "wcag: [1.1.1, 1.4.3]"),
			rule("column-stale", "栏目更新不及时"),
			rule("column-unreadable", "栏目未能读取"), rule("labels-missing", "页面标签缺失"), rule("link-broken", "链接无法打开")}},
		Notes: []string{"疑似爬虫陷阱地址，不再读取：" + home + "cal/" + hostile}}
	in.Compared = []inspect.Comparison{{Check: "a11y-img-alt", Rules: "image-alt", Both: 7, Refuted: 2, Unsaid: 3, Missed: 1, Script: 4, Left: 5}}
	in.Shown = []*inspect.Rendered{{URL: home + "a.html", Picture: []byte("\xff\xd8\xff jpeg")}}
	in.History = history()
	in.Past = &inspect.Past{Findings: map[string]inspect.Earlier{"kept": {}}}
	in.Findings = []inspect.Finding{
		{Check: "a11y-deep", Fingerprint: "contrast", Outcome: inspect.Fail, URL: home + "a.html", Locus: "axe-color-contrast 多页共有", Class: "axe-color-contrast", Value: 3, Unit: "处", Template: true, Places: 2,
			Examples: []string{home + "a.html", home + "b.html"}, Message: "不符合 WCAG 1.4.3：元素的对比度不足（3 处，影响较大，axe-core 4.14.1）",
			Browser: &inspect.BrowserFault{Engine: "axe-core 4.14.1", Impact: "serious", WCAG: []string{"1.4.3"}, Elements: []inspect.ViolationNode{{Target: ".foot > a", HTML: hostile}, {Target: ".foot > p"}}}},
		{Check: "a11y-deep", Outcome: inspect.Unknown, URL: home + "c.html", Locus: "browser", Message: "深度无障碍检查未能进行：浏览器没有结束"},
		{Check: "a11y-img-alt", Fingerprint: "still", Outcome: inspect.Fail, URL: home + "a.html", Locus: "img", Message: "1张图片没有替代文本" + hostile},
		{Check: "column-stale", Outcome: inspect.Fail, URL: home + "xw/", Locus: "要闻", Message: "栏目“要闻”超过14天未更新", Value: 20, Unit: "天"},
		{Check: "column-stale", Outcome: inspect.Fail, URL: home + "bm/", Locus: "部门", Message: "栏目“部门”超过14天未更新", Value: 30, Unit: "天"},
		{Check: "column-unreadable", Outcome: inspect.Unknown, URL: home + "xm/", Locus: "项目", Message: "栏目“项目”未能判定：列表由脚本生成"},
		{Check: "labels-missing", Outcome: inspect.Fail, URL: home + "b.html", Locus: "PubDate", Message: "页面缺少 PubDate", Template: true, Places: 27, Examples: []string{home + "b.html", home + "c/%E6%96%87.html", "javascript:alert(3)"}},
		{Check: "link-broken", Outcome: inspect.Fail, URL: home, Places: 284, Locus: home + "gone.html?" + hostile, Message: "链接打不开：404"},
		{Check: "link-broken", Outcome: inspect.Fail, URL: "javascript:alert(4)", Locus: "javascript:alert(5)", Message: "链接打不开：410"},
		{Check: "link-broken", Outcome: inspect.Fail, URL: home + "d.html", Locus: home + "1", Message: "链接打不开：500"},
		{Check: "link-broken", Outcome: inspect.Fail, URL: home + "e.html", Locus: home + "2", Message: "链接打不开：503"},
		{Check: "link-broken", Outcome: inspect.Review, URL: home + "f.html", Locus: home + "3", Message: "深层链接跳转到首页"},
	}
	for i := range in.Findings {
		f := &in.Findings[i]
		f.Evidence, f.Places = at, max(1, f.Places)
		if f.Fingerprint == "" {
			f.Fingerprint = strings.Repeat("ab", 12)
		}
	}
	for _, c := range []struct {
		name string
		left int
	}{{"要闻" + hostile, -6}, {"部门", 0}, {"公告", 90}} {
		w := inspect.Window{Days: 14}
		in.Clocks = append(in.Clocks, inspect.Clock{Name: c.name, URL: home + "xw/", Genre: inspect.News, Newest: now.AddDate(0, 0, c.left-14), Window: w, Limit: now.AddDate(0, 0, c.left), Left: c.left})
	}
	in.Clocks[1].URL = "javascript:alert(6)"
	in.Grade = inspect.Judge(s, in.Rules, in.Findings)
	return in
}

func written(t *testing.T, format string, in *inspect.Inspection) string {
	t.Helper()
	var b bytes.Buffer
	if err := bulletins.ByName(format)(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, f := range []struct{ format, file string }{{"text", "report.txt"}, {"html", "report.html"}, {"earl", "report.earl.json"}} {
		t.Run(f.format, func(t *testing.T) {
			t.Parallel()
			got := written(t, f.format, sample())
			file := filepath.Join("testdata", f.file)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextSaysWhatIsOpen(t *testing.T) {
	t.Parallel()
	in := sample()
	got := written(t, "text", in)
	for _, want := range []string{"结论：不合格", "已触发", "超 6 天", "今天到期", "剩 90 天", "27 页", "99.9%", "没有解读", "创新发展", "未能判定 1", "待确认 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	in.Findings = in.Findings[5:6]
	in.Grade = inspect.Judge(in.Site, in.Rules, in.Findings)
	in.Complete, in.Stopped = false, "被中断"
	got = written(t, "text", in)
	for _, want := range []string{"结论：未定", "SV-5", "检查未完成（被中断）"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	in.Findings, in.Grade, in.Complete = nil, inspect.Judge(in.Site, in.Rules, nil), true
	in.Site.Portal = false
	in.Grade = inspect.Judge(in.Site, in.Rules, nil)
	if got = written(t, "text", in); !strings.Contains(got, "没有发现问题") || !strings.Contains(got, "不计分") {
		t.Errorf("report of nothing:\n%s", got)
	}
}

// Terminals obey control characters that pages can put into titles.
func TestTextHoldsNoControlCharacters(t *testing.T) {
	t.Parallel()
	in := sample()
	in.Findings[2].Message = "标题\x1b[2J\x1b]0;x\a坏\r\n伪造的一行"
	in.Findings[2].URL = home + "\x1b[31m"
	in.Notes = []string{"\x1b[0m"}
	in.Clocks[0].Name = "a\x1bb"
	in.Site.Name = "区\x9b政府"
	got := written(t, "text", in)
	for _, r := range got {
		if r < 0x20 && r != '\n' || r >= 0x7F && r < 0xA0 {
			t.Fatalf("%q in the scorecard", r)
		}
	}
	if strings.Contains(got, "\n伪造的一行") {
		t.Error("a message began a line of its own")
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	if bulletins.ByName("docx") != nil {
		t.Error("docx is not written yet")
	}
	if got := written(t, "json", sample()); !strings.HasPrefix(got, "{\n  \"schema\": \"xunjian.inspection/1\"") {
		t.Errorf("json begins with %.60q", got)
	}
}

type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, os.ErrClosed
	}
	return len(b), nil
}

func TestAFullDiskIsAnError(t *testing.T) {
	t.Parallel()
	for _, f := range bulletins.Formats {
		if err := f.Write(&full{left: 100}, sample()); err == nil {
			t.Errorf("%s: no error", f.Name)
		}
	}
}
