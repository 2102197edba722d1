// Package examples embeds the example APIs, so that the binary can deploy them. It is
// no code of theirs: each folder is complete by itself and has a README.md.
package examples

import "embed"

// StatusCodes is the example that `gatehouse demo` deploys.
//
//go:embed status-codes/status.py
var StatusCodes embed.FS
