package lambda

// RunsElsewhere says whether an endpoint of the options is for the function, so that it
// needs no code here.
func (r *Runner) RunsElsewhere(arn, functionName string) bool {
	return r.findEndpoint(Function{Arn: arn, FunctionName: functionName}) != nil
}
