// Package restapi compiles a REST API: a frozen Snapshot and the record of a Stage
// become the plan that the data plane executes, and a list of what is wrong with which
// method. It is pure: the same text in gives the same text out.
//
// What is wrong with one method breaks that method, which then answers 500, and never
// the stage. What Gatehouse has not built is refused by name, as a Diagnostic and a
// plan.Refusal; the list is in refuse.go.
//
// It does not serve, does not store and does not judge what the control plane should
// have refused. Nothing of the data plane imports it.
//
// Begin at Compile; the files are named after what they compile.
package restapi
