package inspect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// rows are "title date" of list items.
func rows(items []inspect.ListItem) (out []string) {
	for _, it := range items {
		d := "-"
		if !it.Date.IsZero() {
			d = it.Date.In(inspect.Zone).Format(time.DateOnly)
		}
		out = append(out, it.Title+" "+d)
	}
	return out
}

// repeat makes three rows of a pattern with %[1]d for the number and %[2]s for the day.
func repeat(pattern string) string {
	var b strings.Builder
	for i, day := range []string{"05", "04", "03"} {
		b.WriteString(strings.NewReplacer("#N", fmt.Sprint(i+1), "#D", day, "#C", []string{"odd", "even"}[i%2]).Replace(pattern))
	}
	return b.String()
}

func TestListLayouts(t *testing.T) {
	t.Parallel()
	dated := []string{"关于第1件事情的通知 2024-03-05", "关于第2件事情的通知 2024-03-04", "关于第3件事情的通知 2024-03-03"}
	undated := []string{"关于第1件事情的通知 -", "关于第2件事情的通知 -", "关于第3件事情的通知 -"}
	const a = `<a href="t#N.html">关于第#N件事情的通知</a>`
	for _, tc := range []struct {
		name, html string
		want       []string
	}{
		{"date in a span behind", `<ul>` + repeat(`<li>`+a+`<span>2024-03-#D</span></li>`) + `</ul>`, dated},
		{"date before the title", `<ul>` + repeat(`<li><span>2024-03-#D</span>`+a+`</li>`) + `</ul>`, dated},
		{"date as text behind", `<ul>` + repeat(`<li>`+a+` 2024-03-#D</li>`) + `</ul>`, dated},
		{"brackets without a year", `<ul>` + repeat(`<li>`+a+`<i>[03-#D]</i></li>`) + `</ul>`, dated},
		{"brackets with a year", `<ul>` + repeat(`<li>`+a+`<i>【2024-03-#D】</i></li>`) + `</ul>`, dated},
		{"Chinese date", `<ul>` + repeat(`<li>`+a+`<i>2024年3月#D日</i></li>`) + `</ul>`, dated},
		{"table rows", `<table><tr><th>标题</th><th>日期</th></tr>` + repeat(`<tr><td>#N</td><td>`+a+`</td><td>2024-03-#D</td></tr>`) + `</table>`, dated},
		{"definition list", repeat(`<dl><dt>` + a + `</dt><dd>2024-03-#D</dd></dl>`), dated},
		{"divs", `<div class="list">` + repeat(`<div class="row"><div class="t">`+a+`</div><div class="d">2024-03-#D</div></div>`) + `</div>`, dated},
		{"day beside year and month", `<ul>` + repeat(`<li><div class="day"><b>#D</b><span>2024-03</span></div>`+a+`</li>`) + `</ul>`, dated},
		{"month and day beside the year", `<ul>` + repeat(`<li><div class="day"><b>03-#D</b><span>2024</span></div>`+a+`</li>`) + `</ul>`, dated},
		{"date inside the link", `<ul>` + repeat(`<li><a href="t#N.html"><p>关于第#N件事情的通知</p><span>2024-03-#D</span></a></li>`) + `</ul>`,
			[]string{"关于第1件事情的通知2024-03-05 2024-03-05", "关于第2件事情的通知2024-03-04 2024-03-04", "关于第3件事情的通知2024-03-03 2024-03-03"}},
		{"title attribute over a shortened text", `<ul>` + repeat(`<li><a href="t#N.html" title="关于第#N件事情的通知">关于第#N件…</a><span>2024-03-#D</span></li>`) + `</ul>`, dated},
		{"alternating row classes", `<ul>` + repeat(`<li class="#C">`+a+`<span>2024-03-#D</span></li>`) + `</ul>`, dated},
		{"one ul each row", repeat(`<ul class="news"><li>` + a + `<span>2024-03-#D</span></li></ul>`), dated},
		{"a category link before the title", `<ul>` + repeat(`<li><a href="/c">[公告]</a>`+a+`<span>2024-03-#D</span></li>`) + `</ul>`, dated},
		{"views behind the date", `<ul>` + repeat(`<li>`+a+`<span>2024-03-#D 浏览：12次</span></li>`) + `</ul>`, dated},
		{"label before the date", `<ul>` + repeat(`<li>`+a+`<p>发布时间：2024-03-#D</p></li>`) + `</ul>`, dated},
		{"full-width digits", `<ul>` + repeat(`<li>`+a+`<span>２０２４－０３－#D</span></li>`) + `</ul>`, dated},
		{"undated", `<ul class="list">` + repeat(`<li>`+a+`</li>`) + `</ul>`, undated},
		{"undated paragraphs", `<div class="list">` + repeat(`<p>`+a+`</p>`) + `</div>`, undated},
		{"one row of a dated list without its date", `<ul>` + repeat(`<li>`+a+`<span>2024-03-#D</span></li>`) + `<li><a href="t4.html">关于第4件事情的通知</a><span></span></li></ul>`,
			append(append([]string{}, dated...), "关于第4件事情的通知 -")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			html := `<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/xw/">新闻中心频道栏目</a></li></ul></div>` + tc.html + `<div class="footer"><a href="/map">网站地图</a> 更新：2024-03-08</div>`
			if diff := cmp.Diff(tc.want, rows(newPage(home+"xw/", html).List(inspect.Selectors{}).Items)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What stands on a page and is no list of its own.
func TestNoList(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, html string }{
		{"navigation", `<div class="nav"><ul>` + repeat(`<li><a href="#N">这是第#N个导航栏目的名称</a></li>`) + `</ul></div>`},
		{"friendly links", `<div class="links"><ul>` + repeat(`<li><a href="#N">这是第#N个友情链接的名称</a></li>`) + `</ul></div>`},
		{"foot", `<footer><p><a href="/1">晋公网安备第一二三四五六号</a></p><p><a href="/2">晋公网安备第一二三四五六号</a></p><p><a href="/3">晋公网安备第一二三四五六号</a></p></footer>`},
		{"short links", `<ul>` + repeat(`<li><a href="#N">更多</a></li>`) + `</ul>`},
		{"two rows", `<ul><li><a href="1">这是一条足够长的标题</a></li><li><a href="2">这是又一条足够长的标题</a></li></ul>`},
		{"text with a date in it", `<p>会议于2024-03-05召开，研究部署了有关工作，<a href="x">详情见此</a>并作出安排，请各单位认真贯彻执行。</p>`},
		{"dates without links", `<ul>` + repeat(`<li>2024-03-#D 晴</li>`) + `</ul>`},
		{"nothing", ``},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := rows(newPage(home+"xw/", tc.html).List(inspect.Selectors{}).Items); len(got) > 0 {
				t.Errorf("rows = %v, want none", got)
			}
		})
	}
}

// The list that a page is there for is the one with most to say; the rest
// stands beside it.
func TestMainList(t *testing.T) {
	t.Parallel()
	two := `<div class="left"><ul>` + repeat(`<li><a href="a#N">左边第#N条比较长的标题文字</a><span>2024-03-#D</span></li>`) + `</ul></div>
<div class="right"><ul><li><a href="b1">右</a><span>2024-05-01</span></li></ul></div>`
	l := newPage(home+"xw/", two).List(inspect.Selectors{})
	if len(l.Items) != 3 || !strings.HasPrefix(l.Items[0].Title, "左") || len(l.Others) != 1 || l.By != "extractor" {
		t.Errorf("list = %+v", l)
	}
	if got := inspect.Newest(l.Items); got.Format(time.DateOnly) != "2024-03-05" {
		t.Errorf("newest of the main list = %v", got)
	}
	article := `<h1>关于一件事情的通知</h1><p>发布时间：2024-05-30</p><div class="article"><p>` + strings.Repeat("正文文字。", 60) + `</p></div>
<div class="related"><ul>` + repeat(`<li><a href="r#N">相关的第#N条</a><span>2024-03-#D</span></li>`) + `</ul></div>`
	p := newPage(home+"xw/t1.html", article)
	if k := p.Parts().Kind; k != inspect.ArticlePage {
		t.Errorf("kind = %s: a list beside an article makes it no column", k)
	}
}

func TestSelectors(t *testing.T) {
	t.Parallel()
	html := `<div class="x">` + repeat(`<section><h4><a href="t#N.html">第#N条</a></h4><em>旧 2020-01-01</em><time>2024-03-#D</time></section>`) + `</div>`
	p := newPage(home+"xw/", html)
	want := []string{"第1条 2024-03-05", "第2条 2024-03-04", "第3条 2024-03-03"}
	l := p.List(inspect.Selectors{Item: ".x > section", Title: "h4", Date: "time"})
	if diff := cmp.Diff(want, rows(l.Items)); diff != "" || l.By != "selectors" || l.Items[0].URL != home+"xw/t1.html" {
		t.Errorf("list = %+v\n%s", l, diff)
	}
	if l := p.List(inspect.Selectors{Item: ".gone"}); l.By != "extractor" {
		t.Errorf("selectors that find nothing must leave it to the extractor: %+v", l)
	}
	plain := newPage(home+"xw/", `<div class="list"><ul>`+repeat(`<li><a href="t#N.html">关于第#N件事情的通知</a><span>2024-03-#D</span></li>`)+`</ul></div>`)
	sel := plain.RowSelectors()
	if got := plain.List(sel); got.By != "selectors" || len(got.Items) != 3 {
		t.Errorf("proposed selectors %+v read %+v", sel, got)
	}
}

// A list that a script fills names the sign, so that it is never called blank.
func TestScriptFilledList(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, html, want string }{
		{"fetch", `<ul id="l"></ul><script>fetch("/api").then(f)</script>`, "fetch("},
		{"jQuery", `<script>$.ajax({url:"/x"})</script>`, "$.ajax"},
		{"writes rows", `<script>el.innerHTML = "<li>" + x</script>`, "innerHTML"},
		{"writes the weekday", `<script>document.write(new Date().getFullYear() + "<a ")</script>`, ""},
		{"a bundle", `<div id="app"></div><script src="/static/js/app.12ab.js"></script>`, "app.12ab.js"},
		{"markers", `<ul><li>{{title}}</li></ul>`, "{{title}}"},
		{"loading", `<p>正在加载，请稍候</p>`, "正在加载，请稍候"},
		{"a frame", `<iframe src="/list.jsp"></iframe>`, "iframe"},
		{"a hidden frame", `<iframe src="/stat.jsp" style="display:none;width:0"></iframe>`, ""},
		{"a library alone", `<script src="/js/jquery.min.js"></script><p>暂无信息</p>`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := newPage(home+"xw/", tc.html).List(inspect.Selectors{}).Script; got != tc.want {
				t.Errorf("script = %q, want %q", got, tc.want)
			}
		})
	}
}

// A long table costs time by its length, not by its square.
func TestLongTables(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]string{
		"without links": "<tr><td>第%d号</td><td>2024-05-01</td></tr>",
		"with links":    `<tr><td><a href="/%d.html">关于某事的第几号通知公告</a></td><td>2024-05-01</td></tr>`,
		"loose":         "2024-05-01 第%d号<br>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			b.WriteString("<table>")
			for i := range 20000 {
				fmt.Fprintf(&b, row, i)
			}
			begin := time.Now()
			p := newPage(home+"a.html", b.String())
			p.Parts()
			p.Links()
			if took := time.Since(begin); took > 20*time.Second { // it was 48 s; now far below one, with a slow machine's allowance
				t.Errorf("took %v", took)
			}
			t.Logf("took %v", time.Since(begin))
		})
	}
}
