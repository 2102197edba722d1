package restapis

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
)

// reservedTagPrefix is AWS's own.
const reservedTagPrefix = "aws:"

// GetTags returns the tags of an API, a stage, a VPC link, a custom domain name, an API key, a usage plan or a client certificate, all of them in one answer.
func (s *Service) GetTags(ctx context.Context, in *apigateway.GetTagsInput) (*apigateway.Tags, error) {
	target, err := parseTagArn(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if in.Position != nil && *in.Position != "" {
		return nil, badRequest(messageInvalidPosition)
	}
	a, err := s.openTagged(ctx, s.Store.View(), target)
	if err != nil {
		return nil, err
	}
	tags, _, err := a.tagged(target)
	if err != nil {
		return nil, err
	}
	return &apigateway.Tags{Tags: withEntries(tags)}, nil
}

// TagResource sets tags of what GetTags knows.
func (s *Service) TagResource(ctx context.Context, in *apigateway.TagResourceInput) (*apigateway.TagResourceOutput, error) {
	err := s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
	if err != nil {
		return nil, err
	}
	return &apigateway.TagResourceOutput{}, nil
}

// UntagResource removes tags of what GetTags knows.
func (s *Service) UntagResource(ctx context.Context, in *apigateway.UntagResourceInput) (*apigateway.UntagResourceOutput, error) {
	err := s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.UntagResourceOutput{}, nil
}

func (s *Service) changeTags(ctx context.Context, arn string, change func(map[string]string)) error {
	target, err := parseTagArn(ctx, arn)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *store.Tx) error {
		a, err := s.openTagged(ctx, tx, target)
		if err != nil {
			return err
		}
		a.tx = tx
		tags, put, err := a.tagged(target)
		if err != nil {
			return err
		}
		tags = maps.Clone(withEntries(tags))
		change(tags)
		if err := validateTags(tags); err != nil {
			return err
		}
		return put(tags)
	})
}

// openTagged is open for whatever carries tags; not all of it belongs to an API.
func (s *Service) openTagged(ctx context.Context, r store.Reader, target tagTarget) (api, error) {
	if target.restApiId != "" {
		return s.open(ctx, r, target.restApiId)
	}
	scope := scopeOf(ctx)
	return api{service: s, r: r, scope: scope, at: records.Scope(scope)}, nil
}

// tagTarget is what an ARN names: an API, a stage of it, or one of the others.
type tagTarget struct{ restApiId, stageName, vpcLinkId, domainName, apiKeyId, usagePlanId, clientCertificateId string }

// parseTagArn reads arn:aws:apigateway:{region}::/restapis/{id}[/stages/{name}], or
// …/vpclinks/{id}, …/domainnames/{name}, …/apikeys/{id}, …/usageplans/{id}, …/clientcertificates/{id}.
func parseTagArn(ctx context.Context, arn string) (tagTarget, error) {
	scope := scopeOf(ctx)
	if id, ok := strings.CutPrefix(arn, scope.VpcLinkArn("")); ok && id != "" {
		return tagTarget{vpcLinkId: id}, nil
	}
	if name, ok := strings.CutPrefix(arn, apigwv2.DomainNameArn(scope.Region, "")); ok && name != "" {
		return tagTarget{domainName: name}, nil
	}
	if id, ok := strings.CutPrefix(arn, scope.ApiKeyArn("")); ok && id != "" {
		return tagTarget{apiKeyId: id}, nil
	}
	if id, ok := strings.CutPrefix(arn, scope.UsagePlanArn("")); ok && id != "" {
		return tagTarget{usagePlanId: id}, nil
	}
	if id, ok := strings.CutPrefix(arn, scope.ClientCertificateArn("")); ok && id != "" {
		return tagTarget{clientCertificateId: id}, nil
	}
	rest, ok := strings.CutPrefix(arn, scope.RestApiArn(""))
	if !ok {
		return tagTarget{}, badRequest(messageInvalidArn)
	}
	parts := strings.Split(rest, "/")
	switch {
	case len(parts) == 1 && parts[0] != "":
		return tagTarget{restApiId: parts[0]}, nil
	case len(parts) == 3 && parts[1] == "stages":
		return tagTarget{restApiId: parts[0], stageName: parts[2]}, nil
	default:
		return tagTarget{}, badRequest(messageInvalidArn)
	}
}

// tagged returns the tags of what is named, and how to put others.
func (a api) tagged(target tagTarget) (tags map[string]string, put func(map[string]string) error, err error) {
	if target.vpcLinkId != "" {
		found, err := findVpcLink(a.r, a.at, target.vpcLinkId)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.RestVpcLinks.Put(a.tx, found, a.at, found.Id)
		}, err
	}
	if target.domainName != "" {
		found, err := findDomainName(a.r, a.at, domainNameKey{name: target.domainName})
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.DomainNames.Put(a.tx, found, a.at, found.DomainName)
		}, err
	}
	if target.apiKeyId != "" || target.usagePlanId != "" {
		return a.taggedKey(target)
	}
	if target.clientCertificateId != "" {
		found, err := findClientCertificate(a.r, a.at, target.clientCertificateId)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.ClientCertificates.Put(a.tx, found, a.at, found.ClientCertificateId)
		}, err
	}
	if target.stageName == "" {
		found, err := a.restApi()
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.RestApis.Put(a.tx, found, a.at, a.id)
		}, err
	}
	found, err := a.stage(target.stageName)
	return found.Tags, func(tags map[string]string) error {
		found.Tags = tags
		return records.Stages.Put(a.tx, found, a.at, a.id, found.StageName)
	}, err
}

// taggedKey is tagged for API keys and usage plans.
func (a api) taggedKey(target tagTarget) (tags map[string]string, put func(map[string]string) error, err error) {
	k := keys{service: a.service, r: a.r, tx: a.tx, scope: a.scope, at: a.at}
	if target.apiKeyId != "" {
		found, err := k.apiKey(target.apiKeyId)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.ApiKeys.Put(a.tx, found, a.at, found.Id)
		}, err
	}
	found, err := k.usagePlan(target.usagePlanId)
	return found.Tags, func(tags map[string]string) error {
		found.Tags = tags
		return records.UsagePlans.Put(a.tx, found, a.at, found.Id)
	}, err
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

// shownTags are the tags that an update of an API or a VPC link shows: an empty object where
// there are none (the guide's apigateway-private-apis.md, the aws CLI's update-vpc-link);
// other operations leave them out.
func shownTags(tags map[string]string) map[string]string {
	if tags == nil {
		return map[string]string{}
	}
	return tags
}
