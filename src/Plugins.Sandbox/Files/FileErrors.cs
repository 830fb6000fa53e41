using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Wasi;

namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>What a file system refuses, in the words of host calls.</summary>
internal static class FileErrors
{
    public static CallError Of(Errno errno, FilePath path) => errno switch
    {
        Errno.NoEntry => new(ErrorCode.NotFound, $"there is no `{path}`"),
        Errno.Exists => new(ErrorCode.Conflict, $"`{path}` is there already"),
        Errno.NotEmpty => new(ErrorCode.Conflict, $"`{path}` is a folder with something in it"),
        Errno.ReadOnly => new(ErrorCode.PermissionDenied, $"`{path.Root}` is read-only"),
        Errno.NotCapable => new(ErrorCode.PermissionDenied, $"`{path}` leads out of `{path.Root}`"),
        Errno.Access or Errno.NotPermitted => new(ErrorCode.PermissionDenied, $"`{path}` is not accessible"),
        Errno.NoSpace or Errno.QuotaExceeded => new(ErrorCode.QuotaExceeded, $"there is no room left in `{path.Root}`"),
        Errno.FileTooLarge => new(ErrorCode.TooLarge, $"`{path}` would be too large"),
        Errno.NameTooLong => new(ErrorCode.Invalid, $"`{path}` is too long or leads through too many folders"),
        Errno.Loop => new(ErrorCode.Invalid, $"`{path}` leads through a link that is not followed"),
        Errno.IsDirectory => new(ErrorCode.Invalid, $"`{path}` is a folder"),
        Errno.NotDirectory => new(ErrorCode.Invalid, $"`{path}` leads through something that is not a folder"),
        Errno.IllegalByteSequence or Errno.Invalid or Errno.NotSupported => new(ErrorCode.Invalid, $"`{path}` is nothing that this can be done with"),
        Errno.TooManyDescriptors or Errno.TooManyFilesOfAll => new(ErrorCode.Unavailable, "too many files are open now"),
        _ => new(ErrorCode.Unavailable, $"`{path}` cannot be used now ({errno})"),
    };
}
