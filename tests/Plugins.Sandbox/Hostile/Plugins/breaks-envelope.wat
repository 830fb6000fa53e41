;; Sends what is no host call in the place of one; `action` sends one.
(module
  (import "extism:host/env" "store_u8" (func $store8 (param i64 i32)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/user" "host_call" (func $call (param i64) (result i64)))
  (memory 1)
  (data (i32.const 0) "{\"cal\":\"host.info\"}")
  (data (i32.const 32) "{\"call\":\"host.info\"}")
  (func $send (param $at i32) (param $length i32) (local $block i64) (local $i i32)
    (local.set $block (call $alloc (i64.extend_i32_u (local.get $length))))
    (loop $more
      (call $store8 (i64.add (local.get $block) (i64.extend_i32_u (local.get $i))) (i32.load8_u (i32.add (local.get $at) (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (local.get $length))))
    (drop (call $call (local.get $block))))
  (func (export "command") (result i32) (call $send (i32.const 0) (i32.const 19)) (i32.const 0))
  (func (export "action") (result i32) (call $send (i32.const 32) (i32.const 20)) (i32.const 0)))
