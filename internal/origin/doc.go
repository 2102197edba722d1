// Package origin says where a request came from, as condition keys of policies see it:
// the client's address behind proxies that are trusted, and the VPC endpoint whose
// listener it arrived at.
//
// It opens no listener and evaluates no policy. It reads the words of the configuration
// (ParseTrustedProxies, ParseVpcEndpoint), so that both planes mean the same by them.
//
// Begin at TrustedProxies.SourceIp.
package origin
