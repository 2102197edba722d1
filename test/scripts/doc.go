// Package scripts runs end-to-end stories against the real binary: each
// testdata/*.txtar starts a server of its own and drives it with the unmodified aws
// CLI, boto3 and curl, as a user would.
//
// Begin with a story; scripts_test.go only prepares what they need.
package scripts
