package config

import (
	"embed"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rulebooks/*.yaml
var embedded embed.FS

// Rulebooks are the ids of the built-in rulebooks.
func Rulebooks() []string {
	files, err := embedded.ReadDir("rulebooks")
	if err != nil {
		panic(err) // they are part of the program
	}
	var out []string
	for _, f := range files {
		out = append(out, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return out
}

// A bookFile is a rulebook file as it is written.
type bookFile struct {
	ID         string                `yaml:"id"`
	Version    string                `yaml:"version"`
	Title      string                `yaml:"title"`
	Source     string                `yaml:"source"`
	Extends    string                `yaml:"extends"` // id or path of the rulebook that this one changes
	Full       float64               `yaml:"full"`
	PassAt     float64               `yaml:"pass_at"`
	BonusAbove float64               `yaml:"bonus_above"`
	Confirm    inspect.Confirm       `yaml:"confirm"` // when a fault that one look does not prove is confirmed
	Items      []later               `yaml:"items"`
	Checks     map[string]checkEntry `yaml:"checks"`
	Only       words                 `yaml:"only"` // checks that run, by id or pattern; empty: all
	Clauses    []clauseEntry         `yaml:"clauses"`
}

// A checkEntry changes the options of a check's rule page.
type checkEntry struct {
	With later `yaml:"with"`
}

// An itemEntry is an item as it is written.
type itemEntry struct {
	ID         string         `yaml:"id"`
	Title      string         `yaml:"title"`
	Text       string         `yaml:"text"`
	Source     string         `yaml:"source"`
	Group      string         `yaml:"group"`
	Part       string         `yaml:"part"`
	Kind       string         `yaml:"kind"`
	Portal     bool           `yaml:"portal"`
	Points     float64        `yaml:"points"`
	Cap        float64        `yaml:"cap"`
	Window     inspect.Window `yaml:"window"`
	AtLeast    int            `yaml:"at_least"`
	Sample     int            `yaml:"sample"`
	Check      words          `yaml:"check"`
	Classes    words          `yaml:"classes"`
	Exclude    words          `yaml:"exclude"`
	CatchAll   bool           `yaml:"catch_all"`
	Review     bool           `yaml:"review"`
	Person     bool           `yaml:"person"`
	Mark       string         `yaml:"mark"`
	PointsMark string         `yaml:"points_mark"`
	Remove     bool           `yaml:"remove"`
}

// A layer is the options that one file gives a check.
type layer struct {
	d    *decoder
	node ast.Node
	path string
}

// A book is what a rulebook file and those that it extends come to.
type book struct {
	bookFile
	items   []itemEntry
	options map[string][]layer
	sources [][]byte   // of all files, base first
	files   []*decoder // of all files, base first
}

// readBook reads a rulebook and those that it extends.
func readBook(idOrFile, dir string, depth int) (*book, error) {
	file, data, dir, err := bookData(idOrFile, dir)
	if err != nil {
		return nil, err
	}
	root, err := parse(file, data)
	if err != nil {
		return nil, err
	}
	d := newDecoder(file)
	base := &book{bookFile: bookFile{Full: 100, PassAt: 60, BonusAbove: 80}, options: map[string][]layer{}}
	if s, ok := scalarText(entry(root, "extends")); ok {
		if depth > 4 {
			return nil, Errors{{File: file, Line: 1, Column: 1, Path: "extends", Message: "规则之间相互引用或层数过多"}}
		}
		if base, err = readBook(s, dir, depth+1); err != nil {
			return nil, err
		}
	}
	b := *base
	b.bookFile.ID, b.bookFile.Version, b.bookFile.Items, b.bookFile.Checks = "", "", nil, nil
	b.items = slices.Clone(base.items)
	d.value(root, reflect.ValueOf(&b.bookFile).Elem(), "")
	b.sources = append(slices.Clone(base.sources), data)
	b.files = append(slices.Clone(base.files), d)
	b.head(d)
	b.overlay(d)
	if entry(root, "clauses") != nil {
		b.clauses(d)
	}
	return &b, nil
}

// bookData is the text of a rulebook, by what name messages call it, and the
// folder in which the files it names stand.
func bookData(idOrFile, dir string) (file string, data []byte, at string, err error) {
	if slices.Contains(Rulebooks(), idOrFile) {
		file = path.Join("rulebooks", idOrFile+".yaml")
		data, err = embedded.ReadFile(file)
		return file, data, dir, err
	}
	if !isFile(idOrFile) {
		return "", nil, "", fmt.Errorf("没有内置规则 %q，可用：%s", idOrFile, strings.Join(Rulebooks(), "、"))
	}
	file = beside(dir, idOrFile)
	if data, err = os.ReadFile(file); err != nil {
		return "", nil, "", unreadable("规则文件", file, err)
	}
	return file, data, filepath.Dir(file), nil
}

// builtIn reports whether the file is part of the program.
func builtIn(file string) bool { return strings.HasPrefix(file, "rulebooks/") }

func (b *book) head(d *decoder) {
	switch {
	case b.ID == "":
		d.fault("id", "缺少 id")
	case !idForm.MatchString(b.ID):
		d.fault("id", "只能由字母、数字和 . _ - 组成，不超过 64 个字符")
	}
	if b.Version == "" {
		d.fault("version", "缺少 version")
	}
	for key, v := range map[string]float64{"full": b.Full, "pass_at": b.PassAt, "bonus_above": b.BonusAbove} {
		if v < 0 || v > 1000 {
			d.fault(key, "应在 0 到 1000 之间")
		}
	}
}

// overlay adds, changes and removes items, and notes the options of checks.
func (b *book) overlay(d *decoder) {
	seen := map[string]bool{}
	for i, x := range b.Items {
		p := fmt.Sprintf("items[%d]", i)
		if x.node == nil {
			d.fault(p, "缺少内容")
			continue
		}
		id, _ := scalarText(entry(x.node, "id"))
		at := slices.IndexFunc(b.items, func(e itemEntry) bool { return e.ID == id })
		var e itemEntry
		if at >= 0 {
			e = b.items[at]
		}
		d.value(x.node, reflect.ValueOf(&e).Elem(), p)
		switch {
		case e.ID == "":
			d.fault(join(p, "id"), "缺少 id")
		case seen[e.ID]:
			d.fault(join(p, "id"), "%q 重复", e.ID)
		case e.Remove && at < 0:
			d.fault(join(p, "id"), "没有可去掉的指标 %q", e.ID)
		case e.Remove:
			b.items = slices.Delete(b.items, at, at+1)
		case at >= 0:
			b.items[at] = e
		default:
			b.items = append(b.items, e)
		}
		seen[e.ID] = true
		if !e.Remove {
			e.validate(d, p)
		}
	}
	options := map[string][]layer{}
	for id, l := range b.options {
		options[id] = slices.Clone(l)
	}
	for id, c := range b.Checks {
		if c.With.node != nil {
			options[id] = append(options[id], layer{d, c.With.node, "checks." + id + ".with"})
		}
	}
	b.options = options
}

var classForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*(@top|@sub)?$`)

// validate notes what does not hold of an item.
func (e *itemEntry) validate(d *decoder, p string) {
	one := func(key, value string, of ...string) {
		if !slices.Contains(of, value) {
			d.fault(join(p, key), "应为 %s", strings.Join(of, "、"))
		}
	}
	one("part", e.Part, "veto", "deduction", "bonus", "advice")
	one("mark", e.Mark, "verified", "second-hand", "memory")
	one("points_mark", e.PointsMark, "", "verified", "second-hand", "memory")
	one("kind", e.Kind, "", "website", "account")
	if e.Title == "" {
		d.fault(join(p, "title"), "缺少 title")
	}
	if e.Points < 0 {
		d.fault(join(p, "points"), "不能小于 0")
	}
	if e.Cap < 0 && e.Cap != -1 {
		d.fault(join(p, "cap"), "不能小于 0；-1 为未知上限")
	}
	if e.AtLeast < 0 || e.Sample < 0 {
		d.fault(p, "at_least 和 sample 不能小于 0")
	}
	if len(e.Check) == 0 && !e.Person {
		d.fault(p, "应有 check，或以 person: true 说明由人工判定")
	}
	for key, list := range map[string]words{"classes": e.Classes, "exclude": e.Exclude} {
		for _, c := range list {
			if !classForm.MatchString(c) {
				d.fault(join(p, key), "%q 不是类别", c)
			}
		}
	}
}
