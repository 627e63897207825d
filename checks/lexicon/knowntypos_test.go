package lexicon

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/checks/prose"
)

// TestKnownTypos holds the typo pack against pairs of a wrong and a right
// sentence: how many of the wrong ones it sees, and how often it is wrong.
// Learners' mistakes are not those of offices, so that little is seen; what
// matters is that nothing is wrong.
func TestKnownTypos(t *testing.T) {
	shared := os.Getenv("XUNJIAN_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(shared, "corpus", "typo-pycorrector", "examples", "data", "sighan_2015", "test.tsv"))
	if err != nil {
		t.Skip("no pairs of sentences here: set XUNJIAN_SHARED")
	}
	defer f.Close()
	l, err := New("typo", nil)
	if err != nil {
		t.Fatal(err)
	}
	var sentences, faulty, hits, right int
	for lines := bufio.NewScanner(f); lines.Scan(); {
		wrong, good, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			continue
		}
		sentences++
		if wrong != good {
			faulty++
		}
		if h := l.Hits(Read(prose.Plain(good))); len(h) > 0 {
			t.Errorf("%s: %s is no mistake", good, h[0].Entry.Wrong)
		}
		text := prose.Plain(wrong)
		for _, h := range l.Hits(Read(text)) {
			hits++
			if strings.Contains(good, text.All[:h.Start]+h.Entry.Right) || strings.Contains(good, h.Entry.Right) {
				right++
			} else {
				t.Logf("%s: %s, corrected otherwise: %s", wrong, h.Entry.Wrong, good)
			}
		}
	}
	t.Logf("%d sentences, %d with a mistake, %d hits, %d of them corrected as we say", sentences, faulty, hits, right)
}
