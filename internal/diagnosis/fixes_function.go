package diagnosis

import (
	"regexp"
	"strings"
)

// makeFunction makes a function that an integration or authorizer names and that does not
// exist, and lets the API invoke it; or says what text does. What only the person knows
// stands in the command by its name.
func (c *diagnosed) makeFunction(arn, or, source string) Fix {
	name, qualifier := nameOfFunction(arn)
	text := "Make the function " + name
	if c.isOtherAccount(arn) || regionOf(arn) != c.scope.Region || qualifier != "" {
		return Fix{Text: text + ", " + or + ".", Command: command("aws", "lambda", "list-functions", "--query", "Functions[].FunctionName")}
	}
	create := command("aws", "lambda", "create-function", "--function-name", name) + ` --runtime "$RUNTIME" --handler "$HANDLER" --role "$ROLE" --zip-file fileb://function.zip`
	return Fix{
		Text: text + ", its code in function.zip, with $RUNTIME such as python3.12, $HANDLER such as index.handler and $ROLE, the ARN of its role; " + or + ".",
		Command: then(create, command("aws", "lambda", "add-permission", "--function-name", name, "--statement-id", "apigateway-"+c.record.ApiId,
			"--action", "lambda:InvokeFunction", "--principal", "apigateway.amazonaws.com", "--source-arn", source)),
	}
}

// noHandler finds, in what a runtime says of a function, the handler that its code lacks.
var noHandler = regexp.MustCompile(`Handler '[^']*' missing on module '[^']*'|\S+ is undefined or not exported`)

// fixHandler is for a function whose code has no handler of the configured name.
func fixHandler(finding *Finding, name string) bool {
	if !noHandler.MatchString(finding.Found) {
		return false
	}
	finding.Wanted = "a handler that the function's code has"
	finding.Fix = Fix{
		Text:    "Configure the handler that the code has, file and function, in place of $HANDLER; or give the code one of the configured name.",
		Command: strings.TrimSpace(command("aws", "lambda", "update-function-configuration", "--function-name", name) + ` --handler "$HANDLER"`),
	}
	return true
}
