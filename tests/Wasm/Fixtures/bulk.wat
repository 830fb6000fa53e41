;; Bulk instructions on a memory of up to 1 GiB.
;; wat2wasm --debug-names bulk.wat -o bulk.wasm
(module
  (memory (export "memory") 1 16384)
  (table $table 100 1000 funcref)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "grow_table") (param i32) (result i32) (table.grow $table (ref.null func) (local.get 0)))
  (func (export "fill_twice") (param i32)
    (memory.fill (i32.const 0) (i32.const 1) (local.get 0))
    (memory.fill (i32.const 0) (i32.const 2) (local.get 0))))
