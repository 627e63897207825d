package inspect

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// A Kind says what sort of target a Site is.
type Kind string

// The kinds of target.
const (
	Website Kind = "website"
	Account Kind = "account"
)

// A Genre is what a column is for; it picks the update window.
type Genre string

// The genres that rules name. Order is the order of display.
const (
	News           Genre = "news"           // 动态、要闻
	Notice         Genre = "notice"         // 通知公告
	Policy         Genre = "policy"         // 政策文件
	Interpretation Genre = "interpretation" // 政策解读
	Messages       Genre = "messages"       // 留言公开
	ServiceStats   Genre = "service-stats"  // 办事统计数据
	MessageStats   Genre = "message-stats"  // 留言统计数据
	Service        Genre = "service"        // 办事服务
	Survey         Genre = "survey"         // 征集调查
	AnnualReport   Genre = "annual-report"  // 信息公开年报
	Personnel      Genre = "personnel"      // 人事信息
	Planning       Genre = "planning"       // 规划计划
	Topic          Genre = "topic"          // 专题专栏
	Profile        Genre = "profile"        // 概况、机构、领导: no window
	Entrance       Genre = "entrance"       // leads elsewhere: no window
	OtherGenre     Genre = "other"
)

// Genres lists every genre in display order.
var Genres = []Genre{News, Notice, Policy, Interpretation, Messages, ServiceStats, MessageStats, Service,
	Survey, AnnualReport, Personnel, Planning, Topic, Profile, Entrance, OtherGenre}

// Selectors are CSS selectors by which a column's list is read where the
// general extractor does not do. Empty fields leave it to the extractor.
type Selectors struct {
	Item  string `json:"item,omitempty" yaml:"item,omitempty"`   // one row of the list
	Title string `json:"title,omitempty" yaml:"title,omitempty"` // inside the row; empty: its first link
	Date  string `json:"date,omitempty" yaml:"date,omitempty"`   // inside the row; empty: the first date in it

	// Of a column of letters: where, inside the row, its parts stand.
	Asked    string `json:"asked,omitempty" yaml:"asked,omitempty"`       // 留言时间
	Answered string `json:"answered,omitempty" yaml:"answered,omitempty"` // 答复时间
	Unit     string `json:"unit,omitempty" yaml:"unit,omitempty"`         // 答复单位
	Question string `json:"question,omitempty" yaml:"question,omitempty"` // 留言内容
	Reply    string `json:"reply,omitempty" yaml:"reply,omitempty"`       // 答复内容
}

// Letters reports whether the selectors say where the parts of letters stand.
func (s Selectors) Letters() bool {
	return s.Item != "" && (s.Asked != "" || s.Answered != "" || s.Unit != "" || s.Question != "" || s.Reply != "")
}

// A Column is a section of a site that is watched.
type Column struct {
	Name      string    `json:"name"`
	URL       string    `json:"url"` // absolute, normal form
	Genre     Genre     `json:"genre"`
	Window    Window    `json:"window,omitzero"` // zero: what the rulebook says for the genre
	Selectors Selectors `json:"selectors,omitzero"`
	TopLevel  bool      `json:"top_level,omitempty"` // 一级栏目
	Excused   *Excuse   `json:"excused,omitempty"`   // registered as having nothing to publish
}

// An Excuse is an entry of the register of columns that rightly have nothing to
// publish (无更新内容登记). It ends: nothing is excused for ever.
type Excuse struct {
	Reason   string    `json:"reason"`
	Approver string    `json:"approver"`
	Until    time.Time `json:"until"` // the last day
}

// Holds reports whether the excuse is in force on a day.
func (e *Excuse) Holds(now time.Time) bool { return e != nil && DaysBetween(now, e.Until) >= 0 }

// A Search says how a site's search is asked, where its home page does not show it.
type Search struct {
	// URL is the address of the first page of results, with {q} where the
	// words go.
	URL string `json:"url,omitempty" yaml:"url,omitempty"`
	// JSON says that the answer is JSON, to be searched as text.
	JSON bool `json:"json,omitempty" yaml:"json,omitempty"`
	// Off says that nobody may ask: for sites whose owner does not wish it.
	Off bool `json:"off,omitempty" yaml:"off,omitempty"`
}

// A Site is one inspected target with what the register says of it. It is
// read-only while an inspection runs.
type Site struct {
	ID      string         `json:"id"` // stable; never reused
	Kind    Kind           `json:"kind"`
	Name    string         `json:"name,omitempty"` // official name; empty: not registered
	Home    string         `json:"home"`           // absolute, normal form
	Unit    string         `json:"unit,omitempty"` // responsible office, as bulletins name it
	UnitID  string         `json:"unit_id,omitempty"`
	Code    string         `json:"code,omitempty"`   // 网站标识码; empty: not registered
	Region  string         `json:"region,omitempty"` // six-digit division code; empty: not registered
	Portal  bool           `json:"portal,omitempty"` // a government portal: the deduction part applies
	Hosts   []string       `json:"hosts,omitempty"`  // hosts in scope besides the home page's
	Columns []Column       `json:"columns,omitempty"`
	Allow   []netip.Prefix `json:"allow,omitempty"` // private addresses that may be asked all the same

	// Known holds, by column name, what an earlier inspection saw in the
	// column: the proof that the extractor still reads it.
	Known map[string][]ListItem `json:"known,omitempty"`
	Past  *Past                 `json:"past,omitempty"` // nil: it was never inspected

	// Visits are those that the schedule made to the home page in the last
	// days, oldest first.
	Visits []Probe `json:"visits,omitempty"`

	Search Search `json:"search,omitzero"` // how its search is asked; zero: by the form on its home page

	Account *MediaAccount `json:"account,omitempty"` // of kind Account only
}

// InScope reports whether a URL in normal form lies on one of the site's own hosts.
func (s *Site) InScope(u string) bool {
	h := Host(u)
	if h == Host(s.Home) {
		return h != ""
	}
	for _, x := range s.Hosts {
		if h == x {
			return true
		}
	}
	return false
}

// ColumnAt is the column whose list stands at a URL in normal form, or nil.
func (s *Site) ColumnAt(u string) *Column {
	for i := range s.Columns {
		if SamePage(s.Columns[i].URL, u) {
			return &s.Columns[i]
		}
	}
	return nil
}

// AllowedAddr reports whether a private address was opened by configuration.
func (s *Site) AllowedAddr(a netip.Addr) bool {
	for _, p := range s.Allow {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// carrierNAT is shared address space, RFC 6598.
var carrierNAT = netip.MustParsePrefix("100.64.0.0/10")

// Internal reports whether a host, with its port, is plainly no public one:
// an address of an internal network that was not opened, or a name without a dot.
func (s *Site) Internal(host string) bool {
	name := host
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, ']') {
		name = name[:i]
	}
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	if a, err := netip.ParseAddr(name); err == nil {
		a = a.Unmap().WithZone("")
		return !s.AllowedAddr(a) && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || carrierNAT.Contains(a))
	}
	return name != "" && (!strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost"))
}

// Host is the host with its port of a URL in normal form.
func Host(u string) string {
	_, rest, ok := strings.Cut(u, "://")
	if !ok {
		return ""
	}
	for i := range len(rest) { // IndexAny makes a set first, for each link of each page
		if c := rest[i]; c == '/' || c == '?' || c == '#' {
			return rest[:i]
		}
	}
	return rest
}

// SamePage reports whether two URLs in normal form name one document: they are
// equal, but for the scheme and a directory's index file.
func SamePage(a, b string) bool { return a == b || pageKey(a) == pageKey(b) }

func pageKey(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	for _, x := range []string{"index.html", "index.htm", "index.shtml", "index.jsp", "index.php", "default.htm", "default.html", "default.aspx"} {
		if s, ok := strings.CutSuffix(rest, "/"+x); ok {
			return s + "/"
		}
	}
	return rest
}

// Path is the path with its query of a URL in normal form, at least "/".
func Path(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return "/"
}

// Readable is u with its percent escapes decoded where they are valid UTF-8,
// for people to read.
func Readable(u string) string {
	if !strings.Contains(u, "%") {
		return u
	}
	d, err := url.PathUnescape(u)
	if err != nil || strings.ContainsFunc(d, func(r rune) bool { return r < 0x20 || r == 0xFFFD || r == 0x7F }) {
		return u
	}
	return d
}
