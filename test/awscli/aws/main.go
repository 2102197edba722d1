// Command aws hands its call over to aws.py, which has the aws CLI started already: see
// package awscli. It is what tests find as aws.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// socketVariable names the socket of aws.py; package awscli sets it.
const socketVariable = "GATEHOUSE_TEST_AWS_SOCKET"

const exitBroken = 255

func main() {
	status, err := handOver(os.Getenv(socketVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, "aws:", err)
		status = exitBroken
	}
	os.Exit(status)
}

func handOver(socket string) (status int, err error) {
	connection, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return 0, fmt.Errorf("calling aws.py: %w", err)
	}
	defer func() { _ = connection.Close() }()
	environment := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	directory, err := os.Getwd()
	if err != nil {
		return 0, fmt.Errorf("finding the directory: %w", err)
	}
	message, err := json.Marshal(map[string]any{"arguments": os.Args[1:], "environment": environment, "directory": directory})
	if err != nil {
		return 0, fmt.Errorf("writing the call: %w", err)
	}
	message = append(message, '\n')
	sent, _, err := connection.WriteMsgUnix(message, syscall.UnixRights(0, 1, 2), nil)
	if err == nil && sent < len(message) {
		_, err = connection.Write(message[sent:])
	}
	if err != nil {
		return 0, fmt.Errorf("handing the call over: %w", err)
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("reading the exit status: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(line))
}
