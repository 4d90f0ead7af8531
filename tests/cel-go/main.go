// Evaluates CEL expressions, a JSON string a line, as cel-go does without its type checker and with the functions of Kubernetes, and prints a JSON
// object for each: its value, or that there is none.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apiserver/pkg/cel/library"
)

type answer struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	env, err := cel.NewEnv(
		cel.OptionalTypes(),
		ext.Strings(),
		ext.Lists(),
		ext.Sets(),
		ext.TwoVarComprehensions(),
		library.URLs(),
		library.Regex(),
		library.Lists(),
		library.Quantity(),
		library.IP(),
		library.CIDR(),
		library.Format(),
		library.SemverLib(library.SemverVersion(1)),
		cel.Variable("params", cel.MapType(cel.StringType, cel.DynType)),
	)
	if err != nil {
		panic(err)
	}
	params := map[string]any{"m": map[string]any{"a": int64(1), "nul": nil}, "xs": []any{int64(3), int64(1), int64(2)}}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var expression string
		if err := json.Unmarshal(lines.Bytes(), &expression); err != nil {
			panic(err)
		}
		value, err := evaluate(env, expression, map[string]any{"params": params})
		said := answer{Value: value}
		if err != nil {
			said = answer{Error: err.Error()}
		}
		line, err := json.Marshal(said)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
	}
}

func evaluate(env *cel.Env, expression string, variables map[string]any) (json.RawMessage, error) {
	parsed, issues := env.Parse(expression)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	program, err := env.Program(parsed)
	if err != nil {
		return nil, err
	}
	value, _, err := program.Eval(variables)
	if err != nil {
		return nil, err
	}
	if types.IsError(value) {
		return nil, fmt.Errorf("%v", value)
	}
	native, err := value.ConvertToNative(reflect.TypeFor[*structpb.Value]())
	if err != nil {
		return nil, err
	}
	return protojson.Marshal(native.(*structpb.Value))
}
