package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/xunjian/xunjian/cmd/xunjian/portal"
	"github.com/xunjian/xunjian/inspect"
)

// TestMain lets scripts, and the test that kills an inspection, run this
// program as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"xunjian": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Setup: setup, Cmds: map[string]func(*testscript.TestScript, bool, []string){
		"portal": servePortal,
		"exits":  exits,
		"keys":   keys,
		"damage": damage,
		"seen":   seen,
		"latest": latest,
	}})
}

func setup(e *testscript.Env) error {
	e.Setenv("NO_PROXY", "*")
	return nil
}

// servePortal serves the demonstration portal to the end of the script and
// writes site.yaml for it: portal [PAUSE], the pause before each answer.
func servePortal(ts *testscript.TestScript, neg bool, args []string) {
	pause := time.Duration(0)
	if len(args) > 0 {
		var err error
		pause, err = time.ParseDuration(args[0])
		ts.Check(err)
	}
	p := portal.New(time.Date(2026, 11, 24, 9, 0, 0, 0, inspect.Zone))
	s := newSlow(p, pause)
	ts.Defer(s.Close)
	ts.Check(os.WriteFile(ts.MkAbs("site.yaml"), p.Config(s.addr), 0o644))
	ts.Setenv("PORTAL", s.addr)
	counters.Store(ts.Getenv("WORK"), s)
}

// exits runs a command and wants its exit code: exits CODE xunjian ARG…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	if x, ok := err.(interface{ ExitCode() int }); ok {
		got = x.ExitCode()
	} else if err != nil {
		ts.Fatalf("run %s: %v", args[1], err)
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("%s exits with %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// keys wants the keys to stand in a file in this order: keys FILE KEY…
func keys(ts *testscript.TestScript, neg bool, args []string) {
	rest := ts.ReadFile(args[0])
	for _, k := range args[1:] {
		_, after, ok := strings.Cut(rest, `"`+k+`":`)
		if !ok {
			ts.Fatalf("%s: key %q is missing or out of order", args[0], k)
		}
		rest = after
	}
}

// damage changes a byte in every stored body below a folder: damage DIR
func damage(ts *testscript.TestScript, neg bool, args []string) {
	n := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) == 0 {
			return err
		}
		raw[len(raw)/2] ^= 0xFF
		n++
		os.Chmod(path, 0o644)
		return os.WriteFile(path, raw, 0o644)
	}))
	if n == 0 {
		ts.Fatalf("%s holds no evidence", args[0])
	}
}

// seen waits until the portal was asked for that many pages: seen N
func seen(ts *testscript.TestScript, neg bool, args []string) {
	v, ok := counters.Load(ts.Getenv("WORK"))
	if !ok {
		ts.Fatalf("no portal")
	}
	var n int
	fmt.Sscan(args[0], &n)
	if !v.(*slow).reaches(n, 30*time.Second) {
		ts.Fatalf("the portal was not asked for %d pages", n)
	}
}

// latest puts the id of the newest inspection into $ID.
func latest(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(ts.Exec("xunjian", "inspections"))
	fields := strings.Fields(ts.ReadFile("stdout"))
	if len(fields) < 3 {
		ts.Fatalf("no inspection is listed")
	}
	ts.Setenv("ID", fields[2])
}

// listen opens a loopback port.
func listen() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err) // no loopback, no tests
	}
	return l
}
