package words_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/checks/words"
)

var list = []string{"信箱", "留言", "来信", "一网通办", "12345", "办"}

func plain(s string) bool {
	for _, w := range list {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func FuzzIn(f *testing.F) {
	set := words.Of(list...)
	for _, s := range []string{"", "信", "县长信箱", "信 箱", "政务公开", "1234512345", "一网通", "\xe4\xbf\xa1箱", "来来信", "\xe4\xbf信箱", "办"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, bytes := set.In(s), set.InBytes([]byte(s)); got != plain(s) || bytes != got {
			t.Errorf("%q: %v and %v, want %v", s, got, bytes, plain(s))
		}
	})
}

func ExampleSet_In() {
	fmt.Println(words.Of("信箱", "留言").In("县长信箱"))
	// Output: true
}
