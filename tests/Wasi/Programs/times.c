#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull

static __wasi_filestat_t stat_of(int lookup, const char *path) {
    __wasi_filestat_t stat;
    GIVES(__wasi_path_filestat_get(DATA, lookup, path, &stat), SUCCESS);
    return stat;
}

static void clocks(void) {
    __wasi_timestamp_t resolution, before, after;
    for (int clock = 0; clock <= 3; clock++) {
        GIVES(__wasi_clock_res_get(clock, &resolution), SUCCESS);
        CHECK(resolution > 0 && resolution <= SECOND);
        GIVES(__wasi_clock_time_get(clock, 1, &before), SUCCESS);
        GIVES(__wasi_clock_time_get(clock, 0, &after), SUCCESS);
        CHECK(after >= before && before % resolution == 0);
    }
    GIVES(__wasi_clock_res_get(4, &resolution), INVAL);
    GIVES(__wasi_clock_time_get(4, 0, &before), INVAL);
    CHECK(time(NULL) > 1500000000);
}

static void of_descriptors(void) {
    int file = open("/data/file", O_RDWR | O_CREAT, 0600);
    __wasi_filestat_t stat, again;
    GIVES(__wasi_fd_filestat_get(file, &stat), SUCCESS);
    CHECK(stat.mtim > 1500000000 * SECOND && stat.atim > 0 && stat.ctim > 0);
    GIVES(__wasi_fd_filestat_set_times(file, 5 * SECOND + 7, 9 * SECOND + 123456700, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM), SUCCESS);
    GIVES(__wasi_fd_filestat_get(file, &again), SUCCESS);
    CHECK(again.atim / 100 == (5 * SECOND + 7) / 100 && again.mtim == 9 * SECOND + 123456700 && again.ctim >= stat.ctim);
    // One alone; the other stays.
    GIVES(__wasi_fd_filestat_set_times(file, 1, 11 * SECOND, __WASI_FSTFLAGS_MTIM), SUCCESS);
    GIVES(__wasi_fd_filestat_get(file, &again), SUCCESS);
    CHECK(again.atim / SECOND == 5 && again.mtim == 11 * SECOND);
    GIVES(__wasi_fd_filestat_set_times(file, 0, 0, __WASI_FSTFLAGS_MTIM_NOW), SUCCESS);
    GIVES(__wasi_fd_filestat_get(file, &again), SUCCESS);
    CHECK(again.atim / SECOND == 5 && again.mtim > 1500000000 * SECOND);
    GIVES(__wasi_fd_filestat_set_times(file, 0, 0, 0), SUCCESS);

    // Writing makes it new again.
    GIVES(__wasi_fd_filestat_set_times(file, 0, SECOND, __WASI_FSTFLAGS_MTIM), SUCCESS);
    CHECK(write(file, "x", 1) == 1);
    GIVES(__wasi_fd_filestat_get(file, &again), SUCCESS);
    CHECK(again.mtim > 1500000000 * SECOND && again.size == 1);

    GIVES(__wasi_fd_filestat_set_times(file, 0, 0, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_ATIM_NOW), INVAL);
    GIVES(__wasi_fd_filestat_set_times(file, 0, 0, __WASI_FSTFLAGS_MTIM | __WASI_FSTFLAGS_MTIM_NOW), INVAL);
    GIVES(__wasi_fd_filestat_set_times(file, 0, 0, 16), INVAL);
    CHECK(close(file) == 0);

    int directory = open("/data/seed", O_RDONLY | O_DIRECTORY);
    GIVES(__wasi_fd_filestat_set_times(directory, 3 * SECOND, 4 * SECOND, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM), SUCCESS);
    CHECK(stat_of(0, "seed").mtim == 4 * SECOND && stat_of(0, "seed").atim == 3 * SECOND);
    // A directory changes with its entries.
    put_file("/data/seed/new", "");
    CHECK(stat_of(0, "seed").mtim > 1500000000 * SECOND && close(directory) == 0);
}

static void of_paths(void) {
    struct timespec times[2] = {{21, 500}, {22, 700}};
    struct stat info;
    CHECK(utimensat(AT_FDCWD, "/data/file", times, 0) == 0 && stat("/data/file", &info) == 0);
    CHECK(info.st_atim.tv_sec == 21 && info.st_mtim.tv_sec == 22 && info.st_mtim.tv_nsec == 700);
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "file", 0, 0, __WASI_FSTFLAGS_MTIM_NOW), SUCCESS);
    CHECK(stat("/data/file", &info) == 0 && info.st_atim.tv_sec == 21 && info.st_mtim.tv_sec > 1500000000);

    // Of a link, and of what it leads to.
    CHECK(symlink("file", "/data/link") == 0);
    __wasi_filestat_t file = stat_of(0, "file"), link = stat_of(0, "link");
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "link", 0, link.mtim - 200 * SECOND, __WASI_FSTFLAGS_MTIM), SUCCESS);
    CHECK(stat_of(0, "link").mtim == link.mtim - 200 * SECOND && stat_of(FOLLOW, "link").mtim == file.mtim && stat_of(0, "file").mtim == file.mtim);
    GIVES(__wasi_path_filestat_set_times(DATA, FOLLOW, "link", 0, 33 * SECOND, __WASI_FSTFLAGS_MTIM), SUCCESS);
    CHECK(stat_of(0, "file").mtim == 33 * SECOND && stat_of(0, "link").mtim == link.mtim - 200 * SECOND);

    GIVES(__wasi_path_filestat_set_times(DATA, 0, "seed", 0, 44 * SECOND, __WASI_FSTFLAGS_MTIM), SUCCESS);
    CHECK(stat_of(0, "seed").mtim == 44 * SECOND);
    GIVES(__wasi_path_filestat_set_times(DATA, 0, ".", 55 * SECOND, 0, __WASI_FSTFLAGS_ATIM), SUCCESS);
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "seed/one.txt", 0, 66 * SECOND, __WASI_FSTFLAGS_MTIM), SUCCESS);
    CHECK(stat_of(0, "seed/one.txt").mtim == 66 * SECOND && holds("/data/seed/one.txt", "one\n"));
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "none", 0, 0, __WASI_FSTFLAGS_MTIM_NOW), NOENT);
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "file/", 0, 0, __WASI_FSTFLAGS_MTIM_NOW), NOTDIR);
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "..", 0, 0, __WASI_FSTFLAGS_MTIM_NOW), NOTCAPABLE);
    GIVES(__wasi_path_filestat_set_times(DATA, 0, "file", 0, 0, 3), INVAL);
    GIVES(__wasi_path_filestat_set_times(DATA, 2, "file", 0, 0, 0), INVAL);
}

int main(void) {
    clocks();
    of_descriptors();
    of_paths();
    return passed();
}
