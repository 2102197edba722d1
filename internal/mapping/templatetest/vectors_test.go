package templatetest_test

import (
	"bytes"
	"testing"

	"gatehouse/internal/mapping/templatetest"
)

func TestVectors(t *testing.T) {
	cases, err := templatetest.Read("../testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	passed, ambiguous, failed := 0, 0, 0
	for i := range cases {
		c := &cases[i]
		difference := templatetest.Check(c)
		switch {
		case difference != "":
			failed++
			t.Errorf("%s (%s) %q\n%s", c.Name, c.Evidence.Level, c.Template, difference)
		case c.Evidence.Level == "ambiguous":
			ambiguous++
		default:
			passed++
		}
	}
	t.Logf("%d passed, %d ambiguous passed, %d failed", passed, ambiguous, failed)
}

func TestRun_sum(t *testing.T) {
	var out bytes.Buffer
	passed, failed, err := templatetest.Run([]string{"../testdata/vectors.json"}, &out)
	if err != nil || passed == 0 {
		t.Fatal(passed, failed, err)
	}
}
