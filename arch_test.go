package xunjian

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/xunjian/xunjian"

// rooms says which rooms each room may import; "*" is every room. A room may
// import its own folders. What is not here may not be.
var rooms = map[string][]string{
	"inspect":    {},
	"config":     {"inspect"},
	"crawler":    {"inspect"},
	"checks":     {"inspect"},
	"schedule":   {"inspect"},
	"store":      {"inspect"},
	"alerts":     {"inspect"},
	"bulletins":  {"inspect"},
	"dashboards": {"inspect"},
	"cmd":        {"*"},
	"bench":      {},
}

// third says where a third party may be used, by prefix; the longest prefix
// counts. A third party that is not here is a dependency nobody decided on.
var third = map[string][]string{
	"golang.org/x/net/html":                     {"inspect", "checks", "crawler", "bench", "dashboards"},
	"golang.org/x/net/html/charset":             {"crawler"},
	"golang.org/x/net/idna":                     {"inspect"},
	"golang.org/x/net/publicsuffix":             {"crawler"},
	"golang.org/x/text":                         {"crawler", "cmd"},
	"golang.org/x/text/encoding":                {"crawler", "cmd", "config", "bench"},
	"golang.org/x/text/language":                {"checks", "dashboards"},
	"golang.org/x/time":                         {"crawler", "dashboards", "alerts"},
	"golang.org/x/crypto/x509roots/fallback":    {"cmd"},
	"github.com/danielgtaylor/huma/v2":          {"dashboards"},
	"golang.org/x/sync":                         {"store"},
	"github.com/PuerkitoBio/goquery":            {"inspect", "checks", "crawler"},
	"github.com/andybalholm/cascadia":           {"config", "checks", "dashboards"},
	"github.com/6tail/lunar-go":                 {"checks"},
	"github.com/coregx/ahocorasick":             {"checks"},
	"github.com/gocolly/colly":                  {"crawler"},
	"github.com/failsafe-go":                    {"crawler"},
	"github.com/temoto/robotstxt":               {"crawler"},
	"github.com/saintfish/chardet":              {"crawler"},
	"github.com/klauspost/compress":             {"crawler", "store", "bench"},
	"github.com/klippa-app/go-pdfium":           {"crawler"},
	"github.com/valyala/fasthttp":               {"bench"}, // of the floor, a module of its own
	"github.com/tetratelabs/wazero":             {"crawler"},
	"github.com/chromedp":                       {"crawler"},
	"github.com/xuri/excelize/v2":               {"crawler", "config", "bulletins", "dashboards"},
	"github.com/mmcdole/gofeed":                 {"crawler"},
	"github.com/richardlehane/mscfb":            {"crawler"},
	"github.com/goccy/go-yaml":                  {"config", "checks"},
	"github.com/invopop/jsonschema":             {"config"},
	"github.com/robfig/cron":                    {"config", "schedule"},
	"github.com/uptrace/bun":                    {"store", "schedule"},
	"github.com/jackc/pgx":                      {"store", "schedule"},
	"github.com/pressly/goose":                  {"store", "schedule"},
	"modernc.org/sqlite":                        {"store", "schedule"},
	"github.com/riverqueue/river":               {"schedule"},
	"github.com/alecthomas/kong":                {"cmd"},
	"github.com/prometheus":                     {"dashboards"},
	"go.opentelemetry.io":                       {"dashboards"},
	"github.com/grafana/grafana-foundation-sdk": {"dashboards"},
	"github.com/google/go-cmp":                  {"_test"},
	"github.com/rogpeppe/go-internal":           {"_test", "checks"},
	"github.com/santhosh-tekuri/jsonschema/v6":  {"_test"},
	"golang.org/x/term":                         {"cmd"},
	"golang.org/x/oauth2":                       {"dashboards"},
	"github.com/coreos/go-oidc/v3":              {"dashboards"},
	"golang.org/x/text/message":                 {"dashboards"},
	"golang.org/x/crypto/argon2":                {"dashboards"},
	"github.com/wneessen/go-mail":               {"alerts"},
	"github.com/emersion/go-smtp":               {"_test"},
	"github.com/emersion/go-sasl":               {"_test"},
}

// impure are the packages that no check may import.
var impure = []string{"net/http", "os", "os/exec", "net"}

func TestArrows(t *testing.T) {
	for file, imports := range sources(t) {
		room, _, _ := strings.Cut(filepath.ToSlash(file), "/")
		allowed, known := rooms[room]
		if !strings.Contains(file, string(filepath.Separator)) {
			continue // this file
		}
		if !known {
			t.Errorf("%s: %s is no room of the house", file, room)
			continue
		}
		test := strings.HasSuffix(file, "_test.go") || strings.HasPrefix(filepath.ToSlash(file), "checks/checktest/")
		for _, imp := range imports {
			switch {
			case strings.HasPrefix(imp, module+"/"):
				other, _, _ := strings.Cut(strings.TrimPrefix(imp, module+"/"), "/")
				ok := other == room || slices.Contains(allowed, other) || slices.Contains(allowed, "*")
				if test && imp == module+"/store/postgrestest" {
					ok = true // a real database for whoever has one
				}
				if test && room == "checks" && other == "config" {
					ok = true // checktest reads sites and rules the way the program does
				}
				if !ok {
					t.Errorf("%s imports %s: no arrow from %s to %s", file, imp, room, other)
				}
			case strings.Contains(strings.SplitN(imp, "/", 2)[0], "."):
				if where := whereAllowed(imp); !slices.Contains(where, room) && !(test && slices.Contains(where, "_test")) && !test {
					t.Errorf("%s imports %s, which belongs to %v", file, imp, where)
				}
			case isCheck(file) && slices.Contains(impure, imp):
				t.Errorf("%s imports %s: a check has no file and no network", file, imp)
			}
		}
	}
}

// isCheck reports whether a file is the code of one check.
func isCheck(file string) bool {
	f := filepath.ToSlash(file)
	if !strings.HasPrefix(f, "checks/") || strings.HasSuffix(f, "_test.go") || strings.Count(f, "/") < 2 {
		return false
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(file), "rule.md"))
	return err == nil
}

func whereAllowed(imp string) (where []string) {
	longest := 0
	for prefix, rooms := range third {
		if len(prefix) > longest && (imp == prefix || strings.HasPrefix(imp, prefix+"/")) {
			longest, where = len(prefix), rooms
		}
	}
	return where
}

// TestNoClockInChecks: the day from which windows count is handed in.
func TestNoClockInChecks(t *testing.T) {
	for file := range sources(t) {
		if !isCheck(file) {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "time.Now(") {
			t.Errorf("%s asks the clock", file)
		}
	}
}

// sources are the Go files of the house with what they import.
func sources(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		out[path] = []string{}
		for _, s := range f.Imports {
			imp, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				return err
			}
			out[path] = append(out[path], imp)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d Go files found: is this the root of the module?", len(out))
	}
	return out
}
