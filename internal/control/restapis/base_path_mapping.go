package restapis

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/store"
)

// noBasePath stands for an empty base path, and for no stage, in paths and answers.
const noBasePath = "(none)"

// basePathPattern: the guide says what a base path may contain
// (apigateway-regional-api-custom-domain-create.md); slashes have an error of their own.
var basePathPattern = regexp.MustCompile(`^[a-zA-Z0-9$\-_.+!*'(),]*$`)

// domain is a custom domain name as the operations of its mappings see it.
type domain struct {
	r      store.Reader
	tx     *store.Tx // nil while only reading
	at     store.Scope
	record apigwv2.DomainName
}

func (s *Service) openDomain(ctx context.Context, r store.Reader, key domainNameKey) (domain, error) {
	at := records.Scope(scopeOf(ctx))
	found, err := findDomainName(r, at, key)
	return domain{r: r, at: at, record: found}, err
}

func (s *Service) updateDomain(ctx context.Context, key domainNameKey, change func(d domain) error) error {
	err := s.transact(ctx, func(tx *store.Tx) error {
		d, err := s.openDomain(ctx, tx, key)
		if err != nil {
			return err
		}
		d.tx = tx
		return change(d)
	})
	if err != nil {
		return err
	}
	return s.awaitPublished(ctx)
}

// CreateBasePathMapping maps a base path of a custom domain name to a stage of an API, or
// to an API whose stage the caller then names behind the base path.
func (s *Service) CreateBasePathMapping(ctx context.Context, in *apigateway.CreateBasePathMappingInput) (*apigateway.BasePathMapping, error) {
	created := apigwv2.ApiMapping{ApiMappingKey: keyOf(text(in.BasePath)), ApiId: in.RestApiId, Stage: keyOf(text(in.Stage))}
	err := s.updateDomain(ctx, domainNameKey{in.DomainName, in.DomainNameId}, func(d domain) error {
		var err error
		if created.ApiMappingId, err = s.newMappingId(d); err != nil {
			return err
		}
		return d.putMapping(created)
	})
	if err != nil {
		return nil, err
	}
	return basePathMappingOutput(created), nil
}

func (s *Service) newMappingId(d domain) (string, error) {
	for {
		id, err := s.Ids.Resource()
		if err != nil || !records.ApiMappings.Has(d.r, d.at, d.record.DomainName, id) {
			return id, err
		}
	}
}

// GetBasePathMapping returns a mapping.
func (s *Service) GetBasePathMapping(ctx context.Context, in *apigateway.GetBasePathMappingInput) (*apigateway.BasePathMapping, error) {
	d, err := s.openDomain(ctx, s.Store.View(), domainNameKey{in.DomainName, in.DomainNameId})
	if err != nil {
		return nil, err
	}
	found, err := d.mapping(in.BasePath)
	if err != nil {
		return nil, err
	}
	return basePathMappingOutput(found), nil
}

// GetBasePathMappings lists the mappings of a custom domain name, in order of base paths.
// Keys of several levels exist for the operations of HTTP APIs alone (unconfirmed).
func (s *Service) GetBasePathMappings(ctx context.Context, in *apigateway.GetBasePathMappingsInput) (*apigateway.BasePathMappings, error) {
	d, err := s.openDomain(ctx, s.Store.View(), domainNameKey{in.DomainName, in.DomainNameId})
	if err != nil {
		return nil, err
	}
	all, err := d.mappings()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(m apigwv2.ApiMapping) bool { return strings.Contains(m.ApiMappingKey, "/") })
	slices.SortFunc(all, func(a, b apigwv2.ApiMapping) int { return strings.Compare(a.ApiMappingKey, b.ApiMappingKey) })
	found, err := paginate(all, func(m apigwv2.ApiMapping) string { return m.ApiMappingId }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.BasePathMappings{Items: convert(found.Items, basePathMappingOutput), Position: found.Next}, nil
}

func basePath(m *apigwv2.ApiMapping) *string { return &m.ApiMappingKey }

// basePathMappingPatches: API reference, "Patch operations", UpdateBasePathMapping.
var basePathMappingPatches = patch.Table[apigwv2.ApiMapping]{
	{Path: "/basePath", Replace: patch.String(basePath)}, // the aws CLI's example
	{Path: "/basepath", Replace: patch.String(basePath)}, // the API reference
	{Path: "/restapiId", Replace: patch.String(func(m *apigwv2.ApiMapping) *string { return &m.ApiId })},
	{Path: "/stage", Replace: patch.String(func(m *apigwv2.ApiMapping) *string { return &m.Stage })},
}

// UpdateBasePathMapping patches a mapping.
func (s *Service) UpdateBasePathMapping(ctx context.Context, in *apigateway.UpdateBasePathMappingInput) (*apigateway.BasePathMapping, error) {
	var updated apigwv2.ApiMapping
	err := s.updateDomain(ctx, domainNameKey{in.DomainName, in.DomainNameId}, func(d domain) error {
		var err error
		if updated, err = d.mapping(in.BasePath); err != nil {
			return err
		}
		if err := applyPatch(basePathMappingPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		updated.ApiMappingKey, updated.Stage = keyOf(updated.ApiMappingKey), keyOf(updated.Stage)
		return d.putMapping(updated)
	})
	if err != nil {
		return nil, err
	}
	return basePathMappingOutput(updated), nil
}

// DeleteBasePathMapping deletes a mapping.
func (s *Service) DeleteBasePathMapping(ctx context.Context, in *apigateway.DeleteBasePathMappingInput) (*apigateway.DeleteBasePathMappingOutput, error) {
	err := s.updateDomain(ctx, domainNameKey{in.DomainName, in.DomainNameId}, func(d domain) error {
		found, err := d.mapping(in.BasePath)
		if err != nil {
			return err
		}
		records.ApiMappings.Delete(d.tx, d.at, d.record.DomainName, found.ApiMappingId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteBasePathMappingOutput{}, nil
}

func keyOf(basePath string) string {
	if basePath == noBasePath {
		return ""
	}
	return basePath
}

func orNone(key string) *string {
	if key == "" {
		key = noBasePath
	}
	return &key
}

func (d domain) mappings() ([]apigwv2.ApiMapping, error) {
	return records.ApiMappings.List(d.r, d.at, d.record.DomainName)
}

// mapping finds the mapping of a base path. Errors: NotFoundException.
func (d domain) mapping(basePath string) (apigwv2.ApiMapping, error) {
	all, err := d.mappings()
	if err != nil {
		return apigwv2.ApiMapping{}, err
	}
	for _, m := range all {
		if m.ApiMappingKey == keyOf(basePath) {
			return m, nil
		}
	}
	return apigwv2.ApiMapping{}, notFound(messageInvalidBasePathMapping)
}

// putMapping checks a mapping against its domain name and its stage, and puts it.
func (d domain) putMapping(m apigwv2.ApiMapping) error {
	switch {
	case strings.Contains(m.ApiMappingKey, "/"):
		return badRequest(messageBasePathSlash)
	case !basePathPattern.MatchString(m.ApiMappingKey):
		return badRequest(messageBasePath)
	case !records.RestApis.Has(d.r, d.at, m.ApiId):
		return badRequest(messageInvalidRestApi)
	case m.Stage != "" && !records.Stages.Has(d.r, d.at, m.ApiId, m.Stage):
		return badRequest(messageInvalidStage)
	}
	others, err := d.mappings()
	if err != nil {
		return err
	}
	others = slices.DeleteFunc(others, func(other apigwv2.ApiMapping) bool { return other.ApiMappingId == m.ApiMappingId })
	if len(others) >= apigwv2.ApiMappingsLimit {
		return badRequest(messageMappingsLimit)
	}
	for _, other := range others {
		if other.ApiMappingKey == m.ApiMappingKey {
			return basePathExists(m.ApiMappingKey)
		}
		if mapped, err := records.Apis.Get(d.r, d.at, other.ApiId); err == nil && mapped.ProtocolType == apigwv2.ProtocolTypeWebSocket {
			return badRequest(messageMappingWebSocket)
		}
	}
	return records.ApiMappings.Put(d.tx, m, d.at, d.record.DomainName, m.ApiMappingId)
}

func basePathMappingOutput(m apigwv2.ApiMapping) *apigateway.BasePathMapping {
	return &apigateway.BasePathMapping{BasePath: orNone(m.ApiMappingKey), RestApiId: &m.ApiId, Stage: orNone(m.Stage)}
}
