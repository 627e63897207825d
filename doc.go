// Package xunjian holds no code: the house begins in package inspect, and the
// program in cmd/xunjian. The test beside this file keeps the arrows between
// the rooms.
package xunjian
