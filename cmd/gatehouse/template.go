package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"gatehouse/internal/mapping/templatetest"
)

type templateCommand struct {
	Eval templateEvalCommand `cmd:"" help:"Render a mapping template and print the result."`
	Test templateTestCommand `cmd:"" help:"Run files of test cases and print each difference."`
}

type templateTestCommand struct {
	Files []string `arg:"" type:"existingfile" help:"Files in the format of vectors.json."`
}

var errTemplatesFailed = errors.New("some templates do not give what they should")

// Run prints the differences and, last, how many passed and failed.
func (c *templateTestCommand) Run(t *streams) error {
	_, failed, err := templatetest.Run(c.Files, t.out)
	if err != nil {
		return fmt.Errorf("testing templates: %w", err)
	}
	if failed > 0 {
		return errTemplatesFailed
	}
	return nil
}

type templateEvalCommand struct {
	Template string `required:"" type:"existingfile" help:"File with the mapping template."`
	Body     string `type:"existingfile" help:"File with the payload; without one the body is empty."`
	Params   string `help:"JSON with params {path, querystring, header}, context and stageVariables; @FILE reads it from a file."`
}

// Run prints the rendered template, or where and why it fails.
func (c *templateEvalCommand) Run(t *streams) error {
	template, err := os.ReadFile(c.Template)
	if err != nil {
		return fmt.Errorf("reading the template: %w", err)
	}
	var body []byte
	if c.Body != "" {
		if body, err = os.ReadFile(c.Body); err != nil {
			return fmt.Errorf("reading the payload: %w", err)
		}
	}
	parameters := c.Params
	if name, ok := strings.CutPrefix(parameters, "@"); ok {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading the parameters: %w", err)
		}
		parameters = string(text)
	}
	evaluation := templatetest.Evaluation{Name: c.Template, Template: string(template), Body: string(body), Parameters: parameters}
	if err := templatetest.Eval(evaluation, t.out); err != nil {
		return errors.New(templatetest.Describe(err))
	}
	return nil
}
