package authenticator

import (
	"bytes"
	"encoding/json"
	"strings"

	"go.yaml.in/yaml/v4"
)

// definition is an imported API, read only for what needs permissions: the roles that
// it passes on and the policy that it sets.
type definition struct{ root any }

// maxDefinitionDepth bounds how deep a definition is searched.
const maxDefinitionDepth = 64

// definitionOf reads JSON or YAML. What is neither, the import will refuse itself.
func definitionOf(body []byte) definition {
	var root any
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '{' && json.Unmarshal(trimmed, &root) == nil {
		return definition{root}
	}
	if len(body) > 0 && yaml.Unmarshal(body, &root) != nil {
		return definition{}
	}
	return definition{root}
}

// has says whether the root has a member, whatever its case.
func (d definition) has(name string) bool {
	members, _ := d.root.(map[string]any)
	for member := range members {
		if strings.EqualFold(member, name) {
			return true
		}
	}
	return false
}

// roles are the ARNs of all roles that stand in it as a value.
func (d definition) roles() []string {
	var roles []string
	collectRoles(d.root, 0, func(role string) { roles = append(roles, role) })
	return roles
}

func collectRoles(value any, depth int, found func(string)) {
	if depth > maxDefinitionDepth {
		return
	}
	switch v := value.(type) {
	case string:
		if isRoleArn(v) {
			found(v)
		}
	case []any:
		for _, one := range v {
			collectRoles(one, depth+1, found)
		}
	case map[string]any:
		for _, one := range v {
			collectRoles(one, depth+1, found)
		}
	case map[any]any:
		for _, one := range v {
			collectRoles(one, depth+1, found)
		}
	}
}
