package value

import "testing"

// payloads are of the four shapes that mapping templates are measured with: a small order, an order of twenty lines, a tiny document and a
// long text full of escapes. They are made here, and only as long and as nested as the real ones.
func payloads() map[string]string {
	return map[string]string{"small": smallPayload, "passthrough": `{"a": 1, "b": [1, 2, 3], "c": {"d": "e"}}`, "mapping": linesPayload(), "escaping": textPayload(),
		"compact": string(AppendJSON(nil, mustRead(linesPayload())))}
}

const smallPayload = `{"customer": {"id": 7, "name": "Ann Lee", "mail": "ann@example.org"}, "lines": [{"sku": "A1", "qty": 2}, {"sku": "B2", "qty": 1}], "note": "please ring twice"}`

func linesPayload() string {
	text := `{"customer": {"name": "O'Hara", "mail": "o@example.org", "level": "gold"}, "lines": [`
	for i := range 20 {
		if i > 0 {
			text += ", "
		}
		text += `{"sku": "sku-00", "qty": 1, "price": 100, "weight": 0, "tags": ["t0", "t1"], "text": "Line 0: it's \"fine\""}`
	}
	return text + `], "ship": {"city": "Bern", "zip": "3000"}, "coupon": ""}`
}

func textPayload() string {
	text := ""
	for range 6 {
		text += `It's a \"quoted\" text with / slashes \\ backslashes, tabs\t and newlines\n, accents éèü and 日本語. `
	}
	return `{"text": "` + text + `", "encoded": "It%27s+a+%22quoted%22+text+with+%2F+slashes", "b64": "SXQncyBhICJxdW90ZWQiIHRleHQ="}`
}

func mustRead(text string) Value {
	v, err := Read(nil, text)
	if err != nil {
		panic(err)
	}
	return v
}

func BenchmarkRead(b *testing.B) {
	for name, text := range payloads() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			a := NewArena()
			for b.Loop() {
				if _, err := Read(a, text); err != nil {
					b.Fatal(err)
				}
				a.Reset()
			}
		})
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	for name, text := range payloads() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			v := mustRead(text)
			dst := AppendJSON(nil, v)
			b.SetBytes(int64(len(dst)))
			for b.Loop() {
				dst = AppendJSON(dst[:0], v)
			}
		})
	}
}

func BenchmarkAppendString(b *testing.B) {
	for name, text := range payloads() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			v := mustRead(text)
			dst := AppendString(nil, v)
			b.SetBytes(int64(len(dst)))
			for b.Loop() {
				dst = AppendString(dst[:0], v)
			}
		})
	}
}
