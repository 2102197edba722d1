package restapis

import (
	"context"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// CreateDocumentationVersion keeps the documentation as it is now, and gives it to a
// stage when one is named.
func (s *Service) CreateDocumentationVersion(ctx context.Context, in *apigateway.CreateDocumentationVersionInput) (*apigateway.DocumentationVersion, error) {
	created := apigw.DocumentationVersion{Version: in.DocumentationVersion, Description: text(in.Description), CreatedDate: s.Now().UTC()}
	err := s.updateServed(ctx, in.RestApiId, func(a api) error {
		if created.Version == "" {
			return badRequest(messageInvalidDocumentationVersion)
		}
		if records.DocumentationVersions.Has(a.r, a.at, a.id, created.Version) {
			return conflict(messageDocumentationVersionExists)
		}
		var err error
		if created.Parts, err = a.documentationParts(); err != nil {
			return err
		}
		if err := records.DocumentationVersions.Put(a.tx, created, a.at, a.id, created.Version); err != nil {
			return err
		}
		return a.documentStage(text(in.StageName), created.Version)
	})
	if err != nil {
		return nil, err
	}
	return documentationVersionOutput(created), nil
}

// documentStage gives a stage a version; no name is no stage.
func (a api) documentStage(stageName, version string) error {
	if stageName == "" {
		return nil
	}
	stage, err := a.stage(stageName)
	if err != nil {
		return err
	}
	stage.DocumentationVersion, stage.LastUpdatedDate = version, a.service.Now().UTC()
	return records.Stages.Put(a.tx, stage, a.at, a.id, stageName)
}

// GetDocumentationVersion returns a version.
func (s *Service) GetDocumentationVersion(ctx context.Context, in *apigateway.GetDocumentationVersionInput) (*apigateway.DocumentationVersion, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.documentationVersion(in.DocumentationVersion)
	if err != nil {
		return nil, err
	}
	return documentationVersionOutput(found), nil
}

// GetDocumentationVersions lists the versions of an API.
func (s *Service) GetDocumentationVersions(ctx context.Context, in *apigateway.GetDocumentationVersionsInput) (*apigateway.DocumentationVersions, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.DocumentationVersions.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(v apigw.DocumentationVersion) string { return v.Version }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.DocumentationVersions{Items: convert(found.Items, documentationVersionOutput), Position: found.Next}, nil
}

// UpdateDocumentationVersion patches a version's description; its parts never change.
func (s *Service) UpdateDocumentationVersion(ctx context.Context, in *apigateway.UpdateDocumentationVersionInput) (*apigateway.DocumentationVersion, error) {
	var updated apigw.DocumentationVersion
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.documentationVersion(in.DocumentationVersion); err != nil {
			return err
		}
		if err := applyPatch(documentationVersionPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return records.DocumentationVersions.Put(a.tx, updated, a.at, a.id, updated.Version)
	})
	if err != nil {
		return nil, err
	}
	return documentationVersionOutput(updated), nil
}

// documentationVersionPatches: API reference, "Patch operations", UpdateDocumentationVersion.
var documentationVersionPatches = patch.Table[apigw.DocumentationVersion]{
	{Path: "/description", Replace: patch.String(func(v *apigw.DocumentationVersion) *string { return &v.Description })},
}

// DeleteDocumentationVersion deletes a version that no stage has.
func (s *Service) DeleteDocumentationVersion(ctx context.Context, in *apigateway.DeleteDocumentationVersionInput) (*apigateway.DeleteDocumentationVersionOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		stages, err := a.stages()
		if err != nil {
			return err
		}
		for _, stage := range stages {
			if stage.DocumentationVersion == in.DocumentationVersion {
				return documentationVersionInUse(in.DocumentationVersion, stage.StageName)
			}
		}
		if records.DocumentationVersions.Delete(a.tx, a.at, a.id, in.DocumentationVersion) == 0 {
			return notFound(messageInvalidDocumentationVersion)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteDocumentationVersionOutput{}, nil
}

func (a api) documentationVersion(version string) (apigw.DocumentationVersion, error) {
	return find(a, records.DocumentationVersions, version, notFound(messageInvalidDocumentationVersion))
}

func documentationVersionOutput(v apigw.DocumentationVersion) *apigateway.DocumentationVersion {
	return &apigateway.DocumentationVersion{Version: &v.Version, Description: optional(v.Description), CreatedDate: seconds(v.CreatedDate)}
}
