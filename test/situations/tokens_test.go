package situations

import (
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"gatehouse/test/server"
)

// tokenSituations are tokens that look good to JWT authorizers and to those of user pools.
func tokenSituations(i *issuer) []situation {
	return []situation{
		{
			name: "E9 issuer differs by a slash", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "app"), nil)
				return bearer(i.token(w.t, claims{"iss": i.url + "/"}))
			},
			says: []string{"signature OK", `iss "` + i.url + `/" ≠ configured "` + i.url + `" (a slash at the end)`, "aud OK", "exp OK", "update-authorizer --api-id {api}"},
		},
		{
			name: "E9 another audience", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "web", "ios"), nil)
				return bearer(i.token(w.t, nil))
			},
			says: []string{`aud ["app"] is none of ["web" "ios"]`, "iss OK", `"Audience":["web","ios","app"]`},
		},
		{
			name: "E9 client_id is not in the audience", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "web"), nil)
				return bearer(i.token(w.t, claims{"aud": nil, "client_id": "app"}))
			},
			says: []string{`client_id (there is no aud) ["app"] is none of ["web"]`, `"Audience":["web","app"]`},
		},
		{
			name: "E9 expired", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "app"), nil)
				return bearer(i.token(w.t, claims{"exp": time.Now().Add(-time.Hour).Unix()}))
			},
			says:   []string{"1h0m", " ago", "iss OK", "$TOKEN", "Get a new token"},
			before: i.goodToken(nil), sends: true,
		},
		{
			name: "E9 clock skew", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "app"), nil)
				return bearer(i.token(w.t, claims{"iat": time.Now().Add(2 * time.Minute).Unix()}))
			},
			says:   []string{"ahead of this server's clock", "Synchronise the clocks", "$TOKEN"},
			before: i.goodToken(nil), sends: true,
		},
		{
			name: "E9 scope missing", errorId: "GH-A112", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "app"), []string{"pets:read"})
				return bearer(i.token(w.t, claims{"scope": "openid profile"}))
			},
			says:   []string{"scopes [openid profile]", "one of the scopes pets:read", "$TOKEN"},
			before: i.goodToken(claims{"scope": "openid pets:read"}), sends: true,
		},
		{
			name: "E9 signature for AWS_IAM", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.jwtApi(jwtConfiguration(i.url, "app"), nil)
				return &request{path: "/pets", header: map[string]string{"Authorization": "AWS4-HMAC-SHA256 Credential=AKIA/20250101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=00"}}
			},
			says:   []string{"a signature of AWS (AWS4-HMAC-SHA256), which is for AWS_IAM", "$TOKEN"},
			before: i.goodToken(nil), sends: true,
		},
		{
			name: "E9 keys unreachable", errorId: "GH-A113", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.address = must(server.FreeAddress())(w)
				w.jwtApi(jwtConfiguration("http://"+w.address, "app"), nil)
				return bearer(i.token(w.t, claims{"iss": "http://" + w.address}))
			},
			says:   []string{"OIDC discovery endpoint communication error", "connection refused", "curl -sSf http://127.0.0.1"},
			before: i.answerAt,
			passes: func(w *world, _ string) {
				sent := bearer(i.token(w.t, claims{"iss": "http://" + w.address}))
				w.eventually(func() bool { return w.send(sent).statusCode == http.StatusOK })
			},
		},
		{
			name: "E9 access token without scopes", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.userPoolApi(nil)
				return bearerAt("/prod/pets", i.token(w.t, claims{"token_use": "access", "scope": "pets/read"}))
			},
			says:   []string{"token_use access", "an identity token (token_use id), because the method has no authorizationScopes", "$TOKEN"},
			before: i.goodToken(claims{"token_use": "id"}), sends: true,
		},
		{
			name: "E9 ID token with scopes", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.userPoolApi([]string{"pets/read"})
				return bearerAt("/prod/pets", i.token(w.t, claims{"token_use": "id"}))
			},
			says:   []string{"token_use id", "an access token (token_use access), because the method has authorizationScopes [pets/read]", "$TOKEN"},
			before: i.goodToken(claims{"token_use": "access", "scope": "pets/read"}), sends: true,
		},
		{
			name: "E9 user pool's token expired", errorId: "GH-A111", status: http.StatusUnauthorized,
			arrange: func(w *world) *request {
				w.userPoolApi(nil)
				return bearerAt("/prod/pets", i.token(w.t, claims{"token_use": "id", "exp": time.Now().Add(-time.Minute).Unix()}))
			},
			says:   []string{"signature OK", "1m", " ago", "user pools [" + userPool + "]"},
			before: i.goodToken(claims{"token_use": "id"}), sends: true,
		},
	}
}

// goodToken puts a token that passes where the commands find it.
func (i *issuer) goodToken(changed claims) func(*world) {
	return func(w *world) { w.setenv("TOKEN", i.token(w.t, changed)) }
}

// answerAt starts the issuer at the world's address.
func (i *issuer) answerAt(w *world) {
	listener := must(net.Listen("tcp", w.address))(w)
	late := httptest.NewUnstartedServer(i.handler())
	_ = late.Listener.Close()
	late.Listener = listener
	late.Start()
	w.t.Cleanup(late.Close)
}

func bearer(token string) *request { return bearerAt("/pets", token) }

func bearerAt(path, token string) *request {
	return &request{path: path, header: map[string]string{"Authorization": "Bearer " + token}}
}

func jwtConfiguration(issuer string, audiences ...string) *typesv2.JWTConfiguration {
	return &typesv2.JWTConfiguration{Issuer: &issuer, Audience: audiences}
}

// jwtApi makes GET /pets of an HTTP API behind a JWT authorizer.
func (w *world) jwtApi(configuration *typesv2.JWTConfiguration, scopes []string) {
	w.t.Helper()
	w.httpApi()
	made := must(w.http.CreateAuthorizer(w.ctx(), &apigatewayv2.CreateAuthorizerInput{
		ApiId: &w.apiId, Name: aws.String("tokens"), AuthorizerType: typesv2.AuthorizerTypeJwt, IdentitySource: []string{"$request.header.Authorization"},
		JwtConfiguration: configuration,
	}))(w)
	w.route(apigatewayv2.CreateRouteInput{
		RouteKey: aws.String("GET /pets"), Target: w.target(w.backend()), AuthorizationType: typesv2.AuthorizationTypeJwt, AuthorizerId: made.AuthorizerId, AuthorizationScopes: scopes,
	})
}

// userPoolApi makes GET /pets of a REST API behind a user pool.
func (w *world) userPoolApi(scopes []string) {
	w.t.Helper()
	w.restApi()
	made := must(w.rest.CreateAuthorizer(w.ctx(), &apigateway.CreateAuthorizerInput{
		RestApiId: &w.apiId, Name: aws.String("users"), Type: types.AuthorizerTypeCognitoUserPools, IdentitySource: aws.String("method.request.header.Authorization"),
		ProviderARNs: []string{"arn:aws:cognito-idp:" + region + ":" + w.account + ":userpool/" + userPool},
	}))(w)
	pets := w.resource(w.root, "pets")
	w.authorized(pets, apigateway.PutMethodInput{
		HttpMethod: aws.String("GET"), AuthorizationType: aws.String("COGNITO_USER_POOLS"), AuthorizerId: made.Id, AuthorizationScopes: scopes,
	}, mock(), "200")
	w.answer(pets, "GET", "200", "")
	w.deploy()
}
