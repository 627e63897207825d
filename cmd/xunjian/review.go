package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/xunjian/xunjian/checks/draft"
	"github.com/xunjian/xunjian/crawler"
	"github.com/xunjian/xunjian/crawler/document"
	"github.com/xunjian/xunjian/dashboards"
	"github.com/xunjian/xunjian/inspect"
)

type reviewCmd struct {
	File   string `arg:"" optional:"" help:"稿件：txt、html、docx 等文件，- 为标准输入"`
	Format string `enum:"text,json" default:"text" help:"text 或 json"`
	Now    string `placeholder:"DATE" help:"发布日期，用于判断人名与职务；默认今天"`
	Listen string `placeholder:"ADDR" help:"不读文件，在此地址提供 POST /api/v1/review，供发布系统调用"`
}

func (reviewCmd) Examples() string {
	return `  xunjian review 通知.docx
  pbpaste | xunjian review - --format json
  xunjian review --listen 127.0.0.1:8090
  curl --data-binary @通知.docx 'http://127.0.0.1:8090/api/v1/review?name=通知.docx'`
}

func (c *reviewCmd) Run(e *env) error {
	now, err := parseNow(c.Now)
	if err != nil {
		return err
	}
	switch {
	case c.Listen != "" && c.File == "":
		return c.serve(e)
	case c.Listen != "" || c.File == "":
		return usage("xunjian review 通知.docx，或 xunjian review --listen 127.0.0.1:8090", "给出一份稿件，或用 --listen 提供接口，二者选一")
	}
	name, data, err := c.read(e)
	if err != nil {
		return err
	}
	text, hits, err := review(e.ctx, name, data, now)
	if err != nil {
		return usageError{err: err, hint: "另存为 .docx、.txt 或 .html 后再试"}
	}
	return c.print(e, text, hits)
}

func (c *reviewCmd) read(e *env) (name string, data []byte, err error) {
	if c.File == "-" {
		data, err = io.ReadAll(io.LimitReader(e.stdin, 20<<20))
		return "draft.txt", data, err
	}
	data, err = os.ReadFile(c.File)
	if err != nil {
		return "", nil, usageError{err: err, hint: "核对文件名；- 为标准输入"}
	}
	return filepath.Base(c.File), data, nil
}

// maxReview is how many bytes of text a draft has at most.
const maxReview = 3_000_000

// review looks a draft over. The positions of hits count in text.
func review(ctx context.Context, name string, data []byte, now time.Time) (text string, hits []draft.Hit, err error) {
	d := document.Read(ctx, name, data, crawler.DecodeText)
	if d.Incomplete != "" {
		return "", nil, fmt.Errorf("%w：%s", dashboards.ErrDraft, d.Incomplete)
	}
	if text = flat(d); len(text) > maxReview {
		return "", nil, fmt.Errorf("%w：正文超过 %d 万字节，请分篇审核", dashboards.ErrDraft, maxReview/10000)
	}
	hits = draft.Review(text, draft.Options{Now: now})
	if hits == nil {
		hits = []draft.Hit{}
	}
	return text, hits, nil
}

// flat is a draft as one text, cells of tables parted by tabs.
func flat(d *inspect.Document) string {
	var b strings.Builder
	for i, p := range d.Parts {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Text)
		for _, t := range p.Tables {
			b.WriteByte('\n')
			for _, row := range t {
				b.WriteString(strings.Join(row, "\t") + "\n")
			}
		}
	}
	return b.String()
}

func (c *reviewCmd) print(e *env, text string, hits []draft.Hit) error {
	if c.Format == "json" {
		enc := json.NewEncoder(e.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(dashboards.ReviewAnswer{Schema: "xunjian.review/1", Count: len(hits), Hits: hits, Text: text}); err != nil {
			return err
		}
	} else {
		for _, h := range hits {
			line := 1 + strings.Count(text[:h.Start], "\n")
			column := 1 + len([]rune(text[strings.LastIndexByte(text[:h.Start], '\n')+1:h.Start]))
			fmt.Fprintf(e.stdout, "%d:%d  %s", line, column, h.Message)
			if h.Suggestion != "" {
				fmt.Fprintf(e.stdout, "，建议：%s", h.Suggestion)
			}
			fmt.Fprintf(e.stdout, "（%s）\n", h.Check)
		}
		fmt.Fprintf(e.stderr, "共%d处，全部须由人确认；没有提示不等于没有问题。\n", len(hits))
	}
	if len(hits) > 0 {
		return errFindings
	}
	return nil
}

// reviewer is the review as it is offered over HTTP.
func reviewer(ctx context.Context, name string, data []byte) (string, any, int, error) {
	text, hits, err := review(ctx, name, data, time.Now())
	return text, hits, len(hits), err
}

// serve offers the review to publishing systems until it is stopped.
func (c *reviewCmd) serve(e *env) error {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return usageError{err: err, hint: "换一个端口，例如 --listen 127.0.0.1:8090"}
	}
	srv := &http.Server{Handler: dashboards.ReviewHandler(reviewer), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	fmt.Fprintf(e.stderr, "在 http://%s/api/v1/review 接受稿件，Ctrl-C 结束\n", l.Addr())
	stop := context.AfterFunc(e.ctx, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		srv.Shutdown(ctx)
	})
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
