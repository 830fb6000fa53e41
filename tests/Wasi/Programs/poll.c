#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

static __wasi_subscription_t clock_in(__wasi_userdata_t tag, int clock, uint64_t timeout, int flags) {
    __wasi_subscription_t subscription = {.userdata = tag, .u = {.tag = __WASI_EVENTTYPE_CLOCK}};
    subscription.u.u.clock.id = clock;
    subscription.u.u.clock.timeout = timeout;
    subscription.u.u.clock.flags = flags;
    return subscription;
}

static __wasi_subscription_t descriptor(__wasi_userdata_t tag, int type, int fd) {
    __wasi_subscription_t subscription = {.userdata = tag, .u = {.tag = type}};
    subscription.u.u.fd_read.file_descriptor = fd;
    return subscription;
}

static __wasi_event_t events[70];

static __wasi_size_t polls(__wasi_subscription_t *subscriptions, int count) {
    __wasi_size_t ready = 99;
    memset(events, 0xaa, sizeof events);
    GIVES(__wasi_poll_oneoff(subscriptions, events, count, &ready), SUCCESS);
    return ready;
}

static uint64_t now(int clock) {
    __wasi_timestamp_t time;
    GIVES(__wasi_clock_time_get(clock, 0, &time), SUCCESS);
    return time;
}

static void clocks(void) {
    __wasi_subscription_t one = clock_in(7, __WASI_CLOCKID_MONOTONIC, 20000000, 0);
    uint64_t start = now(__WASI_CLOCKID_MONOTONIC);
    CHECK(polls(&one, 1) == 1 && events[0].userdata == 7 && events[0].type == __WASI_EVENTTYPE_CLOCK && events[0].error == 0);
    CHECK(now(__WASI_CLOCKID_MONOTONIC) - start >= 20000000);
    one = clock_in(8, __WASI_CLOCKID_MONOTONIC, start, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME);
    CHECK(polls(&one, 1) == 1 && events[0].userdata == 8);
    one = clock_in(9, __WASI_CLOCKID_REALTIME, now(__WASI_CLOCKID_REALTIME) + 15000000, __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME);
    CHECK(polls(&one, 1) == 1);
    one = clock_in(9, __WASI_CLOCKID_REALTIME, 0, 0);
    CHECK(polls(&one, 1) == 1);

    // The first of two; both when both are due.
    __wasi_subscription_t two[] = {clock_in(1, __WASI_CLOCKID_MONOTONIC, UINT64_MAX, 0), clock_in(2, __WASI_CLOCKID_MONOTONIC, 5000000, 0)};
    CHECK(polls(two, 2) == 1 && events[0].userdata == 2);
    __wasi_subscription_t both[] = {clock_in(1, __WASI_CLOCKID_MONOTONIC, 0, 0), clock_in(2, __WASI_CLOCKID_REALTIME, 0, 0)};
    CHECK(polls(both, 2) == 2 && events[0].userdata == 1 && events[1].userdata == 2);

    struct timespec short_time = {0, 3000000};
    CHECK(nanosleep(&short_time, NULL) == 0 && clock_nanosleep(CLOCK_MONOTONIC, 0, &short_time, NULL) == 0 && usleep(1000) == 0);
}

static void descriptors(void) {
    int file = open("/data/seed/three", O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && write(file, "12345678", 8) == 8 && lseek(file, 3, SEEK_SET) == 3);
    __wasi_subscription_t many[] = {
        clock_in(1, __WASI_CLOCKID_MONOTONIC, 60000000000, 0),
        descriptor(2, __WASI_EVENTTYPE_FD_READ, file),
        descriptor(3, __WASI_EVENTTYPE_FD_WRITE, file),
        descriptor(4, __WASI_EVENTTYPE_FD_WRITE, 1),
        descriptor(5, __WASI_EVENTTYPE_FD_READ, 99),
        descriptor(6, __WASI_EVENTTYPE_FD_READ, 1),
        descriptor(7, __WASI_EVENTTYPE_FD_WRITE, 0),
        descriptor(8, __WASI_EVENTTYPE_FD_READ, DATA),
        descriptor(9, __WASI_EVENTTYPE_FD_READ, 0),
    };
    CHECK(polls(many, 9) == 8);
    for (int i = 0; i < 8; i++)
        CHECK(events[i].userdata == (__wasi_userdata_t)i + 2 && events[i].type == many[i + 1].u.tag);
    CHECK(events[0].error == 0 && events[0].fd_readwrite.nbytes == 5 && events[0].fd_readwrite.flags == 0);
    CHECK(events[1].error == 0 && events[1].fd_readwrite.nbytes > 0 && events[2].error == 0);
    CHECK(events[3].error == __WASI_ERRNO_BADF && events[4].error == __WASI_ERRNO_NOTCAPABLE && events[5].error == __WASI_ERRNO_NOTCAPABLE);
    CHECK(events[6].error == __WASI_ERRNO_NOTCAPABLE);
    // The input is at its end.
    CHECK(events[7].error == 0 && events[7].fd_readwrite.nbytes == 0 && events[7].fd_readwrite.flags == __WASI_EVENTRWFLAGS_FD_READWRITE_HANGUP);

    // Without the right to poll.
    int mute = open_at(DATA, 0, "seed/three", 0, ALL_FILE_RIGHTS & ~__WASI_RIGHTS_POLL_FD_READWRITE, 0);
    __wasi_subscription_t one = descriptor(1, __WASI_EVENTTYPE_FD_READ, mute);
    CHECK(polls(&one, 1) == 1 && events[0].error == __WASI_ERRNO_NOTCAPABLE);

    struct pollfd polled[] = {{.fd = file, .events = POLLIN | POLLOUT}, {.fd = 77, .events = POLLIN}};
    CHECK(poll(polled, 1, 1000) > 0 && (polled[0].revents & (POLLIN | POLLOUT)) == (POLLIN | POLLOUT));
}

static void wrong(void) {
    __wasi_size_t ready;
    static __wasi_subscription_t lots[70];
    for (int i = 0; i < 70; i++)
        lots[i] = clock_in(i, __WASI_CLOCKID_MONOTONIC, 0, 0);
    CHECK(polls(lots, 64) == 64 && events[63].userdata == 63);
    GIVES(__wasi_poll_oneoff(lots, events, 65, &ready), INVAL);
    GIVES(__wasi_poll_oneoff(lots, events, 0, &ready), INVAL);
    __wasi_subscription_t one = clock_in(1, 4, 0, 0);
    GIVES(__wasi_poll_oneoff(&one, events, 1, &ready), INVAL);
    one = clock_in(1, __WASI_CLOCKID_MONOTONIC, 0, 2);
    GIVES(__wasi_poll_oneoff(&one, events, 1, &ready), INVAL);
    one = clock_in(1, __WASI_CLOCKID_PROCESS_CPUTIME_ID, 1, 0);
    GIVES(__wasi_poll_oneoff(&one, events, 1, &ready), NOTSUP);
    one = clock_in(1, __WASI_CLOCKID_THREAD_CPUTIME_ID, 1, 0);
    GIVES(__wasi_poll_oneoff(&one, events, 1, &ready), NOTSUP);
    one = descriptor(1, 3, 1);
    GIVES(__wasi_poll_oneoff(&one, events, 1, &ready), INVAL);
}

int main(void) {
    clocks();
    descriptors();
    wrong();
    return passed();
}
