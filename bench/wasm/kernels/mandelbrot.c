// Iterations until points of the plane leave the circle of radius 2, at most 100, over n×n points; scalar doubles.
#include "kernel.h"

#define LIMIT 100

EXPORT("run") u64 run(int n) {
  u64 sum = 0;
  for (int py = 0; py < n; py++) {
    for (int px = 0; px < n; px++) {
      double cx = 3.0 * px / n - 2, cy = 2.0 * py / n - 1, x = 0, y = 0;
      int i = 0;
      for (; i < LIMIT; i++) {
        double xx = x * x, yy = y * y;
        if (xx + yy > 4) break;
        y = 2 * x * y + cy;
        x = xx - yy + cx;
      }
      sum += i;
    }
  }
  return sum;
}
