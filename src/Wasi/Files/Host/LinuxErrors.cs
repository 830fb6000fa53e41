namespace LazyOC.Wasi;

/// <summary>Errors of Linux as WASI names them. Source: the Linux manual, errno(3); the numbers of x86-64 and ARM64.</summary>
internal static class LinuxErrors
{
    public const int NotPermitted = 1;
    public const int Interrupted = 4;
    public const int NoSuchCall = 38;

    public static Errno Translate(int error) => error switch
    {
        0 => Errno.Success,
        1 => Errno.NotPermitted,
        2 => Errno.NoEntry,
        4 => Errno.Interrupted,
        5 => Errno.InputOutput,
        6 => Errno.NoSuchDevice,
        9 => Errno.BadDescriptor,
        11 => Errno.Again,
        12 => Errno.NoMemory,
        13 => Errno.Access,
        16 => Errno.Busy,
        17 => Errno.Exists,
        18 => Errno.CrossDevice,
        19 => Errno.NoDevice,
        20 => Errno.NotDirectory,
        21 => Errno.IsDirectory,
        22 => Errno.Invalid,
        23 => Errno.TooManyFilesOfAll,
        24 => Errno.TooManyDescriptors,
        26 => Errno.TextBusy,
        27 => Errno.FileTooLarge,
        28 => Errno.NoSpace,
        29 => Errno.IllegalSeek,
        30 => Errno.ReadOnly,
        31 => Errno.TooManyLinks,
        32 => Errno.BrokenPipe,
        36 => Errno.NameTooLong,
        39 => Errno.NotEmpty,
        40 => Errno.Loop,
        75 => Errno.Overflow,
        84 => Errno.IllegalByteSequence,
        95 => Errno.NotSupported,
        116 => Errno.Stale,
        122 => Errno.QuotaExceeded,
        _ => Errno.InputOutput,
    };
}
