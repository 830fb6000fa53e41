// The functions of WASI preview 1 as AssemblyScript sees them, and what both programs need.

type i = i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write") declare function fd_write(fd: i, buffers: usize, count: i, written: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i): void;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read") export declare function fd_read(fd: i, buffers: usize, count: i, read: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_seek") export declare function fd_seek(fd: i, offset: i64, whence: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_tell") export declare function fd_tell(fd: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_close") export declare function fd_close(fd: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_pread") export declare function fd_pread(fd: i, buffers: usize, count: i, offset: i64, read: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_pwrite") export declare function fd_pwrite(fd: i, buffers: usize, count: i, offset: i64, written: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_fdstat_get") export declare function fd_fdstat_get(fd: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_filestat_get") export declare function fd_filestat_get(fd: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_filestat_set_size") export declare function fd_filestat_set_size(fd: i, size: i64): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_renumber") export declare function fd_renumber(from: i, to: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_readdir") export declare function fd_readdir(fd: i, buffer: usize, length: i, cookie: i64, used: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_get") export declare function fd_prestat_get(fd: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_dir_name") export declare function fd_prestat_dir_name(fd: i, path: usize, length: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_open") export declare function path_open(fd: i, lookup: i, path: usize, length: i, open: i, rights: i64, inheriting: i64, flags: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_create_directory") export declare function path_create_directory(fd: i, path: usize, length: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_remove_directory") export declare function path_remove_directory(fd: i, path: usize, length: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_unlink_file") export declare function path_unlink_file(fd: i, path: usize, length: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_rename") export declare function path_rename(fd: i, path: usize, length: i, toFd: i, to: usize, toLength: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_symlink") export declare function path_symlink(target: usize, targetLength: i, fd: i, path: usize, length: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_readlink") export declare function path_readlink(fd: i, path: usize, length: i, buffer: usize, bufferLength: i, used: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_filestat_get") export declare function path_filestat_get(fd: i, lookup: i, path: usize, length: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_res_get") export declare function clock_res_get(clock: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "clock_time_get") export declare function clock_time_get(clock: i, precision: i64, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "poll_oneoff") export declare function poll_oneoff(subscriptions: usize, events: usize, count: i, result: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get") export declare function random_get(buffer: usize, length: i): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "sched_yield") export declare function sched_yield(): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_sizes_get") export declare function args_sizes_get(count: usize, size: usize): i;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get") export declare function environ_sizes_get(count: usize, size: usize): i;

export const DATA: i = 3;
export const SUCCESS: i = 0, BADF: i = 8, EXIST: i = 20, INVAL: i = 28, ISDIR: i = 31, LOOP: i = 32, NOENT: i = 44, NOTDIR: i = 54, NOTEMPTY: i = 55, NOTSUP: i = 58, NOTCAPABLE: i = 76;

/** Where results are put. */
export const RESULT = memory.data(128);
const BUFFER = memory.data(16);

export function print(text: string): void {
  const bytes = String.UTF8.encode(text);
  fd_write(1, iovec(changetype<usize>(bytes), bytes.byteLength), 1, RESULT);
}

/** One buffer, as reads and writes take it. */
export function iovec(address: usize, length: i32): usize {
  store<usize>(BUFFER, address);
  store<i32>(BUFFER + 4, length);
  return BUFFER;
}

/** Ends the program unless a call returned what it should. */
export function gives(name: string, got: i32, expected: i32): void {
  if (got == expected) return;
  print(name + ": expected " + expected.toString() + ", got " + got.toString() + "\n");
  proc_exit(1);
}

export function check(name: string, holds: bool): void {
  gives(name, holds ? 1 : 0, 1);
}
