// Known from: the model, which lists the operations.

package lambda

import (
	"os"
	"regexp"
	"strings"
	"testing"

	model "gatehouse/internal/awsapi/lambda"
)

// Every operation that has types, and so is built, has a file with its name and a case.
func TestOperations_haveFiles(t *testing.T) {
	built := 0
	for _, operation := range model.Schema().Operations {
		if !operation.Typed() {
			continue
		}
		built++
		file := strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(operation.Name, "${1}_${2}")) + "_test.go"
		content, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s has no file %s", operation.Name, file)
			continue
		}
		if !strings.HasPrefix(string(content), "// Known from: ") || !regexp.MustCompile(`func Test`+operation.Name+`(_|\()`).Match(content) {
			t.Errorf("%s does not begin with how we know, or has no case Test%s", file, operation.Name)
		}
	}
	if built < 30 {
		t.Errorf("only %d operations are built", built)
	}
}
