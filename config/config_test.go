package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/xunjian/xunjian/inspect"
)

// TestBad holds every bad file against the messages at its head.
func TestBad(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad-*.yaml")
	if err != nil || len(files) < 9 {
		t.Fatalf("glob: %v, %d files", err, len(files))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(data)) {
				if m, ok := strings.CutPrefix(strings.TrimSpace(line), "# want: "); ok {
					want = append(want, m)
				}
			}
			_, err = Load(file)
			var mistakes Errors
			if !errors.As(err, &mistakes) {
				t.Fatalf("Load: %v, want Errors", err)
			}
			if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("messages differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	_, err := Load("testdata/no-such.yaml")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "testdata/no-such.yaml") || strings.Contains(err.Error(), "\n") {
		t.Errorf("Load = %q, want one line that names the file", err)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	c, err := Load("testdata/good/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	portal := c.Site("portal")
	if portal == nil || portal.Home != "http://www.example.gov.cn/" || portal.Hosts[0] != "zf.example.gov.cn" ||
		portal.Unit != "示例区人民政府办公室" || portal.Region != "990101" || portal.Code != "9901010001" || len(portal.Allow) != 1 {
		t.Errorf("portal = %+v", portal)
	}
	var got []string
	for _, x := range portal.Columns {
		top := ""
		if x.TopLevel {
			top = " top"
		}
		got = append(got, x.Name+" "+x.URL+" "+string(x.Genre)+" "+x.Window.String()+top)
	}
	want := []string{
		"政务要闻 http://www.example.gov.cn/xw/ news ",
		"政策文件 http://zf.example.gov.cn/zc/ policy  top", // unsaid, a policy column is first-level
		"部门文件 http://www.example.gov.cn/zc/bm/index.html policy 1y",
		"领导信箱 http://www.example.gov.cn/xx/ messages ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns differ (-want +got):\n%s", diff)
	}
	if c.Data != filepath.Join("testdata", "good", "xunjian-data") {
		t.Errorf("Data = %s", c.Data)
	}
	if c.Accounts[0].Unit != "示例区人民政府办公室" {
		t.Errorf("account = %+v", c.Accounts[0])
	}
}

func TestCrawlFor(t *testing.T) {
	t.Parallel()
	c, err := Load("testdata/good/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	own := c.CrawlFor(c.Site("portal"))
	if own.Rate != -1 || !own.IgnoreRobots() || own.MaxTime != 4*time.Hour || own.Contact == "" {
		t.Errorf("own crawl = %+v: overrides and the file's other values", own)
	}
	for _, s := range []*inspect.Site{c.Site("edu"), {ID: "unheard-of"}, nil} {
		if got := c.CrawlFor(s); got.Rate != 2 || got.IgnoreRobots() {
			t.Errorf("CrawlFor(%v) = %+v, want the file's", s, got)
		}
	}
}

func TestDatabaseFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "secret"), "postgres://u:p@127.0.0.1/x\n")
	write(t, filepath.Join(dir, "c.yaml"), "database_file: secret\n")
	c, err := Load(filepath.Join(dir, "c.yaml"))
	if err != nil || c.Database != "postgres://u:p@127.0.0.1/x" {
		t.Errorf("Database = %q, %v", c.Database, err)
	}
}

// A secret that is wrong must not be printed.
func TestSecretStaysSecret(t *testing.T) {
	t.Parallel()
	_, err := Load("testdata/bad-database.yaml")
	if err == nil || strings.Contains(err.Error(), "root:secret") {
		t.Errorf("Load = %v", err)
	}
}

// YAML's own conveniences work: anchors, and documents that hold too much of
// them end in a message.
func TestAnchors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "c.yaml")
	write(t, file, "crawl: &slow {rate: 0.5}\nsites:\n- {id: a, home: a.example.gov.cn, crawl: *slow}\n")
	c, err := Load(file)
	if err != nil || c.CrawlFor(c.Site("a")).Rate != 0.5 {
		t.Errorf("Load = %+v, %v", c, err)
	}
	for _, text := range []string{"sites: *nobody\n", "sites: &a [*a]\n", strings.Repeat("[", 100000), "- " + strings.Repeat("- ", 100000), "a: 1\n---\nb: 2\n", "\xff\xfe"} {
		write(t, file, text)
		if _, err := Load(file); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("Load(%.20q…) = %v, want one mistake", text, err)
		}
	}
}

// A large register loads, and its last mistake is found.
func TestLargeRegister(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("sites:\n")
	for i := range 200 {
		fmt.Fprintf(&b, "  - id: s%d\n    home: http://s%d.example.gov.cn/\n    columns:\n", i, i)
		for j := range 100 {
			fmt.Fprintf(&b, "      - {name: 栏目%d, url: /c%d/, genre: news}\n", j, j)
		}
	}
	c, err := load("big.yaml", []byte(b.String()))
	if err != nil || len(c.Sites) != 200 || len(c.Sites[199].Columns) != 100 {
		t.Fatalf("load = %v", err)
	}
	b.WriteString("  - {id: s0, home: x.example.gov.cn}\n")
	if _, err := load("big.yaml", []byte(b.String())); err == nil || err.Error() != `big.yaml:20602:10: sites[200].id: "s0" 重复` {
		t.Errorf("load = %v", err)
	}
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/good/full.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := load("fuzz.yaml", data)
		if (c == nil) == (err == nil) {
			t.Fatalf("config %v, error %v: want exactly one", c, err)
		}
		var mistakes Errors
		if err != nil && (!errors.As(err, &mistakes) || len(mistakes) == 0 || mistakes[0].Line < 1) {
			t.Fatalf("error %v is no list of places", err)
		}
	})
}

// Secrets go with their channels and print nowhere.
func TestAlerts(t *testing.T) {
	t.Parallel()
	c, err := Load("testdata/good/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a := c.Alerts
	if a.Channels[0].Secret.Password != "p w" || a.Channels[1].Secret.Sign != "SEC1" || a.Channels[3].Header["X-Sign"] != "{hmac}" {
		t.Errorf("%+v", a.Channels)
	}
	if s := fmt.Sprintf("%v %+v %#v", a, a.Channels, a.Channels[0].Secret); strings.Contains(s, "p w") || strings.Contains(s, "SEC1") {
		t.Errorf("a secret is printed: %s", s)
	}
	if a.Shares == nil || len(a.Shares) != 0 || a.Before != nil || a.Routes[1].Kinds[1] != inspect.AlertIncident || a.Gather != 5*time.Minute {
		t.Errorf("%+v", a)
	}
}
