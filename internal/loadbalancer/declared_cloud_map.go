package loadbalancer

import (
	"errors"
	"fmt"
	"regexp"
)

// DeclaredCloudMapService is a Cloud Map service of a configuration file: an ARN that
// templates name, and where its instances really are. Exactly one of Instances and Srv
// is set.
type DeclaredCloudMapService struct {
	Arn       string                     `yaml:"arn"`
	Instances []DeclaredCloudMapInstance `yaml:"instances"`
	// Srv is a DNS name whose SRV records are the instances.
	Srv string `yaml:"srv"`
}

// DeclaredCloudMapInstance is one instance.
type DeclaredCloudMapInstance struct {
	Address string `yaml:"address"` // host:port
	// Attributes are what the query of an integration's URI selects by.
	Attributes map[string]string `yaml:"attributes"`
}

var cloudMapArn = regexp.MustCompile(`^arn:[a-z-]+:servicediscovery:[a-z0-9-]+:[0-9]{12}:service/[A-Za-z0-9_-]+$`)

// DeclareCloudMap checks what a configuration file says of Cloud Map services. Its error
// says everything that is wrong, joined.
func DeclareCloudMap(list []DeclaredCloudMapService) ([]CloudMapService, error) {
	var services []CloudMapService
	var errs []error
	seen := map[string]bool{}
	for i, declared := range list {
		at := fmt.Sprintf("cloudMapServices[%d]", i)
		if !cloudMapArn.MatchString(declared.Arn) || seen[declared.Arn] {
			errs = append(errs, fmt.Errorf("%s.arn: %q is not the ARN of one Cloud Map service", at, declared.Arn))
		}
		seen[declared.Arn] = true
		if (len(declared.Instances) == 0) == (declared.Srv == "") {
			errs = append(errs, fmt.Errorf("%s: exactly one of instances and srv must be set", at))
		}
		service := CloudMapService{Arn: declared.Arn, Srv: declared.Srv}
		for j, instance := range declared.Instances {
			target, err := parseTarget(instance.Address)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s.instances[%d].address: %w", at, j, err))
			}
			service.Instances = append(service.Instances, newCloudMapInstance(target.Address(), instance.Attributes))
		}
		services = append(services, service)
	}
	return services, errors.Join(errs...)
}
