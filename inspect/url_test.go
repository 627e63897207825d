package inspect_test

import (
	"strings"
	"testing"

	"github.com/xunjian/xunjian/inspect"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	const base = "http://www.yaodu.gov.test/xw/dt/index.html?page=1"
	const host = "http://www.yaodu.gov.test"
	for _, tc := range []struct{ name, ref, want string }{
		{"root", "/a/b.html", host + "/a/b.html"},
		{"beside", "t1.html", host + "/xw/dt/t1.html"},
		{"dot", "./t1.html", host + "/xw/dt/t1.html"},
		{"folder itself", "./", host + "/xw/dt/"},
		{"dot alone", ".", host + "/xw/dt/"},
		{"up", "../zw/a.html", host + "/xw/zw/a.html"},
		{"up alone", "..", host + "/xw/"},
		{"up past the root", "../../../../a.html", host + "/a.html"},
		{"dots inside", "/a/./b/../c.html", host + "/a/c.html"},
		{"dots at the end", "/a/b/..", host + "/a/"},
		{"blanks around", " \n\t/a.html \r\n", host + "/a.html"},
		{"line break inside", "/a/\nb.html", host + "/a/b.html"},
		{"blank inside", "/a b.html", host + "/a%20b.html"},
		{"backslashes", `\a\b.html`, host + "/a/b.html"},
		{"backslash host", `\\other.test\a`, "http://other.test/a"},
		{"host without scheme", "//other.test/a", "http://other.test/a"},
		{"query alone", "?page=2", host + "/xw/dt/index.html?page=2"},
		{"query and fragment", "?page=2#top", host + "/xw/dt/index.html?page=2"},
		{"fragment with a question mark", "/a.html#?x=1", host + "/a.html"},
		{"fragment cut", "/a.html#top", host + "/a.html"},
		{"empty query", "/a.html?", host + "/a.html"},
		{"upper case host", "HTTP://WWW.Other.TEST/A", "http://www.other.test/A"},
		{"default port", "http://other.test:80/a", "http://other.test/a"},
		{"default port of https", "https://other.test:443", "https://other.test/"},
		{"empty port", "http://other.test:/a", "http://other.test/a"},
		{"port with zeros", "http://other.test:080/a", "http://other.test/a"},
		{"other port", "http://other.test:8080/a", "http://other.test:8080/a"},
		{"dot after the host", "http://other.test./a", "http://other.test/a"},
		{"dot after the host, and a port", "http://other.test.:80/a", "http://other.test/a"},
		{"no path", "http://other.test", "http://other.test/"},
		{"no path but a query", "http://other.test?a=1", "http://other.test/?a=1"},
		{"three slashes", "http:///other.test/a", "http://other.test/a"},
		{"scheme without slashes", "http:t1.html", host + "/xw/dt/t1.html"},
		{"scheme with one slash", "http:/t1.html", host + "/t1.html"},
		{"another scheme without slashes", "https:other.test/a", "https://other.test/a"},
		{"Chinese host", "http://尧都.测试/a", "http://xn--nfto34j.xn--0zwm56d/a"},
		{"Chinese path", "/文件/通知.html", host + "/%E6%96%87%E4%BB%B6/%E9%80%9A%E7%9F%A5.html"},
		{"escapes stay as they are", "/%e6%96%87?a=%2f", host + "/%e6%96%87?a=%2f"},
		{"lone percent", "/100%.html", host + "/100%25.html"},
		{"percent in a query", "?q=100%&p=%4", host + "/xw/dt/index.html?q=100%25&p=%254"},
		{"Chinese query", "/s?q=文", host + "/s?q=%E6%96%87"},
		{"quotes and brackets", `/a"<b>.html`, host + "/a%22%3Cb%3E.html"},
		{"braces", "/a{b}|c", host + "/a%7Bb%7D%7Cc"},
		{"colon in the first step", "./12:30.html", host + "/xw/dt/12:30.html"},
		{"number and colon", "12:30.html", host + "/xw/dt/12:30.html"},
		{"Chinese and colon", "附件1：表:a.html", host + "/xw/dt/%E9%99%84%E4%BB%B61%EF%BC%9A%E8%A1%A8:a.html"},
		{"two slashes inside", "/a//b.html", host + "/a//b.html"},
		{"two slashes at the start", "http://other.test//a", "http://other.test//a"},
		{"two slashes and a dot file", "/a//.b", host + "/a//.b"},
		{"name and password", "http://user:secret@other.test/a", "http://other.test/a"},
		{"at sign in a path", "/a@b.html", host + "/a@b.html"},
		{"session in the path", "/a.do;jsessionid=0A1B?x=1", host + "/a.do?x=1"},
		{"session in the query", "/a.do?x=1&JSESSIONID=0A1B&PHPSESSID=9", host + "/a.do?x=1"},
		{"session alone", "/a.do?jsessionid=0A1B", host + "/a.do"},
		{"session named by sid", "/a.do?sid=0a1b2c3d4e5f60718293&x=1", host + "/a.do?x=1"},
		{"sid that names an article", "/a.asp?sid=1024", host + "/a.asp?sid=1024"},
		{"newsid is no session", "/a.do?newsid=12", host + "/a.do?newsid=12"},
		{"IPv6", "http://[2001:db8::1]:80/a", "http://[2001:db8::1]/a"},
		{"dollar and sign", "/a$b!c(d)*e+f,g;h=i&j'k", host + "/a$b!c(d)*e+f,g;h=i&j'k"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, s := inspect.NewBase(base).Resolve(tc.ref)
			if got != tc.want || s != inspect.HTTP {
				t.Errorf("Resolve(%q) = %q, %s; want %q", tc.ref, got, s, tc.want)
			}
			if again, ok := inspect.Normal(got); again != got || !ok {
				t.Errorf("Normal(%q) = %q, %v; want the same", got, again, ok)
			}
		})
	}
}

func TestResolveClasses(t *testing.T) {
	t.Parallel()
	b := inspect.NewBase(home)
	for _, tc := range []struct {
		ref  string
		want inspect.Scheme
	}{
		{"", inspect.EmptyRef},
		{" \t\n", inspect.EmptyRef},
		{"#", inspect.Fragment},
		{"#top", inspect.Fragment},
		{"javascript:void(0)", inspect.JavaScript},
		{"JavaScript:;", inspect.JavaScript},
		{" java\nscript:alert(1)", inspect.JavaScript},
		{"vbscript:x", inspect.JavaScript},
		{"mailto:a@b.test", inspect.MailTo},
		{"tel:12345", inspect.Phone},
		{"sms:12345", inspect.Phone},
		{"data:image/png;base64,AAAA", inspect.DataURL},
		{"blob:http://a.test/1", inspect.DataURL},
		{"weixin://dl/chat", inspect.OtherURL},
		{"ftp://a.test/x", inspect.OtherURL},
		{"about:blank", inspect.OtherURL},
		{"{{item.url}}", inspect.Unfilled},
		{"/a/<%=id%>.html", inspect.Unfilled},
		{"${url}", inspect.Unfilled},
		{"http://", inspect.BadURL},
		{"//", inspect.BadURL},
		{"http://a b.test/", inspect.BadURL},
		{"http://a.test:port/", inspect.BadURL},
		{"http://..", inspect.BadURL},
		{"http://<host>/", inspect.BadURL},
	} {
		if u, s := b.Resolve(tc.ref); s != tc.want || u != "" {
			t.Errorf("Resolve(%q) = %q, %s; want none, %s", tc.ref, u, s, tc.want)
		}
	}
}

func TestQueryInThePagesCharset(t *testing.T) {
	t.Parallel()
	b := inspect.NewBase(home)
	b.Query = func(s string) string { return strings.ReplaceAll(s, "中", "\xd6\xd0") }
	got, _ := b.Resolve("/路?q=中&r=%41")
	if want := home + "%E8%B7%AF?q=%D6%D0&r=%41"; got != want {
		t.Errorf("got %q, want %q: the path is always UTF-8, the query is not", got, want)
	}
}

func TestNormal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"www.yaodu.gov.test":         home,
		" www.yaodu.gov.test/ ":      home,
		"WWW.yaodu.gov.test:80":      home,
		"https://www.yaodu.gov.test": "https://www.yaodu.gov.test/",
		"":                           "",
		"ftp://a.test/":              "",
	} {
		if got, ok := inspect.Normal(in); got != want || ok != (want != "") {
			t.Errorf("Normal(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestSamePageAndHost(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{home, "https://www.yaodu.gov.test/index.html", true},
		{home + "a/", home + "a/default.htm", true},
		{home + "a/", home + "a/b.html", false},
		{home + "a/?p=1", home + "a/", false},
	} {
		if got := inspect.SamePage(tc.a, tc.b); got != tc.want {
			t.Errorf("SamePage(%q, %q) = %v", tc.a, tc.b, got)
		}
	}
	if h, p := inspect.Host("http://a.test:81/x?y"), inspect.Path("http://a.test:81/x?y"); h != "a.test:81" || p != "/x?y" {
		t.Errorf("host %q, path %q", h, p)
	}
	if r := inspect.Readable(home + "%E6%96%87%20a"); r != home+"文 a" {
		t.Errorf("readable = %q", r)
	}
	if r := inspect.Readable(home + "%D6%D0%0A"); r != home+"%D6%D0%0A" {
		t.Errorf("what is no UTF-8 must stay: %q", r)
	}
}

// FuzzResolve: no reference breaks it, its normal form is one, and the short
// way through plain references ends where the long one does.
func FuzzResolve(f *testing.F) {
	for _, s := range []string{"", "/a/../b", "t1.html", "../x/./y", "http:a", "http:/a", "//h.:80/x", "?q=%", "a;jsessionid=1;jsessionid=2?sid=3", `\\h\x`, "http://尧.测试:080", "1:2", "%2e%2e/x", "a?sess=1&&", "http://u@h@i/x"} {
		f.Add("http://www.yaodu.gov.test/xw/dt/a.html?x=1", s)
		f.Add("https://h.test:8080/", s)
	}
	f.Add("http://0//", "..//")
	f.Add("http://h.test/a//b", "../c")
	f.Fuzz(func(t *testing.T, base, ref string) {
		bu, ok := inspect.Normal(base)
		if !ok {
			return
		}
		b := inspect.NewBase(bu)
		got, s := b.Resolve(ref)
		if (s == inspect.HTTP) != (got != "") {
			t.Fatalf("Resolve(%q) = %q, %s", ref, got, s)
		}
		if got == "" {
			return
		}
		if again, ok := inspect.Normal(got); !ok || again != got {
			t.Errorf("Normal(%q) = %q, %v", got, again, ok)
		}
		for _, c := range []byte(got) {
			if c <= ' ' || c >= 0x7F {
				t.Fatalf("%q holds a byte %#x", got, c)
			}
		}
		if plain, ok := inspect.ResolvePlain(b, ref); ok {
			if slow, _ := inspect.ResolveSlow(b, ref); slow != plain {
				t.Errorf("%q on %q: plain %q, slow %q", ref, bu, plain, slow)
			}
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	base := inspect.NewBase("http://www.yaodu.gov.test/xw/dt/index.html")
	for _, bc := range []struct{ name, ref string }{{"plain", "../202405/t20240501_1024.html"}, {"query", "/s?a=1&b=2"}, {"chinese", "/文件/通知.pdf"}, {"absolute", "http://other.test/a.html"}} {
		b.Run(bc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				base.Resolve(bc.ref)
			}
		})
	}
}
