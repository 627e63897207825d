// Package hostile is a world of sites that mean harm, or are as broken as if
// they did, and holds xunjian, run as users run it, against each: it must end
// in time, within its memory, and say the right thing. Its tests are all.
package hostile
