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
	commit := revision()
	if commit != "" {
		commit = " " + commit[:min(12, len(commit))]
	}
	_, err := fmt.Fprintf(e.stdout, "xunjian %s%s %s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// revision is the commit that the program was built from, as Go notes it.
func revision() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return ""
}
