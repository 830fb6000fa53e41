// Calls and little else: the naive recursion. n is the argument; the calls grow by the golden ratio with each.
#include "kernel.h"

static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

EXPORT("run") u64 run(int n) { return fib(n); }
