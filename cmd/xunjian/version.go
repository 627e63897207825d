package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set at build time by -ldflags "-X main.version=…".
var version = "dev"

type versionCmd struct{}

func (versionCmd) Run(e *env) error {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = " " + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	_, err := fmt.Fprintf(e.stdout, "xunjian %s%s %s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
