package apis

import (
	"strings"

	"gatehouse/internal/fault"
)

// routesUse explains why an integration cannot be deleted before its routes.
func routesUse(apiId string, routeIds []string) *fault.Fault {
	f := fault.New(fault.InUse)
	f.Checked = "the targets of the API's routes"
	f.Found = "routes that lead to the integration: " + strings.Join(routeIds, ", ")
	f.Wanted = "no route that leads to it"
	f.Fix = "Give the routes another target (update-route --target integrations/ID), or delete them first: in a template the route goes first if it refers to the integration."
	deletes := make([]string, len(routeIds))
	for i, id := range routeIds {
		deletes[i] = fault.Command("aws", "apigatewayv2", "delete-route", "--api-id", apiId, "--route-id", id)
	}
	f.Command = strings.Join(deletes, " &&\n")
	return f
}
