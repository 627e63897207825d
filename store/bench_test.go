package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/xunjian/xunjian/inspect"
)

// html is a page of about 19 KB that compresses as pages do.
func html(n int) string {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	words := []string{"政务公开", "通知公告", "人民政府", "办公室", "关于", "实施方案", "工作", "2026-03-01", "信息", "服务"}
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html><head><title>%d</title></head><body><ul>", n)
	for b.Len() < 19<<10 {
		fmt.Fprintf(&b, `<li class="item"><a href="/xw/%d/t%d_%d.html" target="_blank" title="">`, r.IntN(12), r.IntN(1e6), r.IntN(1e6))
		for range 4 + r.IntN(6) {
			b.WriteString(words[r.IntN(len(words))])
		}
		b.WriteString("</a><span>2026-03-01</span></li>\n")
	}
	return b.String()
}

// cpu is the processor time of the whole process, all threads.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchRecord(b *testing.B, event func(n int) inspect.Event) {
	s := open(b, b.TempDir(), "")
	r := begin(b, s, "i1")
	events := make([]inspect.Event, 0, 5000)
	for n := range 5000 {
		events = append(events, event(n))
	}
	b.ReportAllocs()
	n := 0
	before := cpu()
	for b.Loop() {
		e := events[n%len(events)]
		if e.Page != nil && n >= len(events) { // the same body would be written once
			b.StopTimer()
			e = event(n)
			b.StartTimer()
		}
		if err := r.Event(context.Background(), e); err != nil {
			b.Fatal(err)
		}
		n++
	}
	if err := r.Finish(context.Background(), result("i1")); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((cpu()-before).Nanoseconds())/float64(n), "cpu-ns/op")
}

func BenchmarkPage(b *testing.B) {
	benchRecord(b, func(n int) inspect.Event { return page(n, html(n)) })
}

func BenchmarkUnchangedPage(b *testing.B) {
	same := html(1)
	benchRecord(b, func(n int) inspect.Event { return page(n, same) })
}

func BenchmarkFineLink(b *testing.B) { benchRecord(b, fine) }

func BenchmarkCompress(b *testing.B) {
	s := open(b, b.TempDir(), "")
	raw := []byte(html(1))
	buf := make([]byte, 0, len(raw))
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		buf = s.ev.encoder.EncodeAll(raw, buf[:0])
	}
	b.ReportMetric(float64(len(raw))/float64(len(buf)), "ratio")
}

// BenchmarkWholeSite records 20,000 pages and finishes, for the first time and
// again: what an inspection costs here, its history among it.
func BenchmarkWholeSite(b *testing.B) {
	const pages = 20000
	for b.Loop() {
		s := open(b, b.TempDir(), "")
		for round := range 2 {
			id := fmt.Sprint("i", round)
			r := begin(b, s, id)
			before := cpu()
			for n := range pages {
				if err := r.Event(context.Background(), page(n, fmt.Sprint(n))); err != nil {
					b.Fatal(err)
				}
			}
			recorded := cpu()
			if err := r.Finish(context.Background(), result(id)); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric((recorded - before).Seconds(), fmt.Sprintf("record%d-cpu-s", round+1))
			b.ReportMetric((cpu() - recorded).Seconds(), fmt.Sprintf("finish%d-cpu-s", round+1))
		}
	}
}
