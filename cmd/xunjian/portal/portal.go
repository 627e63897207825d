// Package portal is the demonstration site: a small district's portal, made up
// in every word, with faults planted in it whose list is known. `xunjian demo`
// serves it on loopback and inspects it; a test holds the result against the
// list, so that what is planted is found and nothing else is.
package portal

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Host is the made-up name of the portal; the configuration maps it to loopback.
const Host = "www.qinglan.gov.test"

// Code and Region are the portal's registered site code and division code.
const (
	Code   = "1499020001"
	Region = "149902"
	Name   = "青岚区人民政府"
)

//go:embed templates/*.html
var files embed.FS

var layouts = template.Must(template.ParseFS(files, "templates/*.html"))

// A Fault is one planted fault: what must be found, where, and how it is named.
type Fault struct {
	Check   string `json:"check"`
	Outcome string `json:"outcome"`
	Page    string `json:"page"` // path of the page it is seen on first
	Locus   string `json:"locus"`
	Note    string `json:"note"`
}

// A Portal is the site, rendered as of one day.
type Portal struct {
	now    time.Time
	pages  map[string]*answer
	cols   []*column
	faults []Fault
	serial int
}

type answer struct {
	status   int
	typ      string
	body     []byte
	location string
}

// New renders the portal as it looks on the day of now.
func New(now time.Time) *Portal {
	p := &Portal{now: now, pages: map[string]*answer{}}
	p.build()
	return p
}

// Faults is the truth: all that an inspection must find.
func (p *Portal) Faults() []Fault { return p.faults }

// Pages is how many HTML pages the portal has.
func (p *Portal) Pages() (n int) {
	for _, a := range p.pages {
		if a.status == http.StatusOK && strings.HasPrefix(a.typ, "text/html") {
			n++
		}
	}
	return n
}

// neighbours are the hosts that every foot links. The demonstration answers
// for them itself, so that it needs no network.
var neighbours = []string{"beian.miit.gov.cn", "beian.mps.gov.cn", "bszs.conac.cn", "zfwzgl.www.gov.cn"}

// ServeHTTP serves the portal. What lies under /app/ answers "found" to
// everything, as some systems do.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host, _, _ := strings.Cut(r.Host, ":"); slices.Contains(neighbours, host) {
		fmt.Fprintln(w, "演示：此处代替", host)
		return
	}
	a := p.pages[r.URL.RequestURI()]
	if a == nil {
		a = p.pages[r.URL.Path]
	}
	switch {
	case a == nil && strings.HasPrefix(r.URL.Path, "/app/"):
		a = p.pages["/app/missing"]
	case a == nil:
		a = &answer{status: http.StatusNotFound, typ: "text/html; charset=utf-8", body: []byte("<!DOCTYPE html><html lang=\"zh-CN\"><title>404</title><p>页面不存在</p></html>")}
	}
	w.Header().Set("Content-Type", a.typ)
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(a.body)
	}
}

// Serve serves the portal on a loopback port until stop is called; addr is
// where it listens.
func (p *Portal) Serve() (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("serve the demonstration site: %w", err)
	}
	srv := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Serve(l)
	}()
	return l.Addr().String(), func() { srv.Close(); <-done }, nil
}

// Config is the configuration by which the portal is inspected, as a district
// office would write it.
func (p *Portal) Config(addr string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# 演示网站的配置：青岚区为虚构地名。\nrulebook: guoban-2019\n")
	fmt.Fprintf(&b, "crawl:\n  rate: -1\n  concurrency: 8\n  allow_networks: [127.0.0.0/8]\n")
	fmt.Fprintf(&b, "resolve:\n")
	for _, h := range append([]string{Host}, neighbours...) {
		fmt.Fprintf(&b, "  %s: %s\n", h, addr)
	}
	fmt.Fprintf(&b, "units:\n  - {id: qlqzfb, name: 青岚区人民政府办公室, region: \"%s\"}\n", Region)
	fmt.Fprintf(&b, "sites:\n  - id: qinglan\n    name: %s\n    home: http://%s/\n    unit: qlqzfb\n    code: \"%s\"\n    region: \"%s\"\n    portal: true\n    columns:\n", Name, Host, Code, Region)
	for _, c := range p.cols {
		if c.Genre != "" {
			fmt.Fprintf(&b, "      - {name: %s, url: %s, genre: %s, top_level: %v}\n", c.Name, c.Path, c.Genre, c.top)
		}
	}
	return b.Bytes()
}

// plant notes a fault that the page at path carries.
func (p *Portal) plant(check, path, locus, note string) {
	p.faults = append(p.faults, Fault{Check: check, Outcome: "fail", Page: path, Locus: locus, Note: note})
}

// plantAs is plant for an outcome other than fail.
func (p *Portal) plantAs(outcome, check, path, locus, note string) {
	p.faults = append(p.faults, Fault{Check: check, Outcome: outcome, Page: path, Locus: locus, Note: note})
}

func (p *Portal) put(path string, a *answer) {
	if p.pages[path] != nil {
		panic("portal: two answers at " + path)
	}
	p.pages[path] = a
}

// A view is what a template shows.
type view struct {
	Kind                     string // home, list or article
	Lang, Charset            string
	Title, Heading, SiteName string
	Labels                   []label
	Nav, Blocks              []*column
	Column                   *column
	Items                    []*article
	Facts                    []string // printed under the heading
	Pager                    []anchor
	Body                     template.HTML
	Foot                     foot
}

type label struct{ Name, Content string }

type anchor struct{ Path, Name string }

// A foot is which identity items the foot of a template carries.
type foot struct {
	Police, SiteMap bool
	Code            string
	Entry           string // the code in the link of 我为政府网站找错
}

// render renders a page with a layout.
func (p *Portal) render(path string, v *view) {
	var b bytes.Buffer
	if err := layouts.ExecuteTemplate(&b, "page.html", v); err != nil {
		panic("portal: " + path + ": " + err.Error()) // our own template and data
	}
	body, typ := b.Bytes(), "text/html; charset=utf-8"
	if v.Charset == "gb2312" {
		enc, err := simplifiedchinese.GBK.NewEncoder().Bytes(body)
		if err != nil {
			panic("portal: " + path + ": " + err.Error())
		}
		body, typ = enc, "text/html" // declared in the page alone, as old channels do
	}
	p.put(path, &answer{status: http.StatusOK, typ: typ, body: body})
}
