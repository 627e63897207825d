package hosts_test

import (
	"testing"

	"github.com/xunjian/xunjian/checks/hosts"
)

func TestOwners(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"www.yaodu.gov.cn", "jyj.yaodu.gov.cn", true},
		{"www.yaodu.gov.cn", "www.linfen.gov.cn", false},
		{"a.example.com:8080", "b.example.com", true},
		{"a.com.cn", "b.com.cn", false},
		{"www.shop.com.cn", "m.shop.com.cn", true},
		{"10.0.0.1", "10.0.0.1", true},
		{"10.0.0.1", "11.0.0.1", false},
		{"www.lf.sx.cn", "www.yc.sx.cn", false},
	} {
		if got := hosts.SameOwner(tc.a, tc.b); got != tc.want {
			t.Errorf("SameOwner(%q, %q) = %v", tc.a, tc.b, got)
		}
	}
	for u, want := range map[string]bool{"http://www.gov.cn/": true, "https://zwfw.shanxi.gov.cn:8443/x": true, "http://xgov.cn/": false, "http://gov.cn.example.com/": false, "http://www.xn--zfr164b/": true} {
		if got := hosts.Government(u); got != want {
			t.Errorf("Government(%q) = %v", u, got)
		}
	}
	if !hosts.In("http://x.bad.org/y", []string{"bad.org"}) || hosts.In("http://notbad.org/", []string{"bad.org"}) {
		t.Error("a list holds hosts and what lies below them, and no others")
	}
}
