package dataplane

import "testing"

// The forms are those of AWS's list of regions.
func TestRegionOf(t *testing.T) {
	for host, want := range map[string]string{
		"a1.execute-api.eu-west-1.amazonaws.com": "eu-west-1", "a1.EXECUTE-API.EU-West-1.localhost:4566": "eu-west-1", "a1.execute-api.us-gov-east-1.x": "us-gov-east-1",
		"a1.execute-api.ap-southeast-4:80": "ap-southeast-4", "a1.execute-api.cn-north-1.amazonaws.com.cn": "cn-north-1", "a1.execute-api.localhost:4566": "", "a1.execute-api": "",
		"a1.execute-api.my-own-host": "", "a1.execute-api.eu-west.x": "", "a1.execute-api.eu-1-1.x": "", "a1.execute-api.eu--1.x": "", "a1.execute-api.web-node-1.x": "",
	} {
		if got := regionOf(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}
