;; Ends its process, or so it thinks, in the midst of a message; `action` does not.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "command") (result i32) (call $exit (i32.const 0)) (i32.const 0))
  (func (export "action") (result i32) (i32.const 0)))
