package restapis

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/openapi"
)

const (
	exportOas30   = "oas30"
	exportSwagger = "swagger"

	acceptJSON = "application/json"
	acceptYAML = "application/yaml"
)

// GetExport writes a definition of an API as a stage serves it.
func (s *Service) GetExport(ctx context.Context, in *apigateway.GetExportInput) (*apigateway.GetExportOutput, error) {
	if in.ExportType != exportOas30 && in.ExportType != exportSwagger {
		return nil, badRequest(messageInvalidExportType)
	}
	export := openapi.RestExport{Swagger: in.ExportType == exportSwagger, StageName: in.StageName, ModelUrl: modelUrl(in.RestApiId), Format: openapi.FormatJSON}
	accept := acceptJSON
	if strings.HasPrefix(text(in.Accepts), acceptYAML) {
		accept, export.Format = acceptYAML, openapi.FormatYAML
	}
	if err := readExportParameters(&export, in.Parameters); err != nil {
		return nil, err
	}
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	if err := a.readExported(&export); err != nil {
		return nil, err
	}
	body, err := openapi.WriteRest(export)
	var refused *openapi.ExportError
	if errors.As(err, &refused) {
		return nil, badRequest(refused.Problem)
	}
	if err != nil {
		return nil, err
	}
	extension := strings.TrimPrefix(accept, "application/")
	disposition := `attachment; filename="` + in.ExportType + "_" + s.Now().UTC().Format("2006-01-02_15-04-05_UTC") + "." + extension + `"`
	return &apigateway.GetExportOutput{ContentType: &accept, ContentDisposition: &disposition, Body: body}, nil
}

// readExportParameters reads the extensions that a client wants: "apigateway" is all that
// only API Gateway understands, which AWS's page on exports names and does not explain.
func readExportParameters(export *openapi.RestExport, parameters map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if name != "extensions" {
			return invalidParameter(name, parameters[name])
		}
		for _, extension := range strings.Split(parameters[name], ",") {
			switch strings.TrimSpace(extension) {
			case "apigateway":
				export.Integrations, export.Authorizers = true, true
			case "integrations":
				export.Integrations = true
			case "authorizers":
				export.Authorizers = true
			case "documentation":
				export.DocumentationParts = true
			case "postman":
				return unsupportedPostman.Refuse(badRequest)
			default:
				return invalidParameter(name, parameters[name])
			}
		}
	}
	return nil
}

// readExported reads what a stage serves, and the documentation that it shows.
func (a api) readExported(export *openapi.RestExport) error {
	stage, err := a.stage(export.StageName)
	if err != nil {
		return err
	}
	if export.Snapshot, err = records.Snapshots.Get(a.r, a.at, a.id, stage.DeploymentId); err != nil {
		return err
	}
	export.ServerUrl = a.url()
	if stage.DocumentationVersion == "" {
		return nil
	}
	export.Documentation, err = a.documentationVersion(stage.DocumentationVersion)
	return err
}

// url is the URL of the API's own endpoint: AWS's, unless the server has another.
func (a api) url() string {
	if a.service.ApiUrl != nil {
		return a.service.ApiUrl(a.id, a.scope.Region)
	}
	return "https://" + a.id + ".execute-api." + a.scope.Region + ".amazonaws.com"
}
