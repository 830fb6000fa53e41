(module
  (memory (export "memory") 1)
  (func (export "activate") (result i32)
    (loop $forever (br $forever))
    (unreachable)))
