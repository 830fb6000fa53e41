// Native code of a kernel: what wasm2c made of the module, then lines `N`. The names are those of its header.
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include HEADER

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(void) {
  static INSTANCE instance;
  int n;
  wasm_rt_init();
#ifdef INIT
  INIT();
#endif
  INSTANTIATE(&instance);
  while (scanf("%d", &n) == 1) {
    uint64_t started = now();
    int64_t result = (int64_t)RUN(&instance, (uint32_t)n);
    printf("%" PRIu64 " %" PRId64 "\n", now() - started, result);
    fflush(stdout);
  }
}
