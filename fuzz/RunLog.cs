using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LazyOC.Fuzz;

/// <summary>The record of one run: what ran, on what, what it saw, and the command that repeats it.</summary>
internal sealed class RunLog
{
    private readonly StringBuilder _text = new();
    private readonly string _kind;
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>Begins a record.</summary>
    /// <param name="kind">Which of the fuzzers.</param>
    /// <param name="title">What it does, in a line.</param>
    /// <param name="command">What repeats the run.</param>
    public RunLog(string kind, string title, string command)
    {
        _kind = kind;
        Add(title);
        Add($"command       {command}");
        Add($"commit        {RepositoryFolder.Commit()}");
        Add($"begun         {DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC");
        Add($"runtime       .NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}");
    }

    public void Add(string line) => _text.Append(line).Append('\n');

    /// <summary>Ends the record and writes it.</summary>
    /// <param name="name">Of the file in artifacts/fuzz.</param>
    /// <param name="isFull">Whether the run is one that the repository keeps the record of.</param>
    public void Write(string name, bool isFull)
    {
        Add($"duration      {Stopwatch.GetElapsedTime(_started).TotalSeconds.ToString("F0", CultureInfo.InvariantCulture)} s");
        Directory.CreateDirectory(RepositoryFolder.Artifacts);
        var file = Path.Combine(RepositoryFolder.Artifacts, name + ".log");
        File.WriteAllText(file, _text.ToString());
        if (isFull)
        {
            var logs = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Root, "fuzz", "logs"));
            File.WriteAllText(Path.Combine(logs.FullName, _kind + ".log"), _text.ToString());
        }
        Console.Write(_text);
    }
}
