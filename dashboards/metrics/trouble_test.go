package metrics_test

import (
	"strings"
	"testing"
)

// One series that stands twice, as of sites that share a code, does not take
// all the others with it.
func TestOneBadSeries(t *testing.T) {
	t.Parallel()
	f := fleet(2, 1, 0, 1)
	f.Sites[1].ID = f.Sites[0].ID
	text := get(t, full(t, f, nil), "/metrics", "")
	if !strings.Contains(text, "xunjian_build_info{") || !strings.Contains(text, `xunjian_site_up{site="1499020000"}`) || !strings.Contains(text, "xunjian_queue_jobs{") {
		t.Errorf("the rest is not told:\n%.400s", text)
	}
}
