package sketch_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/xunjian/xunjian/checks/sketch"
)

// sentences makes n sentences of their own, the same for the same seed.
func sentences(seed uint64, n int) (out []string) {
	r := rand.New(rand.NewPCG(seed, 1))
	for range n {
		var b strings.Builder
		for range 30 {
			b.WriteRune(rune(0x4E00 + r.IntN(3000)))
		}
		out = append(out, b.String()+"。")
	}
	return out
}

func TestWithin(t *testing.T) {
	t.Parallel()
	a, b := sentences(1, 60), sentences(2, 60)
	join := func(s ...[]string) sketch.Sketch {
		var all []string
		for _, x := range s {
			all = append(all, x...)
		}
		return sketch.Of(strings.Join(all, "\n"))
	}
	for _, tc := range []struct {
		name     string
		s, t     sketch.Sketch
		low, top float64
	}{
		{"the same", join(a), join(a), 1, 1},
		{"blanks do not count", join(a), sketch.Of(strings.Join(a, " \n ")), 1, 1},
		{"others", join(a), join(b), 0, 0.05},
		{"half", join(a[:30], b[:30]), join(a), 0.3, 0.7},
		{"all within more", join(a[:40]), join(a), 0.9, 1},
	} {
		got, ok := tc.s.Within(tc.t)
		if !ok || got < tc.low || got > tc.top {
			t.Errorf("%s: %.2f, %v; want %.2f to %.2f", tc.name, got, ok, tc.low, tc.top)
		}
	}
	if _, ok := sketch.Of("太短").Within(join(a)); ok {
		t.Error("a short text tells nothing")
	}
}

func ExampleOf() {
	s := sketch.Of("为贯彻落实省政府工作部署，进一步加强本区防汛抗旱工作，制定本方案。本方案自印发之日起施行，有效期五年。")
	share, ok := s.Within(s)
	fmt.Println(share, ok)
	// Output: 1 true
}
