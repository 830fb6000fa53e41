;; Counts in a global and at address 8, so that it shows where a function was stopped.
;; wat2wasm --debug-names fuel.wat -o fuel.wasm
(module
  (type $step (func (param i32)))
  (memory (export "memory") 1)
  (global $count (export "count") (mut i32) (i32.const 0))
  (table funcref (elem $even $odd))

  ;; 7 units of fuel
  (func $mark
    (global.set $count (i32.add (global.get $count) (i32.const 1)))
    (i32.store (i32.const 8) (global.get $count)))

  ;; 6 an iteration
  (func (export "loop") (param $n i32)
    (loop $again
      (call $mark)
      (br_if $again (i32.lt_u (global.get $count) (local.get $n)))))

  ;; 7 a call, whichever way it goes
  (func $recurse (export "recurse") (param $n i32)
    (call $mark)
    (if (local.get $n)
      (then (call $recurse (i32.sub (local.get $n) (i32.const 1))))))

  ;; 2 and 1
  (func $even (type $step) (call $mark) (call $mark))
  (func $odd (type $step) (call $mark))

  ;; 11 an iteration
  (func (export "indirect") (param $n i32)
    (loop $again
      (call_indirect (type $step) (local.get $n) (i32.and (local.get $n) (i32.const 1)))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
