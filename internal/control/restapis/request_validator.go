package restapis

import (
	"context"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// CreateRequestValidator adds a request validator to an API.
func (s *Service) CreateRequestValidator(ctx context.Context, in *apigateway.CreateRequestValidatorInput) (*apigateway.RequestValidator, error) {
	created := apigw.RequestValidator{
		Name: text(in.Name), ValidateRequestBody: given(in.ValidateRequestBody, false),
		ValidateRequestParameters: given(in.ValidateRequestParameters, false),
	}
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if created.Id, err = newId(a, records.RequestValidators); err != nil {
			return err
		}
		return records.RequestValidators.Put(a.tx, created, a.at, a.id, created.Id)
	})
	if err != nil {
		return nil, err
	}
	return requestValidatorOutput(created), nil
}

// GetRequestValidator returns a request validator.
func (s *Service) GetRequestValidator(ctx context.Context, in *apigateway.GetRequestValidatorInput) (*apigateway.RequestValidator, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.requestValidator(in.RequestValidatorId)
	if err != nil {
		return nil, err
	}
	return requestValidatorOutput(found), nil
}

// GetRequestValidators lists the request validators of an API.
func (s *Service) GetRequestValidators(ctx context.Context, in *apigateway.GetRequestValidatorsInput) (*apigateway.RequestValidators, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.RequestValidators.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(v apigw.RequestValidator) string { return v.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.RequestValidators{Items: convert(found.Items, requestValidatorOutput), Position: found.Next}, nil
}

// UpdateRequestValidator patches a request validator.
func (s *Service) UpdateRequestValidator(ctx context.Context, in *apigateway.UpdateRequestValidatorInput) (*apigateway.RequestValidator, error) {
	var updated apigw.RequestValidator
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.requestValidator(in.RequestValidatorId); err != nil {
			return err
		}
		if err := applyPatch(requestValidatorPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return records.RequestValidators.Put(a.tx, updated, a.at, a.id, updated.Id)
	})
	if err != nil {
		return nil, err
	}
	return requestValidatorOutput(updated), nil
}

// requestValidatorPatches: API reference, "Patch operations", UpdateRequestValidator.
var requestValidatorPatches = patch.Table[apigw.RequestValidator]{
	{Path: "/name", Replace: patch.String(func(v *apigw.RequestValidator) *string { return &v.Name })},
	{Path: "/validateRequestBody", Replace: patch.Bool(func(v *apigw.RequestValidator) *bool { return &v.ValidateRequestBody })},
	{Path: "/validateRequestParameters", Replace: patch.Bool(func(v *apigw.RequestValidator) *bool { return &v.ValidateRequestParameters })},
}

// DeleteRequestValidator deletes a request validator that no method uses.
func (s *Service) DeleteRequestValidator(ctx context.Context, in *apigateway.DeleteRequestValidatorInput) (*apigateway.DeleteRequestValidatorOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if _, err := a.requestValidator(in.RequestValidatorId); err != nil {
			return err
		}
		err := a.eachMethod(func(path string, method apigw.Method) error {
			if method.RequestValidatorId == in.RequestValidatorId {
				return validatorInUse(in.RequestValidatorId, path)
			}
			return nil
		})
		if err != nil {
			return err
		}
		records.RequestValidators.Delete(a.tx, a.at, a.id, in.RequestValidatorId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteRequestValidatorOutput{}, nil
}

func (a api) requestValidator(id string) (apigw.RequestValidator, error) {
	return find(a, records.RequestValidators, id, notFound(messageInvalidRequestValidator))
}

func requestValidatorOutput(v apigw.RequestValidator) *apigateway.RequestValidator {
	return &apigateway.RequestValidator{
		Id: &v.Id, Name: optional(v.Name), ValidateRequestBody: &v.ValidateRequestBody, ValidateRequestParameters: &v.ValidateRequestParameters,
	}
}
