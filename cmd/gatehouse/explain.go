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
	"gatehouse/internal/knowledge/terminal"
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

type kbCommand struct {
	Articles string          `type:"path" env:"GATEHOUSE_ARTICLES" help:"Directory of articles of your own."`
	List     kbListCommand   `cmd:"" help:"List the articles."`
	Search   kbSearchCommand `cmd:"" help:"Find articles; a whole log line or error may be pasted."`
	Show     kbShowCommand   `cmd:"" help:"Print an article by its id, or by an error's."`
}

func (c *kbCommand) library() (*knowledge.Library, error) {
	if c.Articles == "" {
		return knowledge.Load(nil)
	}
	return knowledge.Load(os.DirFS(c.Articles))
}

type kbListCommand struct {
	Category string `help:"Only the articles of a category."`
}

// Run lists.
func (c *kbListCommand) Run(t *streams, kb *kbCommand) error {
	library, err := kb.library()
	if err != nil {
		return err
	}
	return terminal.List(t.out, library, c.Category, terminal.Options{Bold: t.colors()})
}

type kbSearchCommand struct {
	Words []string `arg:"" help:"What you saw, or what you look for."`
}

// Run searches.
func (c *kbSearchCommand) Run(t *streams, kb *kbCommand) error {
	library, err := kb.library()
	if err != nil {
		return err
	}
	return terminal.Search(t.out, library, knowledge.Query{Text: strings.Join(c.Words, " ")}, terminal.Options{Bold: t.colors()})
}

type kbShowCommand struct {
	Id string `arg:"" help:"The article's id, such as GH-R101."`
}

// Run prints an article.
func (c *kbShowCommand) Run(t *streams, kb *kbCommand) error {
	library, err := kb.library()
	if err != nil {
		return err
	}
	return terminal.Show(t.out, library, c.Id, terminal.Options{Bold: t.colors()})
}
