package store

import (
	"errors"
	"fmt"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrDamaged says that evidence is not what its digest promises, or is cut.
var ErrDamaged = errors.New("证据文件已损坏")

// ErrDone says that an inspection is finished and takes nothing more.
var ErrDone = errors.New("检查已经结束")

// ErrNewer says that a newer program made the tables.
var ErrNewer = errors.New("数据由更新版本的程序写成，请升级本程序")

// ErrTaken says that another process took the inspection over.
var ErrTaken = errors.New("检查已由另一进程接管")

// hint adds to an error what a person can do about it.
func hint(err error, dir string) error {
	if err == nil {
		return nil
	}
	var lite *sqlite.Error
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_FULL:
		return fmt.Errorf("磁盘已满，检查不能继续：请为 %s 腾出空间后以 --resume 继续：%w", dir, err)
	case errors.As(err, &pg) && pg.Code == "53100":
		return fmt.Errorf("数据库服务器的磁盘已满，检查不能继续：请腾出空间后以 --resume 继续：%w", err)
	case errors.As(err, &lite) && (lite.Code()&0xff == sqlite3.SQLITE_CORRUPT || lite.Code()&0xff == sqlite3.SQLITE_NOTADB):
		return fmt.Errorf("数据库文件已损坏：请从备份恢复，或将它移走后重新开始：%w", err)
	case errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY:
		return fmt.Errorf("数据库被其他进程长时间占用：请结束占用它的进程后以 --resume 继续：%w", err)
	case errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EACCES) || errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%s 不可写：请检查权限：%w", dir, err)
	case strings.Contains(err.Error(), "connect") || strings.Contains(err.Error(), "conn closed") || pg != nil && strings.HasPrefix(pg.Code, "57P"):
		return fmt.Errorf("与数据库的连接中断：请确认数据库服务运行后以 --resume 继续：%w", err)
	}
	return err
}
