package apigwv2

import "time"

// VpcLink lets integrations reach load balancers that are not public (version 2).
type VpcLink struct {
	VpcLinkId            string
	Name                 string
	SecurityGroupIds     []string
	SubnetIds            []string
	Tags                 map[string]string
	CreatedDate          time.Time
	VpcLinkStatus        string // PENDING, AVAILABLE, DELETING, FAILED or INACTIVE
	VpcLinkStatusMessage string
}
