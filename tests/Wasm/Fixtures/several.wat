;; Several memories and tables, which share what the instance may use.
;; wat2wasm --debug-names --enable-multi-memory several.wat -o several.wasm
(module
  (memory $first (export "first") 1)
  (memory $second (export "second") 1)
  (table $functions (export "functions") 3 funcref)
  (table $objects (export "objects") 2 externref)
  (func (export "grow_first") (param i32) (result i32) (memory.grow $first (local.get 0)))
  (func (export "grow_second") (param i32) (result i32) (memory.grow $second (local.get 0)))
  (func (export "grow_functions") (param i32) (result i32) (table.grow $functions (ref.null func) (local.get 0)))
  (func (export "grow_objects") (param i32) (result i32) (table.grow $objects (ref.null extern) (local.get 0))))
