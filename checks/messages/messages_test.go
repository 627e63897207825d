package messages

import (
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

func page(body string) *inspect.Page {
	return &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/hd/1.html", Status: 200, Verdict: inspect.Fine},
		Type: "text/html", Body: []byte(body), Now: time.Date(2024, 6, 1, 9, 0, 0, 0, inspect.Zone)}
}

// one is a message on a page of its own, in the ways that systems lay it out.
var one = map[string]string{
	"paragraphs": `<h1>户口迁移</h1><div><p><b>留言时间：</b>2024-03-01 09:12</p><p><b>答复时间：</b>2024-03-04</p><p><b>答复单位：</b>县公安局</p>
		<p><b>留言内容：</b>迁户口要带什么？</p><p><b>回　　复：</b>您好。</p><p>请带身份证和户口本到户籍窗口办理。</p></div><div>主办：示例县人民政府办公室</div>`,
	"table": `<h1>户口迁移</h1><table><tr><td>来信标题：</td><td>户口迁移</td><td>提交时间：</td><td>2024-03-01</td></tr><tr><td>信件内容</td><td colspan=3>迁户口要带什么？</td></tr></table>
		<table><tr><td>回复部门：</td><td> 县公安局 </td><td>回复时间：</td><td>2024年3月4日</td></tr><tr><td>回复内容：</td><td colspan=3>您好。 请带身份证和户口本到户籍窗口办理。</td></tr></table>`,
	"one text": `<h1>户口迁移</h1><p>留言时间：2024-03-01 答复时间：2024-03-04 答复单位：县公安局</p><dl><dt>留言内容</dt><dd>迁户口要带什么？</dd></dl><dl><dt>答复内容</dt><dd>您好。 请带身份证和户口本到户籍窗口办理。</dd></dl>`,
	"signed":   `<title>县长信箱</title><h1>户口迁移</h1><p>来信时间：2024/3/1</p><p>来信内容：迁户口要带什么？</p><p>县公安局回复：您好。 请带身份证和户口本到户籍窗口办理。</p><p>办结时间：2024/3/4</p>`,
}

func TestOwnPage(t *testing.T) {
	t.Parallel()
	for name, body := range one {
		b := Of(page(body))
		if len(b.Messages) != 1 {
			t.Errorf("%s: %d messages: %+v", name, len(b.Messages), b.Messages)
			continue
		}
		m := b.Messages[0]
		if m.Asked.Format(time.DateOnly) != "2024-03-01" || m.Answered.Format(time.DateOnly) != "2024-03-04" || m.Unit != "县公安局" ||
			m.Question != "迁户口要带什么?" || m.Reply != "您好。 请带身份证和户口本到户籍窗口办理。" || !m.Whole {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestRows(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"table": `<title>来信选登</title><table><tr><th>来信标题</th><th>来信时间</th><th>答复时间</th><th>办理状态</th></tr>
			<tr><td><a href="2.html">修路</a></td><td>2024-03-01</td><td>2024-03-04</td><td>已回复</td></tr>
			<tr><td><a href="3.html">路灯</a></td><td>2024-03-02</td><td></td><td>待办理</td></tr></table>`,
		"labels": `<title>来信选登</title><ul><li><a href="2.html">修路</a><i>留言时间：2024-03-01</i><i>回复时间：2024-03-04</i></li>
			<li><a href="3.html">路灯</a><i>留言时间：2024-03-02</i><b>待办理</b></li></ul>`,
		"list of names": `<title>来信选登</title><div><span>标题</span><span>提交时间</span><span>回复时间</span><span>状态</span></div>
			<ul><li><span><a href="2.html">修路</a></span><span>2024-03-01</span><span>2024-03-04</span><span>办结</span></li>
			<li><span><a href="3.html">路灯</a></span><span>2024-03-02</span><span>-</span><span>[待办理]</span></li></ul>`,
	} {
		b := Of(page(body))
		if len(b.Messages) != 2 {
			t.Errorf("%s: %d messages: %+v", name, len(b.Messages), b.Messages)
			continue
		}
		a, w := b.Messages[0], b.Messages[1]
		if a.URL != "http://www.example.gov.cn/hd/2.html" || a.Title != "修路" || !a.HasReply() || a.Whole ||
			w.Asked.Format(time.DateOnly) != "2024-03-02" || w.HasReply() || w.State != Waiting || w.StateSaid != "待办理" {
			t.Errorf("%s:\n%+v\n%+v", name, a, w)
		}
	}
}

// TestNoMessages: pages that use the same words, and forms.
func TestNoMessages(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"tender":   `<title>招标公告</title><p>提交时间：2024-03-01</p><p>受理部门：县交易中心</p><p>编号：12</p>`,
		"form":     `<title>我要写信</title><form><p>留言标题：<input></p><p>留言内容：<textarea></textarea></p><p>提交时间：2024-03-01</p></form>`,
		"petition": `<title>网上信访</title><p>来信时间：2024-03-01</p><p>来信内容：某事</p><p>答复时间：2024-03-04</p><p>答复内容：某答</p>`,
		"query":    `<title>信件查询</title><table><tr><td>信件编号：</td><td><input type=text></td></tr><tr><td>回复状态：</td><td><select><option>未回复</option></select></td></tr></table>`,
	} {
		if b := Of(page(body)); len(b.Messages) != 0 {
			t.Errorf("%s: %+v", name, b.Messages)
		}
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"您好。情况属实。 县水利局 2024年3月4日":  "县水利局",
		"情况属实。 县水利局2024年3月4日":      "县水利局",
		"【县住建局回复】 您好":              "县住建局",
		"请咨询 广东省招生委员会办公室 按规定办理手续。": "",
		"您好": "",
	} {
		if got := signature(s); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}

// TestHostile: a page made of labels is read in bounded time.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"flat":   "<title>县长信箱</title><div>" + strings.Repeat("<b>留言时间：</b>2024-03-01<i>答复：</i>好<a href=1.html>x</a> ", 3000) + "</div>",
		"nested": "<title>县长信箱</title>" + strings.Repeat("<div>留言时间：2024-03-01<p>答复内容：</p>", 400),
		"rows":   "<title>县长信箱</title><table><tr><td>标题</td><td>来信时间</td><td>答复时间</td></tr>" + strings.Repeat("<tr><td><a href=1.html>a</a></td><td>2024-03-01</td><td></td></tr>", 3000) + "</table>",
		"heads":  "<title>县长信箱</title><table>" + strings.Repeat("<tr><td>标题</td><td>来信时间</td><td>答复时间</td></tr>", 3000) + "</table>",
	} {
		p := page(body)
		p.Parts() // shared by all checks, and measured elsewhere
		start := time.Now()
		b := Of(p)
		if took := time.Since(start); took > 5*time.Second || len(b.Messages) > 2*most {
			t.Errorf("%s: %d messages in %v", name, len(b.Messages), took)
		} else {
			t.Logf("%s: %d messages in %v", name, len(b.Messages), took)
		}
	}
}
