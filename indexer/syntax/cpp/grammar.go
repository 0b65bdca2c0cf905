package cpp

import (
	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/cpp"
)

// node is what the symbols ask about a node of the syntax tree.
type node uint8

const (
	nodeOther node = iota
	nodeError
	nodeList // of declarations, members or statements
	nodeNamespace
	nodeNestedName
	nodeLinkage
	nodeTemplate
	nodeClass
	nodeStruct
	nodeUnion
	nodeEnum
	nodeEnumerators
	nodeEnumerator
	nodeFunction // with a body or what stands for one
	nodeDeclaration
	nodeTypedef
	nodeFriend
	nodeAlias
	nodeNamespaceAlias
	nodeConcept
	nodeAccess
	nodeStorage
	nodeQualifier
	nodeDeclarator
	nodeFunctionDeclarator
	nodeParenthesized
	nodePointer // or reference, or array: a pointer to a function is no function
	nodeConversion
	nodeName
	nodeTypeName
	nodeTemplateType // a type with arguments
	nodeTemplateName // a function with arguments
	nodeQualified
	nodeDestructor
	nodeOperator
	nodeType // any other type
	nodeBody
	nodeNoBody // = 0, = default, = delete
	nodeEquals // before the value of a member
	nodeComma
	nodeTypeOf // the type that an alias stands for
)

var nodeNames = map[string]node{
	"translation_unit":           nodeList,
	"declaration_list":           nodeList,
	"field_declaration_list":     nodeList,
	"namespace_definition":       nodeNamespace,
	"nested_namespace_specifier": nodeNestedName,
	"linkage_specification":      nodeLinkage,
	"template_declaration":       nodeTemplate,
	"class_specifier":            nodeClass,
	"struct_specifier":           nodeStruct,
	"union_specifier":            nodeUnion,
	"enum_specifier":             nodeEnum,
	"enumerator_list":            nodeEnumerators,
	"enumerator":                 nodeEnumerator,
	"function_definition":        nodeFunction,
	"declaration":                nodeDeclaration,
	"field_declaration":          nodeDeclaration,
	"type_definition":            nodeTypedef,
	"friend_declaration":         nodeFriend,
	"alias_declaration":          nodeAlias,
	"namespace_alias_definition": nodeNamespaceAlias,
	"concept_definition":         nodeConcept,
	"access_specifier":           nodeAccess,
	"storage_class_specifier":    nodeStorage,
	"type_qualifier":             nodeQualifier,
	"init_declarator":            nodeDeclarator,
	"attributed_declarator":      nodeDeclarator,
	"function_declarator":        nodeFunctionDeclarator,
	"parenthesized_declarator":   nodeParenthesized,
	"pointer_declarator":         nodePointer,
	"reference_declarator":       nodePointer,
	"array_declarator":           nodePointer,
	"operator_cast":              nodeConversion,
	"identifier":                 nodeName,
	"field_identifier":           nodeName,
	"namespace_identifier":       nodeName,
	"type_identifier":            nodeTypeName,
	"template_type":              nodeTemplateType,
	"template_function":          nodeTemplateName,
	"template_method":            nodeTemplateName,
	"qualified_identifier":       nodeQualified,
	"destructor_name":            nodeDestructor,
	"operator_name":              nodeOperator,
	"type_descriptor":            nodeTypeOf,
	"primitive_type":             nodeType,
	"sized_type_specifier":       nodeType,
	"placeholder_type_specifier": nodeType,
	"decltype":                   nodeType,
	"dependent_type":             nodeType,
	"compound_statement":         nodeBody,
	"try_statement":              nodeBody,
	"pure_virtual_clause":        nodeNoBody,
	"default_method_clause":      nodeNoBody,
	"delete_method_clause":       nodeNoBody,
}

var language = grammar.GetLanguage()

// nodes is nodeNames by the number that the grammar gives a type of node.
// One name may have several numbers.
var nodes = func() []node {
	t := make([]node, language.SymbolCount())
	for i := range t {
		s := sitter.Symbol(i)
		name := language.SymbolName(s)
		switch {
		case language.SymbolType(s) == sitter.SymbolTypeRegular:
			t[i] = nodeNames[name]
		case name == "=":
			t[i] = nodeEquals
		case name == ",":
			t[i] = nodeComma
		}
	}
	return t
}()

// nodeOf tells what n is.
func nodeOf(n *sitter.Node) node {
	if s := int(n.Symbol()); s < len(nodes) {
		return nodes[s]
	}
	return nodeError
}
