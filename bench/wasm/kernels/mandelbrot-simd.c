// As mandelbrot.c in single precision, four points at a time in 128-bit vectors; n is a multiple of four.
#include <wasm_simd128.h>
#include "kernel.h"

#define LIMIT 100

EXPORT("run") u64 run(int n) {
  const v128_t four = wasm_f32x4_splat(4), lanes = wasm_f32x4_make(0, 1, 2, 3);
  v128_t sum = wasm_i32x4_splat(0);
  for (int py = 0; py < n; py++) {
    v128_t cy = wasm_f32x4_splat(2.0f * py / n - 1);
    for (int px = 0; px < n; px += 4) {
      v128_t at = wasm_f32x4_add(wasm_f32x4_splat(px), lanes);
      v128_t cx = wasm_f32x4_sub(wasm_f32x4_mul(at, wasm_f32x4_splat(3.0f / n)), wasm_f32x4_splat(2));
      v128_t x = wasm_f32x4_splat(0), y = x;
      for (int i = 0; i < LIMIT; i++) {
        v128_t xx = wasm_f32x4_mul(x, x), yy = wasm_f32x4_mul(y, y);
        v128_t inside = wasm_f32x4_le(wasm_f32x4_add(xx, yy), four);
        if (!wasm_v128_any_true(inside)) break;
        // An inside lane is −1.
        sum = wasm_i32x4_sub(sum, inside);
        v128_t xy = wasm_f32x4_mul(x, y);
        y = wasm_f32x4_add(wasm_f32x4_add(xy, xy), cy);
        x = wasm_f32x4_add(wasm_f32x4_sub(xx, yy), cx);
      }
    }
  }
  return (u64)wasm_i32x4_extract_lane(sum, 0) + wasm_i32x4_extract_lane(sum, 1) + wasm_i32x4_extract_lane(sum, 2) + wasm_i32x4_extract_lane(sum, 3);
}
