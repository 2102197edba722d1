// Package arch holds the tests that keep the tree in shape: the walls between the
// planes, a comment on every package, files that a newcomer can read, and an
// ARCHITECTURE.md that names only what exists.
//
// It has no code of its own. Begin at walls_test.go.
package arch
