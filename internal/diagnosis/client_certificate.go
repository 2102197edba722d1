package diagnosis

import (
	"strings"

	"gatehouse/internal/fault"
)

// fixClientCertificate gives the stage a certificate that is valid, or shows the one it
// has: the backend must trust it either way.
func fixClientCertificate(c *diagnosed, f *fault.Fault, finding *Finding) {
	_, id, has := strings.Cut(f.Found, "after client certificate ")
	if has {
		finding.Fix = Fix{
			Text:    "Give this certificate to the backend as one that it trusts; it is signed by itself.",
			Command: command("aws", "apigateway", "get-client-certificate", "--client-certificate-id", id, "--query", "pemEncodedCertificate", "--output", "text"),
		}
		return
	}
	finding.Fix = Fix{
		Text: "Generate a certificate, give it to the backend as one that it trusts, and set it on the stage.",
		Command: then(`CERTIFICATE=$(aws apigateway generate-client-certificate --query clientCertificateId --output text)`,
			`aws apigateway get-client-certificate --client-certificate-id "$CERTIFICATE" --query pemEncodedCertificate --output text`,
			c.apigateway("update-stage", "--stage-name", c.record.StageName)+` --patch-operations "op=replace,path=/clientCertificateId,value=$CERTIFICATE"`),
	}
}
