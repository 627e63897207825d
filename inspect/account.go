package inspect

import (
	"cmp"
	"slices"
	"time"
)

// A Platform is where a new-media account lives.
type Platform string

// The platforms. Order is the order of display.
const (
	WeChat        Platform = "wechat"      // 微信公众号
	Weibo         Platform = "weibo"       // 微博
	Douyin        Platform = "douyin"      // 抖音
	Toutiao       Platform = "toutiao"     // 今日头条
	Kuaishou      Platform = "kuaishou"    // 快手
	Bilibili      Platform = "bilibili"    // 哔哩哔哩
	App           Platform = "app"         // 移动客户端
	MiniProgram   Platform = "miniprogram" // 小程序
	OtherPlatform Platform = "other"
)

// Platforms lists every platform in display order.
var Platforms = []Platform{WeChat, Weibo, Douyin, Toutiao, Kuaishou, Bilibili, App, MiniProgram, OtherPlatform}

// Chinese is the platform as a notice names it.
func (p Platform) Chinese() string {
	switch p {
	case WeChat:
		return "微信公众号"
	case Weibo:
		return "微博"
	case Douyin:
		return "抖音"
	case Toutiao:
		return "今日头条"
	case Kuaishou:
		return "快手"
	case Bilibili:
		return "哔哩哔哩"
	case App:
		return "移动客户端"
	case MiniProgram:
		return "小程序"
	}
	return "其他平台"
}

// Installed reports whether the account is a program that people install or
// open, and no list of posts.
func (p Platform) Installed() bool { return p == App || p == MiniProgram }

// kinds are the kinds of posts that together are all that an account shows.
func (p Platform) kinds() []PostKind {
	if p == WeChat {
		return []PostKind{Published, MassSent}
	}
	return []PostKind{AnyPost}
}

// A Standing is what the register says of an account's life.
type Standing string

// The standings. An account that is closing is judged until it is closed (NM-6).
const (
	Running  Standing = "running"
	Closing  Standing = "closing"  // 关停中
	Closed   Standing = "closed"   // 已注销
	Migrated Standing = "migrated" // 已迁移
)

// Standings lists every standing in display order.
var Standings = []Standing{Running, Closing, Closed, Migrated}

// Chinese is the standing in the words of a register.
func (s Standing) Chinese() string {
	switch s {
	case Closing:
		return "关停中"
	case Closed:
		return "已注销"
	case Migrated:
		return "已迁移"
	}
	return "运行"
}

// A SourceKind is a way to learn what an account published.
type SourceKind string

// The kinds of source.
const (
	FromFeed   SourceKind = "feed"   // RSS, Atom or JSON feed
	FromWeChat SourceKind = "wechat" // WeChat Official Accounts API
	FromWeibo  SourceKind = "weibo"  // Weibo open API
	FromITunes SourceKind = "itunes" // Apple's lookup of its store
	FromPage   SourceKind = "page"   // the public page of an account, or of an app in a store
	FromList   SourceKind = "list"   // a page that lists posts
	FromImport SourceKind = "import" // a list handed in by the unit
	FromStamp  SourceKind = "stamp"  // a person who looked, with proof
)

// SourceKinds are those that a register may name; imports and stamps need no entry.
var SourceKinds = []SourceKind{FromFeed, FromWeChat, FromWeibo, FromITunes, FromPage, FromList}

// Tells says what a kind of source can tell of: posts, and the account's own name.
func (k SourceKind) Tells() (posts, identity bool) {
	switch k {
	case FromWeibo:
		return true, true
	case FromITunes:
		return false, true
	case FromPage:
		return false, false
	}
	return true, false
}

// A MediaSource is one way to an account's posts, as the register names it.
// It never holds a credential: Key says under which name one is found.
type MediaSource struct {
	Name      string     `json:"name"`
	Kind      SourceKind `json:"kind"`
	URL       string     `json:"url,omitempty"`
	Key       string     `json:"key,omitempty"`
	Official  bool       `json:"official,omitempty"` // of a feed: its end is the account's silence, not a relay's
	Selectors Selectors  `json:"selectors,omitzero"`
}

// An Interaction is what is known of an account's ways to ask. Nil: not known.
type Interaction struct {
	Comments *bool     `json:"comments,omitempty"` // 评论
	Messages *bool     `json:"messages,omitempty"` // 私信、留言
	Menu     *bool     `json:"menu,omitempty"`     // 菜单、咨询入口
	Checked  time.Time `json:"checked,omitzero"`   // when somebody looked
}

// A MediaAccount is what the register says of a new-media account.
type MediaAccount struct {
	Platform Platform  `json:"platform"`
	Handle   string    `json:"handle,omitempty"` // its id on the platform
	Body     string    `json:"body,omitempty"`   // 认证主体
	Verified *bool     `json:"verified,omitempty"`
	Filed    *bool     `json:"filed,omitempty"` // 已在全国政务新媒体信息报送系统备案
	Opened   time.Time `json:"opened,omitzero"`
	Standing Standing  `json:"standing,omitempty"` // empty: Running
	Since    time.Time `json:"since,omitzero"`     // first day of the standing
	To       string    `json:"to,omitempty"`       // of one that migrated: id of the account that goes on
	ToKnown  bool      `json:"to_known,omitempty"` // that account stands in the register
	Twins    []string  `json:"twins,omitempty"`    // the unit's other accounts on the platform that are not closed
	Window   Window    `json:"window,omitzero"`    // zero: what the rulebook says

	Interaction *Interaction  `json:"interaction,omitempty"`
	Sources     []MediaSource `json:"sources,omitempty"` // in order of trust
}

// On is the standing on a day: one that begins later does not hold yet.
func (m *MediaAccount) On(now time.Time) Standing {
	if !m.Since.IsZero() && DaysBetween(m.Since, now) < 0 {
		return Running
	}
	return cmp.Or(m.Standing, Running)
}

// Judged reports whether an account is still held to the rules on a day.
func (m *MediaAccount) Judged(now time.Time) bool {
	s := m.On(now)
	return s == Running || s == Closing
}

// A PostKind says how a post reached its readers, where a platform tells that apart.
type PostKind string

// The kinds of post.
const (
	AnyPost   PostKind = ""
	Published PostKind = "published" // 发布: on the account's page, pushed to nobody
	MassSent  PostKind = "mass-sent" // 群发: pushed to the followers
)

// Chinese is the kind in the words of the platform.
func (k PostKind) Chinese() string {
	switch k {
	case Published:
		return "发布"
	case MassSent:
		return "群发"
	}
	return "全部"
}

// A Post is one thing that an account published.
type Post struct {
	ID        string    `json:"id,omitempty"`
	Title     string    `json:"title,omitempty"`
	URL       string    `json:"url,omitempty"`
	Published time.Time `json:"published,omitzero"` // zero: the source does not say
	Kind      PostKind  `json:"kind,omitempty"`
	Text      string    `json:"text,omitempty"`
}

// An Identity is what the platform itself says of the account.
type Identity struct {
	Name     string `json:"name,omitempty"`
	Body     string `json:"body,omitempty"` // whom the platform verified
	Verified *bool  `json:"verified,omitempty"`
}

// A Collection is what one source gave of an account at one time. That it
// holds no new post is silence only where it is complete.
type Collection struct {
	Source  string     `json:"source"` // its name in the register
	Kind    SourceKind `json:"kind"`
	URL     string     `json:"url,omitempty"` // that was asked, without credentials
	At      time.Time  `json:"at"`
	Status  int        `json:"status,omitempty"`
	Digest  string     `json:"digest,omitempty"` // of what was received
	Verdict Verdict    `json:"verdict"`
	Cause   Cause      `json:"cause,omitempty"`
	Detail  string     `json:"detail,omitempty"`

	Posts []Post `json:"posts,omitempty"` // newest first
	// Complete says that every post of the kinds it Sees, from From until To,
	// is in Posts; a zero From means since the account was opened. Partial says
	// for people why it is not complete.
	Complete bool       `json:"complete,omitempty"`
	From     time.Time  `json:"from,omitzero"`
	To       time.Time  `json:"to,omitzero"`
	Sees     []PostKind `json:"sees,omitempty"` // none: all kinds
	Partial  string     `json:"partial,omitempty"`

	Identity    *Identity    `json:"identity,omitempty"`
	Interaction *Interaction `json:"interaction,omitempty"`
	By          string       `json:"by,omitempty"`    // who handed it in or stamped it
	Proof       string       `json:"proof,omitempty"` // digest of a stamp's proof

	// Sealed is what checks told of the posts when the values in them that
	// nobody may keep could still be read.
	Sealed map[string][]Finding `json:"sealed,omitempty"`
}

// Read reports whether the source gave an answer that says something.
func (c *Collection) Read() bool { return c.Verdict == Fine || c.Verdict == Information }

func (c *Collection) sees(k PostKind) bool { return len(c.Sees) == 0 || slices.Contains(c.Sees, k) }

// Evidence is what proves a finding that rests on the collection.
func (c *Collection) Evidence() Evidence {
	return Evidence{Status: c.Status, Fetched: c.At.UTC(), Digest: cmp.Or(c.Digest, c.Proof)}
}

// SilentUntil is until when the collections together prove that nothing but
// what they hold was published after a moment; zero: they prove nothing. For a
// platform with several kinds of posts each kind must be covered.
func (m *MediaAccount) SilentUntil(feeds []*Collection, after time.Time) (until time.Time) {
	for i, k := range m.Platform.kinds() {
		var best time.Time
		for _, c := range feeds {
			if c.Read() && c.Complete && c.sees(k) && !c.From.After(after) && c.To.After(best) {
				best = c.To
			}
		}
		if i == 0 || best.Before(until) {
			until = best
		}
	}
	return until
}
