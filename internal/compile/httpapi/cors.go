package httpapi

import (
	"strconv"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/plan"
)

// compileCors compiles what the gateway answers for CORS; nil without a configuration.
func compileCors(configuration *apigwv2.Cors) *plan.Cors {
	if configuration == nil {
		return nil
	}
	cors := &plan.Cors{
		AllowCredentials: configuration.AllowCredentials, AllowHeaders: strings.Join(configuration.AllowHeaders, ","),
		AllowMethods: strings.Join(configuration.AllowMethods, ","), ExposeHeaders: strings.Join(configuration.ExposeHeaders, ","),
	}
	if configuration.MaxAge != nil {
		cors.MaxAge = strconv.FormatInt(int64(*configuration.MaxAge), 10)
	}
	for _, origin := range configuration.AllowOrigins {
		if origin == "*" {
			cors.AnyOrigin = true
		} else {
			cors.Origins = append(cors.Origins, strings.ToLower(origin))
		}
	}
	return cors
}
