// Package render opens sampled pages in headless Chromium: for what axe-core
// says of them, for lists that only a script fills, and for a picture as
// evidence.
//
// The browser never reaches the network by itself. Every request that a page
// makes is answered by a function that the crawler hands in, so that it passes
// the same guard and pace as all others. The browser is foreign code fed by
// foreign pages: one that hangs or dies costs its page a "could not tell" and
// is replaced.
package render

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/xunjian/xunjian/inspect"
)

// What a page and a browser may take.
const (
	pageTime    = 25 * time.Second
	settleQuiet = 500 * time.Millisecond // without a request, before a page is looked at
	settleMost  = 5 * time.Second
	pagesEach   = 200 // pages of one browser
	viewWidth   = 1280
	viewHeight  = 800
)

// A Response answers a request of a page.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Options say what to render with.
type Options struct {
	Browser string // the program; empty: Chromium where Debian puts it
	Axe     string // axe.min.js; empty: where make deps puts it
	// PageTime is how long a page may take, Quiet how long it must have asked
	// for nothing; zero: 25 s and half a second.
	PageTime, Quiet time.Duration
	// Passes are the rules of axe-core of which the elements that pass are
	// told too: what else reads the page is held against them.
	Passes []string
	// Fetch answers every request of a page.
	Fetch func(ctx context.Context, url string) (*Response, error)
}

// ErrAbsent says that something to render with is not installed; its text says
// what and how to get it.
var ErrAbsent = errors.New("深度检查不可用")

// A Renderer is one browser at a time. It is used by one goroutine.
type Renderer struct {
	browser string
	limit   time.Duration
	quiet   time.Duration
	axe     string // source
	passes  []string
	fetch   func(ctx context.Context, url string) (*Response, error)
	dir     string
	ctx     context.Context // of the browser that runs; nil: none
	cancel  context.CancelFunc
	pages   int
}

// New finds the browser and axe-core.
func New(o Options) (*Renderer, error) {
	r := &Renderer{browser: o.Browser, fetch: o.Fetch, passes: o.Passes, limit: cmp.Or(o.PageTime, pageTime), quiet: cmp.Or(o.Quiet, settleQuiet)}
	if r.browser == "" {
		r.browser = findBrowser()
	}
	if r.browser == "" {
		return nil, fmt.Errorf("%w：没有找到 Chromium；安装：apt-get install chromium", ErrAbsent)
	}
	file := o.Axe
	if file == "" {
		file = findAxe()
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w：没有找到 axe.min.js；安装：npm ci --prefix crawler/render，或以 --axe 指明文件", ErrAbsent)
	}
	r.axe = string(src)
	// Its messages in Chinese come along with it where it was installed whole.
	if words, err := os.ReadFile(filepath.Join(filepath.Dir(file), "locales", "zh_CN.json")); err == nil {
		r.axe += ";axe.configure({locale:" + string(words) + "})"
	}
	return r, nil
}

func findBrowser() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// findAxe looks beside the program, where packages put it, and in the source tree.
func findAxe() string {
	var places []string
	if exe, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(exe), "axe.min.js"),
			filepath.Join(filepath.Dir(exe), "..", "crawler", "render", "node_modules", "axe-core", "axe.min.js"))
	}
	places = append(places, "/usr/share/xunjian/axe.min.js")
	if wd, err := os.Getwd(); err == nil {
		for d := wd; ; d = filepath.Dir(d) { // tests run in their own folders
			places = append(places, filepath.Join(d, "crawler", "render", "node_modules", "axe-core", "axe.min.js"))
			if d == filepath.Dir(d) {
				break
			}
		}
	}
	for _, p := range places {
		if _, err := os.Stat(p); err == nil {
			return p
		}
	}
	return ""
}

// Close ends the browser.
func (r *Renderer) Close() {
	if r.cancel != nil {
		chromedp.Cancel(r.ctx) // waits for the browser to leave
		r.cancel()
		os.RemoveAll(r.dir)
	}
	r.ctx, r.cancel, r.pages = nil, nil, 0
}

// start starts a browser, unless one runs that may go on.
func (r *Renderer) start(ctx context.Context) error {
	if r.ctx != nil && r.ctx.Err() == nil && r.pages < pagesEach {
		return nil
	}
	r.Close()
	dir, err := os.MkdirTemp("", "xunjian-browser-")
	if err != nil {
		return err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(r.browser), chromedp.UserDataDir(dir),
		chromedp.Flag("no-sandbox", os.Geteuid() == 0), // Chromium has none for root; it renders in a container then
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-site-isolation-trials", true), // frames of others stay where axe reaches them
		chromedp.Flag("disable-features", "IsolateOrigins,site-per-process,Translate,MediaRouter,HttpsUpgrades,HttpsFirstBalancedMode,HttpsFirstBalancedModeAutoEnable"),
		chromedp.Flag("mute-audio", true), chromedp.Flag("lang", "zh-CN"),
		// Nothing but our own answers: a request that slips past finds no host.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND"),
		// WebRTC needs no name and makes no request that we see: it gets no UDP. (The flag had another name once.)
		chromedp.Flag("webrtc-ip-handling-policy", "disable_non_proxied_udp"), chromedp.Flag("force-webrtc-ip-handling-policy", "disable_non_proxied_udp"))
	alloc, stop := chromedp.NewExecAllocator(context.WithoutCancel(ctx), opts...)
	silent := func(string, ...any) {} // what goes wrong is told as a page's Problem
	r.ctx, r.cancel = chromedp.NewContext(alloc, chromedp.WithLogf(silent), chromedp.WithErrorf(silent))
	r.dir = dir
	first := r.cancel
	r.cancel = func() { first(); stop() }
	if err := chromedp.Do(r.ctx); err != nil {
		r.Close()
		return fmt.Errorf("浏览器无法启动：%w", err)
	}
	return nil
}

// A tab is one page while it is rendered.
type tab struct {
	r    *Renderer
	ctx  context.Context
	url  string
	busy atomic.Int32
	last atomic.Int64 // when the last request began or ended
	main atomic.Bool  // the page itself was asked for
}

// Render opens a page. What goes wrong is told in Problem; an error means that
// there is no browser.
func (r *Renderer) Render(ctx context.Context, url string) (*inspect.Rendered, error) {
	if err := r.start(ctx); err != nil {
		return nil, err
	}
	r.pages++
	out := &inspect.Rendered{URL: url, At: time.Now().UTC()}
	tctx, cancel := chromedp.NewContext(r.ctx)
	defer cancel()
	tctx, stop := context.WithTimeout(tctx, r.limit)
	defer stop()
	defer context.AfterFunc(ctx, stop)()
	t := &tab{r: r, ctx: tctx, url: url}
	if err := t.run(out); err != nil {
		out.Problem = r.problem(err)
		r.pages = pagesEach // whatever state it is in, the next page gets a new one
	}
	out.Took = inspect.Millis(time.Since(out.At).Milliseconds())
	return out, nil
}

func (r *Renderer) problem(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "页面在浏览器中超过" + r.limit.String() + "没有完成"
	}
	return "浏览器未能打开页面：" + err.Error()
}

func (t *tab) run(out *inspect.Rendered) error {
	if err := chromedp.Do(t.ctx, chromedp.EmulateViewport(viewWidth, viewHeight)); err != nil {
		return err
	}
	if _, err := chromedp.Call(t.ctx, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}); err != nil {
		return err
	}
	if err := t.intercept(); err != nil {
		return err
	}
	if err := chromedp.Do(t.ctx, chromedp.Navigate(t.url)); err != nil {
		return err
	}
	t.settle()
	html, err := chromedp.Run(t.ctx, chromedp.Evaluate[string]("document.documentElement ? document.documentElement.outerHTML : ''"))
	if err != nil {
		return err
	}
	out.HTML = html
	if sizes, err := chromedp.Run(t.ctx, chromedp.Evaluate[string](lettersBySize)); err == nil {
		if json.Unmarshal([]byte(sizes), &out.Sizes) != nil {
			out.Sizes = nil // the page made of it what it liked
		}
	}
	if err := t.axe(out); err != nil {
		return err
	}
	shot, err := chromedp.Call(t.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatJpeg, Quality: new(int64(50)),
		Clip: &page.Viewport{Width: viewWidth, Height: viewHeight, Scale: 0.5}}) // small: reports hold it
	if err == nil {
		out.Picture = shot.Data
	}
	return nil
}

// lettersBySize counts the letters of running text that are shown, by the size
// that the browser computed: not those of links, headings and shared parts.
const lettersBySize = `(()=>{const out={},w=document.createTreeWalker(document.body||document,NodeFilter.SHOW_TEXT);
for(let n;n=w.nextNode();){const e=n.parentElement,s=n.data.replace(/\s+/g,"");
if(!s||!e||e.closest("a,button,select,script,style,noscript,template,h1,h2,h3,h4,h5,h6,header,footer,nav")||!e.getClientRects().length)continue;
const c=getComputedStyle(e);if(c.visibility!=="visible")continue;
const px=Math.floor(parseFloat(c.fontSize)*(e.currentCSSZoom||1)+0.01)||0;out[px]=(out[px]||0)+s.length}return JSON.stringify(out)})()`

// intercept answers every request of the tab from now on.
func (t *tab) intercept() error {
	events := chromedp.Events(t.ctx, fetch.RequestPaused)
	if _, err := chromedp.Call(t.ctx, fetch.Enable, fetch.EnableParams{}); err != nil {
		return err
	}
	dialogs := chromedp.Events(t.ctx, page.JavascriptDialogOpening)
	go func() {
		for ev, err := range events {
			if err != nil {
				return
			}
			t.busy.Add(1)
			t.last.Store(time.Now().UnixNano())
			go func() {
				defer func() { t.busy.Add(-1); t.last.Store(time.Now().UnixNano()) }()
				t.answer(&ev)
			}()
		}
	}()
	go func() { // nobody sits there to press a button
		for _, err := range dialogs {
			if err != nil {
				return
			}
			chromedp.Call(t.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: false})
		}
	}()
	return nil
}

func (t *tab) answer(ev *fetch.EventRequestPaused) {
	refuse := func() {
		chromedp.Call(t.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: ev.RequestID, ErrorReason: network.ErrorReasonBlockedByClient})
	}
	switch ev.ResourceType {
	case network.ResourceTypeMedia, network.ResourceTypeWebSocket, network.ResourceTypePing, network.ResourceTypeEventSource:
		refuse()
		return
	case network.ResourceTypeDocument:
		// A page that sends its visitor on by itself would be gone before it
		// was looked at: "no content" leaves a browser where it is.
		if ev.FrameID == t.frame() && t.main.Swap(true) {
			chromedp.Call(t.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: ev.RequestID, ResponseCode: http.StatusNoContent})
			return
		}
	}
	if m := ev.Request.Method; m != http.MethodGet && m != http.MethodHead {
		refuse() // nothing is ever submitted
		return
	}
	res, err := t.r.fetch(t.ctx, ev.Request.URL)
	if err != nil {
		refuse()
		return
	}
	p := fetch.FulfillRequestParams{RequestID: ev.RequestID, ResponseCode: int64(res.Status), Body: res.Body}
	for k, vs := range res.Header {
		switch k {
		case "Content-Encoding", "Content-Length", "Transfer-Encoding", "Refresh":
			continue
		}
		for _, v := range vs {
			p.ResponseHeaders = append(p.ResponseHeaders, &fetch.HeaderEntry{Name: k, Value: v})
		}
	}
	chromedp.Call(t.ctx, fetch.FulfillRequest, p)
}

// frame is the tab's own frame.
func (t *tab) frame() cdp.FrameID {
	return cdp.FrameID(chromedp.FromContext(t.ctx).Target.TargetID)
}

// settle waits until the page has asked for nothing for a while.
func (t *tab) settle() {
	begin := time.Now()
	for time.Since(begin) < settleMost && t.ctx.Err() == nil {
		if t.busy.Load() == 0 && time.Since(time.Unix(0, t.last.Load())) >= t.r.quiet {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Version is the version that axe-core's source names.
func (r *Renderer) Version() string {
	_, rest, ok := strings.Cut(r.axe[:min(len(r.axe), 400)], "axe v")
	if !ok {
		return "axe-core"
	}
	v, _, _ := strings.Cut(rest, "\n")
	return "axe-core " + strings.TrimSpace(strings.Fields(v + " ")[0])
}
