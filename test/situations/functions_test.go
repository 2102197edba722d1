package situations

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

const goodAnswer = `return {"statusCode": 200, "body": "fine"}`

// functionSituations are functions that are not invoked, or answer badly.
func functionSituations() []situation {
	return []situation{
		malformed("E2 body is an object", `return {"statusCode": 200, "body": {"a": 1}}`, "body", "object", "returned keys: statusCode, body", "JSON.stringify(body)"),
		malformed("E2 status code is a word", `return {"statusCode": "OK", "body": "fine"}`, "statusCode"),
		malformed("E2 header values are lists", `return {"statusCode": 200, "headers": {"a": ["b"]}, "body": ""}`, "headers"),
		malformed("E2 plain text", `return "fine"`, "text"),
		malformed("E2 nothing", `return None`, "null"),
		malformed("E2 another key", `return {"statusCode": 200, "body": "fine", "cookies": ["a=b"]}`, "cookies"),
		{
			name: "E2 over 6 MB", errorId: "GH-L202", status: http.StatusBadGateway,
			arrange: func(w *world) *request {
				return w.behind("orders", `return {"statusCode": 200, "body": "x" * 6291557}`)
			},
			says: []string{"update-function-code --function-name orders"}, before: newCode(goodAnswer),
		},
		{
			name: "E2 function threw", errorId: "GH-L202", status: http.StatusBadGateway,
			arrange: func(w *world) *request { return w.behind("orders", `raise Exception("boom")`) },
			says:    []string{"the function failed: boom", "/aws/lambda/orders"},
			before:  newCode(goodAnswer),
		},
		{
			name: "E3 no permission", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.forbiddenFunction(w.lambda, "orders", goodAnswer)
				w.method(w.resource(w.root, "orders"), "GET", w.proxy("orders"))
				w.deploy()
				return &request{path: "/prod/orders"}
			},
			says: []string{"aws lambda add-permission --function-name orders", "{api}/prod/GET/orders"},
		},
		{
			name: "E3 permission for another stage", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.forbiddenFunction(w.lambda, "orders", goodAnswer)
				w.method(w.resource(w.root, "orders"), "GET", w.proxy("orders"))
				w.permit("orders", "", "/test/*/*")
				w.deploy()
				return &request{path: "/prod/orders"}
			},
			says: []string{`nearest statement "apigw-test" allows`, "{api}/test/*/*", "stage differs", "{api}/prod/GET/orders"},
		},
		{
			name: "E3 alias has a policy of its own", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				must(w.lambda.PublishVersion(w.ctx(), &lambda.PublishVersionInput{FunctionName: aws.String("orders")}))(w)
				must(w.lambda.CreateAlias(w.ctx(), &lambda.CreateAliasInput{FunctionName: aws.String("orders"), Name: aws.String("live"), FunctionVersion: aws.String("1")}))(w)
				w.method(w.root, "GET", proxyOf(w.functionArn(w.account, "orders:live")))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"alias or version live has a policy of its own", "--qualifier live"},
		},
		{
			name: "E3 function named by a stage variable", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.forbiddenFunction(w.lambda, "orders-live", goodAnswer)
				w.method(w.resource(w.root, "orders"), "GET", w.proxy("${stageVariables.function}"))
				w.deploy()
				w.patchStage("/variables/function", "orders-live")
				return &request{path: "/prod/orders"}
			},
			says: []string{"aws lambda add-permission --function-name orders-live", "{api}/prod/GET/orders"},
		},
		{
			name: "E3 caller may not invoke the function", errorId: "GH-L101", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.iamOrders(true)
				must(w.iam.PutUserPolicy(w.ctx(), &iam.PutUserPolicyInput{
					UserName: aws.String("caller"), PolicyName: aws.String("all"),
					PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:*","Resource":"*"}]}`),
				}))(w)
				w.forbiddenFunction(w.lambda, "orders", goodAnswer)
				in := w.proxy("orders")
				in.Credentials = aws.String("arn:aws:iam::*:user/*")
				resources := must(w.rest.GetResources(w.ctx(), &apigateway.GetResourcesInput{RestApiId: &w.apiId}))(w)
				for _, resource := range resources.Items {
					if *resource.Path == "/orders" {
						in.RestApiId, in.ResourceId, in.HttpMethod = &w.apiId, resource.Id, aws.String("GET")
					}
				}
				must(w.rest.PutIntegration(w.ctx(), &in))(w)
				w.deploy()
				return w.signed("aws:amz:us-east-1:execute-api", w.user)
			},
			says:   []string{"the caller's own policies", "put-user-policy --user-name caller", "lambda:InvokeFunction"},
			before: (*world).asAccount,
			passes: func(w *world, _ string) {
				if got := w.send(w.signed("aws:amz:us-east-1:execute-api", w.user)); got.statusCode != http.StatusOK {
					w.t.Errorf("after the fix: %d %s", got.statusCode, got.body)
				}
			},
		},
		{
			name: "E3 function does not exist", errorId: "GH-L102", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				w.method(w.root, "GET", w.proxy("order"))
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"no function arn:aws:lambda:us-east-1:{account}:function:order", "functions that exist: orders"},
		},
		{
			name: "E3 integration method is not POST", errorId: "GH-L203", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("orders", goodAnswer)
				in := w.proxy("orders")
				in.IntegrationHttpMethod = aws.String("GET")
				w.method(w.root, "GET", in)
				w.deploy()
				return &request{path: "/prod/"}
			},
			says: []string{"integrationHttpMethod GET", "POST"},
		},
		{
			name: "E3 concurrency used up", errorId: "GH-L103", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				sent := w.behind("orders", goodAnswer)
				must(w.lambda.PutFunctionConcurrency(w.ctx(), &lambda.PutFunctionConcurrencyInput{FunctionName: aws.String("orders"), ReservedConcurrentExecutions: aws.Int32(0)}))(w)
				return sent
			},
			says: []string{"concurrency", "aws lambda delete-function-concurrency --function-name orders"},
		},
		{
			name: "E24 base64 as text", errorId: "GH-B101", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("image", `return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "aGVsbG8=", "isBase64Encoded": True}`)
				w.method(w.root, "GET", w.proxy("image"))
				w.deploy()
				return &request{path: "/prod/", header: fromImage}
			},
			says:   []string{"isBase64Encoded is true", "image/avif,image/webp,*/*", "matches none of []", "binaryMediaTypes"},
			passes: (*world).getsHello,
		},
		{
			name: "E24 Accept matches another type", errorId: "GH-B101", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("image", `return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "aGVsbG8=", "isBase64Encoded": True}`)
				w.method(w.root, "GET", w.proxy("image"))
				must(w.rest.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: &w.apiId, PatchOperations: []types.PatchOperation{{Op: types.OpAdd, Path: new("/binaryMediaTypes/image~1png")}}}))(w)
				w.deploy()
				return &request{path: "/prod/", header: fromImage}
			},
			says: []string{"matches none of [image/png]", "a browser's first media type counts alone"}, passes: (*world).getsHello,
		},
		{
			name: "E24 binary media types not deployed", errorId: "GH-B101", also: "GH-C103", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.function("image", `return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "aGVsbG8=", "isBase64Encoded": True}`)
				w.method(w.root, "GET", w.proxy("image"))
				w.deploy()
				must(w.rest.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{RestApiId: &w.apiId, PatchOperations: []types.PatchOperation{{Op: types.OpAdd, Path: new("/binaryMediaTypes/*~1*")}}}))(w)
				return &request{path: "/prod/", header: fromImage}
			},
			says: []string{"changed since then: binaryMediaTypes"}, passes: (*world).getsHello,
		},
	}
}

func (w *world) getsHello(string) {
	w.t.Helper()
	if got := w.send(&request{path: "/prod/", header: fromImage}); got.body != "hello" {
		w.t.Errorf("body %q", got.body)
	}
}

var fromImage = map[string]string{"Accept": "image/avif,image/webp,*/*"}

// behind makes GET / in front of a function.
func (w *world) behind(name, code string) *request {
	w.restApi()
	w.function(name, code)
	w.method(w.root, "GET", w.proxy(name))
	w.deploy()
	return &request{path: "/prod/"}
}

// malformed is a function whose answer is no proxy response.
func malformed(name, code string, says ...string) situation {
	return situation{
		name: name, errorId: "GH-L201", status: http.StatusBadGateway,
		arrange: func(w *world) *request { return w.behind("orders", code) },
		says:    append(says, "aws lambda update-function-code --function-name orders"), before: newCode(goodAnswer),
	}
}

// permit allows the world's API to invoke a function, as far as the end of a SourceArn says.
func (w *world) permit(function, qualifier, source string) {
	w.t.Helper()
	in := &lambda.AddPermissionInput{
		FunctionName: &function, StatementId: aws.String("apigw-test"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:" + region + ":" + w.account + ":" + w.apiId + source),
	}
	if qualifier != "" {
		in.Qualifier = &qualifier
	}
	must(w.lambda.AddPermission(w.ctx(), in))(w)
}
