// Known from: guide, how-to-test-method.md; the lines of the log are observed (public reports).

package apigateway

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

func TestTestInvokeMethod_runsWhatIsEdited(t *testing.T) {
	f := newFixture(t)
	pets := f.resource(f.rootId, "{pet}")
	f.method(pets, map[string]bool{"method.request.path.pet": true})
	f.methodResponse(pets, nil)
	f.mock(pets)
	f.integrationResponse(pets)
	output, err := f.client.TestInvokeMethod(f.ctx, &apigateway.TestInvokeMethodInput{
		RestApiId: f.apiId, ResourceId: pets, HttpMethod: aws.String("GET"), PathWithQueryString: aws.String("/cat?a=b"),
	})
	tested := must(t, output, err)
	is(t, "status", &tested.Status, 200)
	is(t, "Content-Type", aws.String(tested.Headers["Content-Type"]), "application/json")
	for _, line := range []string{
		"Execution log for request ", " : HTTP Method: GET, Resource Path: /{pet}\n", " : Method request path: {pet=cat}\n", " : Method request query string: {a=b}\n",
		" : Successfully completed execution\n", " : Method completed with status: 200\n",
	} {
		if !strings.Contains(*tested.Log, line) {
			t.Errorf("the log has no %q:\n%s", line, *tested.Log)
		}
	}
}

func TestTestInvokeMethod_refuses(t *testing.T) {
	f := newFixture(t)
	f.method(f.rootId, nil)
	in := apigateway.TestInvokeMethodInput{RestApiId: f.apiId, ResourceId: f.rootId, HttpMethod: aws.String("GET")}
	_, err := f.client.TestInvokeMethod(f.ctx, &in)
	refused(t, err, badRequestCode, messageNoBackend)
	f.mock(f.rootId)
	in.PathWithQueryString = aws.String("/elsewhere")
	_, err = f.client.TestInvokeMethod(f.ctx, &in)
	refused(t, err, badRequestCode, "The path does not match the resource of the method")
	in.HttpMethod = aws.String("POST")
	_, err = f.client.TestInvokeMethod(f.ctx, &in)
	refused(t, err, notFoundCode, messageMethod)
	in.ResourceId = aws.String("none")
	_, err = f.client.TestInvokeMethod(f.ctx, &in)
	refused(t, err, notFoundCode, messageResource)
	in.RestApiId = aws.String(missingId)
	_, err = f.client.TestInvokeMethod(f.ctx, &in)
	refused(t, err, notFoundCode, messageApi)
}
