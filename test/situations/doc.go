// Package situations reproduces the errors that cost people most time. Each test makes
// the situation with the official SDK against the real binary, sends the request, asks
// the server to explain it, checks the error's id and what was found, then runs the
// command that the explanation prints, exactly as it is printed, and sees the same
// request pass.
//
// It does not test the answers' bytes (package dataplane's fixtures do) nor how
// explanations look (package diagnosis does).
//
// Begin at situation in situation_test.go; world_test.go has what makes the situations.
package situations
