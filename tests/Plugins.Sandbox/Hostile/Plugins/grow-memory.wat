;; Grows its memory until it has 2,000 pages, 125 MiB.
(module
  (memory (export "memory") 1)
  (func (export "command") (result i32)
    (loop $more
      (if (i32.eq (memory.grow (i32.const 10)) (i32.const -1)) (then (return (i32.const 1))))
      (br_if $more (i32.lt_u (memory.size) (i32.const 2000))))
    (i32.const 0)))
