package origin

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Not AWS's behaviour but ours: on AWS there is no proxy in front of the service.
func TestSourceIp(t *testing.T) {
	cases := []struct{ name, trusted, remote, forwarded, want string }{
		{"nobody is trusted", "", "192.0.2.1:1000", "198.51.100.7", "192.0.2.1"},
		{"a trusted proxy", "192.0.2.0/24", "192.0.2.1:1000", "198.51.100.7", "198.51.100.7"},
		{"an untrusted proxy", "192.0.2.0/24", "203.0.113.1:1000", "198.51.100.7", "203.0.113.1"},
		{"what the client wrote is not believed", "192.0.2.0/24", "192.0.2.1:1000", "10.0.0.1, 198.51.100.7", "198.51.100.7"},
		{"two proxies", "192.0.2.0/24", "192.0.2.1:1000", "198.51.100.7, 192.0.2.9", "198.51.100.7"},
		{"all are proxies", "192.0.2.0/24", "192.0.2.1:1000", "192.0.2.8, 192.0.2.9", "192.0.2.8"},
		{"no header", "192.0.2.0/24", "192.0.2.1:1000", "", "192.0.2.1"},
		{"not an address", "192.0.2.0/24", "192.0.2.1:1000", "198.51.100.7, unknown", "192.0.2.1"},
		{"with ports", "192.0.2.1", "192.0.2.1:1000", "198.51.100.7:4711", "198.51.100.7"},
		{"IPv6", "2001:db8::/32", "[2001:db8::1]:1000", "[2001:db9::7]:4711", "2001:db9::7"},
		{"IPv4 in IPv6", "192.0.2.1", "[::ffff:192.0.2.1]:1000", "198.51.100.7", "198.51.100.7"},
		{"too many hops", "192.0.2.0/24", "192.0.2.1:1000", "198.51.100.7" + strings.Repeat(",192.0.2.2", 40), "192.0.2.2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var texts []string
			if c.trusted != "" {
				texts = strings.Fields(c.trusted)
			}
			trusted, err := ParseTrustedProxies(texts)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
			if c.forwarded != "" {
				r.Header.Set("X-Forwarded-For", c.forwarded)
			}
			if got := trusted.SourceIp(r); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if _, err := ParseTrustedProxies([]string{"proxy.example.com"}); err == nil {
		t.Error("a name was taken for a network")
	}
}

func TestParseVpcEndpoint(t *testing.T) {
	got, err := ParseVpcEndpoint("vpce-0212a4ababd5b8c3e,vpc-1a2b3c4d=127.0.0.1:4567")
	if err != nil {
		t.Fatal(err)
	}
	want := VpcEndpoint{VpcEndpointId: "vpce-0212a4ababd5b8c3e", VpcId: "vpc-1a2b3c4d", Address: "127.0.0.1:4567"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	keys := map[string]string{}
	for _, key := range got.Context("10.0.0.5") {
		keys[key.Key] = key.Value
	}
	if diff := cmp.Diff(map[string]string{"aws:SourceVpce": want.VpcEndpointId, "aws:SourceVpc": want.VpcId, "aws:VpcSourceIp": "10.0.0.5"}, keys); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "vpce-0212a4ab=127.0.0.1:1", "vpce-0212a4ab,vpc-1a2b3c4d", "vpce-0212a4ab,vpc-1a2b3c4d=127.0.0.1", "vpce-XYZ,vpc-1a2b3c4d=127.0.0.1:1"} {
		if _, err := ParseVpcEndpoint(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestParseVpcEndpoints(t *testing.T) {
	const first = "vpce-0212a4ab,vpc-1a2b3c4d=127.0.0.1:1"
	got, err := ParseVpcEndpoints([]string{first, "vpce-0212a4ac,vpc-1a2b3c4d=127.0.0.1:2"})
	if err != nil || len(got) != 2 || got[1].Address != "127.0.0.1:2" {
		t.Errorf("got %v %v", got, err)
	}
	for _, second := range []string{"vpce-0212a4ab,vpc-1a2b3c4d=127.0.0.1:2", "vpce-0212a4ac,vpc-1a2b3c4d=127.0.0.1:1", ""} {
		if _, err := ParseVpcEndpoints([]string{first, second}); err == nil {
			t.Errorf("%q was taken beside %q", second, first)
		}
	}
}

func TestHandler(t *testing.T) {
	trusted, err := ParseTrustedProxies([]string{"192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	for remote, want := range map[string]string{"192.0.2.1:1000": "198.51.100.7:1000", "203.0.113.1:1000": "203.0.113.1:1000"} {
		seen := ""
		handler := trusted.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr }))
		handler.ServeHTTP(nil, &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {"198.51.100.7"}}})
		if seen != want {
			t.Errorf("%s became %s, want %s", remote, seen, want)
		}
	}
}
