package restapis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/store"
	usagerecords "gatehouse/internal/usage/records"
)

// CreateApiKey makes an API key, of a value that is given or made up. It returns when
// the data plane knows the key.
func (s *Service) CreateApiKey(ctx context.Context, in *apigateway.CreateApiKeyInput) (*apigateway.ApiKey, error) {
	if in.GenerateDistinctId != nil && !*in.GenerateDistinctId {
		return nil, badRequest(unsupportedSameId.Message())
	}
	now := s.Now().UTC()
	created := apigw.ApiKey{
		Name: text(in.Name), Description: text(in.Description), CustomerId: text(in.CustomerId), Enabled: given(in.Enabled, false),
		Tags: in.Tags, CreatedDate: now, LastUpdatedDate: now,
	}
	value := text(in.Value)
	if value == "" {
		var err error
		if value, err = s.Ids.ApiKeyValue(); err != nil {
			return nil, err
		}
	}
	for _, key := range in.StageKeys {
		created.StageKeys = append(created.StageKeys, text(key.RestApiId)+"/"+text(key.StageName))
	}
	if err := cmp.Or(validateApiKeyValue(value), validateTags(in.Tags)); err != nil {
		return nil, err
	}
	err := s.changeKeys(ctx, func(k keys) error { return k.putNew(&created, value) })
	if err != nil {
		return nil, err
	}
	out := apiKeyOutput(created)
	out.Value = &value
	return out, nil
}

// GetApiKey returns an API key, with its value when that is asked for.
func (s *Service) GetApiKey(ctx context.Context, in *apigateway.GetApiKeyInput) (*apigateway.ApiKey, error) {
	k := s.viewKeys(ctx)
	found, err := k.apiKey(in.ApiKey)
	if err != nil {
		return nil, err
	}
	return k.output(found, given(in.IncludeValue, false))
}

// GetApiKeys lists the API keys of the account in the region: those whose names begin
// with nameQuery, and those of one customer.
func (s *Service) GetApiKeys(ctx context.Context, in *apigateway.GetApiKeysInput) (*apigateway.ApiKeys, error) {
	k := s.viewKeys(ctx)
	all, err := records.ApiKeys.List(k.r, k.at)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(key apigw.ApiKey) bool {
		return !strings.HasPrefix(key.Name, text(in.NameQuery)) || in.CustomerId != nil && key.CustomerId != *in.CustomerId
	})
	found, err := paginate(all, func(key apigw.ApiKey) string { return key.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	items := []apigateway.ApiKey{}
	for _, key := range found.Items {
		out, err := k.output(key, given(in.IncludeValues, false))
		if err != nil {
			return nil, err
		}
		items = append(items, *out)
	}
	return &apigateway.ApiKeys{Items: items, Position: found.Next}, nil
}

// apiKeyPatches: API reference, "Patch operations", UpdateApiKey.
var apiKeyPatches = patch.Table[apigw.ApiKey]{
	{Path: "/customerId", Replace: patch.String(func(k *apigw.ApiKey) *string { return &k.CustomerId })},
	{Path: "/description", Replace: patch.String(func(k *apigw.ApiKey) *string { return &k.Description })},
	{Path: "/enabled", Replace: patch.Bool(func(k *apigw.ApiKey) *bool { return &k.Enabled })},
	{Path: "/name", Replace: patch.String(func(k *apigw.ApiKey) *string { return &k.Name })},
	{Path: "/stages", Add: patch.AddItem(stageKeys, ""), Remove: patch.RemoveItem(stageKeys, "")},
}

func stageKeys(k *apigw.ApiKey) *[]string { return &k.StageKeys }

// UpdateApiKey patches an API key; its value cannot change. It returns when the change
// is served.
func (s *Service) UpdateApiKey(ctx context.Context, in *apigateway.UpdateApiKeyInput) (*apigateway.ApiKey, error) {
	var updated apigw.ApiKey
	err := s.changeKeys(ctx, func(k keys) error {
		before, err := k.apiKey(in.ApiKey)
		if err != nil {
			return err
		}
		updated = before
		if err := applyPatch(apiKeyPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		added := slices.DeleteFunc(slices.Clone(updated.StageKeys), func(name string) bool { return slices.Contains(before.StageKeys, name) })
		if err := cmp.Or(k.validateStageKeys(added), validateApiKeyName(updated.Name)); err != nil {
			return err
		}
		updated.LastUpdatedDate = s.Now().UTC()
		return records.ApiKeys.Put(k.tx, updated, k.at, updated.Id)
	})
	if err != nil {
		return nil, err
	}
	return apiKeyOutput(updated), nil
}

// DeleteApiKey deletes an API key, takes it out of its usage plans and forgets its usage.
func (s *Service) DeleteApiKey(ctx context.Context, in *apigateway.DeleteApiKeyInput) (*apigateway.DeleteApiKeyOutput, error) {
	err := s.changeKeys(ctx, func(k keys) error {
		found, err := k.apiKey(in.ApiKey)
		if err != nil {
			return err
		}
		var planIds []string
		for _, id := range records.UsagePlans.IDs(k.tx, k.at) {
			planIds = append(planIds, id[0])
			records.UsagePlanKeys.Delete(k.tx, k.at, id[0], found.Id)
			records.UsageExtensions.Delete(k.tx, k.at, id[0], found.Id)
		}
		usagerecords.DeleteApiKey(k.tx, k.scope, found.Id, planIds)
		records.ApiKeyValues.Delete(k.tx, k.at, found.ValueDigest)
		records.ApiKeys.Delete(k.tx, k.at, found.Id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteApiKeyOutput{}, nil
}

// keys are the API keys and usage plans of an account in a region, as an operation sees
// them.
type keys struct {
	service *Service
	r       store.Reader
	tx      *store.Tx // nil while only reading
	scope   apigw.Scope
	at      store.Scope
}

func (s *Service) viewKeys(ctx context.Context) keys {
	scope := scopeOf(ctx)
	return keys{service: s, r: s.Store.View(), scope: scope, at: records.Scope(scope)}
}

// changeKeys changes keys and plans in one transaction, and returns when the change is
// served. The function may run more than once.
func (s *Service) changeKeys(ctx context.Context, change func(k keys) error) error {
	err := s.transact(ctx, func(tx *store.Tx) error {
		scope := scopeOf(ctx)
		return change(keys{service: s, r: tx, tx: tx, scope: scope, at: records.Scope(scope)})
	})
	if err != nil {
		return err
	}
	return s.awaitPublished(ctx)
}

func (k keys) apiKey(id string) (apigw.ApiKey, error) {
	if !records.ApiKeys.Has(k.r, k.at, id) {
		return apigw.ApiKey{}, notFound(messageInvalidApiKey)
	}
	return records.ApiKeys.Get(k.r, k.at, id)
}

// putNew gives a key its id and value, and puts it.
func (k keys) putNew(key *apigw.ApiKey, value string) error {
	if err := cmp.Or(validateApiKeyName(key.Name), k.validateStageKeys(key.StageKeys)); err != nil {
		return err
	}
	if k.countApiKeys() >= apigw.ApiKeysLimit {
		return limitExceeded(messageApiKeysLimit)
	}
	key.ValueDigest = k.service.ApiKeyValues.Digest(value).String()
	if records.ApiKeyValues.Has(k.r, k.at, key.ValueDigest) {
		return conflict(messageApiKeyExists)
	}
	var err error
	if key.Id, err = k.newApiKeyId(); err != nil {
		return err
	}
	if key.SealedValue, err = k.service.ApiKeyValues.Seal(value, key.Id); err != nil {
		return err
	}
	return errors.Join(
		records.ApiKeys.Put(k.tx, *key, k.at, key.Id),
		records.ApiKeyValues.Put(k.tx, key.Id, k.at, key.ValueDigest),
	)
}

func (k keys) countApiKeys() int {
	count := 0
	for range k.r.List(records.ApiKeys.Key(k.at)) {
		count++
	}
	return count
}

func (k keys) newApiKeyId() (string, error) {
	for {
		id, err := k.service.Ids.ApiKey()
		if err != nil || !records.ApiKeys.Has(k.r, k.at, id) {
			return id, err
		}
	}
}

// validateStageKeys checks that the stages exist; they open nothing.
func (k keys) validateStageKeys(names []string) error {
	for _, name := range names {
		apiId, stageName, ok := strings.Cut(name, "/")
		if !ok || !records.Stages.Has(k.r, k.at, apiId, stageName) {
			return badRequest(messageInvalidStage)
		}
	}
	return nil
}

func validateApiKeyName(name string) error {
	if utf8.RuneCountInString(name) > apigw.ApiKeyNameLimit {
		return badRequest(messageApiKeyName)
	}
	return nil
}

func validateApiKeyValue(value string) error {
	switch {
	case len(value) < apigw.ApiKeyValueMinimum:
		return badRequest(fmt.Sprintf(messageApiKeyShort, apigw.ApiKeyValueMinimum))
	case len(value) > apigw.ApiKeyValueMaximum:
		return badRequest(fmt.Sprintf(messageApiKeyLong, apigw.ApiKeyValueMaximum))
	case strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }):
		return badRequest(messageApiKeyCharacters)
	}
	return nil
}

// output is a key as it is answered.
func (k keys) output(key apigw.ApiKey, withValue bool) (*apigateway.ApiKey, error) {
	out := apiKeyOutput(key)
	if withValue {
		value, err := k.service.ApiKeyValues.Open(key.SealedValue, key.Id)
		if err != nil {
			return nil, err
		}
		out.Value = &value
	}
	return out, nil
}

func apiKeyOutput(k apigw.ApiKey) *apigateway.ApiKey {
	out := &apigateway.ApiKey{
		Id: &k.Id, Name: optional(k.Name), Description: optional(k.Description), CustomerId: optional(k.CustomerId), Enabled: &k.Enabled,
		CreatedDate: seconds(k.CreatedDate), LastUpdatedDate: seconds(k.LastUpdatedDate), StageKeys: k.StageKeys, Tags: k.Tags,
	}
	if out.StageKeys == nil {
		out.StageKeys = []string{}
	}
	return out
}
