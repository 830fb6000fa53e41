using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>files.*</c> calls.</summary>
/// <param name="filesOf">The files of a principal's instance; null when that has ended.</param>
/// <param name="limits">Bounds.</param>
/// <param name="work">Where the disk is waited for.</param>
internal sealed class FileCalls(Func<PluginPrincipal, PluginFiles?> filesOf, FileLimits limits, TaskScheduler work)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<FilesReadRequest, FilesReadAnswer>
        {
            Name = "files.read",
            Permission = "files, below /mnt",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            IsAudited = true,
            Description = "A part of a file, as base64, and the size of the whole.",
            Request = static () => ContractJson.Default.FilesReadRequest,
            Answer = static () => ContractJson.Default.FilesReadAnswer,
            Check = r => Check("path", r.Path)
                ?? (r.Offset < 0 ? new Problem("offset", $"is {r.Offset}; expected 0 or more") : r.Length < 0 ? new Problem("length", $"is {r.Length}; expected 0 or more") : null),
            Demands = r => Demands(isWrite: false, r.Path),
            IsEscape = r => FilePath.LeadsOut(r.Path),
            Target = r => r.Path,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, files => files.Read(FilePath.Of(r.Path), r.Offset, r.Length), cancellationToken),
        },
        new HostCallRow<FilesWriteRequest, Nothing>
        {
            Name = "files.write",
            Permission = "files, below /mnt",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Unavailable],
            IsAudited = true,
            Description = "Writes a file whole, behind its end or at a place in it, and makes the folders it needs.",
            Request = static () => ContractJson.Default.FilesWriteRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = r => Check("path", r.Path) ?? CheckWrite(r),
            Demands = r => Demands(isWrite: true, r.Path),
            IsEscape = r => FilePath.LeadsOut(r.Path),
            Target = r => $"{r.Path} {r.Data.Bytes.Length:N0} bytes {Digest.Of(r.Data.Bytes.Span)}",
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, files => files.Write(FilePath.Of(r.Path), r.Data.Bytes, r.Append, r.Offset), cancellationToken),
        },
        new HostCallRow<FilesPathRequest, FilesListAnswer>
        {
            Name = "files.list",
            Permission = "files, below /mnt",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            IsAudited = true,
            Description = "What is in a folder.",
            Request = static () => ContractJson.Default.FilesPathRequest,
            Answer = static () => ContractJson.Default.FilesListAnswer,
            Check = r => Check("path", r.Path),
            Demands = r => Demands(isWrite: false, r.Path),
            IsEscape = r => FilePath.LeadsOut(r.Path),
            Target = r => r.Path,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, files => files.List(FilePath.Of(r.Path)), cancellationToken),
        },
        new HostCallRow<FilesPathRequest, ListedFile>
        {
            Name = "files.stat",
            Permission = "files, below /mnt",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            IsAudited = true,
            Description = "What is known of a file or folder.",
            Request = static () => ContractJson.Default.FilesPathRequest,
            Answer = static () => ContractJson.Default.ListedFile,
            Check = r => Check("path", r.Path),
            Demands = r => Demands(isWrite: false, r.Path),
            IsEscape = r => FilePath.LeadsOut(r.Path),
            Target = r => r.Path,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, files => files.Stat(FilePath.Of(r.Path)), cancellationToken),
        },
        new HostCallRow<FilesPathRequest, Nothing>
        {
            Name = "files.delete",
            Permission = "files, below /mnt",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Unavailable],
            IsAudited = true,
            Description = "Deletes a file, a link or an empty folder.",
            Request = static () => ContractJson.Default.FilesPathRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = r => Check("path", r.Path),
            Demands = r => Demands(isWrite: true, r.Path),
            IsEscape = r => FilePath.LeadsOut(r.Path),
            Target = r => r.Path,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, files => files.Delete(FilePath.Of(r.Path)), cancellationToken),
        },
        new HostCallRow<FilesRenameRequest, Nothing>
        {
            Name = "files.rename",
            Permission = "files, below /mnt",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Unavailable],
            IsAudited = true,
            Description = "Moves a file or folder within one tree; a file that is in the way is replaced.",
            Request = static () => ContractJson.Default.FilesRenameRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = r => Check("path", r.Path) ?? Check("to", r.To),
            Demands = r => Demands(isWrite: true, r.Path, r.To),
            IsEscape = r => FilePath.LeadsOut(r.Path) || FilePath.LeadsOut(r.To),
            Target = r => $"{r.Path} to {r.To}",
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, files => files.Rename(FilePath.Of(r.Path), FilePath.Of(r.To)), cancellationToken),
        },
    ];

    private Problem? Check(string at, string path)
    {
        FilePath.Read(at, path, limits, out var problem);
        return problem;
    }

    private Problem? CheckWrite(FilesWriteRequest request)
    {
        if (request.Data.Bytes.Length > limits.WriteBytes) return new Problem("data", $"has {request.Data.Bytes.Length:N0} bytes; at most {limits.WriteBytes:N0} are taken", "write it in parts, with `append`");
        if (request.Offset < 0) return new Problem("offset", $"is {request.Offset}; expected 0 or more");
        return request is { Append: true, Offset: not null } ? new Problem("offset", "is given beside `append`") : null;
    }

    private static ImmutableArray<Demand> Demands(bool isWrite, params ReadOnlySpan<string> paths)
    {
        var demands = ImmutableArray.CreateBuilder<Demand>();
        foreach (var path in paths)
            if (FilePath.Of(path).Mount is { } mount) demands.Add(new Demand.MountedFile(mount, isWrite));
        return demands.DrainToImmutable();
    }

    private async ValueTask<CallOutcome<T>> RunAsync<T>(PluginPrincipal plugin, Func<PluginFiles, CallOutcome<T>> run, CancellationToken cancellationToken) =>
        filesOf(plugin) is { } files
            ? await Task.Factory.StartNew(() => run(files), cancellationToken, TaskCreationOptions.DenyChildAttach, work)
            : new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
}
