// Package lambda is the embedded runner of Lambda functions: given an
// immutable description of a function and an event, it answers what AWS Lambda
// would have answered, and writes the log lines AWS Lambda would have written.
//
// Every execution environment is a process that speaks the Lambda Runtime API
// to a listener of its own. Any bootstrap of the provided.* runtimes therefore
// runs unchanged; Python and Node.js functions run on the interpreters of this
// machine through two small bootstraps (python/bootstrap.py,
// nodejs/bootstrap.mjs).
//
// It is not the Lambda control plane: it stores no function, knows no alias,
// no permission and none of AWS's wire formats but the Runtime API and, for
// functions that live elsewhere, the Invoke request. It knows no gateway. And
// it is no security boundary for hostile code: the sandbox keeps honest
// functions apart as AWS would, best effort (DESIGN.md says how far).
//
// Begin reading at Runner.Invoke in runner.go, then environment.go for the
// life of one process, runtime_api.go for what that process may ask, and
// sandbox.go for how it is started and why none outlives the server.
package lambda
