package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/store"
)

// placeFlags say where the data is.
type placeFlags struct {
	Config   string `short:"c" placeholder:"FILE" help:"配置文件"`
	Data     string `placeholder:"DIR" help:"数据目录（默认取配置，或 xunjian-data）"`
	Database string `placeholder:"URL" help:"postgres://…；默认用数据目录中的 SQLite"`
}

func (p *placeFlags) where() (dir, database string, err error) {
	cfg := config.Default()
	if p.Config != "" {
		if cfg, err = config.Load(p.Config); err != nil {
			return "", "", usageError{err: err}
		}
	}
	dir, database = cfg.Data, cfg.Database
	if p.Data != "" {
		dir = p.Data
	}
	if p.Database != "" {
		database = p.Database
	}
	return dir, database, nil
}

// with opens the store for a command; one that is not there is a mistake, not
// a new one.
func (p *placeFlags) with(e *env, do func(*store.Store) error) error {
	dir, database, err := p.where()
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "xunjian.db")); database == "" && errors.Is(err, fs.ErrNotExist) {
		return usage("用 --data DIR 或 -c FILE 指明数据目录", "%s 中没有巡检的数据", dir)
	}
	st, err := store.Open(e.ctx, dir, database)
	if err != nil {
		return err
	}
	return errors.Join(do(st), st.Close())
}

type backupCmd struct {
	placeFlags
	Out string `short:"o" placeholder:"FILE" help:"存档文件；- 为标准输出（默认 xunjian-日期.tar.zst）"`
}

func (backupCmd) Help() string {
	return "服务运行时即可备份，得到的是同一时刻的全部数据，连同证据。存档与数据库种类无关：SQLite 的备份可以恢复到 PostgreSQL，反之亦然。\n任务队列不在其中：恢复后时间表自行重新排定。配置文件与密钥请另行保管。"
}

func (backupCmd) Examples() string {
	return "  xunjian backup -c district.yaml -o /backup/xunjian.tar.zst\n  xunjian restore /backup/xunjian.tar.zst --data new-data"
}

func (c *backupCmd) Run(e *env) error {
	return c.with(e, func(st *store.Store) error {
		return archiveTo(e, c.Out, func(w io.Writer) (*store.Archived, error) { return st.Backup(e.ctx, w) })
	})
}

type exportCmd struct {
	placeFlags
	Site string `placeholder:"ID" help:"只导出这个网站或账号的检查"`
	Out  string `short:"o" placeholder:"FILE" help:"存档文件；- 为标准输出（默认 xunjian-日期.tar.zst）"`
}

func (exportCmd) Help() string {
	return "导出检查、问题、证据和页面历史，供另一处的巡检导入。与备份是同一种存档，只是不含访问记录、收到的清单和检查端自身的记录。"
}

func (exportCmd) Examples() string {
	return "  xunjian export --data xunjian-data --site portal -o portal.tar.zst\n  xunjian import portal.tar.zst --data other-data"
}

func (c *exportCmd) Run(e *env) error {
	return c.with(e, func(st *store.Store) error {
		if c.Site != "" {
			if n, err := st.CountInspections(e.ctx, c.Site); err != nil {
				return err
			} else if n == 0 {
				return usage("xunjian inspections 列出已保存的检查", "没有网站 %q 的检查", c.Site)
			}
		}
		return archiveTo(e, c.Out, func(w io.Writer) (*store.Archived, error) { return st.Export(e.ctx, w, c.Site) })
	})
}

// archiveTo writes an archive; the file has its name only once it is whole.
func archiveTo(e *env, file string, write func(io.Writer) (*store.Archived, error)) error {
	if file == "" {
		file = "xunjian-" + time.Now().In(inspect.Zone).Format("20060102T150405") + ".tar.zst"
	}
	var got *store.Archived
	save := func(w io.Writer) (err error) {
		got, err = write(w)
		return err
	}
	var err error
	if file == "-" {
		err = save(e.stdout)
	} else {
		err = whole(file, save)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "已写入 %s：%d 次检查，%d 行，%d 份正文（%.1f MB）。\n", file, got.Inspections, got.Rows, got.Bodies, float64(got.Bytes)/1e6)
	if n := len(got.Damaged); n > 0 {
		fmt.Fprintf(e.stderr, "xunjian: %d 份正文在备份之前已经损坏，存档中没有：%s 等\n", n, got.Damaged[0])
		return errIncomplete
	}
	return nil
}

// whole writes a new file, under another name until it is complete and on the disk.
func whole(file string, write func(io.Writer) error) error {
	if _, err := os.Lstat(file); err == nil {
		return usage("请换一个文件名，或先移走它", "%s 已经存在", file)
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".partial-") // 0600: it holds evidence
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	defer os.Remove(f.Name()) // no harm once it is renamed
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return os.Rename(f.Name(), file)
}

type restoreCmd struct {
	File     string `arg:"" help:"xunjian backup 写成的存档"`
	Data     string `required:"" placeholder:"DIR" help:"新的数据目录，不存在或为空"`
	Database string `placeholder:"URL" help:"恢复到这个 PostgreSQL 数据库（须为空）；默认用 SQLite"`
}

func (restoreCmd) Help() string {
	return "先校验存档的每一部分，再在临时位置恢复，全部完成后才启用；中途失败不留下任何东西。不会覆盖已有的数据。\n任务队列不在存档中：服务启动后，时间表自行重新排定。"
}

func (restoreCmd) Examples() string {
	return "  xunjian restore backup.tar.zst --data new-data\n  xunjian restore backup.tar.zst --data new-data --database postgres://xunjian@db/xunjian"
}

func (c *restoreCmd) Run(e *env) error {
	return fromArchive(c.File, func(f *os.File) error {
		got, err := store.Restore(e.ctx, f, c.Data, c.Database)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stderr, "已恢复到 %s：%d 次检查，%d 行，%d 份正文；备份于 %s。\n", c.Data, got.Inspections, got.Archived.Rows, got.Bodies, clockOf(got.Archived.Made))
		return nil
	})
}

type importCmd struct {
	placeFlags
	File string `arg:"" help:"xunjian export 写成的存档"`
}

func (importCmd) Help() string {
	return "先校验整个存档，再逐次导入检查；编号相同的检查保持原样。服务可以同时运行。"
}

func (importCmd) Examples() string { return "  xunjian import portal.tar.zst --data xunjian-data" }

func (c *importCmd) Run(e *env) error {
	dir, database, err := c.where()
	if err != nil {
		return err
	}
	return fromArchive(c.File, func(f *os.File) (err error) {
		st, err := store.Open(e.ctx, dir, database)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, st.Close()) }()
		got, err := st.Import(e.ctx, f)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.stderr, "已导入 %d 次检查，%d 份正文；%d 次检查已有，保持原样。\n", got.Inspections, got.Bodies, got.Had)
		return nil
	})
}

func fromArchive(file string, do func(*os.File) error) error {
	f, err := os.Open(file)
	if err != nil {
		return usageError{err: fmt.Errorf("存档文件无法读取：%w", err)}
	}
	defer f.Close()
	return do(f)
}

// pageHistory prints what is known of a page over all inspections.
func pageHistory(ctx context.Context, w io.Writer, st *store.Store, site, url string) error {
	u, ok := inspect.Normal(url)
	if !ok {
		return usage("例：xunjian inspections --page https://www.example.gov.cn/xw/1.html", "%q 不是网址", url)
	}
	all, err := st.PageHistory(ctx, site, u)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(w, "没有一次完整的检查读到过这个页面。")
	}
	for _, p := range all {
		fmt.Fprintf(w, "%s  %s\n  首次读到  %s\n  最近读到  %s\n  最近变化  %s\n  内容摘要  %s\n", p.Site, p.URL, clockOf(p.First), clockOf(p.Last), clockOf(p.Changed), p.Digest)
		for _, r := range p.Rows {
			day := "无日期"
			if !r.Date.IsZero() {
				day = r.Date.In(inspect.Zone).Format(time.DateOnly)
			}
			fmt.Fprintf(w, "  栏目 %s：%s（%s），%s 至 %s 在列\n", r.Column, r.Title, day, clockOf(r.First), clockOf(r.Last))
		}
	}
	return nil
}
