package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gatehouse/internal/state"
	"gatehouse/internal/store/jetstream"
)

type stateCommand struct {
	Export stateExportCommand `cmd:"" help:"Write everything that is kept as JSON, one record a line."`
	Import stateImportCommand `cmd:"" help:"Read such a file into an empty data directory."`
}

// dataFlag names the data of a server that is not running.
type dataFlag struct {
	Data string `default:"data" env:"GATEHOUSE_DATA" type:"path" help:"Directory that keeps everything; no server may be running on it."`
}

func (d dataFlag) open(ctx context.Context, t *streams) (*jetstream.Store, error) {
	opened, err := jetstream.Open(ctx, jetstream.Config{Dir: filepath.Join(d.Data, "jetstream"), Log: t.logger("error")})
	if err != nil {
		return nil, fmt.Errorf("opening the data in %s: %w", d.Data, err)
	}
	return opened, nil
}

type stateExportCommand struct {
	dataFlag
	File string `arg:"" optional:"" help:"Where to write; standard output otherwise."`
}

// Run exports.
func (c *stateExportCommand) Run(t *streams) (err error) {
	opened, err := c.open(t.context, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	out := t.out
	if c.File != "" {
		file, err := os.OpenFile(c.File, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("making the file: %w", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	summary, err := state.Export(t.context, opened, out)
	if err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	_, err = fmt.Fprintf(t.err, "exported %+v\n", summary)
	return err
}

type stateImportCommand struct {
	dataFlag
	File string `arg:"" type:"existingfile" help:"What state export wrote."`
}

// Run imports.
func (c *stateImportCommand) Run(t *streams) (err error) {
	opened, err := c.open(t.context, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("opening the file: %w", err)
	}
	defer func() { _ = file.Close() }()
	summary, err := state.Import(t.context, opened, file)
	if err != nil {
		return fmt.Errorf("importing: %w", err)
	}
	_, err = fmt.Fprintf(t.err, "imported %+v\n", summary)
	return err
}

type doctorCommand struct{ dataFlag }

var errUnwell = errors.New("the data is not well; serve --salvage opens what is readable")

// Run checks the data of a server that is not running.
func (c *doctorCommand) Run(t *streams) (err error) {
	opened, err := c.open(t.context, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	report, err := opened.Check(t.context)
	if err != nil {
		return fmt.Errorf("checking: %w", err)
	}
	if len(report.Problems) > 0 {
		if _, err := fmt.Fprintln(t.out, strings.Join(report.Problems, "\n")); err != nil {
			return err
		}
		return errUnwell
	}
	_, err = fmt.Fprintf(t.out, "the data in %s is well: %d records\n", c.Data, opened.View().Len())
	return err
}
