package annualreport

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
	r, err := Read(textCells(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Tell("2023年政府信息公开工作年度报告", zh.Compact(text))
	if got := [4]int{r.Received.Cells[6].N, r.Total.Cells[6].N, r.After.Cells[1].N, len(r.results)}; got != [4]int{25, 24, 1, 21} {
		t.Errorf("received, done, carried on, rows of results: %v", got)
	}
	if r.lawsuits == nil || r.periodYear != 2023 || r.Told != 25 {
		t.Errorf("lawsuits read: %v, period %d, told %d", r.lawsuits != nil, r.periodYear, r.Told)
	}
	for _, f := range r.Faults() {
		t.Errorf("%s: %s", f.Locus, f.Message)
	}
	r.Total.Cells[0].N++ // and the arithmetic notices one digit
	if n := len(r.Faults()); n != 3 {
		t.Errorf("one wrong digit makes %d faults, want 3: its column twice, its row once", n)
	}
}

func TestRealTableBalances(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(shared(t, "corpus/annual-reports/hongze-2023.table3.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Faults() {
		t.Errorf("%s: %s", f.Locus, f.Message)
	}
}
