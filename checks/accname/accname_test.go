package accname

import (
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

func named(t *testing.T, body string) (*Tree, *Element) {
	t.Helper()
	p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/"}, Type: "text/html", Body: []byte(body)}
	tree, err := For(p)
	if err != nil {
		t.Fatal(err)
	}
	n := tree.ByID("x")
	if n == nil {
		t.Fatalf("no element x in %s", body)
	}
	return tree, n
}

func TestName(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"text", `<a id=x href=/>公开</a>`, "公开"},
		{"picture inside", `<a id=x href=/><img src=a alt=公开></a>`, "公开"},
		{"label before text", `<a id=x href=/ aria-label=甲>乙</a>`, "甲"},
		{"labelledby before label", `<a id=x href=/ aria-label=甲 aria-labelledby="a b"></a><i id=a>丙</i><i id=b>丁</i>`, "丙 丁"},
		{"hidden but referenced", `<img id=x src=a aria-labelledby=h><div id=h hidden><b>说明</b></div>`, "说明"},
		{"ring of references", `<a id=x href=/ aria-labelledby=y></a><a id=y href=/ aria-labelledby=x></a>`, ""},
		{"itself", `<a id=x href=/ aria-labelledby="x n" aria-label=甲></a><i id=n>乙</i>`, "甲 乙"},
		{"hidden inside", `<a id=x href=/><span aria-hidden=true>图标</span></a>`, ""},
		{"title last", `<a id=x href=/ title=提示><img src=a alt=""></a>`, "提示"},
		{"presentation", `<img id=x role=none src=a alt=图>`, ""},
		{"presentation taken back", `<img id=x role=none tabindex=0 src=a alt=图>`, "图"},
		{"script is no text", `<a id=x href=/><script>go()</script></a>`, ""},
		{"label for", `<label for=x>姓名</label><input id=x>`, "姓名"},
		{"label around", `<label>姓名<input id=x></label>`, "姓名"},
		{"label around the first only", `<label>姓名<input><input id=x></label>`, ""},
		{"label for no field", `<label for=x>姓名</label><div id=x role=textbox></div>`, ""},
		{"field inside a label", `<label for=x>满 <input value=5> 天</label><input id=x type=checkbox>`, "满  5  天"},
		{"placeholder", `<input id=x placeholder=站内搜索>`, "站内搜索"},
		{"submit speaks by itself", `<input id=x type=submit>`, "提交"},
		{"blank value", `<input id=x type=submit value=" ">`, ""},
		{"graphic in a link", `<a id=x href=/><svg><title>首页</title></svg></a>`, "首页"},
		{"legend", `<fieldset id=x><legend>性别</legend></fieldset>`, "性别"},
		{"caption", `<table id=x><caption>年报</caption></table>`, "年报"},
		{"zero-width is nothing", "<a id=x href=/>\u200b\u3000&nbsp;</a>", ""},
		{"list inside a link", `<a id=x href=/><ul><li>甲<li>乙</ul></a>`, "甲  乙"},
		{"shadow tree", `<a id=x href=/><template shadowrootmode=open>影</template></a>`, "影"},
		{"summary", `<details><summary id=x>展开</summary></details>`, "展开"},
		{"missing reference", `<img id=x src=a aria-labelledby=none>`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, n := named(t, c.body)
			if got := tree.Name(n); got != c.want {
				t.Errorf("name %q, want %q", got, c.want)
			}
		})
	}
}

func TestMayBeHidden(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       bool
	}{
		{"shown", `<p class=news><a id=x href=/></a></p>`, false},
		{"style element", `<style>.pop .in, .q { display : none }</style><div class=q><a id=x href=/></a></div>`, true},
		{"style of another", `<style>.q{display:none}</style><div class=r><a id=x href=/></a></div>`, false},
		{"closed details", `<details><a id=x href=/></a></details>`, true},
		{"open details", `<details open><a id=x href=/></a></details>`, false},
		{"class that hides", `<ul class="nav dropdown-menu"><li><a id=x href=/></a></ul>`, true},
		{"shown again", `<style>.q{display:none} div.q{display:block}</style><div class=q><a id=x href=/></a></div>`, false},
		{"importance wins", `<style>.q{display:none!important} div.q{display:block}</style><div class=q style="display:block"><a id=x href=/></a></div>`, true},
		{"own style wins", `<style>.q{display:none}</style><div class=q style="display:block"><a id=x href=/></a></div>`, false},
		{"other screen", `<style>@media (max-width:600px){.q{display:none}} @media print{.q{display:none}}</style><div class=q><a id=x href=/></a></div>`, false},
		{"this screen", `<style>@media screen and (min-width:600px){.q{display:none}}</style><div class=q><a id=x href=/></a></div>`, true},
		{"unknown condition", `<style>@media (hover){.q{display:none}}</style><div class=q><a id=x href=/></a></div>`, true},
		{"visible inside hidden", `<div style="visibility:hidden"><a id=x href=/ style="visibility:visible"></a></div>`, false},
		{"by a state", `<style>.q:not(:hover){display:none}</style><div class=q><a id=x href=/></a></div>`, true},
		{"child selector that does not fit", `<style>ul > .q{display:none}</style><div class=q><a id=x href=/></a></div>`, false},
		{"pseudo element", `<style>.q::after{display:none}</style><div class=q><a id=x href=/></a></div>`, false},
		{"inert", `<div inert><a id=x href=/></a></div>`, true},
		{"template", `<template><a id=x href=/></a></template>`, true},
		{"off screen is not hidden", `<a id=x href=/ style="position:absolute;left:-999px"></a>`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, n := named(t, c.body)
			if got := !n.Exposed(); got != c.want {
				t.Errorf("may be hidden: %v, want %v", got, c.want)
			}
		})
	}
}

func TestRole(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`<a id=x>无址</a>`, ""}, {`<a id=x href=/>址</a>`, "link"}, {`<img id=x alt="" src=a>`, "none"}, {`<img id=x alt="" tabindex=0 src=a>`, "img"},
		{`<div id=x role="lnik button">`, "button"}, {`<h1 id=x role=none>题</h1>`, "none"}, {`<h1 id=x role=none aria-label="">题</h1>`, "heading"},
		{`<ul role=none><li id=x>项</ul>`, ""}, {`<ul><li id=x>项</ul>`, "listitem"}, {`<table role=presentation><tr><td id=x>`, ""},
		{`<table role=grid><tr><td id=x>`, "gridcell"}, {`<table><tr><th id=x scope=row>`, "rowheader"}, {`<select id=x size=4>`, "listbox"},
		{`<select id=x>`, "combobox"}, {`<input id=x list=l>`, "combobox"}, {`<input id=x type=password>`, ""}, {`<section id=x>`, ""},
		{`<section id=x aria-label=新闻>`, "region"}, {`<article><header id=x>`, ""}, {`<header id=x>`, "banner"}, {`<summary id=x>`, ""},
	} {
		if _, n := named(t, c.body); n.Role != c.want {
			t.Errorf("%s: role %q, want %q", c.body, n.Role, c.want)
		}
	}
}

func TestFocus(t *testing.T) {
	for _, c := range []struct {
		body      string
		able, tab bool
	}{
		{`<button id=x>`, true, true}, {`<button id=x disabled>`, false, false}, {`<fieldset disabled><input id=x></fieldset>`, false, false},
		{`<fieldset disabled><legend><input id=x></legend></fieldset>`, true, true}, {`<a id=x>无</a>`, false, false}, {`<div id=x tabindex=-1>`, true, false},
		{`<div id=x tabindex="0">`, true, true}, {`<div id=x tabindex=abc>`, false, false}, {`<div id=x contenteditable>`, true, true},
		{`<details><summary id=x>`, true, true}, {`<summary id=x>`, false, false}, {`<a id=x href=/ hidden>`, false, false}, {`<input id=x type=hidden>`, false, false},
	} {
		if _, n := named(t, c.body); n.Focusable() != c.able || n.Tabbable() != c.tab {
			t.Errorf("%s: focusable %v, tabbable %v", c.body, n.Focusable(), n.Tabbable())
		}
	}
}
