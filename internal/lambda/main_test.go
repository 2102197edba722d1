package lambda

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain lets the test binary be its own supervisor, as the real one is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case SandboxArgument:
			os.Exit(SandboxMain(os.Args[2:]))
		case serverArgument:
			serveUntilKilled(os.Args[2])
		}
	}
	goleak.VerifyTestMain(m)
}
