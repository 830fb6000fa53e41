;; Exports what prepares a module with a type that it does not have, so that linking fails after the module was instantiated.
(module
  (func (export "_initialize") (param i32))
  (func (export "command") (result i32) (i32.const 0)))
