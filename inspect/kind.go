package inspect

import (
	"strings"

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
	OtherPage          PageKind = "other"
)

// PageKinds lists the kinds in display order.
var PageKinds = []PageKind{HomePage, ColumnPage, ArticlePage, PolicyPage, InterpretationPage, AnnualReportPage, MessageBoard,
	MessageForm, ServiceGuide, OrgInfo, DisclosureGuide, SearchPage, SiteMap, SurveyPage, RedirectPage, ErrorPage, OtherPage}

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
	words := q.Title + " " + q.Heading
	if k := kindByWords(p, words); k != "" {
		return k
	}
	if p.isContent(q) {
		column := p.Labels().Get("ColumnName")
		if u := p.Landed(); strings.Contains(u, "/zcjd/") || strings.Contains(u, "/zcjd_") { // where publishing systems put 政策解读
			column += "解读"
		}
		return contentKind(words, column, q)
	}
	if l := p.extracted(); len(l.Items) >= 3 {
		return ColumnPage
	}
	return OtherPage
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
	has := func(list ...string) bool {
		for _, w := range list {
			if strings.Contains(words, w) {
				return true
			}
		}
		return false
	}
	areas := len(p.Elements(atom.Textarea))
	switch {
	case has("网站地图", "站点地图"):
		return SiteMap
	case has("站内搜索", "搜索结果", "全站搜索", "全文检索", "高级搜索"):
		return SearchPage
	case areas > 0 && has("信箱", "留言", "写信", "咨询", "投诉", "建议", "信访", "诉求", "申请", "反馈", "找错", "纠错"):
		return MessageForm
	case has("信件列表", "来信选登", "留言列表", "信件选登", "回复选登", "来信公开"):
		return MessageBoard
	case has("问卷调查", "网上调查", "民意征集") && (areas > 0 || len(p.Elements(atom.Input)) > 4):
		return SurveyPage
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
	if q.Body == nil {
		return false
	}
	facts := 0
	for _, ok := range []bool{!q.Printed.IsZero(), q.Source != "", !q.InURL.IsZero(), q.Heading != ""} {
		if ok {
			facts++
		}
	}
	return facts >= 2
}

func contentKind(words, column string, q *Parts) PageKind {
	has := func(s string, list ...string) bool {
		for _, w := range list {
			if strings.Contains(s, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has(words, "信息公开工作年度报告", "信息公开年度报告", "信息公开工作年报", "信息公开年报"):
		return AnnualReportPage
	case has(words, "信息公开指南"):
		return DisclosureGuide
	case has(words, "政策解读", "》解读", "的解读", "一图读懂", "图解", "解读："), has(column, "解读"):
		return InterpretationPage
	case has(words, "办事指南", "服务指南") || has(column, "办事指南", "服务指南"):
		return ServiceGuide
	case has(column, "机构", "领导", "概况", "职能", "简介") || has(words, "机构职能", "机构设置", "领导简介", "单位职能", "内设机构"):
		return OrgInfo
	case q.DocNumber != "" && has(words, "通知", "意见", "办法", "规定", "方案", "决定", "细则", "通告", "规划", "批复"):
		return PolicyPage
	case has(column, "政策文件", "规范性文件", "政府文件", "政策法规", "法规"):
		return PolicyPage
	}
	return ArticlePage
}
