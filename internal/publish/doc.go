// Package publish carries what the control plane stored over to the data plane: it
// watches the store, compiles the stages that a batch changed, and swaps the whole
// table of plans in one step. A request that began with the old table ends with it.
//
// Stages are compiled when they change, all of them at the start, not when they are
// first called: their diagnostics are there before anybody calls, and a request never
// waits for a compiler. Compiled snapshots are kept while a stage uses them, so that
// changing a stage's variables or settings compiles nothing but the stage.
//
// API keys and usage plans are live (usage_plans.go), and so are custom domain names:
// their table of mappings and routing rules changes with their records (domains.go).
// Stages of HTTP APIs and WebSocket APIs come the same way as those of REST APIs, through
// compilers of their own (compile_v2.go).
//
// It does not serve (package dataplane) and does not know how to compile (package
// compile). Begin at Publisher; watch.go decides what a batch touches, table.go swaps.
package publish
