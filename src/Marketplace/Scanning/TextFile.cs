using System.Diagnostics.CodeAnalysis;
using System.Text;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>A file of a package as text.</summary>
internal sealed class TextFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<int> _lineStarts = [];

    private TextFile(string path, string text) => (Path, Text) = (path, text);

    public string Path { get; }

    public string Text { get; }

    /// <summary>Whether the file is a program or data that a program reads, and not something to read for people.</summary>
    public bool IsCode => IsScript(Path) || Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a file is JavaScript, by its name.</summary>
    public static bool IsScript(string path) => System.IO.Path.GetExtension(path).ToUpperInvariant() is ".JS" or ".MJS" or ".CJS";

    /// <summary>Reads a file that is UTF-8 without NUL; false for anything else.</summary>
    public static bool TryRead(PackageFile file, [NotNullWhen(true)] out TextFile? text)
    {
        text = null;
        if (file.Content.Span.Contains((byte)0)) return false;
        try
        {
            text = new TextFile(file.Path, Utf8.GetString(file.Content.Span));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Reads any file, a character a byte where it is not UTF-8: what is ASCII in it can be found.</summary>
    public static TextFile Read(PackageFile file) => TryRead(file, out var text) ? text : new TextFile(file.Path, Encoding.Latin1.GetString(file.Content.Span));

    /// <summary>The line that a character is in, from 1.</summary>
    public int LineOf(int index)
    {
        if (_lineStarts.Count == 0)
        {
            _lineStarts.Add(0);
            for (var at = Text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = Text.IndexOf('\n', at + 1)) _lineStarts.Add(at + 1);
        }
        var found = _lineStarts.BinarySearch(index);
        return found >= 0 ? found + 1 : ~found;
    }
}
