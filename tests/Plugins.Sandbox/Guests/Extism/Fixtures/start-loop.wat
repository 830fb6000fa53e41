;; A start function that never ends. Compiled by: wat2wasm start-loop.wat
(module
  (memory (export "memory") 1)
  (func $forever (loop $again (br $again)))
  (start $forever))
