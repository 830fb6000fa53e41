// Product of two square matrices of doubles, the textbook's three loops. n is the side.
#include "kernel.h"

#define MAX_SIDE 512

static double a[MAX_SIDE * MAX_SIDE], b[MAX_SIDE * MAX_SIDE], c[MAX_SIDE * MAX_SIDE];

EXPORT("run") u64 run(int n) {
  for (int i = 0; i < n * n; i++) {
    a[i] = (double)(i % 17) - 8;
    b[i] = (double)(i % 23) - 11;
  }
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
  }
  u64 checksum = 0;
  for (int i = 0; i < n * n; i++) checksum = mix(checksum, (u64)(long long)c[i]);
  return checksum;
}
