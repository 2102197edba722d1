package restapis

import (
	"context"
	"errors"
	"regexp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/store"
)

const (
	// featureUsagePlans is the one feature there is; no account is without it.
	featureUsagePlans = "UsagePlans"
	// apiKeyVersion is the version of API keys that AWS's accounts have today.
	apiKeyVersion = "4"
)

// roleArnPattern is what an IAM role's ARN looks like.
var roleArnPattern = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+$`)

// GetAccount returns what holds for all APIs of the account in the region.
func (s *Service) GetAccount(ctx context.Context, _ *apigateway.GetAccountInput) (*apigateway.Account, error) {
	found, err := accountOf(s.Store.View(), records.Scope(scopeOf(ctx)))
	if err != nil {
		return nil, err
	}
	return s.accountOutput(found), nil
}

// UpdateAccount patches the account. The role is kept and given back; Gatehouse writes
// its logs without it.
func (s *Service) UpdateAccount(ctx context.Context, in *apigateway.UpdateAccountInput) (*apigateway.Account, error) {
	var updated apigw.Account
	at := records.Scope(scopeOf(ctx))
	err := s.transact(ctx, func(tx *store.Tx) error {
		var err error
		if updated, err = accountOf(tx, at); err != nil {
			return err
		}
		if err := applyPatch(accountPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return records.Accounts.Put(tx, updated, at, records.AccountId)
	})
	if err != nil {
		return nil, err
	}
	return s.accountOutput(updated), nil
}

func accountOf(r store.Reader, at store.Scope) (apigw.Account, error) {
	found, err := records.Accounts.Get(r, at, records.AccountId)
	if errors.Is(err, store.ErrNotFound) {
		return apigw.Account{}, nil
	}
	return found, err
}

// accountPatches: API reference, "Patch operations", UpdateAccount.
var accountPatches = patch.Table[apigw.Account]{
	{Path: "/cloudwatchRoleArn", Replace: replaceCloudwatchRoleArn},
	{Path: "/features", Add: addFeature, Remove: removeFeature},
}

// replaceCloudwatchRoleArn takes no value as none (Terraform's provider resets it so).
func replaceCloudwatchRoleArn(a *apigw.Account, operation patch.Operation) error {
	if operation.Value != "" && !roleArnPattern.MatchString(operation.Value) {
		return badRequest(messageInvalidRoleArn)
	}
	a.CloudwatchRoleArn = operation.Value
	return nil
}

// addFeature: the one feature is there already (api-gateway-create-usage-plans-with-rest-api.md).
func addFeature(_ *apigw.Account, operation patch.Operation) error {
	if operation.Value != featureUsagePlans {
		return patch.InvalidValue(operation, "one of: ["+featureUsagePlans+"]")
	}
	return nil
}

// removeFeature refuses the one feature there is, which AWS does not take away either.
func removeFeature(_ *apigw.Account, operation patch.Operation) error {
	return patch.InvalidValue(operation, "a feature other than "+featureUsagePlans)
}

// accountOutput shows the throttle that is enforced; without one, AWS's quota, which
// clients expect to read.
func (s *Service) accountOutput(a apigw.Account) *apigateway.Account {
	burst, rate, version := int32(apigw.AccountThrottleBurstLimit), float64(apigw.AccountThrottleRateLimit), apiKeyVersion
	if s.AccountThrottle.Rate > 0 {
		burst, rate = int32(s.AccountThrottle.Burst), s.AccountThrottle.Rate // half of a configured rate
	}
	return &apigateway.Account{
		CloudwatchRoleArn: optional(a.CloudwatchRoleArn), Features: []string{featureUsagePlans}, ApiKeyVersion: &version,
		ThrottleSettings: &apigateway.ThrottleSettings{BurstLimit: &burst, RateLimit: &rate},
	}
}
