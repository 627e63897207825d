//go:build !linux && !darwin

package store

func free(string) int64 { return -1 }
