package apis

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
)

// CreateApiMapping maps a base path of a custom domain to a stage.
func (s *Service) CreateApiMapping(ctx context.Context, in *apigatewayv2.CreateApiMappingInput) (*apigatewayv2.CreateApiMappingOutput, error) {
	created := apigwv2.ApiMapping{ApiMappingKey: text(in.ApiMappingKey), ApiId: in.ApiId, Stage: in.Stage}
	err := s.updateServed(ctx, func(p place) error {
		domain, err := p.domainName(in.DomainName)
		if err != nil {
			return err
		}
		if created.ApiMappingId, err = newId(p, records.ApiMappings, s.Ids.Resource, domain.DomainName); err != nil {
			return err
		}
		return p.putApiMapping(domain, created)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateApiMappingOutput)(apiMappingOutput(created)), nil
}

// GetApiMapping returns a mapping of a custom domain.
func (s *Service) GetApiMapping(ctx context.Context, in *apigatewayv2.GetApiMappingInput) (*apigatewayv2.GetApiMappingOutput, error) {
	p := s.view(ctx)
	domain, err := p.domainName(in.DomainName)
	if err != nil {
		return nil, err
	}
	found, err := p.apiMapping(domain, in.ApiMappingId)
	if err != nil {
		return nil, err
	}
	return apiMappingOutput(found), nil
}

// GetApiMappings lists the mappings of a custom domain.
func (s *Service) GetApiMappings(ctx context.Context, in *apigatewayv2.GetApiMappingsInput) (*apigatewayv2.GetApiMappingsOutput, error) {
	p := s.view(ctx)
	domain, err := p.domainName(in.DomainName)
	if err != nil {
		return nil, err
	}
	all, err := records.ApiMappings.List(p.r, p.at, domain.DomainName)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(m apigwv2.ApiMapping) string { return m.ApiMappingId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetApiMappingsOutput{Items: list.Convert(found.Items, apiMappingItem), NextToken: found.Next}, nil
}

// UpdateApiMapping changes a mapping of a custom domain.
func (s *Service) UpdateApiMapping(ctx context.Context, in *apigatewayv2.UpdateApiMappingInput) (*apigatewayv2.UpdateApiMappingOutput, error) {
	var updated apigwv2.ApiMapping
	err := s.updateServed(ctx, func(p place) error {
		domain, err := p.domainName(in.DomainName)
		if err != nil {
			return err
		}
		if updated, err = p.apiMapping(domain, in.ApiMappingId); err != nil {
			return err
		}
		updated.ApiId = in.ApiId
		set(&updated.ApiMappingKey, in.ApiMappingKey)
		set(&updated.Stage, in.Stage)
		return p.putApiMapping(domain, updated)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateApiMappingOutput)(apiMappingOutput(updated)), nil
}

// DeleteApiMapping deletes a mapping of a custom domain.
func (s *Service) DeleteApiMapping(ctx context.Context, in *apigatewayv2.DeleteApiMappingInput) (*apigatewayv2.DeleteApiMappingOutput, error) {
	err := s.updateServed(ctx, func(p place) error {
		domain, err := p.domainName(in.DomainName)
		if err != nil {
			return err
		}
		if _, err := p.apiMapping(domain, in.ApiMappingId); err != nil {
			return err
		}
		records.ApiMappings.Delete(p.tx, p.at, domain.DomainName, in.ApiMappingId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteApiMappingOutput{}, nil
}

func (p place) apiMapping(domain apigwv2.DomainName, id string) (apigwv2.ApiMapping, error) {
	return find(p, records.ApiMappings, invalidIdentifier("ApiMapping"), domain.DomainName, id)
}

// mappingKeyPattern: AWS's message says what a key may contain; slashes are for keys of
// several levels (rest-api-mappings.md).
var mappingKeyPattern = regexp.MustCompile(`^[a-zA-Z0-9$\-_.+!*'(),/]*$`)

// putApiMapping checks a mapping against its domain and its stage, and puts it.
func (p place) putApiMapping(domain apigwv2.DomainName, m apigwv2.ApiMapping) error {
	if err := validateMappingKey(domain, m.ApiMappingKey); err != nil {
		return err
	}
	protocolType, err := p.protocolOf(m.ApiId, m.Stage)
	if err != nil {
		return err
	}
	others, err := records.ApiMappings.List(p.r, p.at, domain.DomainName)
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(other apigwv2.ApiMapping) bool { return other.ApiMappingId == m.ApiMappingId })
	if len(others) >= apigwv2.ApiMappingsLimit {
		return badRequest("Maximum number of API mappings for this domain name has been reached.")
	}
	for _, other := range others {
		if other.ApiMappingKey == m.ApiMappingKey {
			return conflict(messageMappingExists)
		}
		otherType, err := p.protocolOf(other.ApiId, other.Stage)
		if err == nil && (otherType == apigwv2.ProtocolTypeWebSocket) != (protocolType == apigwv2.ProtocolTypeWebSocket) {
			return badRequest(messageMappingWebSocket)
		}
	}
	return records.ApiMappings.Put(p.tx, m, p.at, domain.DomainName, m.ApiMappingId)
}

func validateMappingKey(domain apigwv2.DomainName, key string) error {
	if !mappingKeyPattern.MatchString(key) {
		return badRequest(messageMappingKey)
	}
	if strings.HasPrefix(key, "/") || strings.HasSuffix(key, "/") || strings.Contains(key, "//") {
		return badRequest(messageMappingSlashes)
	}
	if !strings.Contains(key, "/") {
		return nil
	}
	for _, configuration := range domain.DomainNameConfigurations {
		if configuration.EndpointType != endpointRegional || configuration.SecurityPolicy != securityTls12 {
			return badRequest(messageMappingDepth)
		}
	}
	return nil
}

// protocolOf is the protocol of an API that has the stage; REST APIs have none. Errors:
// NotFoundException without the API, BadRequestException without the stage.
func (p place) protocolOf(apiId, stageName string) (string, error) {
	if records.RestApis.Has(p.r, p.at, apiId) {
		if !records.Stages.Has(p.r, p.at, apiId, stageName) {
			return "", badRequest(messageInvalidStage)
		}
		return "", nil
	}
	a, err := p.api(apiId)
	if err != nil {
		return "", err
	}
	if !records.ApiStages.Has(p.r, p.at, apiId, stageName) {
		return "", badRequest(messageInvalidStage)
	}
	return a.record.ProtocolType, nil
}

func apiMappingOutput(m apigwv2.ApiMapping) *apigatewayv2.GetApiMappingOutput {
	return &apigatewayv2.GetApiMappingOutput{ApiId: &m.ApiId, ApiMappingId: &m.ApiMappingId, ApiMappingKey: &m.ApiMappingKey, Stage: &m.Stage}
}

func apiMappingItem(m apigwv2.ApiMapping) apigatewayv2.ApiMapping {
	return apigatewayv2.ApiMapping{ApiId: m.ApiId, ApiMappingId: &m.ApiMappingId, ApiMappingKey: &m.ApiMappingKey, Stage: m.Stage}
}
