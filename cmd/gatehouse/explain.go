package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"gatehouse/internal/diagnosis"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/login"
)

type explainCommand struct {
	Request []string `arg:"" optional:"" help:"The request id of the response (x-amzn-RequestId, x-amz-apigw-id or apigw-requestid), a line of a log that has it, an error's id for the latest request with it, or - to read that from standard input. Without any, the latest request that failed."`
	Url     string   `default:"http://127.0.0.1:4566" env:"AWS_ENDPOINT_URL" help:"Where the server is."`
	Json    bool     `help:"Print the explanation as JSON."`
}

const (
	explainTimeout = 10 * time.Second
	// defaultUrl also stands in for a variable that is set and empty.
	defaultUrl = "http://127.0.0.1:4566"
)

// Run prints why a request was answered as it was. Where the environment has
// credentials it signs with them, as a server in secure mode demands.
func (c *explainCommand) Run(t *streams) error {
	client := &http.Client{Timeout: explainTimeout}
	if credentials, ok := login.CredentialsOf(os.Getenv); ok {
		client.Transport = &login.Transport{Credentials: credentials, Region: cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1"), Now: time.Now}
	}
	c.Url = diagnosis.ServerUrl(cmp.Or(c.Url, defaultUrl))
	text, err := c.text(t)
	if err != nil {
		return err
	}
	explanation, err := diagnosis.FetchNamed(t.context, client, c.Url, text)
	if err != nil {
		return err
	}
	if c.Json {
		encoder := json.NewEncoder(t.out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(explanation)
	}
	printer := diagnosis.Print{Color: t.colors(), Width: t.width(), HelpBase: c.Url + knowledge.Prefix}
	return printer.Write(t.out, explanation)
}

// text is what names the request.
func (c *explainCommand) text(t *streams) (string, error) {
	switch text := strings.Join(c.Request, " "); {
	case len(c.Request) == 0:
		return diagnosis.Latest, nil
	case text == "-":
		piped, err := io.ReadAll(io.LimitReader(t.in, diagnosis.MaxNamed))
		if err != nil {
			return "", fmt.Errorf("reading standard input: %w", err)
		}
		return string(piped), nil
	default:
		return text, nil
	}
}
