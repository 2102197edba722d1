package schema

import (
	"context"
	"reflect"
)

// Handler calls one operation without knowing its types.
type Handler struct {
	// NewInput returns a pointer to an empty input.
	NewInput func() any
	// Call calls the operation on an implementation of the Service interface.
	Call func(ctx context.Context, implementation, input any) (output any, err error)
	// InputType and OutputType are the structures' types.
	InputType, OutputType reflect.Type
}

// Handle makes the Handler of a method expression such as Service.CreateApiKey.
func Handle[S, I, O any](method func(S, context.Context, *I) (*O, error)) Handler {
	return Handler{
		NewInput:   func() any { return new(I) },
		InputType:  reflect.TypeFor[I](),
		OutputType: reflect.TypeFor[O](),
		Call: func(ctx context.Context, implementation, input any) (any, error) {
			output, err := method(implementation.(S), ctx, input.(*I))
			if err != nil {
				return nil, err
			}
			if output == nil {
				output = new(O)
			}
			return output, nil
		},
	}
}
