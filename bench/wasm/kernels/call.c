// What `lazyoc bench call` calls: a function that does next to nothing, and loops of calls to the host and in the guest.
#include "kernel.h"

__attribute__((import_module("host"), import_name("add"))) int host_add(int a, int b);

EXPORT("add") int add(int a, int b) { return a + b; }

EXPORT("callHost") int call_host(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum = host_add(sum, i);
  return sum;
}

static int subtract(int a, int b) { return a - b; }

// volatile: the compiler must not see which function it is.
static int (*volatile operation)(int, int) = add;

EXPORT("callTable") int call_table(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum = operation(sum, i);
  return sum;
}

EXPORT("choose") void choose(int which) { operation = which ? subtract : add; }
