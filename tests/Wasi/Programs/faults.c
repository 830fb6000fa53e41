#include "check.h"
#include <fcntl.h>
#include <unistd.h>

// Every function that takes an address, with one that is outside of the memory: an error, and nothing done.
int main(void) {
    uint8_t buffer[64];
    __wasi_size_t size;
    __wasi_filestat_t stat;
    __wasi_iovec_t in = {buffer, sizeof buffer}, bad_in = {NOWHERE, 64}, wide_in = {buffer, 0xffffffff};
    __wasi_ciovec_t out = {buffer, 1}, bad_out = {NOWHERE, 64};
    int file = open("/data/seed/one.txt", O_RDWR), directory = DATA;
    CHECK(file >= 0);

    GIVES(__wasi_args_get(NOWHERE, buffer), FAULT);
    GIVES(__wasi_args_get((uint8_t **)buffer, NOWHERE), FAULT);
    GIVES(__wasi_args_sizes_get(NOWHERE, &size), FAULT);
    GIVES(__wasi_args_sizes_get(&size, NOWHERE), FAULT);
    GIVES(__wasi_environ_get(NOWHERE, buffer), FAULT);
    GIVES(__wasi_environ_get((uint8_t **)buffer, NOWHERE), FAULT);
    GIVES(__wasi_environ_sizes_get(NOWHERE, &size), FAULT);
    GIVES(__wasi_environ_sizes_get(&size, NOWHERE), FAULT);
    GIVES(__wasi_clock_res_get(0, NOWHERE), FAULT);
    GIVES(__wasi_clock_time_get(0, 0, NOWHERE), FAULT);
    GIVES(__wasi_random_get(NOWHERE, 64), FAULT);

    GIVES(__wasi_fd_fdstat_get(file, NOWHERE), FAULT);
    GIVES(__wasi_fd_filestat_get(file, NOWHERE), FAULT);
    GIVES(__wasi_fd_prestat_get(directory, NOWHERE), FAULT);
    GIVES(__wasi_fd_prestat_dir_name(directory, (uint8_t *)NOWHERE + 12, 5), FAULT);
    GIVES(__wasi_fd_readdir(directory, NOWHERE, 64, 0, &size), FAULT);
    GIVES(__wasi_fd_readdir(directory, buffer, 64, 0, NOWHERE + 13), FAULT);
    GIVES(__wasi_fd_read(file, NOWHERE, 3, &size), FAULT);
    GIVES(__wasi_fd_read(file, &bad_in, 1, &size), FAULT);
    GIVES(__wasi_fd_read(file, &wide_in, 1, &size), FAULT);
    GIVES(__wasi_fd_read(file, &in, 1, NOWHERE + 13), FAULT);
    GIVES(__wasi_fd_read(file, &in, 100000, &size), INVAL);
    GIVES(__wasi_fd_pread(file, &bad_in, 1, 0, &size), FAULT);
    GIVES(__wasi_fd_write(file, NOWHERE, 3, &size), FAULT);
    GIVES(__wasi_fd_write(file, &bad_out, 1, &size), FAULT);
    GIVES(__wasi_fd_write(file, &out, 100000, &size), INVAL);
    GIVES(__wasi_fd_pwrite(file, &bad_out, 1, 0, &size), FAULT);
    GIVES(__wasi_fd_seek(file, 2, 0, NOWHERE + 9), FAULT);
    GIVES(__wasi_fd_tell(file, (void *)NOWHERE + 9), FAULT);
    CHECK(lseek(file, 0, SEEK_CUR) == 0 && holds("/data/seed/one.txt", "one\n"));

    CHECK(raw_path_open(DATA, 0, NOWHERE, 64, 0, 0, 0, 0, &size) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_open(DATA, 0, "new", 3, __WASI_OFLAGS_CREAT, 0, 0, 0, NOWHERE + 13) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_filestat_get(DATA, 0, "new", 3, &stat) == __WASI_ERRNO_NOENT);
    CHECK(raw_path_create_directory(DATA, NOWHERE, 64) == __WASI_ERRNO_FAULT && raw_path_create_directory(DATA, NOWHERE, 0x7fffffff) == __WASI_ERRNO_NAMETOOLONG);
    CHECK(raw_path_remove_directory(DATA, NOWHERE, 64) == __WASI_ERRNO_FAULT && raw_path_unlink_file(DATA, NOWHERE, 64) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_rename(DATA, NOWHERE, 64, DATA, "x", 1) == __WASI_ERRNO_FAULT && raw_path_rename(DATA, "seed", 4, DATA, NOWHERE, 64) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_filestat_get(DATA, 0, NOWHERE, 64, &stat) == __WASI_ERRNO_FAULT && raw_path_filestat_get(DATA, 0, "seed", 4, NOWHERE) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_filestat_set_times(DATA, 0, NOWHERE, 64, 0, 0, 0) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_link(DATA, 0, NOWHERE, 64, DATA, "x", 1) == __WASI_ERRNO_FAULT && raw_path_link(DATA, 0, "seed/one.txt", 12, DATA, NOWHERE, 64) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_symlink(NOWHERE, 64, DATA, "x", 1) == __WASI_ERRNO_FAULT && raw_path_symlink("x", 1, DATA, NOWHERE, 64) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_symlink("target", 6, DATA, "link", 4) == 0);
    CHECK(raw_path_readlink(DATA, NOWHERE, 64, buffer, 64, &size) == __WASI_ERRNO_FAULT && raw_path_readlink(DATA, "link", 4, NOWHERE + 12, 64, &size) == __WASI_ERRNO_FAULT);
    CHECK(raw_path_readlink(DATA, "link", 4, buffer, 64, NOWHERE + 13) == __WASI_ERRNO_FAULT);

    __wasi_subscription_t subscription = {.u = {.tag = __WASI_EVENTTYPE_CLOCK}};
    __wasi_event_t event;
    GIVES(__wasi_poll_oneoff(NOWHERE, &event, 1, &size), FAULT);
    GIVES(__wasi_poll_oneoff(&subscription, NOWHERE, 1, &size), FAULT);
    GIVES(__wasi_poll_oneoff(&subscription, &event, 1, NOWHERE + 13), FAULT);
    CHECK(close(file) == 0);
    return passed();
}
