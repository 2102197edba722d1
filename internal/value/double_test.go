package value

import (
	"math"
	"testing"
)

// Source: the output of Double.toString of OpenJDK 17.0.
func TestAppendDouble(t *testing.T) {
	tests := []struct {
		bits uint64
		want string
	}{
		{0x44b52d02c7e14af6, "9.999999999999999E22"},
		{0x44c52d02c7e14af6, "1.9999999999999998E23"},
		{0x447cb28dcdc0446a, "8.470000000000001E21"},
		{0x4499eb513a4901a4, "3.0599999999999998E22"},
		{0x4480f0cf064dd592, "1.0E22"},
		{0x4340000000000000, "9.007199254740992E15"},
		{0x43e0bee2a949fc3d, "9.653207735203916E18"},
		{0x437b69b4ba630f35, "1.2345678901234568E17"},
		{0x4350000000000001, "1.8014398509481988E16"},
		{0x3d30000000000000, "5.6843418860808015E-14"},
		{0x4450000000000000, "1.1805916207174113E21"},
		{0x416312d000000000, "1.0E7"},
		{0x416312cffff7ced9, "9999999.999"},
		{0x3f50624dd2f1a9fc, "0.001"},
		{0x3f5061e273273f09, "9.999E-4"},
		{0x3ee4f8b588e368f1, "1.0E-5"},
		{0x4, "2.0E-323"},
		{0x1, "4.9E-324"},
		{0x80, "6.32E-322"},
		{0x7fefffffffffffff, "1.7976931348623157E308"},
		{0x10000000000000, "2.2250738585072014E-308"},
		{0x4059000000000000, "100.0"},
		{0x40fe240c9fbe76c9, "123456.789"},
		{0x3fd3333333333334, "0.30000000000000004"},
		{0x3fd5555555555555, "0.3333333333333333"},
		{0x41678c29d0000000, "1.23456785E7"},
		{0x444b1ae4d6e2ef50, "1.0E21"},
		{0x43e0000000000000, "9.223372036854776E18"},
		{0, "0.0"},
		{1 << 63, "-0.0"},
		{math.Float64bits(math.Inf(1)), "Infinity"},
		{math.Float64bits(math.Inf(-1)), "-Infinity"},
		{math.Float64bits(math.NaN()), "NaN"},
	}
	for _, test := range tests {
		f := math.Float64frombits(test.bits)
		if got := string(AppendDouble(nil, f)); got != test.want {
			t.Errorf("%x: got %s, want %s", test.bits, got, test.want)
		}
		if f > 0 {
			if got := string(AppendDouble(nil, -f)); got != "-"+test.want {
				t.Errorf("minus %x: got %s, want -%s", test.bits, got, test.want)
			}
		}
	}
}

// Source: the output of Float.toString of OpenJDK 17.0.
func TestAppendFloat(t *testing.T) {
	tests := []struct {
		bits uint32
		want string
	}{
		{0x3dcccccd, "0.1"},
		{0x501502f9, "1.0E10"},
		{0x7f7fffff, "3.4028235E38"},
		{0x4b800000, "1.6777216E7"},
		{0x1, "1.4E-45"},
		{0x3eaaaaab, "0.33333334"},
		{0x3a83126f, "0.001"},
		{0x42f6e979, "123.456"},
	}
	for _, test := range tests {
		if got := string(appendFloat(nil, math.Float32frombits(test.bits))); got != test.want {
			t.Errorf("%x: got %s, want %s", test.bits, got, test.want)
		}
	}
}

// Source: the output of new BigDecimal(text).toString() of OpenJDK 17.0.
func TestDecimal(t *testing.T) {
	tests := []struct{ text, want string }{
		{"1.50", "1.50"},
		{"-0.0", "0.0"},
		{"0E+3", "0E+3"},
		{"1E-7", "1E-7"},
		{"0.000001", "0.000001"},
		{"0.0000001", "1E-7"},
		{"123E5", "1.23E+7"},
		{"-12.3E-10", "-1.23E-9"},
		{"1.7976931348623157e308", "1.7976931348623157E+308"},
		{"0.00", "0.00"},
		{"1e-400", "1E-400"},
		{"+5.", "5"},
		{"-.5", "-0.5"},
		{".5e2", "5E+1"},
		{"100", "100"},
	}
	for _, test := range tests {
		d, ok := ParseDecimal(test.text)
		if !ok {
			t.Errorf("%s: not read", test.text)
			continue
		}
		if got := string(d.AppendText(nil)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.text, got, test.want)
		}
	}
	for _, text := range []string{"", "-", ".", "e1", "1e", "1e+", "--1", "1.2.3", "1e9999999999", "1e-2147483649", "0x1", "1_0", "NaN"} {
		if d, ok := ParseDecimal(text); ok {
			t.Errorf("%q: read as %s", text, d.AppendText(nil))
		}
	}
}
