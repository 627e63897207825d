package accname

import (
	"testing"

	"github.com/xunjian/xunjian/inspect"
	"golang.org/x/net/html"
)

func named(t *testing.T, body string) (*Tree, *html.Node) {
	t.Helper()
	p := &inspect.Page{Target: inspect.Target{URL: "http://www.example.gov.cn/"}, Type: "text/html", Body: []byte(body)}
	tree := For(p)
	n := tree.byID("x")
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
		{"off screen is not hidden", `<a id=x href=/ style="position:absolute;left:-999px"></a>`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, n := named(t, c.body)
			if got := tree.MayBeHidden(n); got != c.want {
				t.Errorf("may be hidden: %v, want %v", got, c.want)
			}
		})
	}
}
