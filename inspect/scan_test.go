package inspect_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// linkSet is what a page links and by what words, each once and in order.
func linkSet(links []inspect.Link) (out []string) {
	for i := range links {
		l := &links[i]
		out = append(out, fmt.Sprintf("%s %s %q %s %q", l.Kind, l.URL, l.Raw, l.Scheme, l.Text()))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sameLinks holds a scan against the tree: the links, and that no visitor reads
// less than the scan says.
func sameLinks(t *testing.T, name string, body []byte) (scanned bool) {
	t.Helper()
	links, ok := inspect.ScanLinks(newPage(home+"d/p.html", string(body)))
	if !ok {
		return false
	}
	p := newPage(home+"d/p.html", string(body))
	if _, err := p.Doc(); err != nil {
		return false
	}
	if got, want := linkSet(links), linkSet(p.Links()); !slices.Equal(got, want) {
		t.Errorf("%s: %q\nscan %q\ntree %q", name, body[:min(len(body), 400)], got, want)
	}
	read := 0
	for _, n := range p.Texts() {
		read += len(n.Data)
	}
	if read < 4096 && p.Says(read+1) {
		t.Errorf("%s: %q: a visitor reads %d bytes, the scan says more", name, body[:min(len(body), 400)], read)
	}
	return true
}

var scans = []struct {
	html string
	scan bool // the scan can tell
}{
	{`<a href="a.html">甲 <b>乙</b>
	丙</a><a href=/b title=题></a><a href=c><img src=d alt=图></a>`, true},
	{`<base href="http://x.example/y/"><a href="?q=1">1</a>`, true},
	{`<style>a{background:url(i.png)}</style><div style="background:url('j.png')">字<a href=k>k</a></div><body background=l.gif>`, true},
	{`<script src=s.js></script><script>document.write('<a href=no>no</a>')</script><noscript><a href=no>no</a></noscript><!-- <a href=no> -->`, true},
	{`<textarea><a href=no>no</a></textarea><title><a href=no></title><iframe src=f><a href=no></iframe>`, true},
	{`<form action=/s><input type=image src=go.gif></form><form method=post action=/p></form><form><input></form>`, true},
	{`<img srcset="a 1x, b 2x" src=c><video src=v poster=w><source src=x></video><object data=o>字</object><embed src=e>`, true},
	{`<meta http-equiv=refresh content="0;url=r"><link rel="shortcut icon" href=i><link rel=stylesheet href=s><area href=a alt=区><image src=m>`, true},
	{`<table background=t.gif><tr><td><a href=x>行</a></td></tr></table>`, true},
	{`<select><option>a</select><a href=x>行<br>二</a>`, true},
	{`<a href=x><div>一</div><div>二</div></a>`, true},
	{`<a href=1><svg alt=图><path d=a></path></svg></a>`, true},
	{`<svg class=i /><a href=1>一</a>`, true},
	{`<body style="display:none"></body>字<a href=1>一</a>`, true},
	{`字<body hidden><a href=1>一</a>`, true},
	{`<a href=x><script>no()</script>字<style>b{}</style></a>`, true},
	{`<a href=x><svg viewBox="0 0 1 1"><g><path d=a /><path d=b></path></g></svg>字</a><svg style="fill:url(#a)"><use href=b /></svg>`, true},

	{`<td background=no.gif>`, false}, // dropped outside a table
	{`<a href=1>一<a href=2>二</a>`, false},
	{`<div><a href=1>一</div>二</a>`, false},
	{`<a href=1>一`, false},
	{`<a href=1><table>甲<tr><td>乙</td></tr>丙</table></a>`, false},
	{`<select><option><img src=no></select>`, false},
	{`<form action=/a><form action=/b></form></form>`, false},
	{`<svg><a href=1>一</a><title>t</title></svg>`, false},
	{`<svg><p>一</svg>`, false},
	{`<svg class=i/><noscript><img src=gone.gif></noscript>`, false},
	{`<table><tr><td><base href=/1/></td></tr><base href=/2/></table><a href=x>`, false},
	{`<p><a href=1><div>x</div></a>`, false},
	{`<p><a href=1>一<hr>二</a>`, false},
	{`<li><a href=1><li>x</li></a>`, false},
	{`<button><a href=1><button>x</button></a>`, false},
	{`<a href=1><p><div alt=x></div></p></a>`, false},
	{`<svg><path d=a /><![CDATA[<a href=1>]]></svg>`, false},
	{`<template><a href=1>一</a></template>`, false},
	{`<frameset><frame src=a></frameset><a href=no>`, false},
	{`<body background=a><body background=b>`, false},
	{"<a href=\"a\x00b\">", false},
}

// TestScan: a scan comes to the same links as the tree, or says that it cannot.
func TestScan(t *testing.T) {
	for _, tc := range scans {
		if got := sameLinks(t, tc.html, []byte(tc.html)); got != tc.scan {
			t.Errorf("%s: scanned %v", tc.html, got)
		}
	}
}

// TestScanCorpus holds the scan against the tree on real pages.
func TestScanCorpus(t *testing.T) {
	shared := os.Getenv("XUNJIAN_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	var scanned, all int
	err := filepath.WalkDir(filepath.Join(shared, "corpus"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".html" && filepath.Ext(path) != ".htm" {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all++
		if sameLinks(t, path, body) {
			scanned++
		}
		return nil
	})
	if err != nil {
		t.Skip("skipped: the corpus is not here:", err)
	}
	t.Logf("%d of %d pages need no tree", scanned, all)
	if scanned*2 < all {
		t.Errorf("only %d of %d pages can be scanned", scanned, all)
	}
}

// pieces are what FuzzScan makes pages of, a byte a piece: nonsense that parses.
var pieces = []string{"<a href=1>", "<a href=2 title=t>", "</a>", "甲", " ", "<p>", "</p>", "<div>", "</div>", "<br>", "</br>", "<b>", "</b>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>",
	"<td background=b>", "<tr style='background:url(r)'>", "<div style='background:url(d)'>", "<font style='background:url(f)'>", "</font>", "<select>", "<option>", "</select>", "<img src=i alt=x>", "<image src=j>",
	"<input type=image src=k>", "<form action=g>", "</form>", "<form method=post action=h>", "<script src=s>", "</script>", "<style>e{background:url(l)}", "</style>", "<noscript>", "</noscript>", "<textarea>", "</textarea>",
	"<title>", "</title>", "<iframe src=m>", "</iframe>", "<svg>", "</svg>", "<template>", "</template>", "<base href=/n/>", "<body background=o>", "<body>", "</body>", "<html>", "</html>", "<html background=w>", "<head>",
	"<head style='background:url(v)'>", "</head>", "<frameset>", "<frame src=p>", "<li>", "</li>", "<ul>", "</ul>", "<h1>", "</h1>", "<button>", "</button>", "<nobr>", "</nobr>", "<object data=q>", "</object>",
	"<video src=u poster=y>", "</video>", "<source srcset='c 1x, d 2x'>", "<link rel=stylesheet href=z>", "<meta http-equiv=refresh content='0;url=aa'>", "<area href=bb>", "<map>", "</map>", "<caption>", "</caption>",
	"<colgroup>", "<col>", "<thead>", "<tbody>", "<x-y>", "</x-y>", "<plaintext>", "<xmp>", "</xmp>", "<noframes>", "</noframes>", "<marquee>", "</marquee>", "<applet>", "</applet>", "<ruby>", "<rt>", "</ruby>", "<dd>",
	"<optgroup>", "<hr>", "<pre>\n", "</pre>", "<!--", "-->", "<!doctype html>", "<a>", "<math>", "<mi>", "</math>", "<![CDATA[", "]]>", "<embed src=cc>", "<audio src=dd>", "<a href=3/>", "<div/>", "<script/>", "<center>", "</center>",
	"<div hidden>", "<p style='display: none'>", "<g>", "</g>", "<path d=x />", "<path d=y>", "<span hidden>", "</span>", "<span>", "<b hidden>", "<svg hidden>", "<table hidden>", "<li hidden>", "<body hidden>", "<html style='display:none'>", "<svg class=i/>", "<path d=x/>", "<base href=/o/>", "<svg alt=图>", "<g alt=层>", "&nbsp;", "&amp;", "\n", "　"}

// TestScanTooDeep: a page that has no tree, and needs one, is one that could not be told of.
func TestScanTooDeep(t *testing.T) {
	body := strings.Repeat("<div>", 600) + "<a href=/gone1>一<a href=/gone2>二"
	b := bound("a", inspect.PerSite, func(context.Context, *inspect.Pass) error { return nil })
	b.Check.OfLinks()
	in := &inspect.Inspector{Source: events{{Page: newPage(home+"deep.html", body)}}, Rules: rules(b)}
	got, err := in.Inspect(t.Context(), "1", &inspect.Site{ID: "s", Home: home}, time.Now())
	if err != nil || got.Counts.Unknown != 1 {
		t.Errorf("%d could not be told, %v", got.Counts.Unknown, err)
	}
}

// FuzzScan: whatever the page, a scan that says it can tell tells what the tree tells.
func FuzzScan(f *testing.F) {
	for _, tc := range scans {
		f.Add([]byte(tc.html))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		sameLinks(t, "as it is", body)
		var page []byte
		for _, b := range body {
			page = append(page, pieces[int(b)%len(pieces)]...)
		}
		sameLinks(t, "in pieces", page)
	})
}

// TestScanPieces does what FuzzScan does, on pages of a seed of their own.
func TestScanPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	scanned := 0
	for range 60_000 {
		// A few pieces each, so that they meet: all at once they hardly ever do.
		var few [7]string
		for i := range few {
			few[i] = pieces[r.IntN(len(pieces))]
		}
		few[0], few[1] = "<a href=1>", "</a>"
		var page []byte
		for range 2 + r.IntN(14) {
			page = append(page, few[r.IntN(len(few))]...)
		}
		if sameLinks(t, "in pieces", page) {
			scanned++
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of 60000 need no tree", scanned)
}
