// Known from: guide api-key-file-format.md; the message was reported by a user (boto/boto3#1280).

package apigateway

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func importKeys(f *fixture, file string, failOnWarnings bool) (*apigateway.ImportApiKeysOutput, error) {
	return f.client.ImportApiKeys(f.ctx, &apigateway.ImportApiKeysInput{Body: []byte(file), Format: types.ApiKeysFormatCsv, FailOnWarnings: failOnWarnings})
}

func TestImportApiKeys(t *testing.T) {
	f := newFixture(t)
	plan := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("p")})
	other := usagePlan(t, f, &apigateway.CreateUsagePlanInput{Name: aws.String("q")})
	first, second := "apikey"+rand.Text(), "apikey"+rand.Text()
	output, err := importKeys(f, "Name,key,description,Enabled,usageplanIds,other\nfirst,"+first+",  ,tRuE,'"+*plan+","+*other+"',x\r\n\n second , "+second+",d,false,,", true)
	got := must(t, output, err)
	if len(got.Ids) != 2 || len(got.Warnings) != 0 {
		t.Fatalf("%+v", got)
	}
	for _, id := range got.Ids {
		t.Cleanup(func() { _, _ = f.client.DeleteApiKey(f.ctx, &apigateway.DeleteApiKeyInput{ApiKey: &id}) })
	}
	key, err := f.client.GetApiKey(f.ctx, &apigateway.GetApiKeyInput{ApiKey: &got.Ids[1], IncludeValue: aws.Bool(true)})
	if found := must(t, key, err); *found.Name != "second" || *found.Value != second || found.Enabled || *found.Description != "d" {
		t.Errorf("%+v", found)
	}
	plans, err := f.client.GetUsagePlans(f.ctx, &apigateway.GetUsagePlansInput{KeyId: &got.Ids[0]})
	if found := must(t, plans, err).Items; len(found) != 2 {
		t.Errorf("the first is in %+v", found)
	}
	// The same value is the same key.
	output, err = importKeys(f, "key,name\n"+second+",renamed", false)
	if again := must(t, output, err); len(again.Ids) != 1 || again.Ids[0] != got.Ids[1] {
		t.Errorf("%+v", again)
	}
	key, err = f.client.GetApiKey(f.ctx, &apigateway.GetApiKeyInput{ApiKey: &got.Ids[1]})
	if found := must(t, key, err); *found.Name != "renamed" || !found.Enabled {
		t.Errorf("%+v", found)
	}
}

func TestImportApiKeys_columns(t *testing.T) {
	f := newFixture(t)
	_, err := importKeys(f, "/tmp/apikey.csv", false)
	refused(t, err, badRequestCode, "Missing required column 'Key'")
	_, err = importKeys(f, "key\nx", false)
	refused(t, err, badRequestCode, "Missing required column 'Name'")
}

// Warnings do not keep the other lines out, unless that is asked for.
func TestImportApiKeys_warnings(t *testing.T) {
	f := newFixture(t)
	value := "apikey" + rand.Text()
	file := "key,name,usageplanids\nshort,n,\n" + value + ",n,\napikey" + rand.Text() + ",n," + missingId
	_, err := importKeys(f, file, true)
	if err == nil || !strings.Contains(err.Error(), "line 2: API Key value should be at least 20 characters") || !strings.Contains(err.Error(), "line 4: Invalid Usage Plan ID specified") {
		t.Errorf("%v", err)
	}
	output, err := importKeys(f, file, false)
	got := must(t, output, err)
	if len(got.Ids) != 1 || len(got.Warnings) != 2 {
		t.Fatalf("%+v", got)
	}
	t.Cleanup(func() { _, _ = f.client.DeleteApiKey(f.ctx, &apigateway.DeleteApiKeyInput{ApiKey: &got.Ids[0]}) })
}
