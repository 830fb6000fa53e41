;; A shared memory is a feature that this engine does not have, not a mistake in the binary. Found by
;; `fuzz/run mutation`: V8, which has it, called the module valid. Assembled by `wat2wasm --enable-threads`.
(module
  (memory 1 2 shared)
)
