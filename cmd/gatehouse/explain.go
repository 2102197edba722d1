package main

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"gatehouse/internal/diagnosis"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/login"
)

type explainCommand struct {
	RequestId string `arg:"" optional:"" default:"latest" help:"The request id of the response: x-amzn-RequestId or apigw-requestid. Without one, the latest request that failed."`
	Url       string `default:"http://127.0.0.1:4566" env:"AWS_ENDPOINT_URL" help:"Where the server is."`
}

const explainTimeout = 10 * time.Second

// Run prints why a request was answered as it was. Where the environment has
// credentials it signs with them, as a server in secure mode demands.
func (c *explainCommand) Run(t *streams) error {
	client := &http.Client{Timeout: explainTimeout}
	if credentials, ok := login.CredentialsOf(os.Getenv); ok {
		client.Transport = &login.Transport{Credentials: credentials, Region: cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1"), Now: time.Now}
	}
	explanation, err := diagnosis.Fetch(t.context, client, strings.TrimSuffix(c.Url, "/"), c.RequestId)
	if err != nil {
		return fmt.Errorf("asking %s: %w", c.Url, err)
	}
	printer := diagnosis.Print{Color: t.colors(), Width: t.width(), HelpBase: strings.TrimSuffix(c.Url, "/") + knowledge.Prefix}
	return printer.Write(t.out, explanation)
}
