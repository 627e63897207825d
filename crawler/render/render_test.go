package render_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xunjian/xunjian/crawler/render"
	"github.com/xunjian/xunjian/inspect"
)

// site answers the browser's requests out of a map, and counts them.
type site map[string]string

func (s site) fetch(_ context.Context, u string) (*render.Response, error) {
	body, ok := s[strings.TrimPrefix(u, "http://www.example.gov.cn")]
	if !ok {
		return &render.Response{Status: 404, Header: http.Header{}, Body: []byte("none")}, nil
	}
	h := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	if strings.HasSuffix(u, ".js") {
		h.Set("Content-Type", "text/javascript")
	}
	return &render.Response{Status: 200, Header: h, Body: []byte(body)}, nil
}

func newRenderer(t testing.TB, s site) *render.Renderer {
	t.Helper()
	r, err := render.New(render.Options{Fetch: s.fetch, PageTime: 6 * time.Second})
	if errors.Is(err, render.ErrAbsent) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func rules(vs []inspect.Violation) string {
	var out []string
	for _, v := range vs {
		out = append(out, fmt.Sprintf("%s×%d", v.Rule, len(v.Nodes)))
	}
	return strings.Join(out, " ")
}

func TestRender(t *testing.T) {
	s := site{
		"/": `<!DOCTYPE html><html lang="zh-CN"><title>首页</title><body><main><h1>首页</h1><img src="/a.png">` +
			`<p style="color:#aaa;background:#fff">浅色的文字</p><iframe src="/frame.html" title="框"></iframe></main></body></html>`,
		"/frame.html": `<!DOCTYPE html><html lang="zh-CN"><title>框</title><body><main><h1>框</h1><button></button></main></body></html>`,
		"/list.html": `<!DOCTYPE html><html lang="zh-CN"><title>动态</title><body><main><h1>动态</h1><ul id="l"></ul></main>` +
			`<script src="/list.js"></script></body></html>`,
		"/list.js":    `setTimeout(()=>{document.getElementById('l').innerHTML='<li><a href="/1.html">一则动态</a><span>2024-06-01</span></li>'},300)`,
		"/gone.html":  `<!DOCTYPE html><html lang="zh-CN"><title>转走</title><meta http-equiv="refresh" content="0;url=/list.html"><body><main><h1>转走</h1></main>`,
		"/alert.html": `<!DOCTYPE html><html lang="zh-CN"><title>弹窗</title><body><main><h1>弹窗</h1></main><script>alert('一');Array.prototype.map=null;JSON.stringify=null</script>`,
		"/hang.html":  `<!DOCTYPE html><html lang="zh-CN"><title>死循环</title><script>for(;;);</script>`,
	}
	var printed bytes.Buffer
	log.SetOutput(&printed) // where chromedp would print what went wrong
	defer log.SetOutput(os.Stderr)
	r := newRenderer(t, s)
	show := func(path string) *inspect.Rendered {
		t.Helper()
		out, err := r.Render(t.Context(), "http://www.example.gov.cn"+path)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	home := show("/")
	if got := rules(home.Violations); home.Problem != "" || !strings.Contains(got, "image-alt×1") || !strings.Contains(got, "color-contrast×1") || !strings.Contains(got, "button-name×1") {
		t.Errorf("home: %q %q", home.Problem, got)
	}
	for _, v := range home.Violations {
		if v.Rule == "button-name" && !strings.Contains(v.Nodes[0].Target, " >>> button") {
			t.Errorf("an element in a frame is named %q", v.Nodes[0].Target)
		}
		if v.Rule == "image-alt" && (len(v.WCAG) == 0 || v.WCAG[0] != "1.1.1") {
			t.Errorf("image-alt breaks %v", v.WCAG)
		}
	}
	if len(home.Picture) < 1000 || !strings.HasPrefix(home.Engine, "axe-core 4.") {
		t.Errorf("picture of %d bytes, engine %q", len(home.Picture), home.Engine)
	}
	if list := show("/list.html"); !strings.Contains(list.HTML, "一则动态") {
		t.Errorf("list: %q %s", list.Problem, list.HTML)
	}
	if gone := show("/gone.html"); gone.Problem != "" || !strings.Contains(gone.HTML, "转走") {
		t.Errorf("a page that sends its visitor on: %q %.200s", gone.Problem, gone.HTML)
	}
	if alert := show("/alert.html"); alert.Problem != "" || alert.Engine == "" {
		t.Errorf("a page with a dialog and broken built-ins: %q", alert.Problem)
	}
	if hang := show("/hang.html"); hang.Problem == "" {
		t.Errorf("a page that never ends: %.200s", hang.HTML)
	}
	if again := show("/list.html"); again.Problem != "" {
		t.Errorf("the page after one that hangs: %q", again.Problem)
	}
	r.Close()
	log.SetOutput(os.Stderr)
	if printed.Len() > 0 {
		t.Errorf("printed: %s", printed.String())
	}
}

// A page in the browser reaches nothing but what the crawler asks for it: no
// socket of any kind opens to an address that it names.
func TestNoSockets(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var connections, datagrams atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			c.Close()
		}
	}()
	u, err := lc.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	go func() {
		for b := make([]byte, 2048); ; {
			if _, _, err := u.ReadFrom(b); err != nil {
				return
			}
			datagrams.Add(1)
		}
	}()
	tcp, udp := l.Addr().String(), u.LocalAddr().String()
	r := newRenderer(t, site{"/": `<!DOCTYPE html><html lang="zh-CN"><title>首页</title><link rel="preconnect" href="http://` + tcp + `/"><link rel="prefetch" href="http://` + tcp + `/a"><body><main><h1>首页</h1><p id="p">无</p></main><script>
const at = "` + tcp + `", tried = [];
const attempt = (name, f) => { try { f(); tried.push(name) } catch (e) { tried.push(name + "!") } };
attempt("fetch", () => fetch("http://" + at + "/", {mode: "no-cors"}).catch(() => 0));
attempt("beacon", () => navigator.sendBeacon("http://" + at + "/"));
attempt("image", () => { new Image().src = "http://" + at + "/a.png" });
attempt("socket", () => new WebSocket("ws://" + at + "/"));
attempt("events", () => new EventSource("http://" + at + "/"));
attempt("worker", () => new Worker(URL.createObjectURL(new Blob(["fetch('http://" + at + "/', {mode: 'no-cors'}); new WebSocket('ws://" + at + "/')"]))));
attempt("rtc", () => { const c = new RTCPeerConnection({iceServers: [{urls: "stun:` + udp + `"}, {urls: "turn:" + at + "?transport=tcp", username: "a", credential: "b"}]});
  c.createDataChannel("x"); c.createOffer().then(o => c.setLocalDescription(o)) });
document.getElementById("p").textContent = tried.join(" ");
setTimeout(() => document.getElementById("p").textContent += " 已等", 1500);
</script></body></html>`})
	out, err := r.Render(t.Context(), "http://www.example.gov.cn/")
	if err != nil {
		t.Fatal(err)
	}
	if out.Problem != "" || !strings.Contains(out.HTML, "fetch beacon image socket events worker rtc") {
		t.Errorf("%q %s", out.Problem, out.HTML)
	}
	if c, d := connections.Load(), datagrams.Load(); c+d > 0 {
		t.Errorf("the page made %d connections and sent %d datagrams", c, d)
	}
}
