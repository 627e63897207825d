package console

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/dashboards/desk"
	"github.com/xunjian/xunjian/dashboards/words"
	"github.com/xunjian/xunjian/inspect"
)

//go:embed templates/*.html
var templates embed.FS

//go:embed static
var assets embed.FS

// static serves the style.
func static() http.Handler {
	files := http.FileServerFS(assets)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		files.ServeHTTP(w, r)
	})
}

// views are the templates of one language, by page.
type views map[string]*template.Template

// parseViews parses every page with the layout, once a language. What comes
// from foreign pages is escaped by html/template for the place it stands in.
func parseViews() (map[string]views, error) {
	files, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		return nil, err
	}
	out := map[string]views{}
	for _, lang := range []string{"zh", "en"} {
		out[lang] = views{}
		base, err := template.New("").Funcs(functions(lang)).ParseFS(templates, "templates/layout.html", "templates/parts.html")
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		for _, f := range files {
			name := strings.TrimSuffix(path.Base(f), ".html")
			if name == "layout" || name == "parts" {
				continue
			}
			t, err := template.Must(base.Clone()).ParseFS(templates, f)
			if err != nil {
				return nil, fmt.Errorf("templates: %w", err)
			}
			out[lang][name] = t
		}
	}
	return out, nil
}

// functions are what templates call, beside the methods of what they show.
func functions(lang string) template.FuncMap {
	return template.FuncMap{
		"t": func(key string, a ...any) string { return words.In(lang, key, a...) },
		"han": func() template.HTMLAttr { // of text that is Chinese in every language
			if lang == "zh" {
				return ""
			}
			return `lang="zh-CN"`
		},
		"date":     func(t time.Time) string { return dateIn(lang, t) },
		"moment":   momentText,
		"days":     func(n int) string { return daysLeft(lang, n) },
		"readable": inspect.Readable,
		"percent":  func(x float64) string { return fmt.Sprintf("%.1f%%", math.Floor(1000*x+1e-9)/10) },
		"web":      func(u string) bool { return strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") },
		"join":     func(words []string) string { return strings.Join(words, "、") },
		"short": func(digest string) string {
			if len(digest) > 19 {
				return digest[:19] + "…"
			}
			return digest
		},
		"bulletinstate": bulletinState,
		"decision":      func(d inspect.Decision) string { return words.In(lang, desk.DecisionWord(d)) },
		"has":           func(list []string, word string) bool { return slices.Contains(list, word) },
		"add":           with,
		"exports":       exportsOf,
		"bars":          func(title string, bars []bar) any { return map[string]any{"Title": title, "Bars": bars} },
		"row":           func(beats []beat, width int) any { return map[string]any{"Beats": beats, "Width": width} },
		"severities":    func() []inspect.Part { return []inspect.Part{inspect.Veto, inspect.Deduction, inspect.Advice} },
		"decisions": func() []inspect.Decision {
			return []inspect.Decision{inspect.Failed, inspect.Undecided, inspect.Passed}
		},
		"grounds": func() []inspect.Ground { return inspect.Grounds },
	}
}

// dateIn is a day as readers of a language write it; the zero time is a dash.
func dateIn(lang string, t time.Time) string {
	switch {
	case t.IsZero():
		return "—"
	case lang == "zh":
		return t.In(inspect.Zone).Format("2006年1月2日")
	}
	return t.In(inspect.Zone).Format("2 Jan 2006")
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(inspect.Zone).Format("2006-01-02 15:04 -07:00")
}

func daysLeft(lang string, n int) string {
	switch {
	case n < 0:
		return words.In(lang, "超 %d 天", -n)
	case n == 0:
		return words.In(lang, "今天到期")
	}
	return words.In(lang, "剩 %d 天", n)
}

// A frame is what the layout shows around a page.
type frame struct {
	Site   string // title of the whole console
	Title  string
	Lang   string // of the html element
	User   *inspect.User
	Menu   []menuItem
	Here   string // path and query of this page
	Done   string // what a form did
	Public bool
	D      any // of the page itself
}

type menuItem struct {
	Path, Label string
	Current     bool
	roles       []inspect.Role
}

// menu is the navigation; who may not see a page is not led there.
var menu = []menuItem{
	{Path: "/", Label: "工作台", roles: everyone},
	{Path: "/findings", Label: "问题", roles: readers},
	{Path: "/sites", Label: "网站", roles: readers},
	{Path: "/media", Label: "新媒体", roles: readers},
	{Path: "/clocks", Label: "更新期限", roles: readers},
	{Path: "/orders", Label: "整改单", roles: readers},
	{Path: "/appeals", Label: "申诉", roles: readers},
	{Path: "/waivers", Label: "豁免", roles: readers},
	{Path: "/bulletins", Label: "通报", roles: readers},
	{Path: "/rules", Label: "规则", roles: everyone},
	{Path: "/ops", Label: "运行", roles: []inspect.Role{inspect.Operations, inspect.Admin, inspect.Auditor}},
	{Path: "/admin/users", Label: "用户", roles: []inspect.Role{inspect.Admin, inspect.Auditor}},
	{Path: "/audit", Label: "审计", roles: []inspect.Role{inspect.Supervisor, inspect.Auditor}},
	{Path: "/help", Label: "帮助", roles: everyone},
}

// dones are what a form can have done, as the next page tells it.
var dones = map[string]string{
	"acted": "已完成，结果见下", "recheck": "已安排复查，稍后刷新本页查看结果", "waiting": "同样的复查已在队列中", "again": "已完成，请重新登录",
	"saved": "已保存", "retried": "已安排重做", "cancelled": "已取消", "intact": "审计记录完整，没有改动",
}

// show answers with a page.
func (q *request) show(status int, name, title string, data any) error {
	f := frame{Site: q.Title, Title: title, Lang: map[string]string{"zh": "zh-CN", "en": "en"}[q.lang], User: q.user, Here: here(q.r.URL), D: data}
	if d := dones[q.r.URL.Query().Get("done")]; d != "" {
		f.Done = q.tr(d)
	}
	if q.user != nil {
		for _, m := range menu {
			if slices.Contains(m.roles, q.user.Role) {
				m.Current = m.Path == q.r.URL.Path || m.Path != "/" && strings.HasPrefix(q.r.URL.Path, m.Path)
				m.Label = q.tr(m.Label)
				f.Menu = append(f.Menu, m)
			}
		}
	}
	var buf bytes.Buffer
	if err := q.views[q.lang][name].ExecuteTemplate(&buf, "layout", f); err != nil {
		if name == "error" { // it would be shown by itself
			http.Error(q.w, "500", http.StatusInternalServerError)
		}
		return fmt.Errorf("page %s: %w", name, err)
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.Header().Set("Content-Language", f.Lang)
	q.w.WriteHeader(status)
	_, _ = buf.WriteTo(q.w) // whoever went away needs no answer
	return nil
}

// here is the page's own path, without what a form said.
func here(u *url.URL) string {
	v := u.Query()
	v.Del("done")
	if len(v) == 0 {
		return u.Path
	}
	return u.Path + "?" + v.Encode()
}
