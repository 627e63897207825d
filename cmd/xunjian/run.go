package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/xunjian/xunjian/config"
	"github.com/xunjian/xunjian/inspect"
	"github.com/xunjian/xunjian/inspect/zh"
)

// Exit codes, as scripts rely on them.
const (
	exitOK         = 0
	exitFindings   = 1 // something is wrong on the site
	exitUsage      = 2 // the command line or the configuration is wrong
	exitIncomplete = 3 // the inspection could not be completed
)

// errFindings and errIncomplete carry an exit code; their text was printed.
var (
	errFindings   = errors.New("findings")
	errIncomplete = errors.New("incomplete")
)

// A usageError is a mistake of who typed the command.
type usageError struct {
	err  error
	hint string
}

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usage(hint, format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...), hint}
}

// An env is what a command may touch.
type env struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
}

// cli is the table of subcommands.
type cli struct {
	Inspect     inspectCmd     `cmd:"" help:"检查网站和政务新媒体账号，输出评分与问题清单"`
	Accounts    accountsCmd    `cmd:"" help:"政务新媒体：账号一览、导入发布清单、登记人工核查"`
	Discover    discoverCmd    `cmd:"" help:"从网站导航中发现栏目，输出可直接使用的配置"`
	Check       checkCmd       `cmd:"" help:"检查单个页面（文件或网址）"`
	Review      reviewCmd      `cmd:"" help:"发布前审核一份稿件：错别字、表述、涉密标识、个人信息"`
	Explain     explainCmd     `cmd:"" help:"说明一项检查：依据、判定方法、整改建议"`
	Replay      replayCmd      `cmd:"" help:"用存档重新判定一次检查，应得到完全相同的问题"`
	Inspections inspectionsCmd `cmd:"" help:"列出已保存的检查"`
	CheckConfig checkConfigCmd `cmd:"" name:"check-config" help:"只校验配置文件，一次列出全部错误"`
	Serve       serveCmd       `cmd:"" help:"按时间表持续检查：访问首页、检查栏目与全站、读取账号、复查、出具评分卡"`
	Worker      workerCmd      `cmd:"" help:"只领取任务的进程，可在多台机器上运行任意多个（需要 PostgreSQL）"`
	Jobs        jobsCmd        `cmd:"" help:"任务队列：列出、安排、重做、取消"`
	Bulletin    bulletinCmd    `cmd:"" help:"写出月度、季度、年度通报等文书；预告、异议、定稿"`
	Users       usersCmd       `cmd:"" help:"控制台的用户与接口令牌"`
	Alerts      alertsCmd      `cmd:"" help:"通知：试算、测试渠道、发送记录、静默、更新期限"`
	Visits      visitsCmd      `cmd:"" help:"各网站首页近7天的访问情况，离“站点无法访问”还差几次"`
	Monitoring  monitoringCmd  `cmd:"" help:"写出 Prometheus 规则、Alertmanager 示例和 Grafana 面板"`
	Backup      backupCmd      `cmd:"" help:"备份全部数据和证据，服务可照常运行"`
	Restore     restoreCmd     `cmd:"" help:"由备份恢复到新的数据目录，SQLite 或 PostgreSQL"`
	Export      exportCmd      `cmd:"" help:"导出一个网站或全部网站的检查，供另一处导入"`
	Import      importCmd      `cmd:"" help:"导入另一处导出的检查"`
	Demo        demoCmd        `cmd:"" help:"启动内置的演示网站并检查它"`
	Version     versionCmd     `cmd:"" help:"显示版本"`
}

const description = `巡检：按国家检查指标检查政府网站。

例：
  xunjian inspect https://www.example.gov.cn/
  xunjian discover https://www.example.gov.cn/ > site.yaml
  xunjian inspect -c site.yaml --format html -o report.html
  xunjian explain column-stale

退出码：0 未发现问题；1 发现问题；2 用法或配置错误；3 检查未能完成。`

// run is the program: it parses args, runs one command and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	p, err := kong.New(&c, kong.Name("xunjian"), kong.Description(description), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }), kong.WithHyphenPrefixedParameters(true), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Help(helpWithExamples))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := p.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "xunjian: %v\nhint: xunjian --help 列出全部命令，xunjian 命令 --help 给出例子\n", err)
		return exitUsage
	}
	return exitCode(k.Run(&env{ctx, stdin, stdout, stderr}), stderr)
}

// helpWithExamples is kong's help with the examples of the command behind it.
func helpWithExamples(o kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(o, ctx); err != nil {
		return err
	}
	if n := ctx.Selected(); n != nil {
		if e, ok := n.Target.Addr().Interface().(interface{ Examples() string }); ok {
			fmt.Fprintf(ctx.Stdout, "\n例：\n%s\n", e.Examples())
		}
	}
	return nil
}

// exitCode prints an error, with a hint where there is one, and maps it.
func exitCode(err error, stderr io.Writer) int {
	var use usageError
	var list config.Errors
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errIncomplete):
		return exitIncomplete
	case errors.As(err, &list):
		fmt.Fprintln(stderr, list)
		return exitUsage
	case errors.As(err, &use):
		fmt.Fprintf(stderr, "xunjian: %v\n", err)
		if use.hint != "" {
			fmt.Fprintf(stderr, "hint: %s\n", use.hint)
		}
		return exitUsage
	}
	fmt.Fprintf(stderr, "xunjian: %v\n", err)
	return exitIncomplete
}

// parseNow reads --now: a day or a moment, in the rules' zone.
func parseNow(s string) (time.Time, error) {
	if s == "" {
		return time.Now(), nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	if t, ok := zh.Date(s); ok {
		return t.In(inspect.Zone), nil
	}
	return time.Time{}, usage("例：--now 2026-10-31 或 --now 2026-10-31T09:00:00+08:00", "--now %q 不是日期", s)
}

// output is stdout, or the file of -o.
func (e *env) output(file string, write func(io.Writer) error) error {
	if file == "" || file == "-" {
		return write(e.stdout)
	}
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}

// isURL reports whether an argument names a page on the network.
func isURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}
