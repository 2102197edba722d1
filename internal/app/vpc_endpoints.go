package app

import (
	"fmt"
	"net"

	"gatehouse/internal/origin"
)

// privateListener is a listener that stands for a VPC endpoint. Private APIs answer
// there and nothing else does: neither public APIs nor AWS's service APIs.
type privateListener struct {
	endpoint origin.VpcEndpoint
	listener net.Listener
}

// listenPrivately opens the listeners of the configured VPC endpoints.
func (a *App) listenPrivately() error {
	endpoints, err := origin.ParseVpcEndpoints(a.options.Config.VpcEndpoints)
	if err != nil {
		return fmt.Errorf("vpcEndpoints: %w", err)
	}
	for _, endpoint := range endpoints {
		listener, err := a.listen(endpoint.Address)
		if err != nil {
			return fmt.Errorf("VPC endpoint %s: %w", endpoint.VpcEndpointId, err)
		}
		a.privateListeners = append(a.privateListeners, privateListener{endpoint, listener})
	}
	return nil
}

func (a *App) servePrivately() {
	for _, private := range a.privateListeners {
		a.serve(private.listener, a.atVpcEndpoint(private.endpoint))
		a.log.Info("serving a VPC endpoint", "vpcEndpointId", private.endpoint.VpcEndpointId,
			"vpcId", private.endpoint.VpcId, "address", private.listener.Addr().String())
	}
}
