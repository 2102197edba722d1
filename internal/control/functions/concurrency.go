package functions

import (
	"context"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

// PutFunctionConcurrency reserves concurrency for a function.
func (s *Service) PutFunctionConcurrency(ctx context.Context, in *api.PutFunctionConcurrencyInput) (*api.Concurrency, error) {
	reserved := in.ReservedConcurrentExecutions
	err := s.changeConcurrency(ctx, in.FunctionName, &reserved)
	if err != nil {
		return nil, err
	}
	return &api.Concurrency{ReservedConcurrentExecutions: &reserved}, nil
}

// DeleteFunctionConcurrency gives a function's reservation back to the account.
func (s *Service) DeleteFunctionConcurrency(ctx context.Context, in *api.DeleteFunctionConcurrencyInput) (*api.DeleteFunctionConcurrencyOutput, error) {
	if err := s.changeConcurrency(ctx, in.FunctionName, nil); err != nil {
		return nil, err
	}
	return &api.DeleteFunctionConcurrencyOutput{}, nil
}

func (s *Service) changeConcurrency(ctx context.Context, functionText string, reserved *int32) error {
	name, err := parseFunctionName(scopeOf(ctx), functionText, nil)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		function, err := find(tx, name)
		if err != nil {
			return err
		}
		others, err := reservedBeside(tx, name)
		if err != nil {
			return err
		}
		if reserved != nil && others+*reserved > accountConcurrentExecutions-unreservedConcurrentExecutionsMinimum {
			return invalidParameter("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].",
				unreservedConcurrentExecutionsMinimum)
		}
		function.ReservedConcurrentExecutions = reserved
		return functions.Put(tx, function, name.scope, name.name)
	})
}

// reservedBeside sums what the account's other functions have reserved.
func reservedBeside(r store.Reader, name functionName) (int32, error) {
	all, err := functions.List(r, name.scope)
	var sum int32
	for _, function := range all {
		if function.ReservedConcurrentExecutions != nil && function.FunctionName != name.name {
			sum += *function.ReservedConcurrentExecutions
		}
	}
	return sum, err
}

// GetFunctionConcurrency returns a function's reservation.
func (s *Service) GetFunctionConcurrency(ctx context.Context, in *api.GetFunctionConcurrencyInput) (*api.GetFunctionConcurrencyOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.FunctionName, nil)
	if err != nil {
		return nil, err
	}
	function, err := find(s.Store.View(), name)
	if err != nil {
		return nil, err
	}
	return &api.GetFunctionConcurrencyOutput{ReservedConcurrentExecutions: function.ReservedConcurrentExecutions}, nil
}

// GetAccountSettings returns the account's limits and what it uses of them.
func (s *Service) GetAccountSettings(ctx context.Context, _ *api.GetAccountSettingsInput) (*api.GetAccountSettingsOutput, error) {
	all, err := functions.List(s.Store.View(), scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	var codeSize int64
	unreserved := int32(accountConcurrentExecutions)
	for _, function := range all {
		codeSize += function.Latest.CodeSize
		if function.ReservedConcurrentExecutions != nil {
			unreserved -= *function.ReservedConcurrentExecutions
		}
	}
	const totalCodeSize = 75 * 1024 * 1024 * 1024 // "Storage for uploaded functions"
	return &api.GetAccountSettingsOutput{
		AccountLimit: &api.AccountLimit{
			TotalCodeSize: new(int64(totalCodeSize)), CodeSizeUnzipped: new(int64(unzippedSizeLimit)), CodeSizeZipped: new(int64(zippedSizeLimit)),
			ConcurrentExecutions: new(int32(accountConcurrentExecutions)), UnreservedConcurrentExecutions: &unreserved,
		},
		AccountUsage: &api.AccountUsage{TotalCodeSize: &codeSize, FunctionCount: new(int64(len(all)))},
	}, nil
}
