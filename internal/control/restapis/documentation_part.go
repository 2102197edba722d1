package restapis

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/openapi"
	"gatehouse/internal/control/patch"
)

// CreateDocumentationPart documents one entity of an API. That the entity is there is
// not asked for, as on AWS: documentation may come first.
func (s *Service) CreateDocumentationPart(ctx context.Context, in *apigateway.CreateDocumentationPartInput) (*apigateway.DocumentationPart, error) {
	created := apigw.DocumentationPart{Location: locationOf(in.Location), Properties: in.Properties}
	err := s.update(ctx, in.RestApiId, func(a api) error {
		parts, err := a.documentationParts()
		if err != nil {
			return err
		}
		if err := checkDocumentationPart(&created); err != nil {
			return err
		}
		if _, exists := partAt(parts, created.Location); exists {
			return documentationPartExists(created.Location)
		}
		if len(parts) >= apigw.DocumentationPartsLimit {
			return limitExceeded(messageDocumentationPartsLimit)
		}
		return a.putDocumentationPart(&created)
	})
	if err != nil {
		return nil, err
	}
	return documentationPartOutput(created), nil
}

func locationOf(in *apigateway.DocumentationPartLocation) apigw.DocumentationPartLocation {
	return apigw.DocumentationPartLocation{
		Type: string(in.Type), Path: text(in.Path), Method: text(in.Method), StatusCode: text(in.StatusCode), Name: text(in.Name),
	}
}

// checkDocumentationPart checks a part and completes its location.
func checkDocumentationPart(part *apigw.DocumentationPart) error {
	full, found, invalid, missing := part.Location.Complete()
	switch {
	case !found:
		return invalidDocumentationLocation(part.Location, "there is no such type")
	case invalid != "":
		return invalidDocumentationLocation(part.Location, invalid+" is not valid for the type")
	case missing != "":
		return invalidDocumentationLocation(part.Location, missing+" is required for the type")
	}
	part.Location = full
	var properties map[string]json.RawMessage
	if json.Unmarshal([]byte(part.Properties), &properties) != nil || properties == nil {
		return badRequest(messageDocumentationProperties)
	}
	return nil
}

func partAt(parts []apigw.DocumentationPart, location apigw.DocumentationPartLocation) (apigw.DocumentationPart, bool) {
	i := slices.IndexFunc(parts, func(part apigw.DocumentationPart) bool { return part.Location == location })
	if i < 0 {
		return apigw.DocumentationPart{}, false
	}
	return parts[i], true
}

// putDocumentationPart puts a part, with a new id if it has none.
func (a api) putDocumentationPart(part *apigw.DocumentationPart) error {
	if part.Id == "" {
		var err error
		if part.Id, err = newId(a, records.DocumentationParts); err != nil {
			return err
		}
	}
	return records.DocumentationParts.Put(a.tx, *part, a.at, a.id, part.Id)
}

// GetDocumentationPart returns a part.
func (s *Service) GetDocumentationPart(ctx context.Context, in *apigateway.GetDocumentationPartInput) (*apigateway.DocumentationPart, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.documentationPart(in.DocumentationPartId)
	if err != nil {
		return nil, err
	}
	return documentationPartOutput(found), nil
}

// GetDocumentationParts lists the parts of an API, or those of one type, path or name.
func (s *Service) GetDocumentationParts(ctx context.Context, in *apigateway.GetDocumentationPartsInput) (*apigateway.DocumentationParts, error) {
	if in.LocationStatus == apigateway.LocationStatusTypeUndocumented {
		return nil, unsupportedUndocumented.Refuse(badRequest)
	}
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all, err := a.documentationParts()
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(part apigw.DocumentationPart) bool {
		l := part.Location
		return cmp.Or(string(in.Type), l.Type) != l.Type || cmp.Or(text(in.Path), l.Path) != l.Path || cmp.Or(text(in.NameQuery), l.Name) != l.Name
	})
	found, err := paginate(all, func(part apigw.DocumentationPart) string { return part.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.DocumentationParts{Items: convert(found.Items, documentationPartOutput), Position: found.Next}, nil
}

// UpdateDocumentationPart patches a part.
func (s *Service) UpdateDocumentationPart(ctx context.Context, in *apigateway.UpdateDocumentationPartInput) (*apigateway.DocumentationPart, error) {
	var updated apigw.DocumentationPart
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.documentationPart(in.DocumentationPartId); err != nil {
			return err
		}
		if err := applyPatch(documentationPartPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		if err := checkDocumentationPart(&updated); err != nil {
			return err
		}
		return a.putDocumentationPart(&updated)
	})
	if err != nil {
		return nil, err
	}
	return documentationPartOutput(updated), nil
}

// documentationPartPatches: API reference, "Patch operations", UpdateDocumentationPart.
var documentationPartPatches = patch.Table[apigw.DocumentationPart]{
	{Path: "/properties", Replace: patch.String(func(p *apigw.DocumentationPart) *string { return &p.Properties })},
}

// DeleteDocumentationPart deletes a part; versions keep what they have of it.
func (s *Service) DeleteDocumentationPart(ctx context.Context, in *apigateway.DeleteDocumentationPartInput) (*apigateway.DeleteDocumentationPartOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if records.DocumentationParts.Delete(a.tx, a.at, a.id, in.DocumentationPartId) == 0 {
			return notFound(messageInvalidDocumentationPart)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteDocumentationPartOutput{}, nil
}

func (a api) documentationPart(id string) (apigw.DocumentationPart, error) {
	return find(a, records.DocumentationParts, id, notFound(messageInvalidDocumentationPart))
}

func (a api) documentationParts() ([]apigw.DocumentationPart, error) {
	return records.DocumentationParts.List(a.r, a.at, a.id)
}

func documentationPartOutput(part apigw.DocumentationPart) *apigateway.DocumentationPart {
	l := part.Location
	return &apigateway.DocumentationPart{
		Id: &part.Id, Properties: &part.Properties,
		Location: &apigateway.DocumentationPartLocation{
			Type: apigateway.DocumentationPartType(l.Type), Path: optional(l.Path), Method: optional(l.Method),
			StatusCode: optional(l.StatusCode), Name: optional(l.Name),
		},
	}
}

// ImportDocumentationParts puts the documentation parts of a definition into an API, over
// those that are there (merge) or in place of them (overwrite).
func (s *Service) ImportDocumentationParts(ctx context.Context, in *apigateway.ImportDocumentationPartsInput) (*apigateway.DocumentationPartIds, error) {
	parts, err := openapi.ReadDocumentation(in.Body)
	if err != nil {
		return nil, refusedDefinition(err)
	}
	parts = openapi.MergeDocumentation(nil, parts)
	imported := &apigateway.DocumentationPartIds{}
	err = s.update(ctx, in.RestApiId, func(a api) error {
		if in.Mode == apigateway.PutModeOverwrite {
			records.DocumentationParts.Delete(a.tx, a.at, a.id)
		}
		var err error
		imported.Ids, err = a.mergeDocumentation(parts)
		return err
	})
	if err != nil {
		return nil, err
	}
	return imported, nil
}
