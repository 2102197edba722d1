package lambda

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary be its own supervisor, as the real one is, and
// the other programs tests need.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "bootstrap" {
		os.Exit(runBootstrap())
	}
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case SandboxArgument:
			os.Exit(SandboxMain(os.Args[2:]))
		case serverArgument:
			os.Exit(serveUntilKilled(os.Args[2], os.Args[3]))
		}
	}
	goleak.VerifyTestMain(m)
}
