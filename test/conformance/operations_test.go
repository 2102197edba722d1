package conformance

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/awsapi/sts"
	"gatehouse/internal/control/apis"
	"gatehouse/internal/control/connections"
	"gatehouse/internal/control/functions"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/control/loadbalancers"
	"gatehouse/internal/control/restapis"
)

// Every operation that is built has a file with its name in the folder of its service,
// which says how we know, and a case with its name. CloudWatch Logs has none: the test of
// internal/control/logs drives it with boto3.
func TestOperations_haveFiles(t *testing.T) {
	for _, service := range []struct {
		folder         string
		schema         *schema.Service
		implementation any
	}{
		{"apigateway", apigateway.Schema(), &restapis.Service{}},
		{"apigatewayv2", apigatewayv2.Schema(), &apis.Service{}},
		{"apigatewaymanagementapi", apigatewaymanagementapi.Schema(), &connections.Service{}},
		{"lambda", lambda.Schema(), &functions.Service{}},
		{"iam", iam.Schema(), &identity.Service{}},
		{"sts", sts.Schema(), &identity.TokenService{}},
		{"elbv2", elbv2.Schema(), &loadbalancers.Service{}},
	} {
		built, _ := service.schema.Built(service.implementation)
		if len(built) == 0 {
			t.Errorf("nothing of %s is built", service.folder)
		}
		for _, operation := range built {
			checkFile(t, filepath.Join(service.folder, snakeCase(operation)+"_test.go"), operation)
		}
	}
}

func checkFile(t *testing.T, file, operation string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%s has no file %s", operation, file)
		return
	}
	if !strings.HasPrefix(string(content), "// Known from: ") {
		t.Errorf("%s does not begin with how we know", file)
	}
	if !regexp.MustCompile(`func Test` + operation + `(_|\()`).Match(content) {
		t.Errorf("%s has no case Test%s", file, operation)
	}
}

var (
	word    = regexp.MustCompile(`([a-z])([A-Z])`)
	acronym = regexp.MustCompile(`([A-Z])([A-Z][a-z])`)
)

func snakeCase(name string) string {
	return strings.ToLower(acronym.ReplaceAllString(word.ReplaceAllString(name, "${1}_${2}"), "${1}_${2}"))
}
