using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace LazyOC.Fuzz.Packages;

/// <summary>Readers of zip files by others, which must see the same in a package: Python's <c>zipfile</c>, and Debian's <c>unzip</c>.</summary>
internal sealed class OtherReaders : IDisposable
{
    private const string Script = """
        import hashlib, json, sys, zipfile
        for line in sys.stdin:
            try:
                with zipfile.ZipFile(line.rstrip('\n')) as package:
                    print(json.dumps([i.filename + ' ' + hashlib.sha256(package.read(i)).hexdigest() for i in package.infolist()]), flush=True)
            except Exception as e:
                print(json.dumps([type(e).__name__ + ': ' + str(e)]), flush=True)
        """;

    private readonly string _scratch;
    private readonly Process? _python;

    /// <param name="scratch">A folder for what is read.</param>
    public OtherReaders(string scratch)
    {
        _scratch = Directory.CreateDirectory(Path.Combine(scratch, "others")).FullName;
        PythonVersion = RepositoryFolder.Output("python3", "--version");
        UnzipVersion = RepositoryFolder.Output("unzip", "-v")?.Split('\n')[0];
        if (PythonVersion is null) return;
        _python = Process.Start(new ProcessStartInfo("python3", ["-c", Script]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true });
    }

    /// <summary>Null when there is none.</summary>
    public string? PythonVersion { get; }

    /// <summary>Null when there is none.</summary>
    public string? UnzipVersion { get; }

    /// <summary>A line a file, in ordinal order; what went wrong instead of them, if something did.</summary>
    public string Python(byte[] package)
    {
        if (_python is null) throw new InvalidOperationException("Python is not there.");
        _python.StandardInput.WriteLine(Write(package));
        _python.StandardInput.Flush();
        var line = _python.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Python ended.");
        using var answer = JsonDocument.Parse(line);
        return string.Join('\n', answer.RootElement.EnumerateArray().Select(file => file.GetString()).Order(StringComparer.Ordinal));
    }

    /// <summary>A line a file, in ordinal order; what went wrong instead of them, if something did.</summary>
    public string Unzip(byte[] package)
    {
        var target = Path.Combine(_scratch, "unzipped");
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        try
        {
            using var unzip = Process.Start(new ProcessStartInfo("unzip", ["-qq", "-o", Write(package), "-d", target]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            var errors = unzip.StandardError.ReadToEndAsync();
            var output = unzip.StandardOutput.ReadToEnd();
            unzip.WaitForExit();
            if (unzip.ExitCode != 0 || errors.Result.Length > 0) return $"unzip ended with {unzip.ExitCode}: {output}{errors.Result}";
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
        return string.Join('\n', Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories)
            .Select(file => $"{Path.GetRelativePath(target, file)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}").Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        if (_python is null) return;
        _python.StandardInput.Close();
        _python.WaitForExit();
        _python.Dispose();
    }

    private string Write(byte[] package)
    {
        var file = Path.Combine(_scratch, "package.lzp");
        File.WriteAllBytes(file, package);
        return file;
    }
}
