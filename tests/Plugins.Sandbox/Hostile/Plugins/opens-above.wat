;; Opens a file above its mount, which has descriptor 3, and when it is asked again one in it; gives the errno of that.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "../secret.txt")
  (data (i32.const 32) "mine.txt")
  (global $tries (mut i32) (i32.const 0))
  (func (export "command") (result i32)
    (global.set $tries (i32.add (global.get $tries) (i32.const 1)))
    (if (result i32) (i32.eq (global.get $tries) (i32.const 1))
      (then (drop (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 13) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64))) (i32.const 0))
      (else (call $open (i32.const 3) (i32.const 0) (i32.const 32) (i32.const 8) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64))))))
