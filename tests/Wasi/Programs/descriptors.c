#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void standard_streams(void) {
    __wasi_fdstat_t stat;
    __wasi_filestat_t file;
    __wasi_filesize_t at;
    GIVES(__wasi_fd_fdstat_get(1, &stat), SUCCESS);
    CHECK(stat.fs_filetype == __WASI_FILETYPE_CHARACTER_DEVICE && isatty(1));
    CHECK((stat.fs_rights_base & __WASI_RIGHTS_FD_WRITE) && !(stat.fs_rights_base & (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK)));
    GIVES(__wasi_fd_filestat_get(0, &file), SUCCESS);
    CHECK(file.filetype == __WASI_FILETYPE_CHARACTER_DEVICE);
    GIVES(__wasi_fd_seek(1, 0, __WASI_WHENCE_SET, &at), SPIPE);
    GIVES(__wasi_fd_tell(0, &at), SPIPE);
    FAILS(pwrite(1, "x", 1, 0), ESPIPE);
    char byte;
    FAILS(pread(0, &byte, 1, 0), ESPIPE);
    __wasi_size_t moved;
    GIVES(__wasi_fd_write(0, &(__wasi_ciovec_t){(uint8_t *)"x", 1}, 1, &moved), NOTCAPABLE);
    GIVES(__wasi_fd_read(1, &(__wasi_iovec_t){(uint8_t *)&byte, 1}, 1, &moved), NOTCAPABLE);
    CHECK(read(0, &byte, 1) == 0);
    CHECK(fsync(1) == 0 && fdatasync(1) == 0);
    GIVES(__wasi_fd_sync(0), NOTCAPABLE);
    GIVES(__wasi_fd_advise(1, 0, 0, 0), BADF);
    GIVES(__wasi_fd_allocate(1, 0, 1), BADF);
    GIVES(__wasi_fd_filestat_set_size(1, 1), BADF);
    GIVES(__wasi_fd_filestat_set_times(1, 0, 0, 0), NOTCAPABLE);
    __wasi_size_t used;
    GIVES(__wasi_fd_readdir(1, (uint8_t *)&file, sizeof file, 0, &used), NOTDIR);
}

static void preopens(void) {
    __wasi_prestat_t stat;
    uint8_t path[16] = {0};
    GIVES(__wasi_fd_prestat_get(DATA, &stat), SUCCESS);
    CHECK(stat.tag == __WASI_PREOPENTYPE_DIR && stat.u.dir.pr_name_len == 5);
    GIVES(__wasi_fd_prestat_dir_name(DATA, path, 4), NAMETOOLONG);
    GIVES(__wasi_fd_prestat_dir_name(DATA, path, 16), SUCCESS);
    CHECK(strcmp((char *)path, "/data") == 0);
    GIVES(__wasi_fd_prestat_get(1, &stat), BADF);
    GIVES(__wasi_fd_prestat_get(5, &stat), BADF);
    GIVES(__wasi_fd_prestat_dir_name(5, path, 16), BADF);
    int directory = open("/data/seed", O_RDONLY | O_DIRECTORY);
    CHECK(directory == 5);
    GIVES(__wasi_fd_prestat_get(directory, &stat), BADF);
    CHECK(close(directory) == 0);
}

static void positions(int file) {
    __wasi_filesize_t at;
    CHECK(write(file, "0123456789", 10) == 10);
    GIVES(__wasi_fd_tell(file, &at), SUCCESS);
    CHECK(at == 10);
    CHECK(lseek(file, -4, SEEK_CUR) == 6 && lseek(file, -1, SEEK_END) == 9 && lseek(file, 3, SEEK_SET) == 3);
    FAILS(lseek(file, -1, SEEK_SET), EINVAL);
    FAILS(lseek(file, -11, SEEK_END), EINVAL);
    GIVES(__wasi_fd_seek(file, 0, 3, &at), INVAL);
    GIVES(__wasi_fd_seek(file, INT64_MAX, __WASI_WHENCE_CUR, &at), OVERFLOW);
    CHECK(lseek(file, 0, SEEK_CUR) == 3);
    CHECK(lseek(file, 1000, SEEK_SET) == 1000);
    char text[16] = {0};
    CHECK(read(file, text, 4) == 0 && lseek(file, 0, SEEK_CUR) == 1000);

    CHECK(pread(file, text, 4, 2) == 4 && memcmp(text, "2345", 4) == 0);
    CHECK(pread(file, text, 16, 8) == 2 && pread(file, text, 4, 10) == 0 && pread(file, text, 4, 1LL << 40) == 0);
    CHECK(pwrite(file, "AB", 2, 4) == 2 && lseek(file, 0, SEEK_CUR) == 1000);
    GIVES(__wasi_fd_pread(file, &(__wasi_iovec_t){(uint8_t *)text, 4}, 1, UINT64_MAX, (__wasi_size_t *)&at), SUCCESS);
    GIVES(__wasi_fd_pwrite(file, &(__wasi_ciovec_t){(uint8_t *)text, 4}, 1, UINT64_MAX, (__wasi_size_t *)&at), FBIG);

    // Several buffers at once, an empty one among them; a zero byte fills the gap.
    CHECK(lseek(file, 12, SEEK_SET) == 12);
    struct iovec out[3] = {{"xy", 2}, {"", 0}, {"z", 1}};
    CHECK(writev(file, out, 3) == 3);
    CHECK(lseek(file, 0, SEEK_SET) == 0);
    char left[4], right[16] = {0};
    struct iovec in[3] = {{left, 4}, {NULL, 0}, {right, 16}};
    CHECK(readv(file, in, 3) == 15 && memcmp(left, "0123", 4) == 0 && memcmp(right, "AB6789\0\0xyz", 11) == 0);
    CHECK(write(file, "", 0) == 0);
    struct stat info;
    CHECK(fstat(file, &info) == 0 && info.st_size == 15);
}

static void sizes(int file) {
    struct stat info;
    CHECK(ftruncate(file, 5) == 0 && fstat(file, &info) == 0 && info.st_size == 5);
    CHECK(ftruncate(file, 20) == 0 && fstat(file, &info) == 0 && info.st_size == 20);
    char text[20];
    CHECK(pread(file, text, 20, 0) == 20 && memcmp(text, "0123A\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20) == 0);
    GIVES(__wasi_fd_filestat_set_size(file, UINT64_MAX), FBIG);
    CHECK(posix_fallocate(file, 10, 5) == 0 && fstat(file, &info) == 0 && info.st_size == 20);
    CHECK(posix_fallocate(file, 10, 90) == 0 && fstat(file, &info) == 0 && info.st_size == 100);
    GIVES(__wasi_fd_allocate(file, 0, 0), INVAL);
    GIVES(__wasi_fd_allocate(file, UINT64_MAX, 2), FBIG);
    for (int advice = 0; advice <= 5; advice++)
        GIVES(__wasi_fd_advise(file, 0, 100, advice), SUCCESS);
    GIVES(__wasi_fd_advise(file, 0, 0, 6), INVAL);
    GIVES(__wasi_fd_advise(file, UINT64_MAX, 1, 0), INVAL);
    CHECK(fsync(file) == 0 && fdatasync(file) == 0);
}

static void appending(void) {
    int file = open("/data/log", O_RDWR | O_CREAT | O_APPEND, 0600);
    CHECK(file >= 0 && write(file, "one", 3) == 3 && lseek(file, 0, SEEK_SET) == 0 && write(file, "two", 3) == 3);
    CHECK(lseek(file, 0, SEEK_CUR) == 6);
    // A position that is given counts.
    CHECK(pwrite(file, "O", 1, 0) == 1 && lseek(file, 0, SEEK_END) == 6);
    CHECK((fcntl(file, F_GETFL) & O_APPEND) && fcntl(file, F_SETFL, 0) == 0 && !(fcntl(file, F_GETFL) & O_APPEND));
    CHECK(lseek(file, 3, SEEK_SET) == 3 && write(file, "T", 1) == 1);
    CHECK(fcntl(file, F_SETFL, O_APPEND) == 0 && write(file, "!", 1) == 1);
    CHECK(holds("/data/log", "OneTwo!"));
    GIVES(__wasi_fd_fdstat_set_flags(file, 32), INVAL);
    GIVES(__wasi_fd_fdstat_set_flags(file, __WASI_FDFLAGS_SYNC | __WASI_FDFLAGS_NONBLOCK), SUCCESS);
    CHECK(write(file, "s", 1) == 1 && close(file) == 0);

    __wasi_fdstat_t stat;
    file = open_at(DATA, 0, "log", 0, ALL_FILE_RIGHTS, __WASI_FDFLAGS_DSYNC | __WASI_FDFLAGS_APPEND);
    GIVES(__wasi_fd_fdstat_get(file, &stat), SUCCESS);
    CHECK(stat.fs_flags == (__WASI_FDFLAGS_DSYNC | __WASI_FDFLAGS_APPEND) && stat.fs_filetype == __WASI_FILETYPE_REGULAR_FILE && !isatty(file));
    CHECK(write(file, "d", 1) == 1 && close(file) == 0);
}

static void numbers(void) {
    int first = open("/data/first", O_RDWR | O_CREAT, 0600), second = open("/data/second", O_RDWR | O_CREAT, 0600);
    CHECK(first >= 5 && second == first + 1 && write(first, "first", 5) == 5);
    GIVES(__wasi_fd_renumber(first, second), SUCCESS);
    GIVES(__wasi_fd_close(first), BADF);
    CHECK(lseek(second, 0, SEEK_CUR) == 5);
    GIVES(__wasi_fd_renumber(second, second), SUCCESS);
    GIVES(__wasi_fd_renumber(second, first), BADF);
    GIVES(__wasi_fd_renumber(first, second), BADF);
    // The lowest free number is taken.
    CHECK(open("/data/second", O_RDONLY) == first && close(first) == 0 && close(second) == 0);
    GIVES(__wasi_fd_close(-1), BADF);
    GIVES(__wasi_fd_close(1000000), BADF);

    // A stream and a preopened directory can be replaced too.
    int directory = open("/data/seed", O_RDONLY | O_DIRECTORY);
    GIVES(__wasi_fd_renumber(directory, RO), SUCCESS);
    __wasi_prestat_t stat;
    GIVES(__wasi_fd_prestat_get(RO, &stat), BADF);
    CHECK(open_at(RO, 0, "one.txt", 0, ALL_FILE_RIGHTS, 0) == directory);
    GIVES(__wasi_fd_renumber(directory, 0), SUCCESS);
    char text[4];
    CHECK(read(0, text, 4) == 4 && memcmp(text, "one\n", 4) == 0);
}

static void directories(void) {
    int directory = open_at(DATA, 0, ".", __WASI_OFLAGS_DIRECTORY, ALL_DIRECTORY_RIGHTS, 0);
    char byte;
    __wasi_filesize_t at;
    __wasi_fdstat_t stat;
    FAILS(read(directory, &byte, 1), EISDIR);
    FAILS(pread(directory, &byte, 1, 0), EISDIR);
    FAILS(write(directory, "x", 1), EISDIR);
    FAILS(pwrite(directory, "x", 1, 0), EISDIR);
    GIVES(__wasi_fd_seek(directory, 0, __WASI_WHENCE_CUR, &at), ISDIR);
    GIVES(__wasi_fd_tell(directory, &at), ISDIR);
    GIVES(__wasi_fd_allocate(directory, 0, 1), ISDIR);
    GIVES(__wasi_fd_advise(directory, 0, 1, 0), ISDIR);
    GIVES(__wasi_fd_filestat_set_size(directory, 0), ISDIR);
    GIVES(__wasi_fd_fdstat_get(directory, &stat), SUCCESS);
    CHECK(stat.fs_filetype == __WASI_FILETYPE_DIRECTORY && !(stat.fs_rights_base & (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK)));
    GIVES(__wasi_fd_sync(directory), SUCCESS);
    GIVES(__wasi_fd_datasync(directory), SUCCESS);
    GIVES(__wasi_fd_fdstat_set_flags(directory, 0), SUCCESS);
    CHECK(close(directory) == 0);
}

static void missing(void) {
    __wasi_fdstat_t stat;
    __wasi_filestat_t file;
    __wasi_size_t size;
    GIVES(__wasi_fd_fdstat_get(77, &stat), BADF);
    GIVES(__wasi_fd_fdstat_set_flags(77, 0), BADF);
    GIVES(__wasi_fd_fdstat_set_rights(77, 0, 0), BADF);
    GIVES(__wasi_fd_filestat_get(77, &file), BADF);
    GIVES(__wasi_fd_filestat_set_times(77, 0, 0, 0), BADF);
    GIVES(__wasi_fd_sync(77), BADF);
    GIVES(__wasi_fd_datasync(77), BADF);
    GIVES(__wasi_fd_tell(77, (__wasi_filesize_t *)&file), BADF);
    GIVES(__wasi_fd_readdir(77, (uint8_t *)&file, 1, 0, &size), BADF);
    FAILS(write(77, "x", 1), EBADF);
    FAILS(read(77, &file, 1), EBADF);
}

int main(void) {
    standard_streams();
    preopens();
    int file = open("/data/file", O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(file >= 0);
    positions(file);
    sizes(file);
    CHECK(close(file) == 0);
    appending();
    directories();
    missing();
    numbers();
    return passed();
}
