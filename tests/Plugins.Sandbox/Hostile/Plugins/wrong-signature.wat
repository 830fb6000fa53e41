;; Exports what the host would call with arguments and results that it does not have.
(module
  (func (export "command") (param i64 f64) (result f32 f32) (f32.const 0) (f32.const 0))
  (func (export "action") (result i32) (i32.const 0)))
