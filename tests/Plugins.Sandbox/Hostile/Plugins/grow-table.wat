;; Grows a table until it has two million elements.
(module
  (table $t 1 funcref)
  (func (export "command") (result i32)
    (loop $more
      (if (i32.eq (table.grow $t (ref.null func) (i32.const 100000)) (i32.const -1)) (then (return (i32.const 1))))
      (br_if $more (i32.lt_u (table.size $t) (i32.const 2000000))))
    (i32.const 0)))
