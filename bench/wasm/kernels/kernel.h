// What every kernel has in common: run(n) does work that grows with n and returns a checksum of it.
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(name)))

static inline u64 mix(u64 sum, u64 value) { return (sum ^ value) * 0x100000001b3ULL; }
