;; Functions whose names only the name section knows, or knows better than the exports do.
;; wat2wasm --debug-names names.wat -o names.wasm
(module
  (func $inside unreachable)
  (func $between (param $depth i32)
    (if (local.get $depth)
      (then (call $between (i32.sub (local.get $depth) (i32.const 1))))
      (else (call $inside))))
  (func $outside (export "known to the host as this") (call $between (i32.const 2))))
