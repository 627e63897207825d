package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// A meter tells on one line of the terminal how an inspection goes. Where
// stderr is no terminal it prints a line every half minute instead.
type meter struct {
	w       io.Writer
	live    bool
	every   time.Duration
	start   time.Time
	last    time.Time
	waiting func() int
}

func newMeter(w io.Writer, quiet bool, waiting func() int) *meter {
	m := &meter{w: w, every: 30 * time.Second, start: time.Now(), last: time.Now(), waiting: waiting}
	if f, ok := w.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			m.live, m.every = true, 250*time.Millisecond
		}
	}
	if quiet {
		m.every = 0
	}
	return m
}

func (m *meter) tell(p inspect.Progress) {
	if m.every == 0 || time.Since(m.last) < m.every {
		return
	}
	m.last = time.Now()
	spent := time.Since(m.start).Seconds()
	line := fmt.Sprintf("已读 %d 页（%.1f 页/秒） 链接 %d 问题 %d", p.Pages, float64(p.Pages)/spent, p.Links, p.Findings)
	if n := m.waiting(); n > 0 && p.Links > 0 {
		left := time.Duration(float64(n) / (float64(p.Links) / spent) * float64(time.Second))
		line += fmt.Sprintf(" 待检 %d，约剩 %s", n, left.Round(time.Second))
	}
	if m.live {
		fmt.Fprintf(m.w, "\r\x1b[K%s  %s", line, zh.Truncate(inspect.Readable(p.Last), 40))
		return
	}
	fmt.Fprintln(m.w, line)
}

// done clears the line.
func (m *meter) done() {
	if m.live && m.every > 0 {
		fmt.Fprint(m.w, "\r\x1b[K")
	}
}
