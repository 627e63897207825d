package checks

import (
	"testing"

	"github.com/xunjian/xunjian/checks/checktest"
	"github.com/xunjian/xunjian/checks/folders"
)

// TestReadings proves of every check that says so that what it made of a page
// can be used again on other days: over its own cases, with and without.
func TestReadings(t *testing.T) {
	list, err := folders.List(".")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for i, f := range list {
		t.Run(f.Page.ID, func(t *testing.T) { total += checktest.Again(t, All[i], f.Name) })
	}
	if total < 1000 {
		t.Errorf("only %d pages were taken from readings", total)
	}
	t.Logf("%d pages were taken from readings", total)
}
