// Command awsgen turns AWS's service models into internal/awsapi.
//
// It works in two steps. "awsgen extract" reads the service-2.json models of an installed
// botocore and writes their facts (names, shapes, members, bindings, constraints, errors; no
// sentence of documentation) to tools/awsgen/models. "awsgen generate" reads those committed
// files and writes the Go packages. Only the second step runs in "go generate ./...", so a
// build needs Go alone and generation gives the same bytes everywhere.
//
// It is not a general Smithy code generator: it knows the protocols and shapes of the services
// listed in services.go and refuses anything else by name. Begin reading at generate.go.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "awsgen:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	step := "generate"
	if len(arguments) > 0 && arguments[0][0] != '-' {
		step, arguments = arguments[0], arguments[1:]
	}
	flags := flag.NewFlagSet("awsgen "+step, flag.ContinueOnError)
	switch step {
	case "extract":
		botocore := flags.String("botocore", "", "directory of the Python package botocore; the one that python3 imports by default")
		out := flags.String("out", "tools/awsgen/models", "directory to write the facts to")
		if err := flags.Parse(arguments); err != nil {
			return err
		}
		return extract(*botocore, *out)
	case "generate":
		out := flags.String("out", "internal/awsapi", "directory to write the Go packages to")
		if err := flags.Parse(arguments); err != nil {
			return err
		}
		return writeGenerated(*out)
	}
	return fmt.Errorf("unknown step %q: want extract or generate", step)
}
