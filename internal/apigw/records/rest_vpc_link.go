package records

import (
	"gatehouse/internal/apigw"
	"gatehouse/internal/store"
)

// RestVpcLinks is keyed by vpcLinkId; these are VPC links of version 1, of REST APIs.
var RestVpcLinks = store.NewCollection[apigw.VpcLink]("VpcLink")
