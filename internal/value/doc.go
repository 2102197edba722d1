// Package value is the closed set of values that the mapping engines share: what a payload parses to, what JSONPath selects from and what
// Velocity computes with. The kinds are those of the Java libraries whose behaviour is reproduced (java.lang.Integer, Long, Double,
// java.math.BigInteger and BigDecimal, java.util.LinkedHashMap and ArrayList, json-smart's JSONArray), because their differences are
// visible in a template's output.
//
// It reads payloads as json-smart 2.5 does in permissive mode (Read) and as RFC 8259 says (ReadStrict), and writes them as json-smart's
// JSON (AppendJSON) or as Java's toString (AppendString).
//
// It is not a general JSON library: it keeps no comments, no positions and no Go types, and it knows nothing of templates, paths or API
// Gateway. Evaluation (truth, arithmetic, method calls) belongs to the packages that use it.
//
// Begin with value.go (Value), then container.go (Map, List), arena.go (where a render's values live), read.go and write_json.go.
package value
