;; Has the host read a message out of a memory that is not there; `action` is AssemblyScript's `abort` without a message.
(module
  (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
  (func (export "command") (result i32) (call $abort (i32.const 1024) (i32.const 2048) (i32.const 1) (i32.const 1)) (i32.const 0))
  (func (export "action") (result i32) (call $abort (i32.const 0) (i32.const 0) (i32.const 7) (i32.const 9)) (i32.const 0)))
