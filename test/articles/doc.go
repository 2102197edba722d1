// Package articles runs the knowledge base: the commands that articles show are executed
// against a server, and the lines they show as output must come. The article is the
// test.
//
// A block counts that is marked `console test=NAME`: lines that begin with "$ " are
// commands, the lines after one are parts of lines of its output, in order. Before them
// scripts/NAME.sh makes the situation; setup.sh has what the scripts share. All blocks of
// an article run in one shell. aws is the unmodified CLI, started once (aws_test.go says
// how), wscat a small program that knows its options. GATEHOUSE_URL names a server that
// runs already; else the test builds and starts one.
//
// An article that has causes is then opened with the requests that its own commands made,
// as ?request= does, and must say of one of them which cause applies.
//
// It is not a test of how articles look or are found; package knowledge has those.
//
// Begin at blocks.go; articles_test.go runs everything.
package articles
