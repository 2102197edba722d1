// Package robustness runs the real binary and treats it badly: it is killed while
// clients write, its clients vanish in the middle of a request, and it is told to end
// under load. What was acknowledged must be there afterwards, whole.
//
// It knows nothing of what a server answers in good times (package scripts does). Begin
// at TestKilled; kinds of writes are the rows of writers.
package robustness
