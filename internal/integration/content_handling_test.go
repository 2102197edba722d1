package integration

import "testing"

// Source: guide, api-gateway-payload-encodings-workflow.md, first table; each row is
// one of its lines.
func TestConvertRequest(t *testing.T) {
	for _, row := range []struct {
		body     string
		binary   bool
		handling string
		want     string
		still    bool
	}{
		{"text", false, "", "text", false},
		{"dGV4dA==", false, ConvertToBinary, "text", true},
		{"text", false, ConvertToText, "text", false},
		{"\xff\x00", true, "", "\xff\x00", true},
		{"\xff\x00", true, ConvertToBinary, "\xff\x00", true},
		{"\xff\x00", true, ConvertToText, "/wA=", false},
		{"a\xff", false, "", "a\uFFFD", false},
	} {
		got, still, err := ConvertRequest([]byte(row.body), row.binary, row.handling)
		if err != nil || string(got) != row.want || still != row.still {
			t.Errorf("%+v: got %q %v %v", row, got, still, err)
		}
	}
	if _, _, err := ConvertRequest([]byte("not base64!"), false, ConvertToBinary); err == nil {
		t.Error("text that is not base64 was converted")
	}
}

// Source: the same page, second table.
func TestConvertResponse(t *testing.T) {
	for _, row := range []struct {
		body       string
		conversion ResponseConversion
		want       string
	}{
		{"text", ResponseConversion{}, "text"},
		{"dGV4dA==", ResponseConversion{ContentHandling: ConvertToBinary}, "text"},
		{"text", ResponseConversion{ContentHandling: ConvertToText}, "text"},
		{"dGV4dA==", ResponseConversion{AcceptBinary: true}, "text"},
		{"dGV4dA==", ResponseConversion{AcceptBinary: true, ContentHandling: ConvertToBinary}, "text"},
		{"text", ResponseConversion{AcceptBinary: true, ContentHandling: ConvertToText}, "text"},
		{"\xff\x00", ResponseConversion{PayloadBinary: true}, "/wA="},
		{"\xff\x00", ResponseConversion{PayloadBinary: true, ContentHandling: ConvertToBinary}, "\xff\x00"},
		{"\xff\x00", ResponseConversion{PayloadBinary: true, ContentHandling: ConvertToText}, "/wA="},
		{"\xff\x00", ResponseConversion{PayloadBinary: true, AcceptBinary: true}, "\xff\x00"},
		{"\xff\x00", ResponseConversion{PayloadBinary: true, AcceptBinary: true, ContentHandling: ConvertToBinary}, "\xff\x00"},
		{"\xff\x00", ResponseConversion{PayloadBinary: true, AcceptBinary: true, ContentHandling: ConvertToText}, "/wA="},
	} {
		got, err := ConvertResponse([]byte(row.body), row.conversion)
		if err != nil || string(got) != row.want {
			t.Errorf("%+v: got %q %v", row, got, err)
		}
	}
}

// Source: guide, lambda-proxy-binary-media.md, and observed on AWS.
func TestBinaryMediaTypes(t *testing.T) {
	types := NewBinaryMediaTypes([]string{"image/*", "application/octet-stream", "*/test"})
	for accept, want := range map[string]bool{
		"image/webp,image/*,*/*;q=0.8": true, "*/*": false, "text/html,image/png": false,
		"application/octet-stream; charset=x": true, "a/test": false, "": false, "IMAGE/PNG": true,
	} {
		if got := types.MatchesAccept(accept); got != want {
			t.Errorf("Accept %q: got %v", accept, got)
		}
	}
	if !NewBinaryMediaTypes([]string{"*/*"}).MatchesAccept("") || NewBinaryMediaTypes(nil).MatchesContentType("image/png") {
		t.Error("*/* matches everything and the empty list nothing")
	}
}
