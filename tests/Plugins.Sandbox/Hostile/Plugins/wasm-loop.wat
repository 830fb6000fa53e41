;; Never ends; `action` ends after a moment.
(module
  (func (export "command") (result i32) (loop $for-ever (br $for-ever)) (i32.const 0))
  (func (export "action") (result i32) (local i32)
    (loop $a-while (br_if $a-while (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 1000))))
    (i32.const 0)))
