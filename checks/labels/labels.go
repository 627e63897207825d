// Package labels knows the meta labels (网页标签) that the page design
// standard names, and which page must carry which.
package labels

import (
	"strings"

	"github.com/xunjian/xunjian/inspect"
)

// The groups of labels; findings carry them as their class.
const (
	Site    = "site"    // 网站标签
	Column  = "column"  // 栏目标签
	Content = "content" // 内容页标签
)

// A Label is a label that some page must carry.
type Label struct {
	Name, Group string
	Key         string // the name as pages' labels are filed
}

func label(name, group string) Label { return Label{name, group, strings.ToLower(name)} }

// Chinese is the group in the words of the standard.
func Chinese(group string) string {
	switch group {
	case Site:
		return "网站标签"
	case Column:
		return "栏目标签"
	}
	return "内容页标签"
}

var (
	siteLabels    = []Label{label("SiteName", Site), label("SiteDomain", Site), label("SiteIDCode", Site)}
	columnLabels  = []Label{label("ColumnName", Column), label("ColumnDescription", Column), label("ColumnKeywords", Column), label("ColumnType", Column)}
	contentLabels = []Label{label("ArticleTitle", Content), label("PubDate", Content), label("ContentSource", Content)}

	homeRequires    = append(append([]Label{}, siteLabels...), label("ColumnType", Column))
	columnRequires  = append(append([]Label{}, siteLabels...), columnLabels...)
	contentRequires = append(append([]Label{}, columnRequires...), contentLabels...)
)

// Required are the labels that a page of a kind must carry; nil for kinds of
// which nothing is asked.
func Required(k inspect.PageKind) []Label {
	switch {
	case k == inspect.HomePage:
		return homeRequires
	case k == inspect.ColumnPage:
		return columnRequires
	case k.IsContent():
		return contentRequires
	}
	return nil
}

// Placeholder reports whether a value is what a template holds before a value
// is put in.
func Placeholder(v string) bool {
	if v == "" {
		return false
	}
	for _, m := range []string{"{{", "}}", "<%", "${", "$!", "请输入", "请填写", "undefined", "[!--"} {
		if strings.Contains(v, m) {
			return true
		}
	}
	return v[0] == '$' || v[0] == '[' && strings.HasSuffix(v, "]") || v == "null" || v == "NULL"
}

// ValidCode reports whether s has the form of a 网站标识码: ten digits, or bm
// and eight digits.
func ValidCode(s string) bool {
	s = strings.ToLower(s)
	n := 10
	if rest, ok := strings.CutPrefix(s, "bm"); ok {
		s, n = rest, 8
	}
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}
