package articles

import (
	"strings"

	"github.com/yuin/goldmark/ast"

	"gatehouse/internal/knowledge"
)

// Command is one command of an article and what it is to print.
type Command struct {
	// Text is the command without its prompt; it may have several lines.
	Text string
	// Want are parts of lines of the output, in order; "…" stands for anything.
	Want []string
	// Test is the name in the block's mark.
	Test string
}

const testMark = "test="

// Commands are the commands of an article's marked blocks, in order.
func Commands(article *knowledge.Article) []Command {
	document, source := article.Document()
	var commands []Command
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if block, ok := n.(*ast.FencedCodeBlock); ok && entering && block.Info != nil {
			if name, ok := testName(string(block.Info.Segment.Value(source))); ok {
				commands = append(commands, commandsOf(knowledge.BlockLines(block, source), name)...)
			}
		}
		return ast.WalkContinue, nil
	})
	return commands
}

// unmarkedBlocks counts the blocks of commands that nobody executes.
func unmarkedBlocks(article *knowledge.Article) int {
	document, source := article.Document()
	count := 0
	for node := document.FirstChild(); node != nil; node = node.NextSibling() {
		block, ok := node.(*ast.FencedCodeBlock)
		if !ok || string(block.Language(source)) != "console" {
			continue
		}
		if _, marked := testName(string(block.Info.Segment.Value(source))); !marked {
			count++
		}
	}
	return count
}

func testName(info string) (string, bool) {
	for word := range strings.FieldsSeq(info) {
		if name, ok := strings.CutPrefix(word, testMark); ok {
			return name, true
		}
	}
	return "", false
}

func commandsOf(lines []string, test string) []Command {
	var commands []Command
	for _, read := range knowledge.ReadConsole(lines) {
		command := Command{Text: read.Text, Test: test}
		for _, line := range read.Output {
			if line = strings.TrimSpace(line); line != "" {
				command.Want = append(command.Want, line)
			}
		}
		commands = append(commands, command)
	}
	return commands
}

// Missing returns the first of the wanted lines that is not part of a line of the
// output, in order.
func (c Command) Missing(output string) (line string, ok bool) {
	lines := strings.Split(output, "\n")
	for _, want := range c.Want {
		found := false
		for i, got := range lines {
			if containsInOrder(got, want) {
				lines, found = lines[i:], true // the same line may hold the next part too
				break
			}
		}
		if !found {
			return want, true
		}
	}
	return "", false
}

// containsInOrder looks for the parts of want between "…" in a line.
func containsInOrder(line, want string) bool {
	for part := range strings.SplitSeq(want, "…") {
		at := strings.Index(line, part)
		if at < 0 {
			return false
		}
		line = line[at+len(part):]
	}
	return true
}
