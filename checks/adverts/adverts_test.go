package adverts_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xunjian/xunjian/checks/advertising"
	"github.com/xunjian/xunjian/checks/adverts"
	"github.com/xunjian/xunjian/checks/rulepage"
)

// A rulebook that does not run the check has the options of its rule page all the same.
func TestDefaultIsTheRulePage(t *testing.T) {
	page, err := rulepage.Parse(advertising.Check.Rule)
	if err != nil {
		t.Fatal(err)
	}
	var want adverts.Options
	if err := page.Decoder(nil)(&want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, adverts.Default()); diff != "" {
		t.Error(diff)
	}
}
