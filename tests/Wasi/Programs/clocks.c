#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// Prints the time, sleeps two seconds of the host's clock, prints how much of it passed.
int main(void) {
    struct timespec real, before, after;
    clock_gettime(CLOCK_REALTIME, &real);
    clock_gettime(CLOCK_MONOTONIC, &before);
    struct timespec two = {2, 0};
    nanosleep(&two, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%lld.%09ld %lld\n", (long long)real.tv_sec, real.tv_nsec, (long long)(after.tv_sec - before.tv_sec));
    return 0;
}
