// Known from: the model, which lists the operations.

package apigateway

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	model "gatehouse/internal/awsapi/apigateway"
)

// notBuilt are the nouns whose operations answer 501; an operation whose name ends with
// one of them, or its plural, needs no file yet.
var notBuilt = regexp.MustCompile(`(DomainNameAccessAssociation|ClientCertificate|SdkType|Sdk)s?$`)

// Every operation of a built noun has a file with its name, and a case with its name.
func TestOperations_haveFiles(t *testing.T) {
	built := 0
	for _, operation := range model.Schema().Operations {
		if notBuilt.MatchString(operation.Name) {
			continue
		}
		built++
		file := snakeCase(operation.Name) + "_test.go"
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
	if built < 60 {
		t.Errorf("only %d operations are built", built)
	}
}

func snakeCase(name string) string {
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "${1}_${2}"))
}

// What is not built names itself, with 501.
func TestOperations_notBuilt(t *testing.T) {
	ours(t)
	_, err := client(t).GetSdkTypes(context.Background(), &apigateway.GetSdkTypesInput{})
	refused(t, err, "NotImplementedException", "apigateway GetSdkTypes is not implemented by Gatehouse.")
}
