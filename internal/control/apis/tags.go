package apis

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
)

// reservedTagPrefix is AWS's own.
const reservedTagPrefix = "aws:"

// GetTags returns the tags of an API, a stage, a VPC link or a custom domain.
func (s *Service) GetTags(ctx context.Context, in *apigatewayv2.GetTagsInput) (*apigatewayv2.GetTagsOutput, error) {
	found, err := s.view(ctx).tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetTagsOutput{Tags: entries(found.tags)}, nil
}

// TagResource sets tags of an API, a stage, a VPC link or a custom domain.
func (s *Service) TagResource(ctx context.Context, in *apigatewayv2.TagResourceInput) (*apigatewayv2.TagResourceOutput, error) {
	err := s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.TagResourceOutput{}, nil
}

// UntagResource removes tags of an API, a stage, a VPC link or a custom domain.
func (s *Service) UntagResource(ctx context.Context, in *apigatewayv2.UntagResourceInput) (*apigatewayv2.UntagResourceOutput, error) {
	err := s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.UntagResourceOutput{}, nil
}

// changeTags changes tags. They are no part of what a deployment freezes for clients
// to see, so nothing is deployed.
func (s *Service) changeTags(ctx context.Context, arn string, change func(map[string]string)) error {
	return s.update(ctx, func(p place) error {
		found, err := p.tagged(arn)
		if err != nil {
			return err
		}
		tags := maps.Clone(entries(found.tags))
		change(tags)
		if err := validateTags(tags); err != nil {
			return err
		}
		return found.put(tags)
	})
}

// tagged is what has tags, and how to put others.
type tagged struct {
	tags map[string]string
	put  func(map[string]string) error
}

// tagged finds what an ARN names: /apis/{id}, /apis/{id}/stages/{name}, /vpclinks/{id}
// or /domainnames/{name} behind arn:aws:apigateway:{region}::.
func (p place) tagged(arn string) (tagged, error) {
	path, ok := strings.CutPrefix(arn, "arn:aws:apigateway:"+p.scope.Region+"::/")
	parts := strings.Split(path, "/")
	switch {
	case ok && len(parts) == 2 && parts[0] == "apis":
		return p.taggedApi(parts[1])
	case ok && len(parts) == 4 && parts[0] == "apis" && parts[2] == "stages":
		return p.taggedStage(parts[1], parts[3])
	case ok && len(parts) == 2 && parts[0] == "vpclinks":
		return p.taggedVpcLink(parts[1])
	case ok && len(parts) == 2 && parts[0] == "domainnames":
		return p.taggedDomainName(parts[1])
	}
	return tagged{}, badRequest(messageInvalidArn)
}

func (p place) taggedApi(apiId string) (tagged, error) {
	a, err := p.api(apiId)
	return tagged{a.record.Tags, func(tags map[string]string) error {
		a.record.Tags = tags
		return a.put()
	}}, err
}

func (p place) taggedStage(apiId, stageName string) (tagged, error) {
	a, err := p.api(apiId)
	if err != nil {
		return tagged{}, err
	}
	stage, err := a.stage(stageName)
	return tagged{stage.Tags, func(tags map[string]string) error {
		stage.Tags = tags
		return records.ApiStages.Put(p.tx, stage, p.at, apiId, stageName)
	}}, err
}

func (p place) taggedVpcLink(id string) (tagged, error) {
	link, err := p.vpcLink(id)
	return tagged{link.Tags, func(tags map[string]string) error {
		link.Tags = tags
		return records.VpcLinks.Put(p.tx, link, p.at, id)
	}}, err
}

func (p place) taggedDomainName(name string) (tagged, error) {
	domain, err := p.domainName(name)
	return tagged{domain.Tags, func(tags map[string]string) error {
		domain.Tags = tags
		return records.DomainNames.Put(p.tx, domain, p.at, domain.DomainName)
	}}, err
}

func validateTags(tags map[string]string) error {
	if len(tags) > apigw.TagsLimit {
		return badRequest(messageTagsLimit)
	}
	for key, value := range tags {
		length := utf8.RuneCountInString(key)
		if length == 0 || length > apigw.TagKeyLimit || strings.HasPrefix(strings.ToLower(key), reservedTagPrefix) {
			return badRequest(messageInvalidTagKey)
		}
		if utf8.RuneCountInString(value) > apigw.TagValueLimit {
			return badRequest(messageInvalidTagValue)
		}
	}
	return nil
}
