// The primes below n by the sieve of Eratosthenes, a byte a number.
#include "kernel.h"

#define MAX 16000000

static u8 composite[MAX];

EXPORT("run") u64 run(int n) {
  for (int i = 0; i < n; i++) composite[i] = 0;
  u64 count = 0, last = 0;
  for (int i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    last = i;
    for (u64 j = (u64)i * i; j < (u64)n; j += i) composite[j] = 1;
  }
  return mix(count, last);
}
