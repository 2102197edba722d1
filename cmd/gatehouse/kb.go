package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"gatehouse/internal/knowledge"
	"gatehouse/internal/knowledge/terminal"
)

type kbCommand struct {
	Articles string          `type:"path" env:"GATEHOUSE_ARTICLES" help:"Directory of articles of your own."`
	List     kbListCommand   `cmd:"" help:"List the articles."`
	Search   kbSearchCommand `cmd:"" help:"Find articles; a whole log line or error may be pasted, or piped in."`
	Show     kbShowCommand   `cmd:"" help:"Print an article by its id, or by an error's."`
}

// library reads the articles, and says which files of the directory are none.
func (c *kbCommand) library(t *streams) (*knowledge.Library, error) {
	if c.Articles == "" {
		return knowledge.Load(nil)
	}
	if _, err := os.ReadDir(c.Articles); err != nil {
		return nil, fmt.Errorf("reading the directory of own articles: %w", err)
	}
	library, err := knowledge.Load(os.DirFS(c.Articles))
	if err != nil {
		return nil, err
	}
	for _, problem := range library.Problems() {
		_, _ = fmt.Fprintf(t.err, "gatehouse: leaving out %s: %v\n", problem.File, problem.Err)
	}
	return library, nil
}

func (t *streams) articleOptions() terminal.Options {
	return terminal.Options{Bold: t.colors(), Width: t.width()}
}

type kbListCommand struct {
	Category string `help:"Only the articles of a category."`
}

// Run lists.
func (c *kbListCommand) Run(t *streams, kb *kbCommand) error {
	library, err := kb.library(t)
	if err != nil {
		return err
	}
	return terminal.List(t.out, library, c.Category, t.articleOptions())
}

type kbSearchCommand struct {
	Words    []string `arg:"" optional:"" help:"What you saw, or what you look for; without any, standard input is read."`
	Category string   `help:"Only the articles of a category."`
	ApiType  string   `help:"Only articles about REST, HTTP or WEBSOCKET APIs." enum:"REST,HTTP,WEBSOCKET," default:""`
}

// Run searches.
func (c *kbSearchCommand) Run(t *streams, kb *kbCommand) error {
	library, err := kb.library(t)
	if err != nil {
		return err
	}
	query := knowledge.Query{Text: strings.Join(c.Words, " "), Category: c.Category, APIType: c.ApiType}
	if len(c.Words) == 0 {
		pasted, err := io.ReadAll(io.LimitReader(t.in, knowledge.MaxQueryBytes))
		if err != nil {
			return fmt.Errorf("reading standard input: %w", err)
		}
		query.Text = string(pasted)
	}
	return terminal.Search(t.out, library, query, t.articleOptions())
}

type kbShowCommand struct {
	Id string `arg:"" help:"The article's id, such as GH-R101."`
}

// Run prints an article.
func (c *kbShowCommand) Run(t *streams, kb *kbCommand) error {
	library, err := kb.library(t)
	if err != nil {
		return err
	}
	return terminal.Show(t.out, library, c.Id, t.articleOptions())
}
