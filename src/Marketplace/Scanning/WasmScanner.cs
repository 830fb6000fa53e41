using System.Collections.Immutable;
using System.Text;
using LazyOC.Marketplace.Scanning.JavaScript;
using LazyOC.Plugins.Packages;
using LazyOC.Wasm;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Decodes and validates every WebAssembly module and looks at what it imports. No code is made of a module and none runs.</summary>
internal sealed class WasmScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule Invalid = new("wasm-invalid", Verdict.Reject, "A module that cannot be decoded or is not valid");
    public static readonly ScanRule TooMuch = new("wasm-too-much", Verdict.Hold, "A module beyond the limits of size or time");
    public static readonly ScanRule UnknownImport = new("wasm-unknown-import", Verdict.Reject, "An import that no plugin is given");
    public static readonly ScanRule UndeclaredNetwork = new("wasm-undeclared-network", Verdict.Reject, "`http_request` is imported, but no server is permitted");
    public static readonly ScanRule UndeclaredCall = new("wasm-undeclared-call", Verdict.Pass, "The name of a host call that no permission allows stands in the module");
    public static readonly ScanRule UnusedPermission = new("wasm-unused-permission", Verdict.Pass, "A permission that none of the host calls named in the module can use");
    public static readonly ScanRule NoExports = new("wasm-no-exports", Verdict.Hold, "A `main` without a single exported function: no message reaches it");
    public static readonly ScanRule Idle = new("wasm-idle", Verdict.Hold, "A module that is not `main`: nothing ever loads it");

    private const string Env = "extism:host/env", User = "extism:host/user", Wasi = "wasi_snapshot_preview1";

    /// <summary>What guests are given; a test compares it with the sandbox.</summary>
    public static ImmutableDictionary<string, ImmutableArray<string>> Imports { get; } = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        [Env] =
        [
            "alloc", "free", "length", "length_unsafe", "load_u8", "load_u64", "store_u8", "store_u64", "memory_bytes", "reset",
            "input_set", "input_offset", "input_length", "input_load_u8", "input_load_u64", "output_set", "output_offset", "output_length", "error_get", "error_set",
            "config_get", "var_get", "var_set", "http_request", "http_status_code", "http_headers",
            "log_trace", "log_debug", "log_info", "log_warn", "log_error", "get_log_level",
        ],
        [User] = ["host_call"],
        [Wasi] =
        [
            "args_get", "args_sizes_get", "environ_get", "environ_sizes_get", "clock_res_get", "clock_time_get", "poll_oneoff", "random_get", "proc_exit", "proc_raise", "sched_yield",
            "fd_advise", "fd_allocate", "fd_close", "fd_datasync", "fd_fdstat_get", "fd_fdstat_set_flags", "fd_fdstat_set_rights", "fd_filestat_get", "fd_filestat_set_size", "fd_filestat_set_times",
            "fd_pread", "fd_prestat_get", "fd_prestat_dir_name", "fd_pwrite", "fd_read", "fd_readdir", "fd_renumber", "fd_seek", "fd_sync", "fd_tell", "fd_write",
            "path_create_directory", "path_filestat_get", "path_filestat_set_times", "path_link", "path_open", "path_readlink", "path_remove_directory", "path_rename", "path_symlink", "path_unlink_file",
            "sock_accept", "sock_recv", "sock_send", "sock_shutdown",
        ],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public static ImmutableArray<ScanRule> Rules { get; } = [Invalid, TooMuch, UnknownImport, UndeclaredNetwork, UndeclaredCall, UnusedPermission, NoExports, Idle];

    public string Name => "wasm";

    public int RulesVersion => 2;

    public async Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken)
    {
        var findings = new FindingList(options.Limits);
        foreach (var file in submission.Package.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!file.Path.EndsWith(".wasm", StringComparison.OrdinalIgnoreCase) && !file.Content.Span.StartsWith("\0asm"u8)) continue;
            // Validation takes as long as the module is made to take, within its limit.
            await Task.Run(() => Scan(file, submission.Package, findings), cancellationToken);
        }
        return findings.ToResult();
    }

    private void Scan(PackageFile file, PluginPackage package, FindingList findings)
    {
        var isMain = file.Path == package.Manifest.Main;
        if (!isMain) findings.Add(Idle, file.Path, null, "is not `main`, and nothing loads other modules", "leave it out of the package");
        WasmModule module;
        try
        {
            module = WasmModule.Load(file.Content, new WasmLimits { ModuleBytes = options.Limits.WasmBytes, CompileTime = options.Limits.WasmTime });
        }
        catch (WasmFormatException error)
        {
            var rule = error.Error == WasmFormatError.LimitExceeded ? TooMuch : Invalid;
            findings.Add(rule, file.Path, null, $"is not a WebAssembly module that can run: {findings.Quote(error.Message)}", "build it for WebAssembly 2.0, without threads, exceptions and relaxed SIMD");
            return;
        }
        foreach (var import in module.Imports)
        {
            if (Imports.TryGetValue(import.Module, out var names) && names.Contains(import.Name) && import.Type.Kind == ExternalKind.Function) continue;
            findings.Add(UnknownImport, file.Path, null, $"imports {findings.Quote(import.Module)} {findings.Quote(import.Name)}, which no plugin is given");
        }
        if (!isMain) return;
        if (!module.Exports.Any(export => export.Type.Kind == ExternalKind.Function)) findings.Add(NoExports, file.Path, null, "exports no function, so no message reaches it");
        CompareCalls(file, package, module, findings);
    }

    private static void CompareCalls(PackageFile file, PluginPackage package, WasmModule module, FindingList findings)
    {
        var permissions = package.Manifest.Permissions;
        var used = new HashSet<string>(StringComparer.Ordinal);
        if (Has(Env, "http_request"))
        {
            used.Add("network.connect");
            if (permissions.Network.Connect.IsEmpty)
                findings.Add(UndeclaredNetwork, file.Path, null, "imports `http_request`, but `permissions.network.connect` names no server", "declare the servers, or leave the call out");
        }
        if (module.Imports.Any(import => import.Module == Wasi && import.Name.StartsWith("path_", StringComparison.Ordinal))) used.Add("files");
        if (Has(User, "host_call"))
        {
            foreach (var (name, need) in CallNeeds.ByName)
            {
                if (need.Permission is null || !Names(file.Content.Span, name)) continue;
                used.Add(need.Permission);
                if (!need.IsGiven(permissions, new ScriptCall(name, 1, false)))
                    findings.Add(UndeclaredCall, file.Path, null, $"has the name of the call `{name}` in it, which no permission of the manifest allows");
            }
        }
        foreach (var permission in CallNeeds.Declared(permissions))
            if (!used.Contains(permission) && !(permission == "events.subscribe" && package.Manifest.Activation.Any(activation => activation.StartsWith("onEvent:", StringComparison.Ordinal))))
                findings.Add(UnusedPermission, PluginPackage.ManifestPath, null, $"`permissions.{permission}` is asked for, but `{file.Path}` names no call that can use it", "ask for no more than is used");

        bool Has(string name, string function) => module.Imports.Any(import => import.Module == name && import.Name == function);
    }

    /// <summary>Whether a name stands in a module, in UTF-8 or, as AssemblyScript has texts, in UTF-16, and is not the beginning of a longer one.</summary>
    private static bool Names(ReadOnlySpan<byte> module, string name) =>
        Contains(module, Encoding.UTF8.GetBytes(name), behind => !behind.IsEmpty && char.IsAsciiLetter((char)behind[0]))
        // Optimisers leave the zero out that ends a segment, and the next byte may be anything.
        || Contains(module, Encoding.Unicode.GetBytes(name).AsSpan(..^1), behind => behind.Length > 2 && behind[0] == 0 && char.IsAsciiLetter((char)behind[1]) && behind[2] == 0);

    private static bool Contains(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name, Func<ReadOnlySpan<byte>, bool> goesOn)
    {
        for (var at = bytes.IndexOf(name); at >= 0; at = bytes.IndexOf(name))
        {
            bytes = bytes[(at + name.Length)..];
            if (!goesOn(bytes)) return true;
        }
        return false;
    }
}
