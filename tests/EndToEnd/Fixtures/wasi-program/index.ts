// A WASI program that does what its first argument says.

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_sizes_get") declare function args_sizes_get(count: usize, size: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "args_get") declare function args_get(pointers: usize, buffer: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get") declare function environ_sizes_get(count: usize, size: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_get") declare function environ_get(pointers: usize, buffer: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read") declare function fd_read(fd: i32, buffers: usize, count: i32, read: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write") declare function fd_write(fd: i32, buffers: usize, count: i32, written: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_open") declare function path_open(fd: i32, lookup: i32, path: usize, length: i32, open: i32, rights: i64, inheriting: i64, flags: i32, result: usize): i32;
// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit") declare function proc_exit(code: i32): void;

const RESULT = memory.data(16, 8);
const VECTOR = memory.data(8, 8);
const TEXT = memory.data(65536, 8);

function vector(address: usize, length: i32): usize {
  store<usize>(VECTOR, address);
  store<i32>(VECTOR + 4, length);
  return VECTOR;
}

function print(text: string, fd: i32 = 1): i32 {
  const bytes = String.UTF8.encode(text);
  return fd_write(fd, vector(changetype<usize>(bytes), bytes.byteLength), 1, RESULT);
}

function strings(count: i32): string[] {
  const list: string[] = [];
  for (let i = 0; i < count; i++) list.push(String.UTF8.decodeUnsafe(load<usize>(TEXT + 4 * i), 4096, true));
  return list;
}

function dive(depth: i32): i32 {
  return depth == 0 ? unreachable() : dive(depth - 1) + 1;
}

function open(path: string, flags: i32): i32 {
  const text = String.UTF8.encode(path);
  return path_open(3, 1, changetype<usize>(text), text.byteLength, flags, 2, 0, 0, RESULT);
}

// Standard input to standard output, byte for byte, as it comes.
function copy(): void {
  while (fd_read(0, vector(TEXT, 65536), 1, RESULT) == 0 && load<i32>(RESULT) > 0) fd_write(1, vector(TEXT, load<i32>(RESULT)), 1, RESULT);
}

export function _start(): void {
  args_sizes_get(RESULT, RESULT + 4);
  args_get(TEXT, TEXT + 4096);
  const args = strings(load<i32>(RESULT));
  const what = args.length > 1 ? args[1] : "";
  if (what == "say") {
    for (let i = 0; i < args.length; i++) print(args[i] + "\n");
    environ_sizes_get(RESULT, RESULT + 4);
    environ_get(TEXT, TEXT + 4096);
    const variables = strings(load<i32>(RESULT));
    for (let i = 0; i < variables.length; i++) print(variables[i] + "\n", 2);
  } else if (what == "copy") copy();
  else if (what == "exit") proc_exit(<i32>I64.parseInt(args[2]));
  else if (what == "trap") dive(3);
  else if (what == "spin") {
    print("spinning\n");
    while (true) store<i32>(RESULT, load<i32>(RESULT) + 1);
  } else if (what == "wait") {
    print("waiting\n");
    fd_read(0, vector(TEXT, 1), 1, RESULT);
  } else if (what == "yes") while (print("y\n") == 0) {}
  else if (what == "open") {
    print(open(args[2], 0).toString() + " " + open("new-file", 1).toString() + " " + open("../outside", 0).toString() + "\n");
  }
}
