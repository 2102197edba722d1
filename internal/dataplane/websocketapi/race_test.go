//go:build race

package websocketapi_test

const raceEnabled = true
