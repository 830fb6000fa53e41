using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace LazyOC.Marketplace.Publishing;

/// <summary>
/// What comes with a publish: <c>multipart/form-data</c> with the parts <c>package</c> and <c>signatures</c>, in any order, as
/// forms of web pages and <c>curl -F</c> send it. The package goes to the disk as it comes, and is never whole in memory here.
/// </summary>
internal sealed record Upload(IncomingFile File, Digest Digest, byte[] Signatures)
{
    private const int MaxBoundaryChars = 100;
    private const int BufferBytes = 64 << 10;

    /// <summary>Reads a request's body; nothing of it is verified but its size.</summary>
    public static async Task<Answer<Upload>> ReadAsync(HttpContext context, PackageStorage packages, MarketLimits limits)
    {
        var cancellationToken = context.RequestAborted;
        var max = (long)limits.MaxPackageBytes + SigningLimits.Default.MaxSignatureFileBytes + limits.MaxUploadFrameBytes;
        // Before a byte is taken in.
        if (context.Request.ContentLength > max) return TooLarge(MarketClient.PackagePart, limits.MaxPackageBytes);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = max;
        if (BoundaryOf(context.Request) is not { } boundary)
            return new Refusal(ProblemTypes.UnsupportedMediaType, "the body is not `multipart/form-data`") { Hint = $"send the parts `{MarketClient.PackagePart}` and `{MarketClient.SignaturesPart}`" };
        var reader = new MultipartReader(boundary, context.Request.Body, BufferBytes) { HeadersCountLimit = 8, HeadersLengthLimit = 4 << 10 };
        var file = packages.Begin();
        var isKept = false;
        try
        {
            byte[]? signatures = null;
            Digest? digest = null;
            while (await FromClientAsync(() => reader.ReadNextSectionAsync(cancellationToken)) is { } section)
            {
                switch (NameOf(section))
                {
                    case MarketClient.PackagePart when digest is null:
                        if (!await CopyAsync(section.Body, bytes => file.AppendAsync(bytes, cancellationToken), limits.MaxPackageBytes, cancellationToken)) return TooLarge(MarketClient.PackagePart, limits.MaxPackageBytes);
                        digest = await file.EndAsync();
                        break;
                    case MarketClient.SignaturesPart when signatures is null:
                        var buffer = new MemoryStream();
                        if (!await CopyAsync(section.Body, bytes => buffer.WriteAsync(bytes, cancellationToken).AsTask(), SigningLimits.Default.MaxSignatureFileBytes, cancellationToken)) return TooLarge(MarketClient.SignaturesPart, SigningLimits.Default.MaxSignatureFileBytes);
                        signatures = buffer.ToArray();
                        break;
                    default:
                        return Refusal.Invalid("body", $"the body has a part that is neither `{MarketClient.PackagePart}` nor `{MarketClient.SignaturesPart}`, or has one twice");
                }
            }
            if (digest is null) return Refusal.Invalid(MarketClient.PackagePart, $"the part `{MarketClient.PackagePart}` is missing");
            if (signatures is null) return Refusal.Invalid(MarketClient.SignaturesPart, $"the part `{MarketClient.SignaturesPart}` is missing", "it is the file `PACKAGE.lzp.dsse.json`");
            isKept = true;
            return new Upload(file, digest.Value, signatures);
        }
        catch (InvalidDataException)
        {
            return Refusal.Invalid("body", "the body is no `multipart/form-data` that ends as it should");
        }
        finally
        {
            if (!isKept) await file.DisposeAsync();
        }
    }

    private static string? BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data") return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 and <= MaxBoundaryChars } ? boundary : null;
    }

    private static string? NameOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;

    private static async Task<bool> CopyAsync(Stream body, Func<ReadOnlyMemory<byte>, Task> write, long max, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        var total = 0L;
        while (await FromClientAsync(() => body.ReadAsync(buffer, cancellationToken).AsTask()) is > 0 and var read)
        {
            if ((total += read) > max) return false;
            await write(buffer.AsMemory(0, read));
        }
        return true;
    }

    /// <summary>Reads from the form; where it ends too soon is the sender's fault, which an error of the disk is not.</summary>
    /// <exception cref="InvalidDataException">The form does not have the form.</exception>
    private static async Task<T> FromClientAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    private static Refusal TooLarge(string part, long max) => new(ProblemTypes.TooLarge, $"the part `{part}` has more than the {max:N0} bytes that it may have") { Field = part };
}
