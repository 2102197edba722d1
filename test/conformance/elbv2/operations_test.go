// Known from: the model, which lists the operations.

package elbv2

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	model "gatehouse/internal/awsapi/elbv2"
)

// Every operation of the service's interface has a file with its name, and a case with
// its name; the others of the model answer 501.
func TestOperations_haveFiles(t *testing.T) {
	for operation := range reflect.TypeFor[model.Service]().Methods() {
		file := strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(operation.Name, "${1}_${2}")) + "_test.go"
		content, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%s has no file %s", operation.Name, file)
			continue
		}
		if !strings.HasPrefix(string(content), "// Known from: ") {
			t.Errorf("%s does not begin with how we know", file)
		}
		if !regexp.MustCompile(`func Test` + operation.Name + `(_|\()`).Match(content) {
			t.Errorf("%s has no case Test%s", file, operation.Name)
		}
	}
}
