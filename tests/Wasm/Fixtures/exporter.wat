(module
  (memory (export "memory") 1)
  (table (export "table") 4 funcref)
  (global (export "global") (mut i64) (i64.const 5))
  (func (export "spin") (loop (br 0)))
  (func $recurse (export "recurse") (result i32) call $recurse i32.const 1 i32.add)
  (func (export "store") (param i32 i32) local.get 0 local.get 1 i32.store)
  (func (export "call") (param i32) (result i32) local.get 0 call_indirect (result i32))
)
