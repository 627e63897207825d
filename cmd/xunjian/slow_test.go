package main

import (
	"maps"
	"net/http"
	"sync"
	"time"
)

// counters are the portals of running scripts, by their folder.
var counters sync.Map

// A slow serves a site with a pause before each answer, and counts requests.
type slow struct {
	next  http.Handler
	pause time.Duration
	addr  string
	srv   *http.Server
	done  chan struct{}

	mu    sync.Mutex
	asked map[string]int // by host and path, GET alone
	total int
	more  chan struct{} // closed and made anew at each request
}

func newSlow(next http.Handler, pause time.Duration) *slow {
	l := listen()
	s := &slow{next: next, pause: pause, addr: l.Addr().String(), done: make(chan struct{}), asked: map[string]int{}, more: make(chan struct{})}
	s.srv = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(s.done)
		s.srv.Serve(l)
	}()
	return s
}

// Close ends the server.
func (s *slow) Close() {
	s.srv.Close()
	<-s.done
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key := r.Host + r.URL.RequestURI()
	if r.Method == http.MethodGet {
		s.mu.Lock()
		s.asked[key]++
		s.total++
		close(s.more)
		s.more = make(chan struct{})
		s.mu.Unlock()
	}
	if s.pause > 0 {
		select {
		case <-time.After(s.pause):
		case <-r.Context().Done():
			return
		}
	}
	s.next.ServeHTTP(w, r)
}

// reaches waits until n requests came.
func (s *slow) reaches(n int, patience time.Duration) bool {
	late := time.After(patience)
	for {
		s.mu.Lock()
		total, more := s.total, s.more
		s.mu.Unlock()
		if total >= n {
			return true
		}
		select {
		case <-more:
		case <-late:
			return false
		}
	}
}

// counts are the requests so far.
func (s *slow) counts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.asked)
}
