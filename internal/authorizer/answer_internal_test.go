package authorizer

import "testing"

// What people's authorizers answer by mistake, and what is said of it.
func TestReadAnswer_mistakes(t *testing.T) {
	const statement = `{"principalId":"u","policyDocument":{"Version":"2012-10-17","Statement":[`
	for name, c := range map[string]struct {
		settings Function
		answer   string
		want     string
	}{
		"no object":           {Function{Form: FormToken}, `true`, "not a JSON object with an authorizer's members"},
		"simple for REST":     {Function{Form: FormToken}, `{"isAuthorized":true}`, "principalId is missing" + simpleElsewhere},
		"simple, not enabled": {Function{Form: FormRequest2}, `{"isAuthorized":true}`, "policyDocument is missing" + simpleElsewhere},
		"a string":            {Function{Form: FormRequest2, Simple: true}, `{"isAuthorized":"true"}`, "isAuthorized is a string, and neither true nor false"},
		"effect in lower case": {
			Function{Form: FormToken}, statement + `{"Effect":"allow","Action":"execute-api:Invoke","Resource":"*"}]}}`,
			"policyDocument: Syntax errors in policy. Statement 1 has an Effect that is neither Allow nor Deny.",
		},
		"methodArn of format 2.0": {
			Function{Form: FormRequest2}, statement + `{"Effect":"Allow","Action":"execute-api:Invoke"}]}}`,
			"policyDocument: Policy statement must contain resources. Statement 1 has no Resource: an event of format 2.0 has routeArn, and no methodArn.",
		},
	} {
		if _, err := readAnswer(&c.settings, []byte(c.answer)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
