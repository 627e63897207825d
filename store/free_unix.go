//go:build linux || darwin

package store

import "syscall"

// free is how many bytes a program may still write below a directory; -1: not known.
func free(dir string) int64 {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return -1
	}
	return int64(st.Bavail) * int64(st.Bsize)
}
