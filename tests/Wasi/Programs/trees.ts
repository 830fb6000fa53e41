// Descriptors and paths by AssemblyScript, straight on WASI.
import * as wasi from "./wasi";
import { DATA, RESULT, check, gives, iovec, print } from "./wasi";

const TEXT = memory.data(256);

function bytes(text: string): ArrayBuffer {
  return String.UTF8.encode(text);
}

function open(path: string, flags: i32, rights: i64, lookup: i32 = 0): i32 {
  const text = bytes(path);
  return wasi.path_open(DATA, lookup, changetype<usize>(text), text.byteLength, flags, rights, -1, 0, RESULT);
}

function write(fd: i32, text: string): void {
  const content = bytes(text);
  gives("pwrite " + text, wasi.fd_pwrite(fd, iovec(changetype<usize>(content), content.byteLength), 1, 0, RESULT), wasi.SUCCESS);
  check("all of " + text, load<i32>(RESULT) == content.byteLength);
}

function reads(fd: i32, expected: string): void {
  memory.fill(TEXT, 0, 256);
  gives("read", wasi.fd_read(fd, iovec(TEXT, 256), 1, RESULT), wasi.SUCCESS);
  check("what was read: " + expected, String.UTF8.decodeUnsafe(TEXT, load<i32>(RESULT)) == expected);
}

function preopened(): void {
  gives("prestat", wasi.fd_prestat_get(DATA, RESULT), wasi.SUCCESS);
  check("length of /data", load<u8>(RESULT) == 0 && load<i32>(RESULT + 4) == 5);
  gives("name", wasi.fd_prestat_dir_name(DATA, TEXT, 5), wasi.SUCCESS);
  check("/data", String.UTF8.decodeUnsafe(TEXT, 5) == "/data");
  gives("no prestat", wasi.fd_prestat_get(9, RESULT), wasi.BADF);
}

function files(): void {
  gives("missing", open("grüße.txt", 0, -1), wasi.NOENT);
  gives("create", open("grüße.txt", 1, -1), wasi.SUCCESS);
  const fd = load<i32>(RESULT);
  write(fd, "Grüße an alle");
  reads(fd, "Grüße an alle");
  gives("tell", wasi.fd_tell(fd, RESULT), wasi.SUCCESS);
  check("behind the text", load<i64>(RESULT) == 15);
  gives("seek", wasi.fd_seek(fd, -4, 2, RESULT), wasi.SUCCESS);
  reads(fd, "alle");
  gives("seek before the start", wasi.fd_seek(fd, -1, 0, RESULT), wasi.INVAL);
  gives("cut", wasi.fd_filestat_set_size(fd, 7), wasi.SUCCESS);
  gives("stat", wasi.fd_filestat_get(fd, RESULT), wasi.SUCCESS);
  check("a file of 7 bytes", load<u8>(RESULT + 16) == 4 && load<i64>(RESULT + 32) == 7);
  gives("fdstat", wasi.fd_fdstat_get(fd, RESULT), wasi.SUCCESS);
  check("regular", load<u8>(RESULT) == 4);
  gives("exclusive", open("grüße.txt", 5, -1), wasi.EXIST);
  gives("second", open("seed/one.txt", 0, -1), wasi.SUCCESS);
  const second = load<i32>(RESULT);
  gives("renumber", wasi.fd_renumber(fd, second), wasi.SUCCESS);
  gives("the old number", wasi.fd_close(fd), wasi.BADF);
  gives("pread", wasi.fd_pread(second, iovec(TEXT, 256), 1, 3, RESULT), wasi.SUCCESS);
  check("rest", load<i32>(RESULT) == 4);
  gives("close", wasi.fd_close(second), wasi.SUCCESS);
}

function directories(): void {
  const dir = bytes("dir"), inner = bytes("dir/inner"), other = bytes("other"), out = bytes("dir/../../x");
  gives("mkdir", wasi.path_create_directory(DATA, changetype<usize>(dir), 3), wasi.SUCCESS);
  gives("mkdir again", wasi.path_create_directory(DATA, changetype<usize>(dir), 3), wasi.EXIST);
  gives("mkdir inner", wasi.path_create_directory(DATA, changetype<usize>(inner), 9), wasi.SUCCESS);
  gives("mkdir outside", wasi.path_create_directory(DATA, changetype<usize>(out), 11), wasi.NOTCAPABLE);
  gives("rmdir of a full one", wasi.path_remove_directory(DATA, changetype<usize>(dir), 3), wasi.NOTEMPTY);
  gives("unlink of a directory", wasi.path_unlink_file(DATA, changetype<usize>(dir), 3), wasi.ISDIR);
  gives("rename", wasi.path_rename(DATA, changetype<usize>(dir), 3, DATA, changetype<usize>(other), 5), wasi.SUCCESS);
  gives("open", open("other", 2, 1 << 14), wasi.SUCCESS);
  const fd = load<i32>(RESULT);
  let cookie: i64 = 0, count = 0;
  // A buffer for one entry at a time.
  while (true) {
    gives("readdir", wasi.fd_readdir(fd, TEXT, 24 + 5, cookie, RESULT), wasi.SUCCESS);
    const used = load<i32>(RESULT);
    if (used < 24) break;
    count++;
    cookie = load<i64>(TEXT);
    check("a directory", load<u8>(TEXT + 20) == 3);
    if (used < 24 + load<i32>(TEXT + 16)) break;
  }
  check("itself, its parent and inner", count == 3);
  gives("read of a directory", wasi.fd_read(fd, iovec(TEXT, 1), 1, RESULT), wasi.ISDIR);
}

function links(): void {
  const target = bytes("seed/two.txt"), link = bytes("link"), slash = bytes("/etc");
  gives("symlink", wasi.path_symlink(changetype<usize>(target), 12, DATA, changetype<usize>(link), 4), wasi.SUCCESS);
  gives("absolute", wasi.path_symlink(changetype<usize>(slash), 4, DATA, changetype<usize>(target), 3), wasi.NOTCAPABLE);
  gives("readlink", wasi.path_readlink(DATA, changetype<usize>(link), 4, TEXT, 256, RESULT), wasi.SUCCESS);
  check("its target", String.UTF8.decodeUnsafe(TEXT, load<i32>(RESULT)) == "seed/two.txt");
  gives("not followed", open("link", 0, -1), wasi.LOOP);
  gives("followed", open("link", 0, -1, 1), wasi.SUCCESS);
  reads(load<i32>(RESULT), "two\n");
  gives("lstat", wasi.path_filestat_get(DATA, 0, changetype<usize>(link), 4, RESULT), wasi.SUCCESS);
  check("a link", load<u8>(RESULT + 16) == 7);
  gives("through a file", open("seed/two.txt/x", 0, -1), wasi.NOTDIR);
}

export function _start(): void {
  preopened();
  files();
  directories();
  links();
  print("ok\n");
}
