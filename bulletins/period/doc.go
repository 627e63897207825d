// Package period compiles what is known of a month, a quarter or a year into
// one Bulletin. It is pure: a [Source] tells the facts, [Compile] counts them,
// and whoever writes a paper prints the figures, each of which says what it
// counted.
//
// Two kinds of numbers make the papers of a month, a quarter and a year agree.
// What happened (faults that came and went, posts, visits) is counted for each
// calendar month and added up. What stood (grades, open faults) is that of the
// end: for each target its last inspection of the period.
//
// What the store does not hold is not guessed: such a figure is not known, and
// says why.
package period
