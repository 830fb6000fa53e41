#include "check.h"
#include <unistd.h>

static __wasi_rights_t base_of(int fd, __wasi_rights_t *inheriting) {
    __wasi_fdstat_t stat;
    GIVES(__wasi_fd_fdstat_get(fd, &stat), SUCCESS);
    if (inheriting != NULL)
        *inheriting = stat.fs_rights_inheriting;
    return stat.fs_rights_base;
}

static int file_with(__wasi_rights_t rights) {
    int fd = open_at(DATA, 0, "seed/one.txt", 0, rights, 0);
    CHECK(fd >= 0 && base_of(fd, NULL) == rights);
    return fd;
}

static int directory_with(__wasi_rights_t rights) {
    int fd = open_at(DATA, 0, ".", __WASI_OFLAGS_DIRECTORY, rights, 0);
    CHECK(fd >= 0 && base_of(fd, NULL) == rights);
    return fd;
}

// Each right of a file: without it the operation is refused, with it alone it is done.
static void of_files(void) {
    uint8_t byte = 'o';
    __wasi_iovec_t in = {&byte, 1};
    __wasi_ciovec_t out = {&byte, 1};
    __wasi_size_t moved;
    __wasi_filesize_t at;
    __wasi_filestat_t stat;
#define ALLOWS(right, call) \
    do { \
        int fd = file_with(ALL_FILE_RIGHTS & ~(__wasi_rights_t)(right)); GIVES(call, NOTCAPABLE); CHECK(close(fd) == 0); \
        fd = file_with(right); GIVES(call, SUCCESS); CHECK(close(fd) == 0); \
    } while (0)
    ALLOWS(__WASI_RIGHTS_FD_READ, __wasi_fd_read(fd, &in, 1, &moved));
    ALLOWS(__WASI_RIGHTS_FD_WRITE, __wasi_fd_write(fd, &out, 1, &moved));
    ALLOWS(__WASI_RIGHTS_FD_SEEK, __wasi_fd_seek(fd, 1, __WASI_WHENCE_SET, &at));
    ALLOWS(__WASI_RIGHTS_FD_SYNC, __wasi_fd_sync(fd));
    ALLOWS(__WASI_RIGHTS_FD_DATASYNC, __wasi_fd_datasync(fd));
    ALLOWS(__WASI_RIGHTS_FD_ADVISE, __wasi_fd_advise(fd, 0, 0, 0));
    ALLOWS(__WASI_RIGHTS_FD_ALLOCATE, __wasi_fd_allocate(fd, 0, 1));
    ALLOWS(__WASI_RIGHTS_FD_FILESTAT_GET, __wasi_fd_filestat_get(fd, &stat));
    ALLOWS(__WASI_RIGHTS_FD_FILESTAT_SET_SIZE, __wasi_fd_filestat_set_size(fd, 4));
    ALLOWS(__WASI_RIGHTS_FD_FILESTAT_SET_TIMES, __wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_MTIM_NOW));
    ALLOWS(__WASI_RIGHTS_FD_FDSTAT_SET_FLAGS, __wasi_fd_fdstat_set_flags(fd, 0));

    // The right to seek includes that to tell; a position needs both rights.
    int fd = file_with(__WASI_RIGHTS_FD_TELL);
    GIVES(__wasi_fd_tell(fd, &at), SUCCESS);
    GIVES(__wasi_fd_seek(fd, 0, __WASI_WHENCE_CUR, &at), SUCCESS);
    GIVES(__wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &at), NOTCAPABLE);
    CHECK(close(fd) == 0);
    fd = file_with(__WASI_RIGHTS_FD_SEEK);
    GIVES(__wasi_fd_tell(fd, &at), SUCCESS);
    GIVES(__wasi_fd_pread(fd, &in, 1, 0, &moved), NOTCAPABLE);
    CHECK(close(fd) == 0);
    fd = file_with(__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE);
    GIVES(__wasi_fd_pread(fd, &in, 1, 0, &moved), NOTCAPABLE);
    GIVES(__wasi_fd_pwrite(fd, &out, 1, 0, &moved), NOTCAPABLE);
    GIVES(__wasi_fd_tell(fd, &at), NOTCAPABLE);
    CHECK(close(fd) == 0);
    fd = file_with(__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_SEEK);
    GIVES(__wasi_fd_pread(fd, &in, 1, 0, &moved), SUCCESS);
    GIVES(__wasi_fd_pwrite(fd, &out, 1, 0, &moved), SUCCESS);
    CHECK(close(fd) == 0);
}

static void of_directories(void) {
    uint8_t buffer[64];
    __wasi_size_t used;
    __wasi_filestat_t stat;
    __wasi_fd_t opened;
#undef ALLOWS
#define ALLOWS(right, call) \
    do { \
        int fd = directory_with(ALL_DIRECTORY_RIGHTS & ~(__wasi_rights_t)(right)); GIVES(call, NOTCAPABLE); CHECK(close(fd) == 0); \
        fd = directory_with(right); GIVES(call, SUCCESS); CHECK(close(fd) == 0); \
    } while (0)
    ALLOWS(__WASI_RIGHTS_PATH_CREATE_DIRECTORY, __wasi_path_create_directory(fd, "dir"));
    ALLOWS(__WASI_RIGHTS_PATH_REMOVE_DIRECTORY, __wasi_path_remove_directory(fd, "dir"));
    ALLOWS(__WASI_RIGHTS_PATH_OPEN, __wasi_path_open(fd, 0, "seed", 0, 0, 0, 0, &opened));
    ALLOWS(__WASI_RIGHTS_PATH_OPEN | __WASI_RIGHTS_PATH_CREATE_FILE, __wasi_path_open(fd, 0, "new", __WASI_OFLAGS_CREAT, 0, 0, 0, &opened));
    ALLOWS(__WASI_RIGHTS_PATH_OPEN | __WASI_RIGHTS_PATH_FILESTAT_SET_SIZE, __wasi_path_open(fd, 0, "new", __WASI_OFLAGS_TRUNC, 0, 0, 0, &opened));
    ALLOWS(__WASI_RIGHTS_PATH_SYMLINK, __wasi_path_symlink("new", fd, "soft"));
    ALLOWS(__WASI_RIGHTS_PATH_READLINK, __wasi_path_readlink(fd, "soft", buffer, 64, &used));
    ALLOWS(__WASI_RIGHTS_PATH_LINK_SOURCE, __wasi_path_link(fd, 0, "new", DATA, "hard"));
    ALLOWS(__WASI_RIGHTS_PATH_LINK_TARGET, __wasi_path_link(DATA, 0, "new", fd, "hard2"));
    ALLOWS(__WASI_RIGHTS_PATH_RENAME_SOURCE, __wasi_path_rename(fd, "hard", DATA, "hard3"));
    ALLOWS(__WASI_RIGHTS_PATH_RENAME_TARGET, __wasi_path_rename(DATA, "hard2", fd, "hard4"));
    ALLOWS(__WASI_RIGHTS_PATH_UNLINK_FILE, __wasi_path_unlink_file(fd, "hard4"));
    ALLOWS(__WASI_RIGHTS_PATH_FILESTAT_GET, __wasi_path_filestat_get(fd, 0, "seed", &stat));
    ALLOWS(__WASI_RIGHTS_PATH_FILESTAT_SET_TIMES, __wasi_path_filestat_set_times(fd, 0, "seed", 0, 0, __WASI_FSTFLAGS_MTIM_NOW));
    ALLOWS(__WASI_RIGHTS_FD_READDIR, __wasi_fd_readdir(fd, buffer, 64, 0, &used));
    ALLOWS(__WASI_RIGHTS_FD_FILESTAT_GET, __wasi_fd_filestat_get(fd, &stat));
    ALLOWS(__WASI_RIGHTS_FD_FILESTAT_SET_TIMES, __wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_MTIM_NOW));
    ALLOWS(__WASI_RIGHTS_FD_SYNC, __wasi_fd_sync(fd));
    ALLOWS(__WASI_RIGHTS_FD_DATASYNC, __wasi_fd_datasync(fd));
    ALLOWS(__WASI_RIGHTS_FD_FDSTAT_SET_FLAGS, __wasi_fd_fdstat_set_flags(fd, 0));
}

static void giving_up(void) {
    int fd = file_with(__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK);
    uint8_t byte;
    __wasi_iovec_t in = {&byte, 1};
    __wasi_size_t moved;
    GIVES(__wasi_fd_fdstat_set_rights(fd, __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE, 0), NOTCAPABLE);
    GIVES(__wasi_fd_fdstat_set_rights(fd, __WASI_RIGHTS_FD_READ, __WASI_RIGHTS_FD_READ), NOTCAPABLE);
    GIVES(__wasi_fd_fdstat_set_rights(fd, __WASI_RIGHTS_FD_SEEK, 0), SUCCESS);
    GIVES(__wasi_fd_read(fd, &in, 1, &moved), NOTCAPABLE);
    GIVES(__wasi_fd_fdstat_set_rights(fd, __WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_FD_READ, 0), NOTCAPABLE);
    GIVES(__wasi_fd_fdstat_set_rights(fd, 0, 0), SUCCESS);
    CHECK(base_of(fd, NULL) == 0 && close(fd) == 0);
}

static void passing_on(void) {
    __wasi_rights_t inheriting;
    CHECK(base_of(DATA, &inheriting) == ALL_DIRECTORY_RIGHTS && inheriting == ALL_RIGHTS);

    // Rights that make no sense for what is opened are left out.
    int fd = open_at(DATA, 0, "seed", __WASI_OFLAGS_DIRECTORY, __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_PATH_OPEN, 0);
    CHECK(fd >= 0 && base_of(fd, NULL) == __WASI_RIGHTS_PATH_OPEN && close(fd) == 0);
    fd = open_at(DATA, 0, "seed/one.txt", 0, ~(__wasi_rights_t)0, 0);
    CHECK(fd >= 0 && base_of(fd, &inheriting) == ALL_FILE_RIGHTS && inheriting == 0 && close(fd) == 0);

    // Those that may not be passed on are refused.
    __wasi_fd_t reader, opened;
    GIVES(__wasi_path_open(DATA, 0, ".", 0, ALL_DIRECTORY_RIGHTS, __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_PATH_OPEN, 0, &reader), SUCCESS);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, __WASI_RIGHTS_FD_READ, 0, 0, &opened), SUCCESS);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE, 0, 0, &opened), NOTCAPABLE);
    GIVES(__wasi_path_open(reader, 0, "new-file", __WASI_OFLAGS_CREAT, __WASI_RIGHTS_FD_WRITE, 0, 0, &opened), NOTCAPABLE);
    __wasi_filestat_t stat;
    GIVES(__wasi_path_filestat_get(DATA, 0, "new-file", &stat), NOENT);
    GIVES(__wasi_path_open(reader, 0, "seed", 0, __WASI_RIGHTS_FD_READDIR, 0, 0, &opened), NOTCAPABLE);
    GIVES(__wasi_path_open(reader, 0, "seed", 0, __WASI_RIGHTS_PATH_OPEN, __WASI_RIGHTS_FD_WRITE, 0, &opened), NOTCAPABLE);
    GIVES(__wasi_path_open(reader, 0, "seed", 0, __WASI_RIGHTS_PATH_OPEN, __WASI_RIGHTS_FD_READ, 0, &opened), SUCCESS);
    CHECK(base_of(opened, &inheriting) == __WASI_RIGHTS_PATH_OPEN && inheriting == __WASI_RIGHTS_FD_READ);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, 0, 0, __WASI_FDFLAGS_SYNC, &opened), NOTCAPABLE);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, 0, 0, __WASI_FDFLAGS_DSYNC, &opened), NOTCAPABLE);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, 0, 0, __WASI_FDFLAGS_RSYNC, &opened), NOTCAPABLE);
    GIVES(__wasi_fd_fdstat_set_rights(reader, ALL_DIRECTORY_RIGHTS, 0), SUCCESS);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, __WASI_RIGHTS_FD_READ, 0, 0, &opened), NOTCAPABLE);
    GIVES(__wasi_path_open(reader, 0, "seed/one.txt", 0, 0, 0, 0, &opened), SUCCESS);
}

int main(void) {
    of_files();
    of_directories();
    giving_up();
    passing_on();
    return passed();
}
