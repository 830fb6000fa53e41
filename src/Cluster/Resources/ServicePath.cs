using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Cluster.Resources;

/// <summary>
/// The path of a request that the API server passes on to a service. It is escaped segment by segment, so nothing in it can
/// become a separator, a query or a way out of the service's own paths.
/// </summary>
public static class ServicePath
{
    /// <summary>Escapes a path, or says why it is none.</summary>
    /// <param name="path">Begins with a slash; not escaped.</param>
    /// <param name="escaped">Without the leading slash.</param>
    /// <param name="problem">What is wrong, continuing a sentence that begins with the path.</param>
    public static bool TryEscape(string path, [NotNullWhen(true)] out string? escaped, [NotNullWhen(false)] out string? problem)
    {
        escaped = null;
        problem = null;
        if (path.Length == 0 || path[0] != '/')
        {
            problem = "does not begin with a slash";
            return false;
        }

        var segments = path[1..].Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var isLast = i == segments.Length - 1;
            problem = segments[i] switch
            {
                "" when !isLast => "has an empty segment",
                "." or ".." => $"has the segment `{segments[i]}`",
                var segment when segment.Any(char.IsControl) => "has a control character",
                var segment when segment.Any(char.IsSurrogate) && !IsText(segment) => "is no Unicode text",
                _ => null,
            };
            if (problem is not null)
                return false;
        }

        escaped = string.Join('/', segments.Select(Uri.EscapeDataString));
        return true;
    }

    private static bool IsText(string segment)
    {
        for (var i = 0; i < segment.Length; i++)
        {
            if (!char.IsSurrogate(segment[i]))
                continue;
            if (i + 1 == segment.Length || !char.IsSurrogatePair(segment[i], segment[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}
