// Package soak lets xunjian serve run for long on sites that change all the
// time, in a time that is compressed by its timetable, and holds what must not
// grow: memory, goroutines, descriptors, series. Its tests are all.
package soak
