package crawler

import (
	"cmp"
	"errors"
	"hash/fnv"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"github.com/xunjian/xunjian/crawler/document"
	"github.com/xunjian/xunjian/inspect"
)

var errTime = errors.New("time limit reached")

// A task is one URL to ask.
type task struct {
	url   string
	page  bool // read it; else only ask whether it opens
	style bool // a style sheet of the site: read for what it links
	look  bool // a page of others: what it calls itself is wanted
	file  bool // an attachment that is read, not only asked for
	depth int
}

// A host is a queue with its own number of requests in flight, so that a slow
// host holds up nobody else.
type host struct {
	queue    []task
	head     int
	inFlight int
	listed   bool // in frontier.ready
}

// A frontier holds what is known (as hashes) and what waits (as strings).
type frontier struct {
	opt   Options
	site  *inspect.Site
	seed  maphash.Seed
	traps *traps

	mu     sync.Mutex
	wake   *sync.Cond
	known  map[uint64]struct{}
	stored map[uint64]struct{} // what an earlier run has done, though links may have queued it again
	hosts  map[string]*host
	ready  []*host // hosts that have a task and room for it
	files  []task  // attachments, those that are done too, until every page is
	open   int     // tasks waiting or in flight, but for files
	pages  int     // pages taken up, against MaxPages
	styles int     // style sheets taken up
	closed bool
	skips  []inspect.Event
}

func newFrontier(o Options, s *inspect.Site) *frontier {
	f := &frontier{opt: o, site: s, seed: maphash.MakeSeed(), known: map[uint64]struct{}{}, stored: map[uint64]struct{}{}, hosts: map[string]*host{}, traps: newTraps()}
	f.wake = sync.NewCond(&f.mu)
	return f
}

// visited marks a URL as known without queueing it, and reports whether it was
// new.
func (f *frontier) visited(u string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mark(u)
}

// replayed marks a URL that an earlier run has done. The links of a page that
// was recorded before it may have queued it already: take leaves it out.
func (f *frontier) replayed(u string, page bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stored[maphash.String(f.seed, u)] = struct{}{}
	switch isNew := f.mark(u); {
	case isNew && page:
		f.pages++
	case isNew && f.attachment(u):
		f.files = append(f.files, task{url: u})
	}
}

// attachment reports whether a target is an attachment of the site, to be read
// if there are not too many.
func (f *frontier) attachment(u string) bool {
	return !f.opt.NoFiles && f.site.InScope(u) && document.Readable(inspect.Extension(u))
}

// mark reports whether u was new.
func (f *frontier) mark(u string) bool {
	k := maphash.String(f.seed, u)
	if _, ok := f.known[k]; ok {
		return false
	}
	f.known[k] = struct{}{}
	return true
}

// add queues the tasks whose URL is new.
func (f *frontier) add(tasks []task) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range tasks {
		if !f.mark(t.url) || f.closed {
			continue
		}
		if t.page {
			if why, cause := f.refuse(&t); why != "" {
				f.skips = append(f.skips, inspect.Event{Skip: &inspect.Target{URL: t.url, Verdict: inspect.CouldNotTell, Cause: cause, Detail: why}})
				continue
			}
			f.pages++
		} else if t.style && !f.readStyle() {
			t.style = false // whether it opens is asked all the same
		} else if f.attachment(t.url) {
			f.files = append(f.files, t)
			continue
		}
		f.push(t)
	}
}

// maxStyles is how many style sheets of a site are read: those of a real one
// are some dozens, but one may import another without end.
const maxStyles = 1000

// readStyle reports whether one more style sheet is read.
func (f *frontier) readStyle() bool {
	f.styles++
	return f.styles <= maxStyles
}

// takeFiles queues the attachments once all pages are done. Which of too many
// are read is told by their addresses: it is the same ones every time, however
// the pages came and whatever was done before.
func (f *frontier) takeFiles() {
	rank := func(t task) uint64 {
		h := fnv.New64a()
		h.Write([]byte(t.url))
		return h.Sum64()
	}
	slices.SortFunc(f.files, func(a, b task) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.url, b.url)) })
	for i, t := range f.files {
		t.file = f.opt.Files < 0 || i < f.opt.Files
		f.push(t) // take leaves out what is done
	}
	f.files = nil
}

// refuse says why a page is left out, if it is.
func (f *frontier) refuse(t *task) (string, inspect.Cause) {
	switch {
	case f.opt.MaxPages > 0 && f.pages >= f.opt.MaxPages:
		return "达到页面数上限", inspect.Budget
	case f.opt.MaxDepth > 0 && t.depth > f.opt.MaxDepth:
		return "达到链接深度上限", inspect.Budget
	}
	if why := f.traps.catch(t.url); why != "" {
		return why, inspect.Trap
	}
	return "", inspect.NoCause
}

func (f *frontier) push(t task) {
	name := inspect.Host(t.url)
	h := f.hosts[name]
	if h == nil {
		h = &host{}
		f.hosts[name] = h
	}
	h.queue = append(h.queue, t)
	f.open++
	f.list(h)
}

// list puts a host into the ready line if it has work and room.
func (f *frontier) list(h *host) {
	if h.listed || h.head == len(h.queue) || h.inFlight >= f.opt.PerHost && f.opt.PerHost > 0 {
		return
	}
	h.listed = true
	f.ready = append(f.ready, h)
	f.wake.Signal()
}

// take waits for a task; false means that there will be none.
func (f *frontier) take() (*host, task, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		for len(f.ready) == 0 && f.open > 0 && !f.closed {
			f.wake.Wait()
		}
		if f.open == 0 && !f.closed {
			f.takeFiles()
		}
		if f.closed || len(f.ready) == 0 {
			f.wake.Broadcast()
			return nil, task{}, false
		}
		h := f.ready[0]
		f.ready = f.ready[1:]
		h.listed = false
		t := h.next()
		if _, done := f.stored[maphash.String(f.seed, t.url)]; done {
			f.open--
			f.list(h)
			continue
		}
		h.inFlight++
		f.list(h)
		return h, t, true
	}
}

// next takes the first task of a host's queue.
func (h *host) next() task {
	t := h.queue[h.head]
	h.queue[h.head] = task{}
	h.head++
	if h.head == len(h.queue) {
		h.queue, h.head = h.queue[:0], 0
	} else if h.head > 1024 && h.head > len(h.queue)/2 { // give the front back
		h.queue = append([]task(nil), h.queue[h.head:]...)
		h.head = 0
	}
	return t
}

// done gives a task's place in flight back.
func (f *frontier) done(h *host) {
	f.mu.Lock()
	defer f.mu.Unlock()
	h.inFlight--
	f.open--
	f.list(h)
	if f.open == 0 {
		f.wake.Broadcast()
	}
}

// close ends all waiting; what is queued stays for rest.
func (f *frontier) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake.Broadcast()
}

// rest is what was never taken.
func (f *frontier) rest() (out []task) {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := f.files
	for _, h := range f.hosts {
		left = append(left, h.queue[h.head:]...)
	}
	for _, t := range left {
		if _, done := f.stored[maphash.String(f.seed, t.url)]; !done {
			out = append(out, t)
		}
	}
	return out
}

// waiting is how many tasks wait or are in flight.
func (f *frontier) waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.open + len(f.files)
}

// refused takes the pages that were left out since the last call.
func (f *frontier) refused() (out []inspect.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out, f.skips = f.skips, nil
	return out
}

// scopePage reports whether a link leads to a page of the site that is worth
// reading, going by its address alone.
func scopePage(s *inspect.Site, l *inspect.Link) bool {
	return l.Follows() && s.InScope(l.URL) && !isFile(l.URL)
}

// isFile reports whether an address names something that is no page.
func isFile(u string) bool {
	switch inspect.Extension(u) {
	case "", "html", "htm", "shtml", "shtm", "xhtml", "jsp", "jspx", "php", "asp", "aspx", "do", "action", "cgi", "jhtml", "dhtml", "stm":
		return false
	case "css", "js", "json", "xml", "rss", "jpg", "jpeg", "png", "gif", "bmp", "webp", "svg", "ico", "tif", "tiff",
		"mp3", "mp4", "flv", "avi", "wmv", "wma", "mov", "mkv", "m3u8", "ogg", "wav", "swf", "woff", "woff2", "ttf", "eot",
		"exe", "apk", "msi", "gz", "tgz", "tar", "jar", "iso", "dwg", "psd":
		return true
	}
	return inspect.IsDocument(u)
}

// traps recognises addresses that a site makes without end.
type traps struct {
	shapes map[string]int
}

// perShape is how many addresses with a query are taken of one shape.
const perShape = 2000

func newTraps() *traps { return &traps{shapes: map[string]int{}} }

// catch says why an address looks endless, or "".
func (t *traps) catch(u string) string {
	p := inspect.Path(u)
	path, query, hasQuery := strings.Cut(p, "?")
	if seg, n := repeated(path); n >= 4 {
		return "地址中 “" + seg + "” 重复出现，疑似循环路径"
	}
	if strings.Count(path, "/") > 25 || len(u) > 2000 {
		return "地址过长或层级过深，疑似循环路径"
	}
	if !hasQuery {
		return ""
	}
	s := shape(path, query)
	t.shapes[s]++
	if t.shapes[s] > perShape {
		return "同一形式的地址过多（" + s + "），疑似日历或查询陷阱"
	}
	return ""
}

// repeated is the segment that occurs most often in a path, and how often.
func repeated(path string) (string, int) {
	segs := strings.Split(strings.Trim(path, "/"), "/")
	if len(segs) < 4 {
		return "", 0
	}
	count := map[string]int{}
	best := ""
	for _, s := range segs {
		count[s]++
		if s != "" && count[s] > count[best] {
			best = s
		}
	}
	return best, count[best]
}

// shape is an address with its digits and the values of its query left out.
func shape(path, query string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if c := path[i]; c < '0' || c > '9' {
			b.WriteByte(c)
		} else if i == 0 || path[i-1] < '0' || path[i-1] > '9' {
			b.WriteByte('#')
		}
	}
	for _, kv := range strings.Split(query, "&") {
		k, _, _ := strings.Cut(kv, "=")
		b.WriteByte('&')
		b.WriteString(k)
	}
	return b.String()
}
