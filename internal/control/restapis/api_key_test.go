package restapis

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
)

// What is stored of a key does not tell its value; whoever asks for it gets it.
func TestApiKeyValueIsStoredSealed(t *testing.T) {
	ctx, s, _ := newTestService(t)
	const secret = "apikey1234abcdefghij0123456789"
	created, err := s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{Value: value(secret)})
	if err != nil {
		t.Fatal(err)
	}
	for record := range s.Store.View().List(store.NewKey()) {
		if strings.Contains(record.Key.String()+string(record.Value), secret) {
			t.Errorf("record %s has the value", record.Key)
		}
	}
	got, err := s.GetApiKey(ctx, &apigateway.GetApiKeyInput{ApiKey: *created.Id, IncludeValue: value(true)})
	if err != nil || *got.Value != secret {
		t.Errorf("got %v, %v", got, err)
	}
}

// Nothing of a key is left behind, and its value can be given again.
func TestDeleteApiKey_leavesNothing(t *testing.T) {
	ctx, s, _ := newTestService(t)
	before := s.Store.View().Len()
	for range 2 {
		created, err := s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{Value: value("apikey1234abcdefghij0123456789")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.DeleteApiKey(ctx, &apigateway.DeleteApiKeyInput{ApiKey: *created.Id}); err != nil {
			t.Fatal(err)
		}
		if after := s.Store.View().Len(); after != before {
			t.Errorf("%d records, want %d", after, before)
		}
	}
}

func TestApiKeysLimit(t *testing.T) {
	ctx, s, _ := newTestService(t)
	at := records.Scope(apigw.Scope{Account: "000000000000", Region: "us-east-1"})
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		for i := range apigw.ApiKeysLimit - 1 {
			if err := records.ApiKeys.Put(tx, apigw.ApiKey{}, at, strconv.Itoa(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{}); err != nil {
		t.Fatal(err)
	}
	_, err = s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{})
	wantError(t, err, "LimitExceededException", messageApiKeysLimit)
}

// The id that is the value would be a secret in ARNs and logs, so it is refused by name.
func TestCreateApiKey_sameId(t *testing.T) {
	ctx, s, _ := newTestService(t)
	_, err := s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{GenerateDistinctId: value(false)})
	wantError(t, err, "BadRequestException", unsupportedSameId.Message())
}

// A line of a file cannot put a key into two plans of a stage, nor into eleven plans; a
// line that is refused leaves nothing.
func TestImportApiKeys_plans(t *testing.T) {
	ctx, s, a := newTestService(t)
	putMock(ctx, t, s, a)
	if _, err := s.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: *a.Id, StageName: value("prod")}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for i := range 11 {
		in := &apigateway.CreateUsagePlanInput{Name: "p"}
		if i < 2 {
			in.ApiStages = []apigateway.ApiStage{{ApiId: a.Id, Stage: value("prod")}}
		}
		plan, err := s.CreateUsagePlan(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, *plan.Id)
	}
	before := s.Store.View().Len()
	for want, plans := range map[string][]string{"a key can be in one Usage Plan of a stage": ids[:2], "Maximum number of Usage Plans": ids[1:], messageInvalidUsagePlan: {ids[0], "none"}} {
		if want == "Maximum number of Usage Plans" {
			plans = append([]string{}, append(plans, newPlan(ctx, t, s))...)
			before = s.Store.View().Len()
		}
		body := "key,name,usageplanIds\napikey1234abcdefghij0123456789,n,'" + strings.Join(plans, ",") + "'"
		out, err := s.ImportApiKeys(ctx, &apigateway.ImportApiKeysInput{Body: []byte(body), Format: "csv"})
		if err != nil || len(out.Ids) != 0 || len(out.Warnings) != 1 || !strings.Contains(out.Warnings[0], want) {
			t.Errorf("%+v, %v, want %s", out, err, want)
		}
		if after := s.Store.View().Len(); after != before {
			t.Errorf("%s: %d records, want %d", want, after, before)
		}
	}
}

func newPlan(ctx context.Context, t *testing.T, s *Service) string {
	t.Helper()
	plan, err := s.CreateUsagePlan(ctx, &apigateway.CreateUsagePlanInput{Name: "p"})
	if err != nil {
		t.Fatal(err)
	}
	return *plan.Id
}

func TestTagsOfKeysAndPlans(t *testing.T) {
	ctx, s, _ := newTestService(t)
	key, err := s.CreateApiKey(ctx, &apigateway.CreateApiKeyInput{Tags: map[string]string{"a": "1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, arn := range []string{"arn:aws:apigateway:us-east-1::/apikeys/" + *key.Id, "arn:aws:apigateway:us-east-1::/usageplans/" + newPlan(ctx, t, s)} {
		if _, err := s.TagResource(ctx, &apigateway.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.UntagResource(ctx, &apigateway.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}}); err != nil {
			t.Fatal(err)
		}
		got, err := s.GetTags(ctx, &apigateway.GetTagsInput{ResourceArn: arn})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"b": "2"}, got.Tags); diff != "" {
			t.Errorf("%s: %s", arn, diff)
		}
	}
	_, err = s.GetTags(ctx, &apigateway.GetTagsInput{ResourceArn: "arn:aws:apigateway:us-east-1::/apikeys/none"})
	wantError(t, err, "NotFoundException", messageInvalidApiKey)
}

// Source: guide api-key-file-format.md, which has double and single quotes; blanks come
// from api-gateway-create-usage-plans-with-rest-api.md.
func TestSplitCsv(t *testing.T) {
	for line, want := range map[string][]string{
		"":                            {""},
		"key,name":                    {"key", "name"},
		" a , b ,\r":                  {"a", "b", ""},
		`a,"b,c",'d,e',f`:             {"a", "b,c", "d,e", "f"},
		`a, "b, c" ,d`:                {"a", "b, c", "d"},
		`O'Brien,x`:                   {"O'Brien", "x"},
		`"unfinished,x`:               {"unfinished,x"},
		`abcdef, importedKey_3,    ,`: {"abcdef", "importedKey_3", "", ""},
	} {
		if diff := cmp.Diff(want, splitCsv(line)); diff != "" {
			t.Errorf("%q: %s", line, diff)
		}
	}
}

// FuzzReadApiKeyFile: no file makes the reader panic, and what it reads is of the file.
func FuzzReadApiKeyFile(f *testing.F) {
	f.Add("Key,name\napikey1234abcdefghij0123456789,MyFirstApiKey\n")
	f.Add("Enabled,Name,key,UsageplanIds\r\ntrue,n,k,\"c7y23b,glvrsr\"")
	f.Add("\xef\xbb\xbfkey,name,'\n',\",")
	f.Fuzz(func(t *testing.T, file string) {
		read, err := readApiKeyFile([]byte(file))
		if err != nil && read != nil {
			t.Error("both a file and an error")
		}
		for _, line := range read {
			if utf8.ValidString(file) && !strings.Contains(strings.NewReplacer(`"`, "", "'", "").Replace(file), strings.NewReplacer(`"`, "", "'", "").Replace(line.key)) {
				t.Errorf("key %q is not in the file", line.key)
			}
		}
	})
}
