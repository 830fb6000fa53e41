;; The code generator of .NET 10 takes the zero flag after a rotation, which does not set it, for the result of a comparison
;; with zero. Found by `fuzz/run differential --replay 32594` of wasm-opt 108: a branch on a rotated value went the wrong way.
(module
  (memory 1 1)
  (data (i32.const 8) "\00\00\00\80")
  (data (i32.const 16) "\12\34\56\78\9a\bc\de\f0")
  (func (export "if_rotr8") (param i32) (result i32) (local $x i32) (if (result i32) (i32.rotr (i32.load8_u (local.get 0)) (i32.const 30)) (then (i32.const 1)) (else (i32.const 0))))
  (func (export "if_rotl") (param i32) (result i32) (local $x i32) (if (result i32) (i32.rotl (i32.load (local.get 0)) (i32.const 1)) (then (i32.const 1)) (else (i32.const 0))))
  (func (export "eqz_rotr") (param i32) (result i32) (local $x i32) (i32.eqz (i32.rotr (i32.load (local.get 0)) (i32.const 7))))
  (func (export "select_rotl") (param i32) (result i32) (local $x i32) (select (i32.const 1) (i32.const 0) (i32.rotl (i32.load (local.get 0)) (i32.const 31))))
  (func (export "local_rotr") (param i32) (result i32) (local $x i32) (local.set $x (i32.rotr (i32.load (local.get 0)) (i32.const 3))) (if (result i32) (local.get $x) (then (i32.const 1)) (else (i32.const 0))))
  (func (export "less_than_one") (param i32) (result i32) (local $x i32) (i32.lt_u (i32.rotl (i32.load (local.get 0)) (i32.const 9)) (i32.const 1)))
  (func (export "eqz64") (param i32) (result i32) (local $x i32) (i64.eqz (i64.rotl (i64.load (local.get 0)) (i64.const 33))))
  (func (export "count_of_a_local") (param i32) (result i32) (local $x i32) (local.set $x (i32.const 5)) (i32.eqz (i32.rotl (i32.load (local.get 0)) (local.get $x))))
  (func (export "value") (param i32) (result i32) (local $x i32) (i32.rotl (i32.load (local.get 0)) (i32.const 4)))
  (func (export "value_right") (param i32) (result i32) (local $x i32) (i32.rotr (i32.load (local.get 0)) (i32.const 36)))
  (func (export "value_by") (param i32) (result i32) (local $x i32) (i32.rotr (i32.load (local.get 0)) (local.get 0)))
)
