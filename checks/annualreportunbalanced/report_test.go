package annualreportunbalanced

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"github.com/xunjian/xunjian/inspect/zh"
)

// shared is where real reports lie; tests that need them are skipped where
// there are none.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("XUNJIAN_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Skip("no real reports here: set XUNJIAN_SHARED")
	}
	return b
}

func TestRealReportBalances(t *testing.T) {
	text := string(shared(t, "seed/annual-report-2023.txt"))
	r, err := read(textCells(text))
	if err != nil {
		t.Fatal(err)
	}
	r.tell("2023年政府信息公开工作年度报告", zh.Compact(text))
	if got := [4]int{r.received.cells[6].n, r.total.cells[6].n, r.after.cells[1].n, len(r.results)}; got != [4]int{25, 24, 1, 21} {
		t.Errorf("received, done, carried on, rows of results: %v", got)
	}
	if r.lawsuits == nil || r.periodYear != 2023 || r.told != 25 {
		t.Errorf("lawsuits read: %v, period %d, told %d", r.lawsuits != nil, r.periodYear, r.told)
	}
	for _, f := range r.faults() {
		t.Errorf("%s: %s", f.locus, f.message)
	}
	r.total.cells[0].n++ // and the arithmetic notices one digit
	if n := len(r.faults()); n != 3 {
		t.Errorf("one wrong digit makes %d faults, want 3: its column twice, its row once", n)
	}
}

func TestRealTableBalances(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(shared(t, "corpus/annual-reports/hongze-2023.table3.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r, err := read(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.faults() {
		t.Errorf("%s: %s", f.locus, f.message)
	}
}
