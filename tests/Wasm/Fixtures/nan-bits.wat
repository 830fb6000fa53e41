(module
  (func (export "bits") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
)
