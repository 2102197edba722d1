package apis

import (
	"context"
	"maps"
	"slices"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
)

// loggingOff is the level of a stage that writes no execution log.
const loggingOff = "OFF"

// DeleteRouteSettings makes a route follow the stage's default settings again.
func (s *Service) DeleteRouteSettings(ctx context.Context, in *apigatewayv2.DeleteRouteSettingsInput) (*apigatewayv2.DeleteRouteSettingsOutput, error) {
	_, err := s.changeStage(ctx, in.ApiId, in.StageName, func(_ api, stage *apigwv2.Stage) error {
		if _, ok := stage.RouteSettings[in.RouteKey]; !ok {
			return unknownRouteSettings(in.RouteKey)
		}
		stage.RouteSettings = maps.Clone(stage.RouteSettings)
		delete(stage.RouteSettings, in.RouteKey)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteRouteSettingsOutput{}, nil
}

// changeRouteSettings sets what a stage has for all routes, and for some: each must be
// a route of the API.
func (a api) changeRouteSettings(stage *apigwv2.Stage, all *apigatewayv2.RouteSettings, some map[string]apigatewayv2.RouteSettings) error {
	if all != nil {
		stage.DefaultRouteSettings = a.withLevel(routeSettingsOf(*all))
		if stage.DefaultRouteSettings.DetailedMetricsEnabled == nil {
			stage.DefaultRouteSettings.DetailedMetricsEnabled = new(bool) // the aws CLI's update-stage shows it of no other settings
		}
	}
	if len(some) == 0 {
		return nil
	}
	routes, err := records.Routes.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	stage.RouteSettings = maps.Clone(entries(stage.RouteSettings))
	for _, routeKey := range slices.Sorted(maps.Keys(some)) {
		if !slices.ContainsFunc(routes, func(route apigwv2.Route) bool { return route.RouteKey == routeKey }) {
			return unknownRouteSettings(routeKey)
		}
		stage.RouteSettings[routeKey] = a.withLevel(routeSettingsOf(some[routeKey]))
	}
	return nil
}

// withLevel forgets what HTTP APIs do not have when it says nothing.
func (a api) withLevel(settings apigwv2.RouteSettings) apigwv2.RouteSettings {
	if a.isHttp() && settings.LoggingLevel == loggingOff {
		settings.LoggingLevel = ""
	}
	if a.isHttp() && settings.DataTraceEnabled != nil && !*settings.DataTraceEnabled {
		settings.DataTraceEnabled = nil
	}
	return settings
}

// validateStageSettings checks the settings of all routes and of some.
func (a api) validateStageSettings(stage *apigwv2.Stage) error {
	if err := a.validateRouteSettings(stage.DefaultRouteSettings); err != nil {
		return err
	}
	for _, routeKey := range slices.Sorted(maps.Keys(stage.RouteSettings)) {
		if err := a.validateRouteSettings(stage.RouteSettings[routeKey]); err != nil {
			return err
		}
	}
	return nil
}

func (a api) validateRouteSettings(settings apigwv2.RouteSettings) error {
	if a.isHttp() && (settings.LoggingLevel != "" || settings.DataTraceEnabled != nil) {
		return badRequest(messageExecutionLogs)
	}
	burst, rate := settings.ThrottlingBurstLimit, settings.ThrottlingRateLimit
	if burst != nil && *burst < 0 || rate != nil && *rate < 0 {
		return badRequest(messageInvalidThrottle)
	}
	return nil
}

func routeSettingsOf(in apigatewayv2.RouteSettings) apigwv2.RouteSettings {
	return apigwv2.RouteSettings{
		DataTraceEnabled: in.DataTraceEnabled, DetailedMetricsEnabled: in.DetailedMetricsEnabled, LoggingLevel: string(in.LoggingLevel),
		ThrottlingBurstLimit: in.ThrottlingBurstLimit, ThrottlingRateLimit: in.ThrottlingRateLimit,
	}
}

func routeSettingsOutput(settings apigwv2.RouteSettings) apigatewayv2.RouteSettings {
	return apigatewayv2.RouteSettings{
		DataTraceEnabled: settings.DataTraceEnabled, DetailedMetricsEnabled: settings.DetailedMetricsEnabled,
		LoggingLevel:         apigatewayv2.LoggingLevel(settings.LoggingLevel),
		ThrottlingBurstLimit: settings.ThrottlingBurstLimit, ThrottlingRateLimit: settings.ThrottlingRateLimit,
	}
}
