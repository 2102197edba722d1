package restapi_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/iam"
	"gatehouse/internal/sigv4"
)

// testKeys knows the access keys that fixtures sign with, by "Sign: {id}":
//
//	AKIAALLOWED        a user of the API's account who may invoke everything
//	AKIASILENT         a user of the API's account whose policies say nothing
//	AKIADENIED         a user of the API's account whom a policy denies everything
//	AKIAFOREIGN        a user of another account who may invoke everything
//	AKIAFOREIGNSILENT  a user of another account whose policies say nothing
//	AKIAFOREIGNDENIED  a user of another account whom a policy denies everything
//	AKIAWRONG          a user whose secret is another, so that the signature does not match
//	AKIAUNKNOWN        nobody
type testKeys map[string]iam.AccessKey

const foreignAccount = "999988887777"

const testSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

// AccessKey implements iam.Keys.
func (k testKeys) AccessKey(_ context.Context, id string) (iam.AccessKey, bool) {
	key, ok := k[id]
	return key, ok
}

func testSigner() restapi.Authenticator {
	keys := testKeys{
		"AKIAALLOWED": testKey("AKIAALLOWED", testAccount, "Allow"), "AKIASILENT": testKey("AKIASILENT", testAccount, ""),
		"AKIADENIED": testKey("AKIADENIED", testAccount, "Deny"), "AKIAFOREIGN": testKey("AKIAFOREIGN", foreignAccount, "Allow"),
		"AKIAFOREIGNSILENT": testKey("AKIAFOREIGNSILENT", foreignAccount, ""), "AKIAFOREIGNDENIED": testKey("AKIAFOREIGNDENIED", foreignAccount, "Deny"),
	}
	keys["AKIAREFRESHES"] = testKey("AKIAREFRESHES", testAccount, "Allow", "execute-api:*")
	wrong := testKey("AKIAWRONG", testAccount, "Allow")
	wrong.Secret = "another"
	keys["AKIAWRONG"] = wrong
	verifier := sigv4.NewVerifier(sigv4.Options{
		Keys: func(_ context.Context, id string) (sigv4.Key, bool) {
			key, ok := keys[id]
			return sigv4.Key{Secret: key.Secret}, ok
		},
		Now: func() time.Time { return fixedTime },
	})
	return restapi.Signatures{Verifier: verifier, Keys: keys}
}

func testKey(id, account, effect string, action ...string) iam.AccessKey {
	key := iam.AccessKey{ID: id, Secret: testSecret, Principal: &iam.Principal{
		Type: iam.User, Account: account, ARN: "arn:aws:iam::" + account + ":user/sam", UserID: "AIDASAM", UserName: "sam",
	}}
	if effect != "" {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Action":"` + append(action, "execute-api:Invoke")[0] + `","Resource":"*"}]}`
		policy, err := iam.Compile([]byte(document), iam.IdentityPolicy, "policy of sam")
		if err != nil {
			panic(err)
		}
		key.Policies.Identity = []*iam.Policy{policy}
	}
	return key
}

// signLines replaces a line "Sign: {access key}" by a signature of the request, with the
// session token of a line "Session-Token: {token}".
func signLines(t *testing.T, lines []string, body []byte) []string {
	t.Helper()
	method, rest, _ := strings.Cut(lines[0], " ")
	target, _, _ := strings.Cut(rest, " ")
	path, query, _ := strings.Cut(target, "?")
	request := &sigv4.Request{Method: method, Path: path, RawQuery: query, Body: body}
	id, sessionToken, kept := "", "", lines[:1:1]
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case name == "Sign":
			id = value
			continue
		case name == "Session-Token":
			sessionToken = value
			continue
		case strings.EqualFold(name, "Host"):
			request.Host = value
		default:
			request.Headers = append(request.Headers, sigv4.Header{Name: name, Value: value})
		}
		kept = append(kept, line)
	}
	if id == "" {
		return kept
	}
	before := len(request.Headers)
	signer := sigv4.Signer{
		Credentials: sigv4.Credentials{AccessKeyID: id, Secret: testSecret, SessionToken: sessionToken}, Scope: sigv4.Scope{Region: testRegion, Service: "execute-api"},
	}
	signer.Sign(request, fixedTime)
	for _, header := range request.Headers[before:] {
		kept = append(kept, header.Name+": "+header.Value)
	}
	return kept
}
