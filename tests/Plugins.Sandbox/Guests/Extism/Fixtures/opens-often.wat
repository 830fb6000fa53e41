;; Opens a file of its mount, which has descriptor 3, a thousand times to read and once to write.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "mine.txt")
  (func $once (param $rights i64) (result i32)
    (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 0) (local.get $rights) (i64.const 0) (i32.const 0) (i32.const 64)) (then (return (i32.const 1))))
    (call $close (i32.load (i32.const 64))))
  (func (export "command") (result i32) (local $n i32)
    (loop $again
      (if (call $once (i64.const 2)) (then (return (i32.const 1))))
      (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const 1000))))
    (call $once (i64.const 64))))
