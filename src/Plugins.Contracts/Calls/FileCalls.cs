using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary>What a name in a folder stands for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileKind>))]
public enum FileKind
{
    [JsonStringEnumMemberName("file")] File,
    [JsonStringEnumMemberName("folder")] Folder,
    [JsonStringEnumMemberName("link")] Link,

    /// <summary>A device, a pipe or a socket: nothing can be done with it.</summary>
    [JsonStringEnumMemberName("other")] Other,
}

/// <summary><c>files.read</c>: a part of a file.</summary>
public sealed record FilesReadRequest
{
    /// <summary>Begins with <c>/plugin</c>, <c>/tmp</c> or <c>/mnt/NAME</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Where to begin, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes at most; as many as one answer holds when absent.</summary>
    public int? Length { get; init; }
}

/// <summary>Answer of <c>files.read</c>.</summary>
public sealed record FilesReadAnswer
{
    /// <summary>What was read; less than was asked for at the end of the file, and when an answer holds no more.</summary>
    public required Base64Bytes Data { get; init; }

    /// <summary>Bytes of the whole file.</summary>
    public required long Size { get; init; }
}

/// <summary><c>files.write</c>: writes a file, and makes the folders it needs. Without <see cref="Append"/> and <see cref="Offset"/> it replaces the file in one step.</summary>
public sealed record FilesWriteRequest
{
    /// <summary>Begins with <c>/tmp</c> or <c>/mnt/NAME</c>.</summary>
    public required string Path { get; init; }

    public required TextOrBytes Data { get; init; }

    /// <summary>Behind the end of the file.</summary>
    public bool Append { get; init; }

    /// <summary>Over what is at this place, in bytes; excludes <see cref="Append"/>.</summary>
    public long? Offset { get; init; }
}

/// <summary><c>files.list</c>, <c>files.stat</c> and <c>files.delete</c>: one file or folder.</summary>
public sealed record FilesPathRequest
{
    /// <summary>Begins with <c>/plugin</c>, <c>/tmp</c> or <c>/mnt/NAME</c>.</summary>
    public required string Path { get; init; }
}

/// <summary>A name in a folder.</summary>
public sealed record ListedFile
{
    public required string Name { get; init; }
    public required FileKind Kind { get; init; }

    /// <summary>In bytes; of a file.</summary>
    public long Size { get; init; }

    public DateTimeOffset? Modified { get; init; }
}

/// <summary>Answer of <c>files.list</c>.</summary>
public sealed record FilesListAnswer
{
    public required ImmutableArray<ListedFile> Entries { get; init; }

    /// <summary>There are more than one answer holds.</summary>
    public bool More { get; init; }
}

/// <summary><c>files.rename</c>: gives a file or folder another place in the same tree; a file that is there is replaced.</summary>
public sealed record FilesRenameRequest
{
    public required string Path { get; init; }
    public required string To { get; init; }
}
