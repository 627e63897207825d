package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/xunjian/xunjian/inspect"
)

// printSites prints what was found, site by site.
func printSites(w io.Writer, all []*result) {
	for _, r := range all {
		in := r.inspection
		c := in.Counts
		fmt.Fprintf(w, "\n%s  %s  now %s\n", r.folder.name, r.folder.home(), r.folder.now.Format("2006-01-02"))
		fmt.Fprintf(w, "  pages: kept %d, read %d, failed %d; links asked %d, broken %d, could not tell %d; coverage %.3f\n",
			len(r.folder.pages), c.Fetched, c.Failed, c.Asked, c.Broken, c.Unknown, in.Coverage())
		fmt.Fprintf(w, "  columns proposed: %d (%s)\n", len(r.columns), genres(r))
		fmt.Fprintf(w, "  kinds of kept pages: %s\n", kinds(r))
		t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
		for _, x := range tally(in.Findings) {
			fmt.Fprintf(t, "  %s\t%s\t%d\t%d places\n", x.check, x.outcome, x.findings, x.places)
		}
		t.Flush()
	}
}

func genres(r *result) string {
	n := map[inspect.Genre]int{}
	for _, f := range r.columns {
		n[f.Column.Genre]++
	}
	var out []string
	for _, g := range inspect.Genres {
		if n[g] > 0 {
			out = append(out, fmt.Sprintf("%s %d", g, n[g]))
		}
	}
	return strings.Join(out, ", ")
}

func kinds(r *result) string {
	n := map[inspect.PageKind]int{}
	for _, k := range r.kinds {
		n[k]++
	}
	var out []string
	for _, k := range inspect.PageKinds {
		if n[k] > 0 {
			out = append(out, fmt.Sprintf("%s %d", k, n[k]))
		}
	}
	return strings.Join(out, ", ")
}

type count struct {
	check            string
	outcome          inspect.Outcome
	findings, places int
}

// tally counts findings by check and outcome.
func tally(list []inspect.Finding) []count {
	at := map[string]*count{}
	for i := range list {
		f := &list[i]
		key := f.Check + " " + string(f.Outcome)
		if at[key] == nil {
			at[key] = &count{check: f.Check, outcome: f.Outcome}
		}
		at[key].findings++
		at[key].places += max(f.Places, 1)
	}
	out := make([]count, 0, len(at))
	for _, key := range slices.Sorted(maps.Keys(at)) {
		out = append(out, *at[key])
	}
	return out
}

// printConfusion prints, for each kind of the corpus' own list, what its pages
// were taken for.
func printConfusion(w io.Writer, all []*result) {
	table := map[string]map[inspect.PageKind]int{}
	for _, r := range all {
		if r.folder.gbk {
			continue
		}
		for i := range r.folder.pages {
			k := &r.folder.pages[i]
			if table[k.kind] == nil {
				table[k.kind] = map[inspect.PageKind]int{}
			}
			table[k.kind][r.kinds[k.url()]]++
		}
	}
	fmt.Fprintln(w, "\nlisted kind: taken for")
	for _, kind := range slices.Sorted(maps.Keys(table)) {
		row := table[kind]
		order := slices.SortedFunc(maps.Keys(row), func(a, b inspect.PageKind) int {
			return cmp.Or(cmp.Compare(row[b], row[a]), cmp.Compare(a, b))
		})
		var cells []string
		for _, k := range order {
			cells = append(cells, fmt.Sprintf("%s %d", cmp.Or(k, "not seen"), row[k]))
		}
		fmt.Fprintf(w, "  %s: %s\n", kind, strings.Join(cells, ", "))
	}
}

// differences are the findings that one list has and the other has not; what
// was received differs by intent, so evidence is left out.
func differences(a, b []inspect.Finding) []string {
	show := func(f *inspect.Finding) string {
		if f.Outcome == inspect.Unknown { // why it could not be told is the network's affair
			return fmt.Sprintf("%s %s %s %s ×%d", f.Check, f.Outcome, f.URL, f.Locus, f.Places)
		}
		return fmt.Sprintf("%s %s %s %s %g ×%d %s", f.Check, f.Outcome, f.URL, f.Locus, f.Value, f.Places, f.Message)
	}
	left := map[string]int{}
	for i := range a {
		left[show(&a[i])]++
	}
	for i := range b {
		left[show(&b[i])]--
	}
	var out []string
	for _, s := range slices.Sorted(maps.Keys(left)) {
		if n := left[s]; n > 0 {
			out = append(out, "only UTF-8: "+s)
		} else if n < 0 {
			out = append(out, "only GBK: "+s)
		}
	}
	return out
}

// printCompared prints, over all sites, how the rules that read the source
// stand against a browser on the pages that both saw.
func printCompared(w io.Writer, all []*result) {
	sum, shown, sampled := map[string]inspect.Comparison{}, 0, 0
	for _, r := range all {
		shown, sampled = shown+r.inspection.Counts.Shown, sampled+r.inspection.Counts.Sampled
		for _, c := range r.inspection.Compared {
			s := sum[c.Check]
			s.Both, s.Refuted, s.Unsaid = s.Both+c.Both, s.Refuted+c.Refuted, s.Unsaid+c.Unsaid
			s.Missed, s.Script, s.Left = s.Missed+c.Missed, s.Script+c.Script, s.Left+c.Left
			sum[c.Check] = s
		}
	}
	fmt.Fprintf(w, "\nsource against browser: %d of %d sampled pages shown\n", shown, sampled)
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', 0)
	fmt.Fprintf(t, "check\tboth\trefuted\tunsaid\tmissed\tleft\tscript\n")
	for _, id := range slices.Sorted(maps.Keys(sum)) {
		s := sum[id]
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\n", id, s.Both, s.Refuted, s.Unsaid, s.Missed, s.Left, s.Script)
	}
	t.Flush()
}
