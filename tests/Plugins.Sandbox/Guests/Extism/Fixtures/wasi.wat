;; Prints a line, asks for a file, exits. Compiled by: wat2wasm wasi.wat
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\06\00\00\00")
  (data (i32.const 16) "hello\n")
  (func (export "print") (result i32)
    (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
  ;; 0 when a directory is mounted, 8 (badf) when none is
  (func (export "mounted") (result i32)
    (call $fd_prestat_get (i32.const 3) (i32.const 32)))
  (func (export "exit") (result i32)
    (call $proc_exit (i32.const 3))
    (i32.const 0)))
