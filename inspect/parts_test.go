package inspect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/html/atom"

	"github.com/xunjian/xunjian/inspect"
)

var prose = `<div class="article"><p>` + strings.Repeat("各乡镇要压实责任，细化措施。", 20) + `</p></div>`

func TestPageKinds(t *testing.T) {
	t.Parallel()
	head := func(title string) string {
		return `<title>` + title + `_尧都区人民政府</title><h1>` + title + `</h1><p>发布时间：2024-03-05 来源：区政府办</p>`
	}
	list := `<ul>` + repeat(`<li><a href="t#N.html">关于第#N件事情的通知</a><span>2024-03-#D</span></li>`) + `</ul>`
	for _, tc := range []struct {
		want      inspect.PageKind
		url, html string
	}{
		{inspect.HomePage, home, list},
		{inspect.ColumnPage, home + "xw/", `<title>要闻</title>` + list},
		{inspect.ArticlePage, home + "xw/t1.html", head("区里召开春耕会议") + prose},
		{inspect.PolicyPage, home + "zc/t1.html", head("关于印发春耕方案的通知") + `<p>文号：尧政发〔2024〕3号</p>` + prose},
		{inspect.InterpretationPage, home + "jd/t1.html", head("《春耕方案》政策解读") + prose},
		{inspect.InterpretationPage, home + "zwgk/zcjd/t1.html", head("春耕方案好在哪里") + prose},
		{inspect.AnnualReportPage, home + "nb/t1.html", head("尧都区2023年政府信息公开工作年度报告") + prose},
		{inspect.MessageBoard, home + "hd/list.html", `<title>来信选登</title>` + list},
		{inspect.MessageForm, home + "hd/write.html", `<title>区长信箱</title><form method="post"><textarea name="t"></textarea></form>`},
		{inspect.ServiceGuide, home + "fw/t1.html", head("老年优待证办事指南") + prose},
		{inspect.OrgInfo, home + "jg/t1.html", head("内设机构") + prose},
		{inspect.DisclosureGuide, home + "gk/t1.html", head("尧都区政府信息公开指南") + prose},
		{inspect.SearchPage, home + "s", `<title>站内搜索</title><form><input name="q"></form>`},
		{inspect.SiteMap, home + "map.html", `<title>网站地图</title>`},
		{inspect.SurveyPage, home + "dc.html", `<title>网上调查</title><form><input type="radio"><textarea></textarea></form>`},
		{inspect.RedirectPage, home + "old.html", `<meta http-equiv="refresh" content="0;url=/new.html"><p>正在跳转</p>`},
		{inspect.RedirectPage, home + "old2.html", `<script>location.href="/new.html"</script>`},
		{inspect.OtherPage, home + "x.html", `<title>空</title><p>文</p>`},
	} {
		t.Run(string(tc.want), func(t *testing.T) {
			t.Parallel()
			p := newPage(tc.url, tc.html)
			p.Home = tc.url == home
			if got := p.Parts().Kind; got != tc.want {
				t.Errorf("kind = %s, want %s", got, tc.want)
			}
		})
	}
	gone := newPage(home+"gone.html", `<p>页面不存在`)
	gone.Status = 404
	soft := newPage(home+"soft.html", `<p>页面不存在`)
	soft.Cause = inspect.SoftNotFound
	for _, p := range []*inspect.Page{gone, soft} {
		if got := p.Parts().Kind; got != inspect.ErrorPage {
			t.Errorf("kind of %s = %s", p.URL, got)
		}
	}
	if !inspect.AnnualReportPage.IsContent() || inspect.ColumnPage.IsContent() {
		t.Error("a report is content, a column is not")
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	day := func(s string) time.Time {
		d, err := time.ParseInLocation(time.DateOnly, s, inspect.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	p := newPage(home+"zc/202403/t20240304_1.html", `<html><head><title> 关于春耕的通知_尧都区 </title><meta name="PubDate" content="2024-03-06"><meta name="pubdate" content="x"><meta name="ArticleTitle" content="关于春耕的通知"></head>
<body><div class="header"><h1><a href="/">尧都区人民政府</a></h1></div><h1>关于春耕的通知</h1><table><tr><td>发布日期：</td><td>2024-03-05</td><td>成文日期：2024年3月1日</td><td>发文字号：</td><td>尧政发〔2024〕3号</td></tr></table><p>来源：区政府办</p>`+prose+`</body></html>`)
	q := p.Parts()
	body := q.Body
	q.Body = nil
	want := &inspect.Parts{Title: "关于春耕的通知_尧都区", Heading: "关于春耕的通知", Printed: day("2024-03-05"), Meta: day("2024-03-06"), InURL: day("2024-03-04"), Document: day("2024-03-01"),
		Source: "区政府办", DocNumber: "尧政发〔2024〕3号", Kind: inspect.PolicyPage}
	if diff := cmp.Diff(want, q, cmpopts.IgnoreUnexported(inspect.Parts{}), cmpopts.EquateApproxTime(0)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if body == nil || inspect.Attr(body, "class") != "article" {
		t.Errorf("body = %v", body)
	}
	if !q.Published().Equal(q.Printed) {
		t.Errorf("published = %v, want what is printed", q.Published())
	}
	l := p.Labels()["pubdate"]
	if l.Name != "PubDate" || l.Content != "2024-03-06" || !l.InHead || l.Count != 2 || !p.Labels().Has("PUBDATE") {
		t.Errorf("label = %+v", l)
	}
}

func TestPartsOfNothing(t *testing.T) {
	t.Parallel()
	p := &inspect.Page{Target: inspect.Target{URL: home + "a.zip", Status: 200, Verdict: inspect.Fine}, Type: "application/zip"}
	if q := p.Parts(); q.Kind != inspect.OtherPage || q.Body != nil {
		t.Errorf("parts = %+v", q)
	}
	if p.Links() != nil || p.Text() != "" || len(p.Labels()) != 0 || p.Foot() != nil || len(p.List(inspect.Selectors{Item: "li"}).Items) != 0 || p.Query().Find("a").Length() != 0 {
		t.Error("a page without HTML has no parts")
	}
}

func TestTextIsWhatAVisitorReads(t *testing.T) {
	t.Parallel()
	p := newPage(home, `<p>一<script>x</script><style>y</style><noscript>z</noscript><b hidden>h</b><i style="DISPLAY: none">d</i><u style="display : none">e</u><s hidden="until-found">二</s>&nbsp;<textarea>t</textarea></p>`)
	if got := p.Text(); got != "一\n二" {
		t.Errorf("text = %q", got)
	}
}

func TestCodesAndFoot(t *testing.T) {
	t.Parallel()
	p := newPage(home, `<div class="foot"><span>网站标识码：</span><span>1410020001</span><a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=1410020002&url=x">找错</a> 晋ICP备12345678号</div>`)
	want := []inspect.SeenCode{{Where: "foot", Code: "1410020001"}, {Where: "entry", Code: "1410020002"}}
	if diff := cmp.Diff(want, p.Codes()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f := p.Foot(); f == nil || inspect.Attr(f, "class") != "foot" {
		t.Errorf("foot = %v", f)
	}
	if n := len(p.Elements(atom.Span, atom.Div)); n != 3 {
		t.Errorf("%d elements, want 3", n)
	}
}

// ordinary is a made-up page of 19 KB: what a site mostly consists of.
var ordinary = func() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>区里召开春耕会议_尧都区人民政府</title><meta name="ArticleTitle" content="区里召开春耕会议"><meta name="PubDate" content="2024-03-05 09:30"><link rel="stylesheet" href="/a.css"></head><body><div class="nav"><ul>`)
	b.WriteString(strings.Repeat(`<li><a href="/xw/dt/index.html" title="工作动态">工作动态</a></li>`, 60))
	b.WriteString(`</ul></div><h1>区里召开春耕会议</h1><p>发布时间：2024-03-05 09:30 来源：区政府办</p><div class="article">`)
	b.WriteString(strings.Repeat(`<p style="text-indent:2em">各乡镇要压实责任，细化措施，定期调度，确保各项任务按时完成。</p>`, 60))
	b.WriteString(`</div><ul class="related">` + strings.Repeat(`<li><a href="./202403/t20240305_1024.html">关于做好春季农业生产工作的通知</a><span>2024-03-05</span></li>`, 30))
	b.WriteString(`</ul><div class="foot">网站标识码：1410020001 <a href="/map.html">网站地图</a></div></body></html>`)
	return b.String()
}()

func BenchmarkPage(b *testing.B) {
	b.SetBytes(int64(len(ordinary)))
	b.ReportAllocs()
	for b.Loop() {
		p := newPage(home+"xw/202403/t20240305_1.html", ordinary)
		if len(p.Links()) < 90 || p.Parts().Kind != inspect.ArticlePage {
			b.Fatal("the page was not read")
		}
	}
}
