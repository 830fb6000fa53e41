;; Grows a table without end; `action` only to a thousand elements.
(module
  (table $t 1 funcref)
  (func (export "command") (result i32)
    (loop $more
      (if (i32.eq (table.grow $t (ref.null func) (i32.const 100000)) (i32.const -1)) (then (return (i32.const 1))))
      (br $more))
    (i32.const 0))
  (func (export "action") (result i32)
    (i32.eq (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
