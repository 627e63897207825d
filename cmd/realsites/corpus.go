package main

import (
	"bufio"
	"cmp"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// A folder is one kept site.
type folder struct {
	name   string
	dir    string
	host   string // of most of its pages
	owner  string // the office, as most pages name it
	now    time.Time
	pages  []keptPage
	tree   map[string]bool // files that the site had, kept or not
	single bool            // pages without the site around them
	gbk    bool            // served in GBK
	deep   bool            // sampled pages are shown in a browser too
}

// A keptPage is a page that was kept.
type keptPage struct {
	file string // below the folder
	kind string // as the list of the corpus has it
	host string
	path string // of its address
}

// url is where the page is served; everything is plain HTTP here.
func (k *keptPage) url() string {
	u := url.URL{Scheme: "http", Host: k.host, Path: k.path}
	s, _ := inspect.Normal(u.String())
	return s
}

// home is where the site's home page is.
func (f *folder) home() string { return "http://" + f.host + "/" }

// hosts are the names that the folder's server answers to.
func (f *folder) hosts() []string {
	out := []string{f.host}
	for i := range f.pages {
		if !slices.Contains(out, f.pages[i].host) {
			out = append(out, f.pages[i].host)
		}
	}
	return out
}

// The columns of MANIFEST.tsv that are read here.
const (
	colPath = iota
	_
	colFile
	colURL
	colDate
	colKind
	_
	colSite
)

// readCorpus reads the list of kept pages, folder by folder.
func readCorpus(dir string) ([]*folder, error) {
	f, err := os.Open(filepath.Join(dir, "MANIFEST.tsv"))
	if err != nil {
		return nil, fmt.Errorf("no corpus: %w", err)
	}
	defer f.Close()
	rows := map[string][][]string{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		row := strings.Split(lines.Text(), "\t")
		name, _, _ := strings.Cut(row[colPath], "/")
		if len(row) > colSite && isSite(name) && strings.HasSuffix(row[colPath], "html") {
			rows[name] = append(rows[name], row)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the corpus: %w", err)
	}
	var out []*folder
	for name, list := range rows {
		x, err := newFolder(dir, name, list)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *folder) int { return cmp.Compare(a.name, b.name) })
	return out, nil
}

func isSite(name string) bool {
	for _, p := range []string{"mirror-", "saved-", "tmpl-", "neg-"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

func newFolder(dir, name string, rows [][]string) (*folder, error) {
	f := &folder{name: name, dir: filepath.Join(dir, name), tree: map[string]bool{}}
	hosts, owners := map[string]int{}, map[string]int{}
	homes := 0
	for _, row := range rows {
		host, _ := address(row[colURL])
		hosts[host]++
		owners[row[colSite]]++
		if row[colKind] == "home" {
			homes++
		}
		if t, err := time.ParseInLocation(time.DateOnly, strings.TrimLeft(row[colDate], "<=~"), inspect.Zone); err == nil {
			f.now = later(f.now, t.Add(9*time.Hour))
		}
	}
	if len(hosts) > 1 {
		delete(hosts, "")
	}
	f.host = cmp.Or(most(hosts), name+".test")
	f.owner, _, _ = strings.Cut(most(owners), "(")
	f.single = homes == 0 && len(rows) == 1
	if name == "mirror-zjgztb" { // only its home page has an address
		f.host = "www.szzyjy.com.cn"
	}
	for _, row := range rows {
		f.pages = append(f.pages, f.page(row))
	}
	return f, f.readTree()
}

// page places one kept page: as its original address says where there is one,
// else as it lies in the folder.
func (f *folder) page(row []string) keptPage {
	_, file, _ := strings.Cut(row[colPath], "/")
	k := keptPage{file: file, kind: row[colKind], host: f.host, path: "/" + strings.TrimSuffix(file, "index.html")}
	if strings.HasPrefix(f.name, "saved-") && row[colKind] == "home" {
		k.path = "/" + filepath.Base(file)
		if strings.HasSuffix(file, "index.html") {
			k.path = "/"
		}
		return k
	}
	host, path := address(row[colURL])
	switch {
	case host == "":
		if k.path == "/" && f.name == "mirror-stw" { // another office's home page stands at the root
			k.path = "/index1.html"
		}
		return k
	case path != "/" || row[colKind] == "home":
		k.path = path
	}
	k.host = host
	return k
}

// address splits the original address of a page into host and path.
func address(s string) (host, path string) {
	s = strings.TrimPrefix(s, "~")
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "", ""
	}
	return strings.ToLower(u.Host), cmp.Or(u.Path, "/")
}

func most(count map[string]int) (best string) {
	for k, n := range count {
		if n > count[best] || n == count[best] && k < best {
			best = k
		}
	}
	return best
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// readTree reads what files the site had.
func (f *folder) readTree() error {
	b, err := os.ReadFile(filepath.Join(f.dir, "_tree.tsv"))
	if err != nil {
		return fmt.Errorf("read the tree of %s: %w", f.name, err)
	}
	for line := range strings.Lines(string(b)) {
		path, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		f.tree["/"+path] = true
	}
	return nil
}
