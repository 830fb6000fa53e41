;; Calls itself until the stack is used up; `action` only fifty thousand times.
(module
  (func $down (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0)) (else (i32.add (i32.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))))
  (func (export "command") (result i32) (drop (call $down (i32.const 0x7fffffff))) (i32.const 0))
  (func (export "action") (result i32) (drop (call $down (i32.const 50000))) (i32.const 0)))
