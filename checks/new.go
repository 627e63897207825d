//go:build ignore

// New lays the folder of a new check and puts it into the list.
package main

import (
	"fmt"
	"os"

	"github.com/xunjian/xunjian/checks/folders"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./checks/new.go ID")
		os.Exit(2)
	}
	if err := folders.Lay(folders.Dir(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
