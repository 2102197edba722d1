package jwks

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"strings"
)

// jsonWebKey is a key as RFC 7517 and RFC 7518 write it.
type jsonWebKey struct {
	Kty string `json:"kty"`
	Kid string `json:"kid"`
	Use string `json:"use"`
	N   string `json:"n"`
	E   string `json:"e"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
}

// leastModulus is the smallest RSA key that is accepted, in bits.
const leastModulus = 1024

// public is the key, false when it is none that signs, or of a kind that is not known.
func (k *jsonWebKey) public() (crypto.PublicKey, bool) {
	if k.Use != "" && k.Use != "sig" {
		return nil, false
	}
	switch k.Kty {
	case "RSA":
		n, e := number(k.N), number(k.E)
		if n == nil || e == nil || n.BitLen() < leastModulus || !e.IsInt64() || e.Int64() < 3 || e.Int64() > 1<<31-1 {
			return nil, false
		}
		return &rsa.PublicKey{N: n, E: int(e.Int64())}, true
	case "EC":
		return k.elliptic()
	}
	return nil, false
}

func (k *jsonWebKey) elliptic() (crypto.PublicKey, bool) {
	curve, ok := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[k.Crv]
	x, y := number(k.X), number(k.Y)
	if !ok || x == nil || y == nil {
		return nil, false
	}
	size := (curve.Params().BitSize + 7) / 8
	if x.BitLen() > size*8 || y.BitLen() > size*8 {
		return nil, false
	}
	point := append([]byte{4}, x.FillBytes(make([]byte, size))...)
	public, err := ecdsa.ParseUncompressedPublicKey(curve, append(point, y.FillBytes(make([]byte, size))...))
	return public, err == nil
}

// number reads a Base64urlUInt; nil when it is none.
func number(text string) *big.Int {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || len(raw) == 0 {
		return nil
	}
	return new(big.Int).SetBytes(raw)
}
