//go:build ignore

// Gen writes all.go, the list of checks, from the folders.
package main

import (
	"fmt"
	"os"

	"github.com/xunjian/xunjian/checks/folders"
)

func main() {
	if err := folders.Generate(folders.Dir()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
