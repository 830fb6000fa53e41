#include "check.h"
#include <sched.h>
#include <unistd.h>

// Arguments, environment, random numbers, signals, giving way, and sockets that are none.
int main(int argc, char **argv) {
    CHECK(argc == 4 && strcmp(argv[1], "zwei") == 0 && strcmp(argv[2], "\xc3\xbcn\xc3\xaf") == 0 && argv[3][0] == 0);
    CHECK(strcmp(getenv("COLOUR"), "blue") == 0 && strcmp(getenv("EMPTY"), "") == 0 && getenv("MISSING") == NULL);
    CHECK(strcmp(getenv("EQUATION"), "a=b") == 0);

    __wasi_size_t count, size;
    GIVES(__wasi_args_sizes_get(&count, &size), SUCCESS);
    CHECK(count == 4 && size == strlen(argv[0]) + 1 + 5 + 6 + 1);
    GIVES(__wasi_environ_sizes_get(&count, &size), SUCCESS);
    CHECK(count == 3 && size == sizeof "COLOUR=blue" + sizeof "EMPTY=" + sizeof "EQUATION=a=b");
    uint8_t *pointers[8], text[256];
    GIVES(__wasi_args_get(pointers, text), SUCCESS);
    CHECK(pointers[0] == text && strcmp((char *)pointers[1], "zwei") == 0 && pointers[2] == pointers[1] + 5);
    GIVES(__wasi_environ_get(pointers, text), SUCCESS);
    CHECK(strcmp((char *)pointers[2], "EQUATION=a=b") == 0);

    uint8_t first[64] = {0}, second[64] = {0};
    GIVES(__wasi_random_get(first, sizeof first), SUCCESS);
    CHECK(getentropy(second, sizeof second) == 0 && memcmp(first, second, sizeof first) != 0);
    GIVES(__wasi_random_get(NULL, 0), SUCCESS);
    GIVES(__wasi_random_get(first, 0xffffffffu), INVAL);

    CHECK(sched_yield() == 0);
    GIVES(raw_proc_raise(2), NOTSUP);
    GIVES(raw_proc_raise(31), INVAL);

    __wasi_fd_t accepted;
    __wasi_roflags_t flags;
    __wasi_iovec_t buffer = {text, sizeof text};
    __wasi_ciovec_t bytes = {text, 1};
    for (int fd = 0; fd <= DATA; fd++) {
        GIVES(__wasi_sock_accept(fd, 0, &accepted), NOTSOCK);
        GIVES(__wasi_sock_recv(fd, &buffer, 1, 0, &size, &flags), NOTSOCK);
        GIVES(__wasi_sock_send(fd, &bytes, 1, 0, &size), NOTSOCK);
        GIVES(__wasi_sock_shutdown(fd, __WASI_SDFLAGS_RD), NOTSOCK);
    }
    GIVES(__wasi_sock_accept(99, 0, &accepted), BADF);
    GIVES(__wasi_sock_recv(99, &buffer, 1, 0, &size, &flags), BADF);
    GIVES(__wasi_sock_send(99, &bytes, 1, 0, &size), BADF);
    GIVES(__wasi_sock_shutdown(99, __WASI_SDFLAGS_RD), BADF);
    return passed();
}
