;; The code generator of .NET 10 makes one load of four bytes of a narrower load that is reinterpreted as a float. Found
;; by `fuzz/run differential --replay 2340` of wasm-opt 108: a byte became a float of four.
(module
  (memory 1 1)
  (data (i32.const 8) "\91\a2\33\44\55\66\77\88")
  (data (i32.const 65532) "\11\22\33\f4")
  (func (export "load8_u") (param i32) (result f32) (f32.reinterpret_i32 (i32.load8_u (local.get 0))))
  (func (export "load8_s") (param i32) (result f32) (f32.reinterpret_i32 (i32.load8_s (local.get 0))))
  (func (export "load16_u") (param i32) (result f32) (f32.reinterpret_i32 (i32.load16_u (local.get 0))))
  (func (export "load16_s") (param i32) (result f32) (f32.reinterpret_i32 (i32.load16_s (local.get 0))))
  (func (export "extend8_s") (param i32) (result f32) (f32.reinterpret_i32 (i32.extend8_s (i32.load (local.get 0)))))
  (func (export "extend16_s") (param i32) (result f32) (f32.reinterpret_i32 (i32.extend16_s (i32.load (local.get 0)))))
  (func (export "mask") (param i32) (result f32) (f32.reinterpret_i32 (i32.and (i32.load (local.get 0)) (i32.const 0xff))))
  (func (export "wrap") (param i32) (result f32) (f32.reinterpret_i32 (i32.wrap_i64 (i64.load (local.get 0)))))
  (func (export "load32_u") (param i32) (result f64) (f64.reinterpret_i64 (i64.load32_u (local.get 0))))
  (func (export "load64_8_s") (param i32) (result f64) (f64.reinterpret_i64 (i64.load8_s (local.get 0))))
)
