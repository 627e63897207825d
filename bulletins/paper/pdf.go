package paper

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ErrNoOffice says that LibreOffice is not installed.
var ErrNoOffice = errors.New("没有安装 LibreOffice，不能生成 PDF（Debian：apt-get install libreoffice-writer；字体：texlive-lang-chinese fonts-noto-cjk fonts-noto-cjk-extra fonts-liberation2）")

// officeTime is how long a conversion may take. The number is ours: ten times
// what the longest paper took.
const officeTime = 3 * time.Minute

// pdfFilter asks for a tagged file with its headings as bookmarks, and with the
// blank page before an imprint, so that printed sheets have their numbers.
const pdfFilter = `pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},"PDFUACompliance":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"},"IsSkipEmptyPages":{"type":"boolean","value":"false"}}`

// fontAliases names for each font of official papers what stands in for it
// where it is missing; the last in each row has every rare character.
//
//go:embed fonts.conf
var fontAliases string

// PDF has LibreOffice set what DOCX writes. Each job has a profile of its own,
// and is killed with all its children when its time is up.
func PDF(ctx context.Context, w io.Writer, p *Paper) error {
	office, err := exec.LookPath("soffice")
	if err != nil {
		return ErrNoOffice
	}
	dir, err := os.MkdirTemp("", "xunjian-pdf-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var doc bytes.Buffer
	if err := DOCX(ctx, &doc, p); err != nil {
		return err
	}
	in, fonts := filepath.Join(dir, "paper.docx"), filepath.Join(dir, "fonts.conf")
	if err := errors.Join(os.WriteFile(in, doc.Bytes(), 0o600), os.WriteFile(fonts, []byte(fontAliases), 0o600)); err != nil {
		return err
	}
	if err := convert(ctx, office, dir, fonts, in); err != nil {
		return err
	}
	out, err := os.Open(filepath.Join(dir, "paper.pdf"))
	if err != nil {
		return fmt.Errorf("LibreOffice 没有生成 PDF：%w", err)
	}
	defer out.Close()
	_, err = io.Copy(w, out)
	return err
}

func convert(ctx context.Context, office, dir, fonts, in string) error {
	ctx, cancel := context.WithTimeout(ctx, officeTime)
	defer cancel()
	c := exec.CommandContext(ctx, office, "--headless", "--norestore", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--convert-to", pdfFilter, "--outdir", dir, in) // #nosec G204 -- LibreOffice, with paths of ours
	c.Env = append(os.Environ(), "FONTCONFIG_FILE="+fonts, "HOME="+dir, "SAL_USE_VCLPLUGIN=svp")
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = 5 * time.Second
	said, err := c.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("LibreOffice 在 %v 内没有完成：%w", officeTime, ctx.Err())
	case err != nil:
		return fmt.Errorf("LibreOffice：%w：%s", err, strings.TrimSpace(string(said)))
	}
	return nil
}
