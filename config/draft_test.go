package config

import (
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/xunjian/xunjian/inspect"
)

func TestMarshal(t *testing.T) {
	t.Parallel()
	site := &inspect.Site{ID: "portal", Kind: inspect.Website, Name: "示例区“人民”政府: #1", Home: "http://www.example.gov.cn/", Unit: "办公室", UnitID: "unit-1",
		Code: "9901010001", Region: "990101", Portal: true, Hosts: []string{"zf.example.gov.cn"},
		Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Columns: []inspect.Column{
			{Name: "要闻\\\"动态\"", URL: "http://www.example.gov.cn/xw/?a=1&b=2", Genre: inspect.News, Window: inspect.Window{Days: 14}},
			{Name: "政策", URL: "http://www.example.gov.cn/zc/", Genre: inspect.Policy, TopLevel: true,
				Selectors: inspect.Selectors{Item: "ul[class='a'] > li", Date: "span"}},
		}}
	out, err := Marshal(&Draft{Site: site, Reasons: map[string]string{
		"http://www.example.gov.cn/xw/?a=1&b=2": "导航栏文字含“要闻”\n列表有 20 行", "政策": "网址含 /zc/"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# 导航栏文字含“要闻” 列表有 20 行\n      - name:", "# 网址含 /zc/\n      - name: \"政策\"\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("draft lacks %q:\n%s", want, out)
		}
	}
	file := filepath.Join(t.TempDir(), "draft.yaml")
	write(t, file, string(out))
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(site, c.Sites[0], cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Errorf("site differs (-want +got):\n%s", diff)
	}
}

// What discovery could not name still makes a file that loads.
func TestMarshalOdd(t *testing.T) {
	t.Parallel()
	site := &inspect.Site{Home: "http://www.example.gov.cn:8080/", Columns: []inspect.Column{
		{Name: "公告", URL: "http://www.example.gov.cn:8080/a/"}, {Name: "公告", URL: "http://www.example.gov.cn:8080/b/", Genre: "unheard-of"},
		{Name: " ", URL: "http://www.example.gov.cn:8080/c/"}, {Name: "\xff\x01\u2028", URL: "http://www.example.gov.cn:8080/d/"}}}
	out, err := Marshal(&Draft{Site: site})
	if err != nil {
		t.Fatal(err)
	}
	c, err := load("draft.yaml", out)
	if err != nil || c.Sites[0].ID != "www.example.gov.cn-8080" || c.Sites[0].Columns[1].Name != "公告（2）" {
		t.Errorf("site %+v, %v", c, err)
	}
	if _, err := Marshal(&Draft{Site: &inspect.Site{ID: "a", Home: "ftp://x/"}}); err == nil {
		t.Error("a draft that does not load was written")
	}
}
