#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(condition) \
    do { if (!(condition)) { printf("line %d: %s (errno %d: %s)\n", __LINE__, #condition, errno, strerror(errno)); return 1; } } while (0)

// Works on /tmp (writable) and /plugin (read-only, with data/numbers.txt) as a C program would.
int main(void) {
    char text[64] = {0};
    struct stat info;

    FILE *numbers = fopen("/plugin/data/numbers.txt", "r");
    CHECK(numbers != NULL);
    CHECK(fgets(text, sizeof text, numbers) != NULL && strcmp(text, "1 2 3\n") == 0);
    CHECK(fclose(numbers) == 0);
    CHECK(fopen("/plugin/data/numbers.txt", "w") == NULL && errno == EROFS);
    CHECK(fopen("/plugin/missing", "r") == NULL && errno == ENOENT);
    CHECK(fopen("/plugin/../etc/passwd", "r") == NULL);
    CHECK(fopen("/etc/passwd", "r") == NULL);
    CHECK(unlink("/plugin/data/numbers.txt") != 0 && errno == EROFS);
    CHECK(mkdir("/plugin/new", 0700) != 0 && errno == EROFS);

    CHECK(mkdir("/tmp/a", 0700) == 0);
    CHECK(mkdir("/tmp/a", 0700) != 0 && errno == EEXIST);
    int file = open("/tmp/a/one", O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(file >= 0);
    CHECK(write(file, "hello world", 11) == 11);
    CHECK(lseek(file, 6, SEEK_SET) == 6);
    memset(text, 0, sizeof text);
    CHECK(read(file, text, 5) == 5 && strcmp(text, "world") == 0);
    CHECK(pwrite(file, "W", 1, 6) == 1);
    CHECK(pread(file, text, 5, 6) == 5 && text[0] == 'W');
    CHECK(ftruncate(file, 5) == 0);
    CHECK(lseek(file, 0, SEEK_END) == 5);
    CHECK(lseek(file, 8, SEEK_SET) == 8 && write(file, "!", 1) == 1);
    CHECK(fstat(file, &info) == 0 && info.st_size == 9 && S_ISREG(info.st_mode));
    CHECK(pread(file, text, 9, 0) == 9 && memcmp(text, "hello\0\0\0!", 9) == 0);
    CHECK(close(file) == 0 && close(file) != 0 && errno == EBADF);
    CHECK(open("/tmp/a/one", O_RDWR | O_CREAT | O_EXCL, 0600) < 0 && errno == EEXIST);

    file = open("/tmp/a/one", O_WRONLY | O_APPEND);
    CHECK(file >= 0 && write(file, "++", 2) == 2 && close(file) == 0);
    CHECK(stat("/tmp/a/one", &info) == 0 && info.st_size == 11);
    file = open("/tmp/a/one", O_RDONLY);
    CHECK(file >= 0 && write(file, "x", 1) < 0);
    CHECK(close(file) == 0);

    CHECK(rename("/tmp/a/one", "/tmp/two") == 0);
    CHECK(stat("/tmp/a/one", &info) != 0 && errno == ENOENT);
    CHECK(rename("/tmp/a", "/tmp/a/b") != 0 && errno == EINVAL);
    CHECK(rename("/tmp/two", "/plugin/two") != 0 && errno == EXDEV);
    CHECK(rmdir("/tmp/two") != 0 && errno == ENOTDIR);

    CHECK(mkdir("/tmp/list", 0700) == 0);
    for (int i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "/tmp/list/entry-%03d", i);
        FILE *made = fopen(text, "w");
        CHECK(made != NULL && fclose(made) == 0);
    }
    CHECK(rmdir("/tmp/list") != 0 && errno == ENOTEMPTY);
    DIR *directory = opendir("/tmp/list");
    CHECK(directory != NULL);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(text, sizeof text, "/tmp/list/%s", entry->d_name);
        CHECK(unlink(text) == 0);
        count++;
    }
    CHECK(closedir(directory) == 0 && count == 100);
    CHECK(rmdir("/tmp/list") == 0);
    CHECK(symlink("two", "/tmp/link") == 0 && unlink("/tmp/link") == 0);
    CHECK(symlink("two", "/tmp/link") == 0);
    printf("ok\n");
    return 0;
}
