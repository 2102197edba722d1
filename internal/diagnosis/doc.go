// Package diagnosis explains requests: from what the data plane recorded of one to what
// was checked, what was found, what would have passed, and the command that mends it,
// with the request's own names and ids.
//
// The decision itself was the data plane's; nothing is decided again here. What only
// the control plane knows (routes that are defined but not deployed, the policy as it
// stands) comes from Definitions, which package definitions fills from the store.
//
// Begin at Explainer.Explain; fixes.go and its siblings hold what mends each error,
// by its id. handler.go serves explanations as JSON and as pages, terminal.go prints
// them.
package diagnosis
