package folders

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Name is the folder of a check id.
func Name(id string) string { return strings.ReplaceAll(id, "-", "") }

// Kinds are the kinds of case that every check has, as their file names begin.
var Kinds = []string{"fails", "passes", "boundary", "unknown"}

// Lay writes the folder of a new check. Its run answers with an error and its
// cases want findings that it does not give, so that its test fails until the
// check and its cases are written.
func Lay(dir, id string) error {
	if !idPattern.MatchString(id) {
		return fmt.Errorf("id %q: want kebab-case, as in link-broken", id)
	}
	home := filepath.Join(dir, Name(id))
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(home, "testdata"), 0o755); err != nil {
		return err
	}
	files := map[string]string{"rule.md": rulePage, "NAME.go": source, "NAME_test.go": test}
	for _, k := range Kinds {
		files["testdata/"+k+".txtar"] = fmt.Sprintf(testCase, k)
	}
	fill := strings.NewReplacer("NAME", Name(id), "ID", id)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(home, filepath.FromSlash(fill.Replace(name))), []byte(fill.Replace(text)), 0o644); err != nil {
			return err
		}
	}
	return Generate(dir)
}

const rulePage = `---
id: ID
title: ""
scope: page
family: ""
source: ""
items: []
---

## Clause

## How we measure

## Could not tell

## Remedy
`

const source = `// Package NAME is the check ID.
package NAME

import (
	"context"
	_ "embed"
	"errors"

	"github.com/xunjian/xunjian/inspect"
)

//go:embed rule.md
var rule string

// Check is the check ID.
var Check = inspect.NewCheck("ID", rule, inspect.PerPage, struct{}{}, run)

func run(_ context.Context, p *inspect.Pass, _ struct{}) error {
	return errors.New("ID is not written")
}
`

const test = `package NAME

import (
	"testing"

	"github.com/xunjian/xunjian/checks/checktest"
)

func Test(t *testing.T) { checktest.Run(t, Check) }
`

const testCase = `Write what the case %[1]s shows.
-- site.yaml --
-- now --
2024-06-01T09:00:00+08:00
-- GET / 200 --
<!DOCTYPE html>
<title></title>
-- want --
write the findings wanted, or run go test -update and read them
`
