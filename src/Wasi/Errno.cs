namespace LazyOC.Wasi;

/// <summary>Results of WASI functions that this implementation returns. Source: WASI preview 1, <c>errno</c>.</summary>
internal enum Errno
{
    Success = 0,
    BadDescriptor = 8,
    Exists = 20,
    Fault = 21,
    IllegalByteSequence = 25,
    Invalid = 28,
    InputOutput = 29,
    IsDirectory = 31,
    TooManyDescriptors = 33,
    NameTooLong = 37,
    NoEntry = 44,
    NoSpace = 51,
    NotImplemented = 52,
    NotDirectory = 54,
    NotEmpty = 55,
    NotSocket = 57,
    NotSupported = 58,
    ReadOnly = 69,
    IllegalSeek = 70,
    CrossDevice = 75,
    NotCapable = 76,
}
