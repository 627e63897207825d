package hostile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// pageTraps are those that proper HTTP brings: bodies, addresses, redirects.
func pageTraps() []trap {
	words := strings.Repeat("<p>关于进一步加强农村公路养护工作的通知，请各单位认真贯彻执行。</p>", 40)
	return []trap{
		{name: "endless body", want: []string{"unknown /endless.html 读取上限", "- /endless.html"},
			serve: site(map[string]http.HandlerFunc{"/endless.html": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				stream(w, bytes.Repeat([]byte("<p>没有尽头</p>"), 4096), 1<<30)
			}})},
		{name: "slow drip", slow: true, time: 5 * time.Minute, want: []string{"unknown /drip.html 中断", "- /drip.html"},
			serve: site(map[string]http.HandlerFunc{"/drip.html": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				drip(r.Context(), w, "<p>slow</p>", 300*time.Millisecond)
			}})},
		{name: "gzip bomb", want: []string{"unknown /bomb.html 读取上限", "- /bomb.html"},
			serve: site(map[string]http.HandlerFunc{"/bomb.html": zipped(1<<30, true)})},
		{name: "gzip that lies", want: []string{"unknown /plain.html ", "unknown /cut.html 中断", "- /plain.html", "- /cut.html"},
			serve: site(map[string]http.HandlerFunc{
				"/plain.html": func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Encoding", "gzip")
					html(shell(words))(w, nil)
				},
				"/cut.html": zipped(1<<20, false)})},
		// The first PDF of a machine compiles its reader, which takes most of this; 310 MB after that.
		{name: "archive bombs", peak: 700, want: []string{"unknown /bomb.docx ", "unknown /bomb.zip ", "unknown /loop.pdf ", "- /bomb.docx", "- /bomb.zip", "- /loop.pdf"},
			serve: site(map[string]http.HandlerFunc{
				"/bomb.docx": file(packed("word/document.xml")), "/bomb.zip": file(packed("a.txt")),
				"/loop.pdf": file([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>endobj\ntrailer<</Root 1 0 R>>\n"))})},
		{name: "deep tree", want: []string{"unknown /deep.html 应答不正确"}, time: 3 * time.Minute,
			serve: site(map[string]http.HandlerFunc{
				"/deep.html":  html(`<html lang="zh-CN"><title>深</title>` + strings.Repeat("<div>", 1_000_000) + "底"),
				"/adopt.html": html(`<html lang="zh-CN"><title>改</title>` + strings.Repeat("<a><b><p><i>", 20_000) + "底"),
				"/table.html": html(`<html lang="zh-CN"><title>表</title>` + strings.Repeat("<table><tr><td>", 50_000) + "底")})},
		{name: "huge parts", want: []string{"- /title.html 乱码"}, time: 3 * time.Minute,
			serve: site(map[string]http.HandlerFunc{
				"/title.html":   html(`<html lang="zh-CN"><title>` + strings.Repeat("长标题", 700_000) + `</title>` + words),
				"/attr.html":    html(`<html lang="zh-CN"><title>属</title><img alt="` + strings.Repeat("字", 2_000_000) + `" src="/x.png">` + words),
				"/attrs.html":   html(`<html lang="zh-CN"><title>属</title><p ` + manyAttributes(100_000) + `>` + words),
				"/comment.html": html(`<html lang="zh-CN"><title>注</title><!--` + strings.Repeat("- ", 4_000_000) + `-->` + words),
				"/line.html":    html(`<html lang="zh-CN"><title>行</title><p>` + strings.Repeat("没有句号的一行文字", 300_000))})},
		{name: "a million links", slow: true, args: []string{"--max-time", "2m"}, time: 4 * time.Minute, want: []string{"unknown /many.html 读取上限"},
			serve: site(map[string]http.HandlerFunc{"/many.html": html(shell(manyLinks(1_000_000, "/d/")))})},
		{name: "links to strangers", slow: true, peak: 500, want: []string{"unknown /many.html 链接过多"}, time: 4 * time.Minute,
			serve: site(map[string]http.HandlerFunc{"/many.html": html(shell(manyLinks(200_000, "http://127.0.0.9:1/x")))})},
		{name: "dead names", slow: true, peak: 400, time: 4 * time.Minute,
			serve: site(map[string]http.HandlerFunc{"/many.html": html(shell(manyHosts(20_000)))})},
		{name: "calendar", asks: 4000, want: []string{},
			serve: func(t *testing.T) *target {
				var n atomic.Int64
				return site(map[string]http.HandlerFunc{"/cal/": func(w http.ResponseWriter, _ *http.Request) {
					i := n.Add(1)
					html(shell(fmt.Sprintf(`<a href="/cal/?day=%d">下一天</a><a href="/cal/?day=%d">再下一天</a>`, 2*i, 2*i+1)))(w, nil)
				}})(t)
			}},
		{name: "endless paths", asks: 4000,
			serve: site(map[string]http.HandlerFunc{
				"/a/": html(shell(`<a href="a/x.html">深入</a><a href="b/x.html">深入</a>`)),
				"/q/": func(w http.ResponseWriter, r *http.Request) {
					html(shell(fmt.Sprintf(`<a href="/q/?sid=%d&a=1">换</a><a href="/q/?a=1&sid=%d">换</a>`, rand.Int64(), rand.Int64())))(w, nil)
				}})},
		{name: "redirects", asks: 100, want: []string{"fail /loop.html 循环跳转", "fail /self.html 循环跳转", "fail /fresh.html 循环跳转", "fail /cookies.html 循环跳转", "- /gate.html", "- /refresh.html",
			"- /file.html", "- /script.html", "unknown /meta.html 内部地址", "unknown /mapped.html 内部地址"},
			serve: site(redirects(words))},
		{name: "disguised addresses", want: []string{},
			serve: disguised},
		{name: "hrefs nobody can read", serve: site(map[string]http.HandlerFunc{"/odd.html": html(shell(oddLinks() + words))})},
		{name: "charsets that lie", want: []string{"- /header.html 乱码", "- /random.html", "- /utf16.html", "- /half.html 乱码"},
			serve: site(map[string]http.HandlerFunc{
				"/header.html": typed("text/html; charset=utf-8", gb(`<html lang="zh-CN"><meta charset="big5"><title>通知</title>`+words)),
				"/random.html": typed("text/html", noise(3<<20)),
				"/utf16.html":  typed("text/html; charset=utf-8", append([]byte("\xff\xfe"), wide(shell(words))...)),
				"/half.html":   typed("text/html; charset=gbk", gb(`<html lang="zh-CN"><title>通知</title>` + words + "字")[:2000])})},
		{name: "cookies without end", slow: true, time: 3 * time.Minute, asks: 4000,
			serve: site(map[string]http.HandlerFunc{"/c/": func(w http.ResponseWriter, r *http.Request) {
				var n int
				fmt.Sscanf(r.URL.Path, "/c/%d.html", &n)
				for i := range 40 {
					http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("c%d-%d", n, i), Value: strings.Repeat("x", 4000), Path: "/"})
				}
				var b strings.Builder
				for i := range 20 {
					fmt.Fprintf(&b, `<a href="/c/%d.html">%d</a>`, (n*20+i+1)%2000, i)
				}
				html(shell(b.String()))(w, nil)
			}})},
		{name: "robots.txt without end", time: 3 * time.Minute, serve: site(map[string]http.HandlerFunc{
			"/a.html": html(shell(words)),
			"/robots.txt": func(w http.ResponseWriter, _ *http.Request) {
				stream(w, bytes.Repeat([]byte("User-agent: *\nDisallow: /*a*b*c*d*e*$\n"), 100), 1<<28)
			}})},
		{name: "robots.txt that loops", serve: site(map[string]http.HandlerFunc{
			"/a.html":     html(shell(words)),
			"/robots.txt": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }})},
		{name: "crawl delay", args: []string{"--max-time", "20s"}, serve: site(map[string]http.HandlerFunc{
			"/robots.txt": html("User-agent: *\nCrawl-delay: 0.001\nCrawl-delay: 99999999999999999999\n")})},
		{name: "retry in a century", slow: true, time: 5 * time.Minute, want: []string{"unknown /tired.html 频率"}, serve: site(map[string]http.HandlerFunc{
			"/tired.html": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "3153600000")
				w.WriteHeader(http.StatusServiceUnavailable)
			}})},
		{name: "styles", serve: site(map[string]http.HandlerFunc{
			"/{$}": html(shell(`<link rel="stylesheet" href="/s.css?1"><a href="/beside.html">通知</a>`)),
			"/s.css": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/css")
				fmt.Fprintf(w, "@import url(/s.css?%d);\n@import '/s.css?%d';\n%s", rand.Int64(), rand.Int64(), strings.Repeat("a{background:url(", 10000))
			}}), asks: 6000},
		{name: "types that lie", want: []string{}, serve: site(map[string]http.HandlerFunc{
			"/page.pdf":  typed("application/pdf", []byte(shell(words))),
			"/page.docx": typed("text/html", []byte("<html>")),
			"/exe.html":  typed("text/html", append([]byte("MZ"), noise(4<<20)...)),
			"/a.doc":     file(noise(1 << 20)), "/a.xls": file(noise(1 << 20)), "/a.rar": file(noise(1 << 20))})},
		{name: "clock askew", want: []string{"- /future.html"}, serve: site(map[string]http.HandlerFunc{"/future.html": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", "Thu, 01 Jan 1970 00:00:00 GMT")
			w.Header().Set("Last-Modified", "Fri, 31 Dec 9999 23:59:59 GMT")
			w.Header().Set("Expires", "-1")
			html(shell(words))(w, nil)
		}})},
		{name: "hangs up on the way", want: []string{"- /p/19.html", "- /p/150.html"}, serve: mortal(func(*httptest.Server) { panic(http.ErrAbortHandler) })},
		{name: "dies on the way", want: []string{"- /p/19.html", "- /p/150.html"}, serve: mortal(func(s *httptest.Server) {
			s.Listener.Close()
			panic(http.ErrAbortHandler)
		})},
	}
}

// mortal is a site of 200 pages that is ill after twenty of them.
func mortal(end func(*httptest.Server)) func(t *testing.T) *target {
	return func(t *testing.T) *target {
		asked := new(atomic.Int64)
		var srv *httptest.Server
		srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) > 20 && strings.HasPrefix(r.URL.Path, "/p/") {
				end(srv)
			}
			switch r.URL.Path {
			case "/":
				html(shell(`<a href="/beside.html">通知</a>`+manyLinks(200, "/p/")))(w, r)
			case "/beside.html":
				html(neighbour)(w, r)
			default:
				html(shell("<p>内容"))(w, r)
			}
		}))
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		return &target{srv.URL + "/", asked}
	}
}

func typed(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(body)
	}
}

// zipped is a page of n spaces in gzip, whole or without its end.
func zipped(n int, whole bool) http.HandlerFunc {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	stream(z, bytes.Repeat([]byte("<p> "), 1<<14), n)
	z.Close()
	body := b.Bytes()
	if !whole {
		body = body[:len(body)/2]
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(body)
	}
}

// packed is an archive that unpacks to some 250 MB.
func packed(name string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	w, err := z.Create(name)
	if err != nil {
		panic(err)
	}
	stream(w, bytes.Repeat([]byte("<w:p><w:r><w:t>AAAAAAAA</w:t></w:r></w:p>"), 20000), 250<<20)
	z.Close()
	return b.Bytes()
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d=%d ", i, i)
	}
	return b.String()
}

func manyLinks(n int, prefix string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<a href=%s%d.html>%d</a>", prefix, i, i)
	}
	return b.String()
}

func manyHosts(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<a href=http://h%d.invalid/>%d</a>", i, i)
	}
	return b.String()
}

func redirects(words string) map[string]http.HandlerFunc {
	to := func(where string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", where)
			w.WriteHeader(http.StatusFound)
		}
	}
	return map[string]http.HandlerFunc{
		"/loop.html": to("/hidden/back.html"), "/hidden/back.html": to("/loop.html"), "/self.html": to("/self.html"),
		"/fresh.html": func(w http.ResponseWriter, r *http.Request) { to(fmt.Sprintf("/fresh.html?%d", rand.Int64()))(w, r) },
		"/cookies.html": func(w http.ResponseWriter, r *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "n", Value: fmt.Sprint(rand.Int64())})
			to("/cookies.html")(w, r)
		},
		"/gate.html": func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("seen"); err != nil {
				http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
				to("/gate.html")(w, r)
				return
			}
			html(shell(words))(w, r)
		},
		"/refresh.html": html(`<html lang="zh-CN"><title>转</title><meta http-equiv="refresh" content="0;url=/refresh.html">`),
		"/file.html":    to("file:///etc/passwd"), "/script.html": to("javascript:alert(1)"),
		"/meta.html": to("http://169.254.169.254/latest/meta-data/"), "/mapped.html": to("http://[::ffff:10.0.0.1]/"),
	}
}

// disguised is a site that leads, in every spelling, to a server of the same
// machine at an address that is not open: nobody may knock there.
func disguised(t *testing.T) *target {
	secret := knocking(t, "127.0.0.77:0", func() { t.Error("an address that is not open was asked") })
	port := secret[strings.LastIndexByte(secret, ':')+1:]
	var b strings.Builder
	for _, host := range []string{"127.0.0.77", "2130706509", "0x7f.0.0.77", "0177.0.0.0115", "127.77", "[::ffff:127.0.0.77]", "[::ffff:7f00:4d]", "[64:ff9b::7f00:4d]",
		"127.0.0.77.", "①②⑦.0.0.77", "user@127.0.0.77", "localhost", "a.localhost", "0", "0.0.0.0", "[::]", "[::1]"} {
		fmt.Fprintf(&b, `<p><a href="http://%s:%s/x.html">内</a><img src="//%[1]s:%[2]s/i.png" alt="图">`, host, port)
	}
	routes := map[string]http.HandlerFunc{"/in.html": html(shell(b.String()))}
	for i, host := range []string{"127.0.0.77", "2130706509", "[::ffff:127.0.0.77]", "localhost"} {
		routes[fmt.Sprintf("/to%d.html", i)] = func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+host+":"+port+"/x.html", http.StatusFound)
		}
	}
	return site(routes)(t)
}

func oddLinks() string {
	hrefs := []string{"http://[::1", "http://%41%", "//", "///", "http://", "http:///", "https://:0/", "http://a:99999/", "\x00", "a\nb\tc", "\\\\host\\share", "?%zz", "#" + strings.Repeat("x", 1<<20),
		"/" + strings.Repeat("a/", 1<<17), "/" + strings.Repeat("%", 1<<18), "data:text/html," + strings.Repeat("x", 1<<20), "javascript:" + strings.Repeat("(", 1<<16), "http://" + strings.Repeat("a.", 1<<16) + "cn/",
		"http://xn--" + strings.Repeat("a", 300) + ".cn/", "http://\u202ewww.example.cn/", "mailto:" + strings.Repeat("a@", 1<<16), "tel:" + strings.Repeat("1", 1<<16), "http://127.0.0.1:80:80/", "ftp://127.0.0.1/x", "ht\ttp://127.0.0.1:1/"}
	var b strings.Builder
	for _, h := range hrefs {
		fmt.Fprintf(&b, `<p><a href="%s">链</a></p>`, h)
	}
	return b.String()
}

func gb(s string) []byte {
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func wide(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}

// noise is the same bytes every time.
func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{7})
	r.Read(b)
	return b
}
