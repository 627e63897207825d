// Command catalogue writes docs/checks: a page for each check, which is what
// `xunjian explain` prints, and a table of all of them with their cases and
// with what was measured on kept copies of real sites.
//
//	go run ./cmd/catalogue                    # from what is committed
//	go run ./cmd/catalogue -counts FOLDER     # takes new counts from cmd/realsites first
//
// It fails when a check lacks one of the four kinds of case. The counts of hits
// come from a run; how many of them a person read, and how many were wrong, a
// person writes into docs/checks/measured.tsv.
package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/xunjian/xunjian/checks"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
)

const dir = "docs/checks"

// kinds are the kinds of case that every check has.
var kinds = []string{"fails", "passes", "boundary", "unknown"}

// neverFails are the checks that only ever say that something could not be told.
var neverFails = map[string]bool{"column-unreadable": true, "account-collector": true}

func main() {
	counts := flag.String("counts", "", "folder that cmd/realsites wrote, to take new counts from")
	flag.Parse()
	if err := run(*counts); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

// A row is what was measured of one check.
type row struct {
	id                         string
	hits, unknown, read, wrong int
	note                       string
}

func run(counts string) error {
	rows, err := measured()
	if err != nil {
		return err
	}
	if counts != "" {
		if err := count(rows, counts); err != nil {
			return err
		}
		if err := write(rows); err != nil {
			return err
		}
	}
	var table strings.Builder
	table.WriteString(head)
	var missing []error
	for _, c := range checks.All {
		front, prose, err := config.ReadFront(c)
		if err != nil {
			return err
		}
		cases, err := casesOf(c.ID)
		if err != nil {
			return err
		}
		for _, k := range kinds {
			if cases[k] == 0 && !(k == "fails" && neverFails[c.ID]) {
				missing = append(missing, fmt.Errorf("%s has no case of the kind %q", c.ID, k))
			}
		}
		if err := page(front, prose); err != nil {
			return err
		}
		r := rows[c.ID]
		fmt.Fprintf(&table, "| [%s](%s.md) | %s | %s | %d / %d / %d / %d | %d | %d | %s | %d | %s |\n", c.ID, c.ID, front.Title, strings.Join(front.Items, " "),
			cases["fails"], cases["passes"], cases["boundary"], cases["unknown"], r.hits, r.read, wrong(r), r.unknown, r.note)
	}
	if err := errors.Join(missing...); err != nil {
		return err
	}
	fmt.Printf("%d checks, each with all kinds of case\n", len(checks.All))
	return os.WriteFile(filepath.Join(dir, "README.md"), []byte(table.String()), 0o644)
}

const head = `# The checks

Written by ` + "`make catalogue`" + `; do not edit. Cases: fails / passes / boundary / could not tell, in the check's own ` + "`testdata`" + `.
Hits (fail and review) and unknowns are findings on kept copies of real sites (docs/precision.md says which, and how they were read);
read and wrong are a person's. A dash says that nobody read one, which is no claim.

| id | title | items | cases | hits | read | wrong | unknown | note |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
`

func wrong(r row) string {
	if r.read == 0 {
		return "–"
	}
	return strconv.Itoa(r.wrong)
}

// casesOf counts the cases of a check by kind.
func casesOf(id string) (map[string]int, error) {
	files, err := filepath.Glob(filepath.Join("checks", strings.ReplaceAll(id, "-", ""), "testdata", "*.txtar"))
	out := map[string]int{}
	for _, f := range files {
		kind, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(f), ".txtar"), "-")
		out[kind]++
	}
	return out, err
}

// page writes the page of one check.
func page(f *config.Front, prose string) error {
	text := fmt.Sprintf("# %s %s\n\n- 依据：%s\n- 指标：%s\n- 对象：%s（%s）\n\n%s\n", f.ID, f.Title, f.Source, strings.Join(f.Items, "、"), f.Scope, f.Family, strings.TrimSpace(prose))
	return os.WriteFile(filepath.Join(dir, f.ID+".md"), []byte(text), 0o644)
}

// measured reads docs/checks/measured.tsv.
func measured() (map[string]row, error) {
	out := map[string]row{}
	f, err := os.Open(filepath.Join(dir, "measured.tsv"))
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = '\t', 6, true
	all, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("measured.tsv: %w", err)
	}
	for _, x := range all[min(1, len(all)):] {
		v := row{id: x[0], note: x[5]}
		for i, p := range []*int{&v.hits, &v.unknown, &v.read, &v.wrong} {
			if *p, err = strconv.Atoi(x[i+1]); err != nil {
				return nil, fmt.Errorf("measured.tsv: %s: %w", x[0], err)
			}
		}
		out[v.id] = v
	}
	return out, nil
}

// count takes hits and unknowns from the JSON that cmd/realsites wrote.
func count(rows map[string]row, from string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.json"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no JSON in %s: run go run ./cmd/realsites -out %s first", from, from)
	}
	for id, r := range rows {
		r.hits, r.unknown = 0, 0
		rows[id] = r
	}
	for _, file := range files {
		if strings.HasSuffix(file, "-gbk.json") {
			continue // the same pages once more
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var in struct{ Findings []inspect.JSONFinding }
		if err := json.Unmarshal(b, &in); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		for _, f := range in.Findings {
			r := rows[f.Check]
			r.id = f.Check
			if f.Outcome == inspect.Unknown {
				r.unknown++
			} else {
				r.hits++
			}
			rows[f.Check] = r
		}
	}
	return nil
}

func write(rows map[string]row) error {
	var b strings.Builder
	b.WriteString("check\thits\tunknown\tread\twrong\tnote\n")
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		r := rows[id]
		fmt.Fprintf(&b, "%s\t%d\t%d\t%d\t%d\t%s\n", id, r.hits, r.unknown, r.read, r.wrong, r.note)
	}
	return os.WriteFile(filepath.Join(dir, "measured.tsv"), []byte(b.String()), 0o644)
}
