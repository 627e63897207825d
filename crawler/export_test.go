package crawler

import (
	"runtime"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// Impatient makes crawls wait less long for hosts that never answer, until it
// is called back.
func Impatient(d time.Duration) (back func()) {
	was, own := silence, ownSilence
	silence, ownSilence = d, 10*d
	return func() { silence, ownSilence = was, own }
}

// FrontierHeap is how many bytes of heap a frontier takes that knows of so many
// addresses, all of them still waiting.
func FrontierHeap(s *inspect.Site, n int, address func(i int) string) uint64 {
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	f := newFrontier(Options{MaxPages: -1}.withDefaults(), s)
	for i := range n {
		f.add([]task{{url: address(i), page: i%3 == 0, depth: 3}})
	}
	used := heap() - before
	runtime.KeepAlive(f)
	return used
}
