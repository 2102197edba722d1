// Package deployment freezes a REST API into a Snapshot: what CreateDeployment keeps
// and what the compiler reads. Two snapshots with the same content have the same hash,
// so that a compiled one can be used again.
//
// What is frozen: the RestApi itself (its resource policy, binary media types,
// minimum compression size, API key source and disabled endpoint among it), resources
// with their methods and integrations, models, request validators, authorizers and
// gateway responses. What stays live: everything of a Stage (variables, method
// settings, canary, log settings), usage plans, domain names and mappings.
//
// It does not store anything and does not judge what it freezes: CreateDeployment's
// checks are the control plane's, diagnostics are the compiler's.
//
// Begin at Freeze.
package deployment
