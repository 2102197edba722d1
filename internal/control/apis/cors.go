package apis

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/awsapi/apigatewayv2"
)

const (
	// corsMaxAgeLimit is the longest maxAge, seconds; -1 turns caching off.
	corsMaxAgeLimit = 86400
	anyValue        = "*"
)

// DeleteCorsConfiguration makes an API leave cross-origin requests to its backends.
func (s *Service) DeleteCorsConfiguration(ctx context.Context, in *apigatewayv2.DeleteCorsConfigurationInput) (*apigatewayv2.DeleteCorsConfigurationOutput, error) {
	err := s.updateContent(ctx, in.ApiId, func(a api) error {
		a.record.CorsConfiguration = nil
		return a.put()
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteCorsConfigurationOutput{}, nil
}

func corsOf(in *apigatewayv2.Cors) *apigwv2.Cors {
	if in == nil {
		return nil
	}
	return &apigwv2.Cors{
		AllowCredentials: given(in.AllowCredentials, false), AllowHeaders: in.AllowHeaders, AllowMethods: in.AllowMethods,
		AllowOrigins: in.AllowOrigins, ExposeHeaders: in.ExposeHeaders, MaxAge: in.MaxAge,
	}
}

func corsOutput(cors *apigwv2.Cors) *apigatewayv2.Cors {
	if cors == nil {
		return nil
	}
	return &apigatewayv2.Cors{
		AllowCredentials: only(cors.AllowCredentials), AllowHeaders: cors.AllowHeaders, AllowMethods: cors.AllowMethods,
		AllowOrigins: cors.AllowOrigins, ExposeHeaders: cors.ExposeHeaders, MaxAge: cors.MaxAge,
	}
}

func validateCors(cors *apigwv2.Cors) error {
	if cors == nil {
		return nil
	}
	if cors.AllowCredentials && slices.Contains(cors.AllowOrigins, anyValue) {
		return badRequest(messageCorsCredentials)
	}
	if cors.MaxAge != nil && (*cors.MaxAge < -1 || *cors.MaxAge > corsMaxAgeLimit) {
		return badRequest(messageCorsMaxAge)
	}
	for _, method := range cors.AllowMethods {
		if method != anyValue && (!apigw.ValidHttpMethod(method) || method == methodAny) {
			return badRequest(messageCorsMethod + method)
		}
	}
	for _, origin := range cors.AllowOrigins {
		if !validOrigin(origin) {
			return badRequest(messageCorsOrigin + origin)
		}
	}
	for _, header := range slices.Concat(cors.AllowHeaders, cors.ExposeHeaders) {
		if header == "" || strings.ContainsAny(header, " \t\r\n,:\"") {
			return badRequest(messageCorsHeader + header)
		}
	}
	return nil
}

// validOrigin takes *, https://*, and a scheme with a host and perhaps a port.
func validOrigin(origin string) bool {
	if origin == anyValue {
		return true
	}
	parsed, err := url.Parse(origin)
	return err == nil && parsed.Scheme != "" && parsed.Host != "" && parsed.Path == "" && parsed.RawQuery == "" && parsed.User == nil
}
