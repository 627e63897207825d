package document

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/xunjian/xunjian/inspect"
)

// maxPages is how many pages of a PDF are read.
const maxPages = 400

// An engine is PDFium inside a sandbox: a hostile file can neither reach out
// of it, nor take more memory than it is given, nor outlive its context.
type engine struct {
	pool   pdfium.Pool
	cancel context.CancelFunc
}

// pdfs is the engine that the next file takes, made by the first. One file is
// read at a time: the sandbox is some tens of megabytes.
var pdfs struct {
	sync.Mutex
	e *engine
}

// pdf reads the text of a PDF, page by page.
func (r *reader) pdf(d *inspect.Document, data []byte) error {
	pdfs.Lock()
	defer pdfs.Unlock()
	if pdfs.e == nil {
		e, err := newEngine()
		if err != nil {
			return fmt.Errorf("PDF 读取组件无法启动：%w", err)
		}
		pdfs.e = e
	}
	// A file that does not come to its end takes the whole engine with it.
	stop := context.AfterFunc(r.ctx, pdfs.e.cancel)
	err := r.pages(d, pdfs.e.pool, data)
	if !stop() || errors.Is(err, errSandbox) {
		pdfs.e.cancel()
		pdfs.e = nil
		return errLimit
	}
	return err
}

// errSandbox says that the sandbox gave up, so that it is of no more use.
var errSandbox = errors.New("sandbox ended")

func newEngine() (*engine, error) {
	ctx, cancel := context.WithCancel(context.Background())
	cfg := wazero.NewRuntimeConfig().WithMemoryLimitPages(4096).WithCloseOnContextDone(true). // 256 MiB
													WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	// Compiling takes seconds and hundreds of megabytes, once a machine.
	if dir, err := os.UserCacheDir(); err == nil {
		if cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "xunjian", "pdf")); err == nil {
			cfg = cfg.WithCompilationCache(cache)
		}
	}
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 0, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: cfg, Context: ctx})
	if err != nil {
		cancel()
		return nil, err
	}
	return &engine{pool: pool, cancel: cancel}, nil
}

func (r *reader) pages(d *inspect.Document, pool pdfium.Pool, data []byte) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errSandbox
		}
	}()
	in, err := pool.GetInstance(10 * time.Second)
	if err != nil {
		return errSandbox
	}
	defer in.Close()
	doc, err := in.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case err != nil && strings.Contains(err.Error(), "password"):
		return errEncrypted
	case err != nil && r.ctx.Err() != nil:
		return errSandbox
	case err != nil:
		return errBroken
	}
	defer in.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc.Document})
	n, err := in.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.Document})
	if err != nil {
		return errBroken
	}
	blank := 0 // pages that hold pictures and no text: scanned
	for i := range min(n.PageCount, maxPages) {
		page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: i}}
		t, err := in.GetPageText(&requests.GetPageText{Page: page})
		if err != nil {
			if r.ctx.Err() != nil {
				return errSandbox
			}
			return fmt.Errorf("第%d页无法读取", i+1)
		}
		p := inspect.DocumentPart{Name: fmt.Sprintf("第%d页", i+1), Text: strings.ReplaceAll(t.Text, "\r\n", "\n")}
		if strings.TrimSpace(p.Text) == "" {
			p.Text, p.Images = "", pictures(in, page)
			blank++
		}
		if err := r.add(d, p); err != nil {
			return err
		}
	}
	switch {
	case n.PageCount > maxPages:
		return fmt.Errorf("共%d页，只读取了前%d页", n.PageCount, maxPages)
	case blank == n.PageCount && blank > 0:
		return errors.New("是扫描件或图片，其中的文字无法读取")
	}
	return nil
}

// pictures counts the pictures of a page.
func pictures(in pdfium.Pdfium, page requests.Page) (n int) {
	count, err := in.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return 0
	}
	for i := range min(count.Count, 1000) {
		o, err := in.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return n
		}
		if t, err := in.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject}); err == nil && t.Type == enums.FPDF_PAGEOBJ_IMAGE {
			n++
		}
	}
	return n
}
