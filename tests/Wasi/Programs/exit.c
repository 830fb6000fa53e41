#include "check.h"
#include <unistd.h>

static void goodbye(void) { printf("goodbye\n"); }

// Ends in the way its first argument says: exit N, _Exit N, return N, proc_exit N, or abort.
int main(int argc, char **argv) {
    if (argc < 2)
        return 99;
    const char *way = argv[1];
    unsigned code = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    atexit(goodbye);
    printf("unfinished");
    if (strcmp(way, "exit") == 0)
        exit(code);
    if (strcmp(way, "_Exit") == 0)
        _Exit(code);
    if (strcmp(way, "proc_exit") == 0)
        __wasi_proc_exit(code);
    if (strcmp(way, "abort") == 0)
        abort();
    return code;
}
