package rust

import "navigator/indexer"

// Tree is what a file says, as far as names need it: items, types, patterns
// and expressions. Offsets are bytes from 0.
type Tree struct {
	Code  *indexer.Code
	Text  string
	Items []*Item
}

// Name is an identifier where it is written. The zero Name is none. The
// keywords self, Self, super and crate stand as names in paths.
type Name struct {
	Text string
	Off  uint32
}

// End returns the offset behind the name.
func (n Name) End() uint32 { return n.Off + uint32(len(n.Text)) }

// ItemKind says what an item is.
type ItemKind uint8

// The kinds of items. Fields and variants are items of what holds them.
const (
	Fn ItemKind = iota
	Struct
	Union
	Enum
	Variant
	Field
	Trait
	Impl
	Mod
	Use
	Const
	Static
	TypeAlias
	MacroRules
	MacroItem // a macro's call in the place of an item
	ExternCrate
)

// Item is anything that may stand in a module, a block, a trait or an impl.
type Item struct {
	Kind       ItemKind
	Name       Name
	Start, End uint32 // from its attributes on; End is behind the last byte
	Attrs      []*Attr
	Pub        bool
	Generics   []*Generic
	Where      []*Generic // without a name: Type is bound
	Params     []*Param   // of a function, self first
	Async      bool
	Body       *Expr   // of a function; the value of a constant
	Type       *Type   // of a constant or a field; what an impl is for, a function returns, an alias stands for
	Trait      *Type   // of an impl
	Bounds     []*Type // of a trait or an associated type
	Items      []*Item
	Inline     bool // a module with a body
	Tuple      bool // a struct or a variant without names for its fields
	Imports    *UseTree
	Macro      *Macro
}

// Attr is #[path(…)].
type Attr struct {
	Path       *Path
	Start, End uint32
	Words      []*Path // the paths in its arguments
	Args       []*Stmt // its arguments, as far as they read as expressions
	Value      string  // of #[path = "…"], unquoted
}

// Generic is a parameter between angle brackets, or a predicate of a where
// clause, whose subject is Type.
type Generic struct {
	Name     Name
	Lifetime bool
	Const    bool
	Type     *Type
	Bounds   []*Type
	Default  *Type
	For      []*Generic // for<'a>
}

// Param is a parameter of a function or a closure.
type Param struct {
	Pat  *Pat
	Type *Type // nil when not written
	Self bool
}

// UseTree is what follows use: a path, and what is taken from there.
type UseTree struct {
	Path  *Path
	Glob  bool
	List  []*UseTree // between braces
	Group bool
	Alias Name // "_" for an import of methods alone
}

// Path is segments joined by ::.
type Path struct {
	Global bool  // begins with ::
	Self   *Type // of <T>::x
	As     *Type // of <T as Trait>::x
	Segs   []Seg
}

// Seg is a segment of a path with its generic arguments.
type Seg struct {
	Name  Name
	Args  []*Type
	Assoc []Assoc // Item = T
	Ret   *Type   // of Fn(A) -> R, whose arguments are Args
	Call  bool    // Fn(A)
}

// Assoc binds an associated type: Output = T.
type Assoc struct {
	Name   Name
	Type   *Type
	Bounds []*Type
}

// TypeKind says how a type is built.
type TypeKind uint8

// The kinds of types.
const (
	TypePath  TypeKind = iota
	TypeRef            // & and *: Args[0]
	TypeTuple          // Args
	TypeSlice          // [T] and [T; N]: Args[0]
	TypeFn             // fn(Args) -> Ret
	TypeImpl           // impl Bounds: Args
	TypeDyn            // dyn Bounds: Args
	TypeOther          // _, !, a lifetime, a constant, a macro
)

// Type is a type as it is written.
type Type struct {
	Kind TypeKind
	Path *Path
	Args []*Type
	Ret  *Type
	Life Name // of a reference, or a bound that is one
	For  []*Generic
	Expr *Expr // the length of an array, a constant argument
}

// PatKind says what a pattern is.
type PatKind uint8

// The kinds of patterns.
const (
	PatName   PatKind = iota // a binding, or a constant of that name
	PatPath                  // Path
	PatTuple                 // List
	PatCall                  // Path(List)
	PatStruct                // Path { Fields }
	PatSlice                 // List
	PatRef                   // List[0]
	PatOr                    // List
	PatRest                  // ..
	PatOther                 // _, a literal or a range: Exprs
)

// Pat is a pattern.
type Pat struct {
	Kind   PatKind
	Name   Name // of a binding
	Ref    bool // ref or mut: a binding for certain
	Path   *Path
	List   []*Pat // the sub-pattern of name @ pattern too
	Fields []PatField
	Exprs  []*Expr
	Macro  *Macro
}

// PatField is a field in a struct pattern; Short says that its name is bound.
type PatField struct {
	Name  Name
	Pat   *Pat
	Short bool
}

// ExprKind says what an expression is.
type ExprKind uint8

// The kinds of expressions.
const (
	ExprOther   ExprKind = iota // List, without a type
	ExprPath                    // Path
	ExprLit                     // Lit
	ExprCall                    // X(List)
	ExprMethod                  // X.Name::<Types>(List)
	ExprField                   // X.Name
	ExprIndex                   // X[Y]
	ExprRef                     // &X
	ExprDeref                   // *X
	ExprUnary                   // !X, -X
	ExprBinary                  // X Op Y
	ExprAssign                  // X = Y, X += Y
	ExprCast                    // X as Type
	ExprTry                     // X?
	ExprAwait                   // X.await
	ExprStruct                  // Path { Fields, ..X }
	ExprTuple                   // List
	ExprArray                   // List, or X; Y
	ExprBlock                   // Stmts
	ExprIf                      // if X Y else Z
	ExprMatch                   // match X { Arms }
	ExprWhile                   // while X Y
	ExprLoop                    // loop Y
	ExprFor                     // for Pat in X Y
	ExprClosure                 // |Params| -> Type Y
	ExprJump                    // return, break, continue: Label, X
	ExprLet                     // let Pat = X, in a condition
	ExprRange                   // X..Y
	ExprMacro                   // Macro
)

// Expr is an expression.
type Expr struct {
	Kind       ExprKind
	Lit        byte // '"' string, '0' number, '.' float, 't' bool, '\'' character, 'b' bytes
	Async      bool
	Start, End uint32
	X, Y, Z    *Expr
	List       []*Expr
	Path       *Path
	Name       Name
	Op         string
	*ExprParts // to be changed through parts alone
}

// ExprParts is what few expressions have. Those that have none share one, as
// most of the memory of a file's tree is its expressions.
type ExprParts struct {
	Stmts  []*Stmt
	Arms   []*Arm
	Fields []ExprFieldInit
	Params []*Param
	Types  []*Type
	Type   *Type
	Pat    *Pat
	Macro  *Macro
	Label  Name // of a loop or a block, or where a jump goes
}

var noParts = new(ExprParts)

// parts returns the parts of e to be changed.
func (e *Expr) parts() *ExprParts {
	if e.ExprParts == noParts {
		e.ExprParts = new(ExprParts)
	}
	return e.ExprParts
}

// ExprFieldInit is a field in a struct literal.
type ExprFieldInit struct {
	Name Name
	X    *Expr // nil when the name is the value too
}

// Arm is an arm of a match.
type Arm struct {
	Pat   *Pat
	Guard *Expr
	Body  *Expr
}

// Stmt is a statement: an item, a let, or an expression.
type Stmt struct {
	Item *Item
	Let  bool
	Pat  *Pat
	Type *Type
	X    *Expr
	Else *Expr
	Semi bool
}

// Macro is a call of a macro. Of its arguments Parts holds what reads as Rust.
type Macro struct {
	Path       *Path
	Start, End uint32 // of the arguments, brackets included
	Parts      []*Stmt
	Arms       []*Arm // of select!: the pattern, what it waits for as Guard, the body
	Pats       []*Pat // of matches!: the pattern behind the expression
	Keys       []Name // what is a name for the macro alone: key = value
	Text       string // its first argument, when that is a string
}
