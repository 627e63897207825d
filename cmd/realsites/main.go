// Command realsites inspects kept copies of real websites, each under the
// host name that it had, and prints what the checks say of them. It is a tool
// for developers: what it prints is read by a person, who decides which
// findings are true.
//
//	go run ./cmd/realsites -shared ../shared -out /tmp/realsites
//
// The copies are not part of this repository. docs/real-sites.md says what the
// last reading came to.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command; it answers with the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("realsites", flag.ContinueOnError)
	flags.SetOutput(stderr)
	shared := flags.String("shared", "../shared", "folder that holds corpus/MANIFEST.tsv")
	out := flags.String("out", "", "folder for the configuration, JSON and HTML of each site")
	only := flags.String("only", "", "only folders whose name contains this")
	gbk := flags.String("gbk", "mirror-gzdzhrss", "folder that is inspected once more in GBK; empty: none")
	program := flags.String("program", "", "xunjian itself, to inspect each site with it too")
	deep := flags.Bool("deep", false, "show sampled pages in a browser too, and hold the rules that read the source against it")
	if err := flags.Parse(args); err != nil || *out == "" {
		fmt.Fprintln(stderr, "realsites: want -out FOLDER")
		return 2
	}
	noNames()
	folders, err := readCorpus(filepath.Join(*shared, "corpus"))
	if err != nil {
		fmt.Fprintf(stderr, "realsites: %v\n", err)
		return 2
	}
	var all []*result
	status := 0
	for _, f := range folders {
		if !strings.Contains(f.name, *only) {
			continue
		}
		f.deep = *deep
		r, err := inspectFolder(ctx, f, *out, *program)
		if err != nil {
			fmt.Fprintf(stderr, "realsites: %s: %v\n", f.name, err)
			return 3
		}
		all = append(all, r)
		if f.name == *gbk {
			if !compareGBK(ctx, stdout, stderr, f, r, *out) {
				status = 1
			}
		}
	}
	printSites(stdout, all)
	printConfusion(stdout, all)
	if *deep {
		printCompared(stdout, all)
	}
	return status
}

// compareGBK inspects a folder with its pages in GBK and reports whether the
// findings are those of the UTF-8 run.
func compareGBK(ctx context.Context, stdout, stderr io.Writer, f *folder, utf8 *result, out string) bool {
	g := *f
	g.name, g.gbk, g.deep = f.name+"-gbk", true, utf8.folder.deep
	r, err := inspectFolder(ctx, &g, out, "")
	if err != nil {
		fmt.Fprintf(stderr, "realsites: %s: %v\n", g.name, err)
		return false
	}
	diff := differences(utf8.inspection.Findings, r.inspection.Findings)
	fmt.Fprintf(stdout, "%s in GBK: %d pages, %d findings, %d different\n", f.name, r.inspection.Counts.Fetched, len(r.inspection.Findings), len(diff))
	for _, d := range diff {
		fmt.Fprintln(stdout, "  "+d)
	}
	return len(diff) == 0
}
