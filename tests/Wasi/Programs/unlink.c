#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// Files and directories that are open while their names go.
int main(void) {
    char text[16] = {0};
    struct stat info;
    int file = open("/data/file", O_RDWR | O_CREAT, 0600);
    CHECK(write(file, "content", 7) == 7 && unlink("/data/file") == 0);
    FAILS(open("/data/file", O_RDONLY), ENOENT);
    CHECK(fstat(file, &info) == 0 && info.st_size == 7 && info.st_nlink == 0);
    CHECK(pread(file, text, 16, 0) == 7 && write(file, " more", 5) == 5 && fstat(file, &info) == 0 && info.st_size == 12);
    ino_t old = info.st_ino;

    // Another one of the same name is another one.
    int other = open("/data/file", O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(other >= 0 && write(other, "new", 3) == 3 && fstat(other, &info) == 0 && info.st_nlink == 1);
    CHECK(info.st_ino != old);
    CHECK(pread(file, text, 16, 0) == 12 && memcmp(text, "content more", 12) == 0);
    CHECK(ftruncate(file, 0) == 0 && close(file) == 0 && holds("/data/file", "new") && close(other) == 0);
    CHECK(unlink("/data/file") == 0);

    // Of what was there from the start.
    file = open("/data/seed/one.txt", O_RDWR);
    int reader = open("/data/seed/one.txt", O_RDONLY);
    CHECK(file >= 0 && unlink("/data/seed/one.txt") == 0 && read(file, text, 16) == 4);
    CHECK(fstat(file, &info) == 0 && info.st_nlink == 0);
    CHECK(pwrite(file, "ONE", 3, 0) == 3 && pread(reader, text, 16, 0) == 4 && memcmp(text, "ONE\n", 4) == 0);
    CHECK(close(file) == 0 && pread(reader, text, 16, 0) == 4 && memcmp(text, "ONE\n", 4) == 0 && close(reader) == 0);
    put_file("/data/seed/one.txt", "again");
    CHECK(holds("/data/seed/one.txt", "again"));

    // A directory that is gone takes nothing any more.
    CHECK(mkdir("/data/dir", 0700) == 0);
    int directory = open("/data/dir", O_RDONLY | O_DIRECTORY);
    CHECK(directory >= 0 && rmdir("/data/dir") == 0);
    FAILS(openat(directory, "x", O_CREAT | O_RDWR, 0600), ENOENT);
    FAILS(mkdirat(directory, "x", 0700), ENOENT);
    FAILS(symlinkat("x", directory, "y"), ENOENT);
    FAILS(linkat(AT_FDCWD, "/data/seed/two.txt", directory, "y", 0), ENOENT);
    FAILS(renameat(AT_FDCWD, "/data/seed/two.txt", directory, "y"), ENOENT);
    CHECK(fstat(directory, &info) == 0 && S_ISDIR(info.st_mode));
    CHECK(mkdir("/data/dir", 0700) == 0);
    FAILS(mkdirat(directory, "x", 0700), ENOENT);
    CHECK(close(directory) == 0 && rmdir("/data/dir") == 0);

    // The tree of the start goes as well, and stays gone when something else takes its place.
    FAILS(rmdir("/data/seed/sub"), ENOTEMPTY);
    directory = open("/data/seed/sub", O_RDONLY | O_DIRECTORY);
    CHECK(unlink("/data/seed/sub/three.txt") == 0 && rmdir("/data/seed/sub") == 0);
    FAILS(mkdirat(directory, "x", 0700), ENOENT);
    CHECK(mkdir("/data/seed/sub", 0700) == 0);
    FAILS(mkdirat(directory, "x", 0700), ENOENT);
    DIR *listing = opendir("/data/seed/sub");
    int count = 0;
    while (readdir(listing) != NULL)
        count++;
    CHECK(count == 2 && closedir(listing) == 0);
    FAILS(stat("/data/seed/sub/three.txt", &info), ENOENT);
    return passed();
}
