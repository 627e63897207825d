package inspect

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// A Verdict is what one look at a target told.
type Verdict string

// The verdicts. Only Fault accuses; CouldNotTell never counts against a site.
const (
	Fine         Verdict = "fine"
	Fault        Verdict = "fault"
	CouldNotTell Verdict = "unknown"
	Information  Verdict = "info"   // opens, with something worth saying
	Suspected    Verdict = "review" // looks like a fault; a person must confirm
)

// A Cause names why a target is not simply fine. Causes are a closed set: they
// are labels in metrics and words in bulletins.
type Cause string

// The causes.
const (
	NoCause        Cause = ""
	DNS            Cause = "dns"             // the name does not exist
	Refused        Cause = "refused"         // nothing listens
	Unreachable    Cause = "unreachable"     // no route, connection reset
	TLSFailure     Cause = "tls"             // no secure connection could be agreed on
	Certificate    Cause = "certificate"     // the certificate does not hold
	OldTLS         Cause = "old-tls"         // only an outdated protocol is spoken
	Timeout        Cause = "timeout"         // no answer in time
	Status4xx      Cause = "4xx"             // 404, 410 and the like
	Status5xx      Cause = "5xx"             // the server failed
	RedirectLoop   Cause = "loop"            // redirects never end
	SoftNotFound   Cause = "soft-404"        // a "not found" page sent as found
	RedirectedHome Cause = "redirected-home" // a deep link that leads to the home page
	Blocked        Cause = "blocked"         // a wall against robots, a login, a refusal
	RateLimited    Cause = "rate-limited"    // asked to slow down
	RobotsRefused  Cause = "robots"          // robots.txt forbids it
	PrivateAddress Cause = "private-address" // an internal address; never asked
	TooLarge       Cause = "too-large"       // the body passes our limit
	CutShort       Cause = "cut-short"       // the body ended before it was complete
	BadAnswer      Cause = "bad-answer"      // not HTTP, or a broken answer
	Budget         Cause = "budget"          // our own page, depth or time cap
	Trap           Cause = "trap"            // one of addresses that the site makes without end
	OwnFault       Cause = "own-fault"       // our line, our resolver, our program
)

// Chinese is the cause in the words of a notice.
func (c Cause) Chinese() string {
	switch c {
	case DNS:
		return "域名无法解析"
	case Refused:
		return "连接被拒绝"
	case Unreachable:
		return "网络不可达"
	case TLSFailure:
		return "安全连接无法建立"
	case Certificate:
		return "证书无效"
	case OldTLS:
		return "仅支持过时的加密协议"
	case Timeout:
		return "打开超时"
	case Status4xx:
		return "页面不存在"
	case Status5xx:
		return "服务器出错"
	case RedirectLoop:
		return "循环跳转"
	case SoftNotFound:
		return "页面已不存在（返回“未找到”提示页）"
	case RedirectedHome:
		return "内容已不存在（跳转到首页）"
	case Blocked:
		return "被防护或登录页面拦截"
	case RateLimited:
		return "被限制访问频率"
	case RobotsRefused:
		return "robots.txt 不允许访问"
	case PrivateAddress:
		return "内部地址"
	case TooLarge:
		return "内容超过读取上限"
	case CutShort:
		return "内容传输中断"
	case BadAnswer:
		return "服务器应答不正确"
	case Budget:
		return "超出本次检查范围"
	case Trap:
		return "疑似爬虫陷阱地址"
	case OwnFault:
		return "检查端故障"
	}
	return ""
}

// A Target is one URL and what became of it when it was asked. A failed fetch
// is data, not an error.
type Target struct {
	URL     string      `json:"url"`             // as linked, normal form
	Final   string      `json:"final,omitempty"` // after redirects, if other than URL
	Status  int         `json:"status"`          // 0: no answer arrived
	Verdict Verdict     `json:"verdict"`
	Cause   Cause       `json:"cause,omitempty"`
	Detail  string      `json:"detail,omitempty"` // for a person: the error, the phase it died in
	Fetched time.Time   `json:"fetched,omitzero"` // UTC
	Took    Millis      `json:"took_ms,omitempty"`
	Header  http.Header `json:"header,omitempty"`  // response head; nil for fine files
	Title   string      `json:"title,omitempty"`   // of a page of others that is linked: what it calls itself
	Opening string      `json:"opening,omitempty"` // and the first letters that it shows
	Digest  string      `json:"digest,omitempty"`  // "sha256:…" of the body as received, once decompressed
}

// Millis is a duration written as whole milliseconds.
type Millis int64

// Landed is the URL at which the target was found in the end.
func (t *Target) Landed() string {
	if t.Final != "" {
		return t.Final
	}
	return t.URL
}

// An Event is one thing a source saw: exactly one of its pointers is set.
type Event struct {
	Page   *Page       // a page was asked for; its Target says with what success
	Target *Target     // a link target that is no page of the site was asked for
	Skip   *Target     // a page that is known but was not asked for, and why
	Probe  *Probe      // a visit was measured
	Answer *Page       // the answer to a Question; its URL is the question's
	Shown  *Rendered   // a browser showed a page
	Feed   *Collection // a source of an account answered, or did not

	Replayed bool // it comes from the record of an earlier run
}

// DueAgain reports whether an inspection that goes on must ask once more: what
// was left out, and what could not be told for reasons of our own.
func (e *Event) DueAgain() bool {
	t := e.Skip
	switch {
	case e.Page != nil:
		t = &e.Page.Target
	case e.Target != nil:
		t = e.Target
	}
	return e.Skip != nil || t != nil && t.Verdict == CouldNotTell && (t.Cause == Budget || t.Cause == OwnFault)
}

// A Source yields what there is to see of a site. Events come in any order;
// each URL comes once. Only what ends the whole crawl is an error; a context
// that ends stops the source, and what was seen until then still counts.
type Source interface {
	Events(ctx context.Context, s *Site) iter.Seq2[Event, error]
}
