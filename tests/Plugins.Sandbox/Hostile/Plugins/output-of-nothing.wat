;; Has the host forget all blocks and then read an answer of no bytes at the place where the first of them was; `action` does not forget them.
(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "reset" (func $reset))
  (import "extism:host/env" "output_set" (func $output (param i64 i64)))
  (func (export "command") (result i32)
    (drop (call $alloc (i64.const 600000)))
    (call $reset)
    (call $output (i64.const 64) (i64.const 0))
    (i32.const 0))
  (func (export "action") (result i32)
    (drop (call $alloc (i64.const 600000)))
    (call $output (i64.const 64) (i64.const 0))
    (i32.const 0)))
