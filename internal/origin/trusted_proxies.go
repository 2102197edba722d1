package origin

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// TrustedProxies are the networks of proxies whose X-Forwarded-For is believed. The
// zero value trusts nobody: aws:SourceIp is the address of the connection.
type TrustedProxies struct {
	networks []netip.Prefix
}

// maxForwardedHops bounds how much of X-Forwarded-For is read, from its end.
const maxForwardedHops = 32

// ParseTrustedProxies reads addresses and CIDR blocks.
func ParseTrustedProxies(texts []string) (TrustedProxies, error) {
	var trusted TrustedProxies
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			address, addressErr := netip.ParseAddr(text)
			if addressErr != nil {
				return TrustedProxies{}, fmt.Errorf("trusted proxy %q is neither an address nor a CIDR block", text)
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		trusted.networks = append(trusted.networks, prefix.Masked())
	}
	return trusted, nil
}

// SourceIp is the client's address: that of the connection, or, when a trusted proxy
// made the connection, the last address in X-Forwarded-For that is no trusted proxy's.
// What a client writes there itself stands further left, so it is never believed.
func (t TrustedProxies) SourceIp(r *http.Request) string {
	connection, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	source := connection.Addr().Unmap().WithZone("")
	if !t.trusts(source) {
		return source.String()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && len(hops)-i <= maxForwardedHops; i-- {
		hop, ok := parseHop(hops[i])
		if !ok {
			break
		}
		source = hop
		if !t.trusts(hop) {
			break
		}
	}
	return source.String()
}

func (t TrustedProxies) trusts(address netip.Addr) bool {
	for _, network := range t.networks {
		if network.Contains(address) {
			return true
		}
	}
	return false
}

// parseHop reads one address; some proxies add the port.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		var withPort netip.AddrPort
		if withPort, err = netip.ParseAddrPort(text); err == nil {
			address = withPort.Addr()
		}
	}
	return address.Unmap().WithZone(""), err == nil
}
