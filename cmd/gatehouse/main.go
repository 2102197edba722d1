// Command gatehouse is the server and its tools: serve, demo, template, state, doctor,
// version.
//
// It reads flags and says what happened; everything else is in internal/app and the
// packages it wires. Begin at commands.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"gatehouse/internal/lambda"
)

// version is set by the linker.
var version = "development"

// commands is the command line.
type commands struct {
	Serve    serveCommand    `cmd:"" help:"Run the server."`
	Demo     demoCommand     `cmd:"" help:"Run the server with an example API and print what to try."`
	Template templateCommand `cmd:"" help:"Evaluate and test mapping templates."`
	State    stateCommand    `cmd:"" help:"Export and import what is kept."`
	Doctor   doctorCommand   `cmd:"" help:"Check the data of a server that is not running."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// terminal is where a command reads and writes.
type terminal struct {
	out, err io.Writer
	context  context.Context //nolint:containedctx // kong hands commands values, not a context
}

func (t *terminal) logger(level string) *slog.Logger {
	var parsed slog.Level
	if err := parsed.UnmarshalText([]byte(level)); err != nil {
		parsed = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: parsed}))
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(t *terminal) error {
	_, err := fmt.Fprintln(t.out, "gatehouse", version)
	return err
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == lambda.SandboxArgument {
		os.Exit(lambda.SandboxMain(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var line commands
	parsed := kong.Parse(&line, kong.Name("gatehouse"), kong.UsageOnError(), kong.Configuration(loadConfigFile),
		kong.Description("The API Gateway you run yourself."), kong.Bind(&terminal{out: os.Stdout, err: os.Stderr, context: ctx}))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "gatehouse:", err)
		os.Exit(1)
	}
}
