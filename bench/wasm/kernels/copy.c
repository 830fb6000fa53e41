// memory.copy, n rounds: 64 KiB in one piece, in pieces of 1 KiB and in pieces of 64 bytes.
#include "kernel.h"

#define SIZE 65536

static u8 from[SIZE], to[SIZE];

// volatile: of a small constant size the compiler would make loads and stores.
static volatile int pieces[] = {SIZE, 1024, 64};

static void copy(int piece) {
  for (int i = 0; i < SIZE; i += piece) __builtin_memcpy(to + i, from + i, piece);
}

EXPORT("run") u64 run(int n) {
  u64 checksum = 0;
  for (int i = 0; i < SIZE; i++) from[i] = (u8)(i * 31);
  for (int round = 0; round < n; round++) {
    from[round % SIZE] ^= (u8)round;
    for (int i = 0; i < 3; i++) copy(pieces[i]);
    checksum = mix(checksum, to[(round * 7) % SIZE]);
  }
  return checksum;
}
