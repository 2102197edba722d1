// Package plan is what the data plane executes: the Table of everything served, and
// for each stage of a REST API a RestStage whose routes, templates, models, policies
// and selection patterns are compiled.
//
// A plan is immutable: packages compile and publish build it, nobody changes it
// afterwards, and a request reads it once and keeps it to its end. It prints as text
// (RestStage.Text), which is what golden tests compare and what a person reads.
//
// It does not compile (package compile), it does not run anything but the search of a
// route, and it knows no noun of the control plane. Of package record it knows what
// stands for a method in records of its exchanges.
//
// Begin at table.go, then rest_stage.go and method.go; routes.go finds a method.
package plan
