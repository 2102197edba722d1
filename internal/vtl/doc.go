// Package vtl is Apache Velocity 1.7's template language as API Gateway runs it: a lexer, a parser and an executor over an immutable tree.
// It is the reference of the language for the rest of the project; DESIGN.md beside this file says where each oddity of the language lives
// and why it is kept.
//
// It is not a general template engine: inline macros and #evaluate are text, there is nothing to #include or #parse, and Velocity 2's
// syntax is refused. It knows no gateway: $input, $util, $context and $stageVariables are variables a host provides (package mapping).
//
// # Text
//
// What is no reference, directive or comment is printed as it is. "## …" is a comment up to and with its newline, "#* … *#" and "#** … *#"
// are comments over lines, "#[[ … ]]#" prints what is in it. A lone "$" or "#" is text, but a template cannot end in one.
//
// A backslash before a reference or a known directive takes its meaning away: \$x prints $x. Two print one and leave the meaning.
//
// # References
//
//	$name  $!name  ${name}  $!{name}       a variable; "-" and "_" are letters of names
//	$a.b                                   getB(), or the key "b" of a map, or isB()
//	$a.b(1, "x")                           a method of Java's class, chosen among its overloads by the arguments
//	$a[0]  $a["k"]  $a[-1]                 get(0), get("k"), from the end
//
// A reference without a value is the empty string wherever it stands.
//
// # Directives
//
//	#set($a = …)  #set($a.b = …)  #set($a[0] = …)
//	#if(…) … #elseif(…) … #else … #end
//	#foreach($e in …) … #end               over lists, arrays, maps (their values), sets and iterators; $foreach.index, .count, .hasNext,
//	                                       .first, .last, .parent; $velocityCount, $velocityHasNext
//	#define($b) … #end                     a block, rendered where $b is printed
//	#break  #break($foreach)  #stop
//
// A directive's name may stand in braces: #{else}. A directive takes the blanks and the one newline behind it with it; #set takes the blanks
// before it too.
//
// # Expressions
//
// Literals are 1, -2, 1.5, "text with $references", 'text', true, false, [a, b], [1..9], {"k": v}. Operators, loosest first: || or; && and;
// == != eq ne; < > <= >= lt gt le ge; + -; * / %; ! not. "+" joins texts. Integers become Longs and BigIntegers when they overflow, and
// dividing by zero has no value. In a condition everything is true but false; literals and arithmetic are never true.
//
// # Limits
//
// A template has at most MaxTemplateSize bytes, a loop runs MaxIterations times, an output has MaxOutput bytes. Steps, bytes of values,
// depth, ranges, numbers and the time of a regular expression are bounded too (limits.go, regex.go), so that no template hangs or exhausts
// the process.
//
// Begin with template.go (Compile, Template), then lex.go, parse.go, node.go, exec.go (Execute) and eval.go.
package vtl
