// Package knowledge is the knowledge base: articles that explain every way to fail
// that Gatehouse knows, found by whatever somebody saw, with feedback from readers and
// reports for editors. It serves pages at /_gatehouse/kb/ and JSON at
// /_gatehouse/api/kb/, and needs no server to be read: package terminal prints the same
// articles.
//
// Articles are Markdown with front matter, in articles/; a directory of the operator's
// own adds to them or replaces them by id. Numbers in articles come from the limits in
// the code ({{limit "PayloadSizeLimit"}}), so that they cannot be out of date.
//
// It does not find out why a request failed (package diagnosis does, behind
// [Explainer]), and it keeps nothing by itself: feedback and counts go to a [Ledger],
// of which package ledger is the one over the store.
//
// The search index is our own, over a hundred short articles. bleve was
// measured in its place: 19 MB more binary, 32 MB more memory and 80 ms for 75 small
// documents, where the server as a whole aims at 60 MB. Ours keeps 1.5 MB and is made in
// 45 ms by the first search; a search takes 2 ms, the longest query there may be 27 ms.
// How well it finds is measured over testdata/queries.txt, which it was tuned
// with, and testdata/relevance.txt, which was written without looking at it.
//
// Begin at [New] and library.go; index.go and search.go find articles, site.go serves
// them.
package knowledge
