package situations

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// cacheSituations are answers of a stage's cache that somebody did not expect.
func cacheSituations() []situation {
	return []situation{
		{
			name: "stale response", errorId: "GH-S101", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				w.cache()
				return w.sentBefore(&request{path: "/prod/"})
			},
			says: []string{"HIT, ", "s old of 300s; key GET of namespace ", "the cache of stage prod", "flush-stage-cache --rest-api-id {api} --stage-name prod"},
		},
		{
			name: "another request's response", errorId: "GH-S101", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.resource(w.root, "{id}"), "GET")
				w.deploy()
				w.cache()
				w.sentBefore(&request{path: "/prod/1"})
				return &request{path: "/prod/2?page=3"}
			},
			says: []string{"not in the key: method.request.path.id, method.request.querystring.page", "/cacheKeyParameters/method.request.path.id", "create-deployment"},
		},
		{
			name: "max-age=0 refused", errorId: "GH-S201", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				w.cache("/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403")
				return &request{path: "/prod/", header: map[string]string{"Cache-Control": "max-age=0"}}
			},
			says: []string{"FAIL_WITH_403", "anonymous is not authorized to perform: execute-api:InvalidateCache", "/*/*/caching/requireAuthorizationForCacheControl"},
		},
		{
			name: "max-age=0 ignored", errorId: "GH-S102", status: http.StatusOK,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.deploy()
				w.cache()
				return w.sentBefore(&request{path: "/prod/", header: map[string]string{"Cache-Control": "max-age=0"}})
			},
			says: []string{"the method setting */* asks for", "execute-api:InvalidateCache", "update-stage"},
		},
		{
			name: "max-age=0 refused to a signer", errorId: "GH-S201", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.iamOrders(false)
				must(w.iam.PutUserPolicy(w.ctx(), &iam.PutUserPolicyInput{
					UserName: aws.String("caller"), PolicyName: aws.String("invoke"),
					PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}]}`),
				}))(w)
				w.cache("/*/*/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403")
				return w.signedForFresh()
			},
			before: func(w *world) { w.setenv("AWS_ACCESS_KEY_ID", w.account); w.setenv("AWS_SECRET_ACCESS_KEY", "test") },
			passes: func(w *world, _ string) {
				if got := w.send(w.signedForFresh()); got.statusCode != http.StatusOK {
					w.t.Errorf("after the fix: %d %s", got.statusCode, got.body)
				}
			},
			says: []string{"user/caller", "execute-api:InvalidateCache", "put-user-policy --user-name caller"},
		},
	}
}

// signedForFresh is a signed request for a fresh answer.
func (w *world) signedForFresh() *request {
	w.t.Helper()
	signed := w.signed("aws:amz:us-east-1:execute-api", w.user)
	signed.header["Cache-Control"] = "max-age=0"
	return signed
}

// cache gives the stage prod a cache for every GET method; settings are paths with their values.
func (w *world) cache(settings ...string) {
	w.t.Helper()
	settings = append(settings, "/cacheClusterEnabled", "true", "/*/*/caching/enabled", "true")
	var operations []types.PatchOperation
	for i := 0; i < len(settings); i += 2 {
		operations = append(operations, types.PatchOperation{Op: types.OpReplace, Path: &settings[i], Value: &settings[i+1]})
	}
	must(w.rest.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{RestApiId: &w.apiId, StageName: aws.String("prod"), PatchOperations: operations}))(w)
}

// sentBefore sends a request and returns it, to be sent again.
func (w *world) sentBefore(r *request) *request {
	w.t.Helper()
	if got := w.send(r); got.statusCode != http.StatusOK || strings.Contains(got.body, "essage") {
		w.t.Fatalf("%d %s", got.statusCode, got.body)
	}
	return r
}
