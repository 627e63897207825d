package crawler

import (
	"runtime"

	"github.com/xunjian/xunjian/inspect"
)

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
