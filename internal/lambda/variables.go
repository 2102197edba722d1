package lambda

import (
	"path/filepath"
	"slices"
	"strconv"
)

// Paths of an execution environment as its processes see them on AWS.
const (
	taskDirectoryOnAWS      = "/var/task"
	runtimeDirectoryOnAWS   = "/var/runtime"
	temporaryDirectoryOnAWS = "/tmp"
)

// placesOf are the directories as the process sees them.
type placesOf struct {
	task, runtime string
	// temporary stands in for /tmp; empty when /tmp itself is private.
	temporary string
}

// command is the program and its arguments, behind the wrapper script that
// AWS_LAMBDA_EXEC_WRAPPER names for the runtimes that are not the function's own.
func (p placesOf) command(function *Function, interpreter Interpreter) []string {
	command := p.runtimeCommand(function, interpreter)
	wrapper := function.Environment["AWS_LAMBDA_EXEC_WRAPPER"]
	if wrapper == "" || language(function.Runtime) == "provided" {
		return command
	}
	return append([]string{wrapper}, command...)
}

func (p placesOf) runtimeCommand(function *Function, interpreter Interpreter) []string {
	switch language(function.Runtime) {
	case "python":
		return []string{interpreter.Path, "-u", filepath.Join(p.runtime, "bootstrap.py")}
	case "nodejs":
		// Leave a tenth of the memory to what is not JavaScript's heap, so that
		// its own collector acts before the limit does.
		heap := strconv.Itoa(function.MemorySize * 9 / 10)
		return []string{interpreter.Path, "--max-old-space-size=" + heap, filepath.Join(p.runtime, "index.mjs")}
	}
	return []string{filepath.Join(p.task, "bootstrap")}
}

// variables are those AWS sets, then the function's own, sorted. Nothing of
// the server's environment is in them.
func (e *environment) variables(places placesOf, interpreter Interpreter) []string {
	f := e.function
	path := "/usr/local/bin:/usr/bin:/bin:/opt/bin"
	if interpreter.Path != "" {
		path = filepath.Dir(interpreter.Path) + ":" + path
	}
	values := map[string]string{
		"LANG": "en_US.UTF-8", "TZ": ":UTC", "PATH": path,
		"LD_LIBRARY_PATH":  places.task + ":" + filepath.Join(places.task, "lib") + ":/opt/lib",
		"AWS_ENDPOINT_URL": f.EndpointURL,
	}
	if language(f.Runtime) == "nodejs" {
		values["NODE_PATH"] = "/opt/nodejs/node_modules:/var/runtime/node_modules:" + filepath.Join(places.task, "node_modules")
	}
	if places.temporary != "" {
		values["TMPDIR"] = places.temporary
	}
	for name, value := range f.Environment {
		values[name] = value
	}
	for name, value := range e.reserved(places) {
		values[name] = value
	}
	list := make([]string, 0, len(values))
	for name, value := range values {
		if _, own := f.Environment[name]; value != "" || own {
			list = append(list, name+"="+value)
		}
	}
	slices.Sort(list)
	return list
}

func (f *Function) credentials() *Credentials {
	if f.Credentials == nil {
		return nil
	}
	return f.Credentials()
}

// reserved are the variables a function cannot set itself.
func (e *environment) reserved(places placesOf) map[string]string {
	f := e.function
	values := map[string]string{
		"_HANDLER":                        f.Handler,
		"AWS_DEFAULT_REGION":              f.Region,
		"AWS_REGION":                      f.Region,
		"AWS_LAMBDA_FUNCTION_NAME":        f.FunctionName,
		"AWS_LAMBDA_FUNCTION_VERSION":     f.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.MemorySize),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       f.LogGroup,
		"AWS_LAMBDA_LOG_STREAM_NAME":      e.log.stream,
		"AWS_LAMBDA_RUNTIME_API":          e.listener.Addr().String(),
		"LAMBDA_TASK_ROOT":                places.task,
		"LAMBDA_RUNTIME_DIR":              places.runtime,
	}
	if language(f.Runtime) != "provided" {
		values["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + f.Runtime
	}
	if credentials := f.credentials(); credentials != nil {
		values["AWS_ACCESS_KEY_ID"] = credentials.AccessKeyID
		values["AWS_SECRET_ACCESS_KEY"] = credentials.SecretAccessKey
		values["AWS_SESSION_TOKEN"] = credentials.SessionToken
	}
	return values
}
