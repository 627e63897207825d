package inspect

import (
	"strings"

	"github.com/xunjian/xunjian/inspect/zh"
	"golang.org/x/net/html/atom"
)

// A PageKind says what a page is for.
type PageKind string

// The kinds of page. ArticlePage is any content page that is none of the others.
const (
	HomePage           PageKind = "home"
	ColumnPage         PageKind = "column" // a list
	ArticlePage        PageKind = "article"
	PolicyPage         PageKind = "policy"
	InterpretationPage PageKind = "interpretation"
	AnnualReportPage   PageKind = "annual-report"
	MessageBoard       PageKind = "message-board"
	MessageForm        PageKind = "message-form"
	ServiceGuide       PageKind = "service-guide"
	OrgInfo            PageKind = "org-info"
	DisclosureGuide    PageKind = "disclosure-guide"
	SearchPage         PageKind = "search"
	SiteMap            PageKind = "sitemap"
	SurveyPage         PageKind = "survey"
	RedirectPage       PageKind = "redirect"
	ErrorPage          PageKind = "error"
	FilePage           PageKind = "file" // an attachment that was read
	OtherPage          PageKind = "other"
)

// PageKinds lists the kinds in display order.
var PageKinds = []PageKind{HomePage, ColumnPage, ArticlePage, PolicyPage, InterpretationPage, AnnualReportPage, MessageBoard,
	MessageForm, ServiceGuide, OrgInfo, DisclosureGuide, SearchPage, SiteMap, SurveyPage, RedirectPage, ErrorPage, FilePage, OtherPage}

// IsContent reports whether the kind is a single published piece, which rules
// call a content page.
func (k PageKind) IsContent() bool {
	switch k {
	case ArticlePage, PolicyPage, InterpretationPage, AnnualReportPage, ServiceGuide, DisclosureGuide:
		return true
	}
	return false
}

// kindOf classes a page by its place, its labels, its shape and its words, in
// that order. Doubt ends in OtherPage, of which no rule asks anything.
func kindOf(p *Page, q *Parts) PageKind {
	switch {
	case p.Home:
		return HomePage
	case p.Status >= 400 || p.Cause == SoftNotFound:
		return ErrorPage
	case p.doc == nil:
		return OtherPage
	case p.Column != nil:
		return ColumnPage
	case p.isRedirect():
		return RedirectPage
	}
	if errorTitle(q.Title) {
		return ErrorPage
	}
	words, column := q.Title+" "+q.Heading, p.column(q)
	if k := kindByWords(p, words); k != "" {
		return k
	}
	if p.isContent(q) {
		if u := p.Landed(); strings.Contains(u, "/zcjd/") || strings.Contains(u, "/zcjd_") { // where publishing systems put 政策解读
			column += "解读"
		}
		return contentKind(words, column, strings.Join(p.Trail(), " "), q)
	}
	return p.listKind(q, words, column)
}

// listKind classes a page that is no published piece.
func (p *Page) listKind(q *Parts, words, column string) PageKind {
	rows := len(p.extracted().Items)
	label := p.Labels().Get("ColumnName")
	inner := q.Body == nil && p.Labels().Get("ArticleTitle") == ""
	switch {
	case len(p.Elements(atom.Textarea)) > 0 && hasAny(column, formWords...):
		return MessageForm
	case rows > 0 && hasAny(words+column, boardWords...):
		return MessageBoard
	case rows >= 3:
		return ColumnPage
	case q.Body != nil && p.isIndex() && isProfile(column):
		return OrgInfo
	case inner && (label != "" && label != "首页" || p.isIndex() && len(p.Trail()) > 0):
		return ColumnPage // an empty one, or one that a script fills
	}
	return OtherPage
}

// isIndex reports whether the page is the index file of its folder.
func (p *Page) isIndex() bool {
	u := pageKey(p.Landed())
	return strings.HasSuffix(u, "/") && strings.Count(u, "/") > 1
}

// errorTitle reports whether a title is the bare status of an error, as walls
// and proxies write them under a status of success.
func errorTitle(title string) bool {
	status, rest, _ := strings.Cut(title, " ")
	switch status {
	case "400", "403", "404", "500", "502", "503", "504":
	default:
		return false
	}
	for i := 0; i < len(rest); i++ {
		if rest[i] >= 0x80 { // Bad Gateway, Not Found; no title of a piece
			return false
		}
	}
	return true
}

// What the names of the pages are on which visitors write, and on which their
// letters are listed.
var (
	formWords  = []string{"信箱", "留言", "写信", "咨询", "投诉", "建议", "信访", "诉求", "申请", "反馈", "找错", "纠错"}
	boardWords = []string{"信箱", "邮箱", "来信", "信件", "留言", "回复选登", "结果反馈", "投诉平台", "诉求平台"}
)

func hasAny(s string, list ...string) bool {
	for _, w := range list {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// isProfile reports whether a column presents the office; one of news about
// its heads does not.
func isProfile(column string) bool {
	return hasAny(column, "机构", "领导", "概况", "职能", "简介") && !hasAny(column, "活动", "讲话", "动态", "新闻")
}

func (p *Page) isRedirect() bool {
	if len(p.Texts()) > 4 {
		return false
	}
	for _, l := range p.Links() {
		if l.Kind == Refresh {
			return true
		}
	}
	for _, n := range p.Elements(atom.Script) {
		if n.FirstChild != nil && (strings.Contains(n.FirstChild.Data, "location") || strings.Contains(strings.ToLower(n.FirstChild.Data), `http-equiv="refresh"`)) {
			return true
		}
	}
	return false
}

// kindByWords recognises pages by what their title says and their form shows.
func kindByWords(p *Page, words string) PageKind {
	areas, fields := len(p.Elements(atom.Textarea)), len(p.Elements(atom.Input))
	switch {
	case hasAny(words, "网站地图", "站点地图"):
		return SiteMap
	case hasAny(words, "站内搜索", "搜索结果", "全站搜索", "全文检索", "高级搜索"), strings.HasSuffix(p.Title(), "搜索"):
		return SearchPage
	case hasAny(words, "问卷调查", "网上调查", "民意征集", "满意度评价", "满意度调查") && (areas > 0 || fields > 4):
		return SurveyPage
	case areas > 0 && hasAny(words, formWords...):
		return MessageForm
	case hasAny(words, "信件列表", "来信选登", "留言列表", "信件选登", "回复选登", "来信公开"):
		return MessageBoard
	}
	return ""
}

// isContent reports whether the page is one published piece: labelled as one,
// or with a body of text under a heading and a printed date or source.
func (p *Page) isContent(q *Parts) bool {
	if p.Labels().Get("ArticleTitle") != "" && p.Labels().Get("PubDate") != "" {
		// A list's template may carry the labels of its newest item.
		return q.Body != nil || len(p.extracted().Items) < 5
	}
	if q.Body == nil { // a piece of pictures, tables or attachments
		dated := q.dateLabel || !q.InURL.IsZero() && len(p.Elements(atom.H1)) > 0
		return q.Heading != "" && dated && !p.isIndex() && len(p.extracted().Items) < 3
	}
	facts := 0
	for _, ok := range []bool{!q.Printed.IsZero(), q.Source != "", !q.InURL.IsZero(), q.Heading != ""} {
		if ok {
			facts++
		}
	}
	return facts >= 2
}

// contentKind classes a published piece by its title and by its column; trail
// is where the column stands.
func contentKind(words, column, trail string, q *Parts) PageKind {
	switch {
	case hasAny(words, "信息公开工作年度报告", "信息公开年度报告", "信息公开工作年报", "信息公开年报"), strings.Contains(words, "政务公开年度报告"):
		return AnnualReportPage
	case hasAny(words, "信息公开指南"):
		return DisclosureGuide
	case hasAny(words, "政策解读", "》解读", "的解读", "一图读懂", "一图看懂", "图解", "解读："), hasAny(column, "解读"):
		return InterpretationPage
	case hasAny(words, "办事指南", "服务指南"), hasAny(column+" "+trail, "办事指南", "服务指南", "办事指引"):
		return ServiceGuide
	case isProfile(column), zh.Compact(q.Heading) == "简介", hasAny(words, "机构职能", "机构设置", "领导简介", "单位职能", "内设机构", "科室简介", "科室职能", "部门简介", "单位简介", "机构简介", "机构职责"):
		return OrgInfo
	case q.DocNumber != "" && hasAny(words, "通知", "意见", "办法", "规定", "方案", "决定", "细则", "通告", "规划", "批复"):
		return PolicyPage
	case hasAny(column, "政策文件", "规范性文件", "政府文件", "部门文件", "公文", "政策法规", "法规"), strings.Contains(trail, "政策法规"):
		return PolicyPage
	}
	return ArticlePage
}
