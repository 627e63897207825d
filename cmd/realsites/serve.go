package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// serve answers for a folder's hosts on a loopback port until it is stopped.
func serve(f *folder) (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listen: %w", err)
	}
	srv := &http.Server{Handler: newHandler(f), ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	return l.Addr().String(), func() {
		srv.Shutdown(context.Background())
		<-done
	}, nil
}

// A handler serves the kept files of a folder, stand-ins for files that the
// site had and nobody kept, and 404 for the rest.
type handler struct {
	*folder
	placed map[string]string // host and path of a kept page -> file
	moved  map[string]string // path of a file in the folder -> where its page stood
}

func newHandler(f *folder) *handler {
	h := &handler{folder: f, placed: map[string]string{}, moved: map[string]string{}}
	for _, k := range f.pages {
		h.placed[k.host+k.path] = k.file
		if k.path != "/"+k.file && k.path != "/"+strings.TrimSuffix(k.file, "index.html") {
			h.moved["/"+k.file] = k.url()
		}
	}
	return h
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if file, ok := h.placed[host+r.URL.Path]; ok {
		h.file(w, file)
		return
	}
	if to, ok := h.moved[r.URL.Path]; ok {
		http.Redirect(w, r, to, http.StatusMovedPermanently)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	for _, file := range []string{name, path.Join(name, "index.html")} {
		if !h.tree["/"+file] {
			continue
		}
		if _, err := os.Stat(filepath.Join(h.dir, filepath.FromSlash(file))); err == nil {
			h.file(w, file)
		} else {
			standIn(w, file)
		}
		return
	}
	http.Error(w, "404 page not found", http.StatusNotFound)
}

func (h *handler) file(w http.ResponseWriter, file string) {
	b, err := os.ReadFile(filepath.Join(h.dir, filepath.FromSlash(file)))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	kind := typeOf(file)
	if strings.HasPrefix(kind, "text/html") && h.gbk {
		if b, err = toGBK(b); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		kind = "text/html; charset=gbk"
	}
	w.Header().Set("Content-Type", kind)
	w.Write(b) // a client that went away is no news here
}

// typeOf is the content type of a file by its name.
func typeOf(file string) string {
	switch ext := strings.ToLower(path.Ext(file)); ext {
	case ".html", ".htm", ".shtml", "":
		return "text/html; charset=utf-8"
	case ".ico":
		return "image/x-icon"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
	}
	return "application/octet-stream"
}

// standIn answers for a file that the site had and nobody kept.
func standIn(w http.ResponseWriter, file string) {
	kind := typeOf(file)
	w.Header().Set("Content-Type", kind)
	if strings.HasPrefix(kind, "text/html") {
		fmt.Fprint(w, `<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>未保存的页面</title></head><body><p>未保存的页面</p></body></html>`)
		return
	}
	fmt.Fprint(w, " ")
}

// nowhere stands for every bare address that pages link to: it takes a
// connection and says nothing, from which nothing can be told. Without it a
// run would ask machines of strangers, or whatever answers for them here.
func nowhere() (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, fmt.Errorf("listen: %w", err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			// Once the question is heard, so that the asker always sees the same end.
			c.SetReadDeadline(time.Now().Add(time.Second))
			c.Read(make([]byte, 4096))
			c.Close()
		}
	}()
	return l.Addr().String(), func() { l.Close(); <-done }, nil
}

// noNames makes every name unresolvable that the configuration does not place,
// in a way that says nothing of the name.
func noNames() {
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("names are not asked for here")
	}}
}

var bareAddress = regexp.MustCompile(`https?://(\d{1,3}(?:\.\d{1,3}){3})(:\d+)?`)

// bare lists the bare addresses with their ports that the kept pages link to.
func (f *folder) bare() (out []string) {
	for i := range f.pages {
		b, err := os.ReadFile(filepath.Join(f.dir, filepath.FromSlash(f.pages[i].file)))
		if err != nil {
			continue
		}
		for _, m := range bareAddress.FindAllSubmatch(b, -1) {
			ports := []string{":80", ":443"}
			if len(m[2]) > 0 {
				ports = []string{string(m[2])}
			}
			for _, port := range ports {
				if a := string(m[1]) + port; !slices.Contains(out, a) {
					out = append(out, a)
				}
			}
		}
	}
	return out
}

var errNotText = errors.New("page is not UTF-8")

// toGBK transcodes a page as a publishing system of the time would have
// written it; what GBK lacks becomes a character reference.
func toGBK(b []byte) ([]byte, error) {
	for _, name := range []string{"utf-8", "UTF-8", "utf8", "UTF8", "Utf-8"} {
		b = bytes.ReplaceAll(b, []byte("charset="+name), []byte("charset=gbk"))
		b = bytes.ReplaceAll(b, []byte(`charset="`+name), []byte(`charset="gbk`))
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	out, err := encoding.HTMLEscapeUnsupported(simplifiedchinese.GBK.NewEncoder()).Bytes(bytes.ToValidUTF8(b, []byte("?")))
	if err != nil {
		return nil, errors.Join(errNotText, err)
	}
	return out, nil
}
