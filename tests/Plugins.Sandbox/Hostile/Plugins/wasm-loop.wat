;; Counts as far as it takes some seconds, or one on the fastest of machines.
(module
  (func (export "command") (result i32) (local i64)
    (loop $on (br_if $on (i64.lt_u (local.tee 0 (i64.add (local.get 0) (i64.const 1))) (i64.const 4000000000))))
    (i32.const 0)))
